// SPDX-License-Identifier: Apache-2.0
#include "core/assert.hpp"
#include "core/bytes.hpp"
#include "json/patch.hpp"

using namespace ward;

// The input is `{"target": …, "patch": […]}`. What comes out is JSON within the limits, and replacing the
// whole by it gives the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* input, std::size_t size) {
    constexpr json::Limits limits{.nodes_max = 2'000};
    const auto text = as_text(std::as_bytes(std::span{input, size}));
    const auto document = json::Document::parse(std::string{text}, limits);
    if (!document || !(*document)["target"].exists()) return 0;
    const json::PatchLimits patch_limits{.bytes_added_max = 100'000, .steps_max = 1'000'000};
    const auto patched = json::patched((*document)["target"], (*document)["patch"], patch_limits);
    if (!patched) {
        WARD_ASSERT(!patched.error().what.empty());
        return 0;
    }
    const auto after = json::Document::parse(*patched, {.depth_max = patch_limits.depth_max});
    WARD_ASSERT(after.has_value());
    const auto again = json::Document::parse(R"([{"op":"replace","path":"","value":)" + *patched + "}]");
    if (!again) return 0;   // two levels more than allowed
    WARD_ASSERT(*json::patched((*document)["target"], again->root(), {.bytes_added_max = 1'000'000}) ==
                *patched);
    return 0;
}
