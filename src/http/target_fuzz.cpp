// SPDX-License-Identifier: Apache-2.0
// What is accepted as a form or target means the same when it is written and read again.
#include "core/assert.hpp"
#include "http/target.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* input, std::size_t size) {
    using namespace ward;
    const std::string text(input, input + size);
    if (const auto form = parse_form(text)) {
        const auto again = parse_form(write_form(*form));
        WARD_ASSERT(again && *again == *form);
    }
    if (const auto target = http::parse_target(text)) {
        WARD_ASSERT(target->path == "*" || target->path.starts_with('/'));
        for (const char c : target->path) WARD_ASSERT(static_cast<unsigned char>(c) >= 0x20);
        const auto query = parse_form(write_form(target->query));
        WARD_ASSERT(query && *query == target->query);
    }
    return 0;
}
