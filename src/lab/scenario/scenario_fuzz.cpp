// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>

#include "core/assert.hpp"
#include "core/bytes.hpp"
#include "lab/scenario/deed_forms.hpp"

// Properties beside "no crash": an error names a line, or is of the whole; what is accepted is within all
// limits, so that it ends.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace ward::lab;
    const auto text = ward::as_text(std::as_bytes(std::span{data, size}));
    const auto scenario = parse_scenario(text, "fuzz");
    if (!scenario) {
        WARD_ASSERT(scenario.error().what.starts_with("fuzz:"));
        return 0;
    }
    WARD_ASSERT(scenario->days >= 1 && scenario->days <= 400);
    double acts = 0;
    for (const auto& step : scenario->steps) {
        const auto* form = deed_form_named(step.deed);
        WARD_ASSERT(form != nullptr);
        for (const auto& key : form->keys) {
            if (key.number) WARD_ASSERT(step.numbers.contains(key.name));
            if (const auto number = step.number_if_any(key.name))
                WARD_ASSERT(*number >= key.least && *number <= key.most);
        }
        WARD_ASSERT(step.after >= step.after.zero());
        WARD_ASSERT(step.after + step.jitter < std::chrono::days{scenario->days});
        WARD_ASSERT(step.is_attack == (step.within.count() > 0));
        acts += form->acts(step);
    }
    WARD_ASSERT(acts <= 1'000'000);
    return 0;
}
