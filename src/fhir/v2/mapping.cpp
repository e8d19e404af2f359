// SPDX-License-Identifier: Apache-2.0
#include "fhir/v2/mapping.hpp"

#include <array>

#include "core/assert.hpp"
#include "fhir/v2/segments.hpp"

namespace ward::fhir::v2 {

namespace {

/// Goes through a message once, segment by segment, and knows at each what the ones before it began.
class Walk {
public:
    explicit Walk(Build& build) : build_(build) {}

    void take(const Segment& segment) {
        if (build_.is_full()) return build_.miss(segment, 0, UnmappedReason::limit);
        const auto name = segment.name();
        if (name == "PID") {
            chart_ = {.patient = &map_patient(build_, segment), .encounter = nullptr};
        } else if (name == "PD1" && chart_.patient != nullptr) {
            map_patient_additions(build_, segment, *chart_.patient);
        } else if (name == "PV1") {
            chart_.encounter = map_encounter(build_, segment, chart_);
        } else if (name == "PV2" && chart_.encounter != nullptr) {
            map_encounter_additions(build_, segment, *chart_.encounter);
        } else if (name != "MSH") {
            build_.miss(segment, 0, UnmappedReason::unknown_segment);
        }
    }

private:
    Build& build_;
    Chart chart_;
};

}   // namespace

std::string_view name_of(UnmappedReason reason) {
    constexpr std::array<std::string_view, 7> names{
        "unknown segment", "unknown field", "no place", "invalid value",
        "unknown code",    "repetition",    "limit"};
    return names.at(static_cast<std::size_t>(reason));
}

Mapping map(const Message& message, IdOf ids, const Sender& sender, const MappingLimits& limits) {
    Build build{message, ids, sender, limits};
    Walk walk{build};
    for (const auto segment : message) walk.take(segment);
    return build.finish();
}

}   // namespace ward::fhir::v2
