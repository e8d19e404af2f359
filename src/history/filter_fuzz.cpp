// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "core/assert.hpp"
#include "core/bytes.hpp"
#include "history/indexed.hpp"
#include "history/plan.hpp"

using namespace ward;
using namespace ward::history;

// The index never denies what a filter finds: an event that matches has the keys that are looked up.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* input, std::size_t size) {
    const auto text = as_text(std::as_bytes(std::span{input, size}));
    const auto cut = text.find('\n');
    const auto filter = parse_filter(text.substr(0, cut));
    if (!filter || cut == std::string_view::npos) return 0;
    const auto event = json::Document::parse(std::string{text.substr(cut + 1)});
    if (!event) return 0;
    std::vector<Key> keys;
    append_keys(event->root(), keys);
    const auto plan = plan_for(*filter);
    if (!filter->matches(event->root()) || !plan) return 0;
    const auto blocks = blocks_for(*plan, [&](Key key) -> Result<std::vector<std::uint32_t>> {
        if (std::ranges::find(keys, key) == keys.end()) return std::vector<std::uint32_t>{};
        return std::vector<std::uint32_t>{0};
    });
    WARD_ASSERT(blocks && blocks->size() == 1);
    return 0;
}
