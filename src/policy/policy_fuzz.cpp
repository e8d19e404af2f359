// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>

#include "core/assert.hpp"
#include "core/bytes.hpp"
#include "policy/policy.hpp"

// Properties beside "no crash": somebody without any role, name or relation gets only what `anyone` was
// given, and each rule is a line of the text.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace ward;
    const auto text = as_text(std::as_bytes(std::span{data, size}));
    const auto policy = policy::Policy::parse(text);
    if (!policy) return 0;
    bool anyone = false;
    for (const auto& rule : policy->rules()) {
        WARD_ASSERT(text.find(rule.text) != std::string_view::npos);
        WARD_ASSERT(rule.actions != 0);
        anyone = anyone || rule.subject.kind == policy::Subject::Kind::anyone;
    }
    const policy::Actor nobody;
    for (const auto type : fhir::resource_types()) {
        const auto* rule =
            policy->rule_for(nobody, policy::Action::read, type, {"p1"},
                             [](const policy::Relation&, const std::string&) { return false; });
        WARD_ASSERT(rule == nullptr || anyone);
        WARD_ASSERT(rule == nullptr || policy->could(nobody, policy::Action::read, type));
    }
    return 0;
}
