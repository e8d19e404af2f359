// SPDX-License-Identifier: Apache-2.0
#include "core/assert.hpp"
#include "core/bytes.hpp"
#include "detect/detectors.hpp"

using namespace ward;

// Whatever stands in events, a finding names where its evidence is, and is not later than what was seen.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* input, std::size_t size) {
    auto rest = as_text(std::as_bytes(std::span{input, size}));
    detect::Detectors detectors;
    detect::Findings findings;
    auto latest = detect::Time::min();
    while (!rest.empty()) {
        const auto line = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(std::min(rest.size(), line.size() + 1));
        const auto document = json::Document::parse(std::string{line}, {.nodes_max = 10'000});
        const auto seen = document ? detect::read_eve(*document) : tl::unexpected(document.error());
        if (!seen) continue;
        latest = std::max(latest, seen->at);
        detectors.see(*seen, findings);
    }
    for (const auto& finding : findings) WARD_ASSERT(!finding.systems.empty() && finding.at <= latest);
    return 0;
}
