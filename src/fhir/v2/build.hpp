// SPDX-License-Identifier: Apache-2.0
// What grows while one message is mapped: its resources by their identities, and the list of what had no
// place.
#pragma once

#include <deque>
#include <initializer_list>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "fhir/v2/draft.hpp"
#include "fhir/v2/elements.hpp"
#include "fhir/v2/mapping.hpp"
#include "fhir/v2/systems.hpp"

namespace ward::fhir::v2 {

/// A resource that grows.
struct Growing {
    ResourceType type{};
    std::string identity;
    std::string id;
    Draft draft;
    std::vector<std::string_view> cleared;
    std::vector<std::string_view> assumed;

    Place root() noexcept { return draft.root(); }
    std::string reference() const { return std::string{name_of(type)}.append("/").append(id); }
};

struct Found {
    Growing* resource = nullptr;
    bool is_new = false;   // otherwise it was made before in this message, and is filled
};

class Build {
public:
    Build(const Message& message, IdOf ids, const Sender& sender, const MappingLimits& limits);

    /// The resource with that identity.
    Found resource(ResourceType type, std::string identity);
    /// `identity`, or with the number of times it came before: of what one message has several alike.
    std::string nth(std::string identity);
    bool is_full() const { return resources_.size() >= limits_.resources_max; }

    /// `Type|part|part…`, bounded, with the separator taken out of the parts.
    std::string identity(ResourceType type, std::initializer_list<std::string_view> parts) const;
    /// For what has no identifier of its own: it is only ever found by the same message.
    std::string identity_in_message(ResourceType type, const Segment& segment, std::size_t field = 0,
                                    std::size_t repetition = 0) const;
    /// Who sent the message, in whose name space its unassigned identifiers are.
    std::string_view sending_facility() const { return facility_; }
    /// Whose identifiers they are: the authority's, or where none is named the sender's.
    std::string name_space(const Authority& authority) const {
        return authority.empty() ? facility_ : authority.key();
    }
    std::string_view control_id() const { return control_id_; }
    const TimeZone& zone() const { return zone_; }

    /// Whose PID came last.
    Growing* patient() const { return patient_; }
    void is_about(Growing* patient) { patient_ = patient; }

    void miss(const Segment& segment, std::size_t field, UnmappedReason reason);
    /// What EVN says of the message's Provenance.
    Place event() { return event_.root(); }
    /// `identifiers` is what the message says of the Patient that is subsumed.
    void merge(std::string surviving, std::string subsumed, Draft identifiers);

    const Message& message() const { return message_; }
    const MappingLimits& limits() const { return limits_; }
    /// Written out; nothing can be added then.
    Mapping finish();

private:
    const Message& message_;
    IdOf ids_;
    MappingLimits limits_;
    std::string facility_;
    std::string control_id_;
    TimeZone zone_;
    std::deque<Growing> resources_;
    std::unordered_map<std::string, Growing*> by_identity_;
    std::unordered_map<std::string, std::size_t> seen_;
    Growing* patient_ = nullptr;
    Draft event_;
    Mapping mapping_;
};

inline void refer(Place place, const Growing& target) { place.set("reference", target.reference()); }

/// One more element of an array of references, unless it is there.
inline void refer_once(Place array, const Growing& target) {
    const auto reference = target.reference();
    if (!array.has_element("reference", reference)) array.append().set("reference", reference);
}

}   // namespace ward::fhir::v2
