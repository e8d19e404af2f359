// SPDX-License-Identifier: Apache-2.0
#include "core/assert.hpp"
#include "core/bytes.hpp"
#include "foreign/reader.hpp"

using namespace ward;

// What becomes of a line is one line of JSON each, with a time and a type, and is ours from then on.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* input, std::size_t size) {
    auto rest = as_text(std::as_bytes(std::span{input, size}));
    foreign::Reader reader{rest.substr(0, rest.find('\n'))};
    while (!rest.empty()) {
        const auto line = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(std::min(rest.size(), line.size() + 1));
        reader.read(line, [&](std::string_view told) {
            if (told == line) return;
            const auto event = json::Document::parse(std::string{told});
            WARD_ASSERT(event && !(*event)["timestamp"].text().empty() &&
                        !(*event)["told_by"].text().empty());
            foreign::Reader again{"-"};
            again.read(told, [&](std::string_view same) { WARD_ASSERT(same == told); });
        });
    }
    return 0;
}
