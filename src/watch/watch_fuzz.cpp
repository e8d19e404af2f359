// SPDX-License-Identifier: Apache-2.0
#include "core/assert.hpp"
#include "core/bytes.hpp"
#include "watch/watch.hpp"

using namespace ward;

// Findings do not depend on the secret of the tables; each names who it is about, and no more events than it
// may.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* input, std::size_t size) {
    watch::Watch one{1}, other{2};
    auto rest = as_text(std::as_bytes(std::span{input, size}));
    while (!rest.empty()) {
        const auto line = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(std::min(rest.size(), line.size() + 1));
        one.take(line);
        other.take(line);
    }
    const auto told = one.findings_json(ward::watch::Telling::all);
    WARD_ASSERT(told == other.findings_json(ward::watch::Telling::all));
    for (std::string_view left = told; !left.empty(); left.remove_prefix(left.find('\n') + 1)) {
        const auto finding = json::Document::parse(std::string{left.substr(0, left.find('\n'))});
        WARD_ASSERT(finding && (*finding)["systems"].size() > 0 && (*finding)["events"].size() <= 64);
        for (const auto system : (*finding)["systems"].items()) WARD_ASSERT(!system.text().empty());
    }
    return 0;
}
