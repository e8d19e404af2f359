// SPDX-License-Identifier: Apache-2.0
#include "fhir/v2/build.hpp"

#include <algorithm>

#include "fhir/v2/dates.hpp"

namespace ward::fhir::v2 {

namespace {

Mapped written(Growing& growing) {
    Mapped mapped;
    mapped.json.reserve(growing.draft.size_hint());
    mapped.type = growing.type;
    mapped.json.append(R"({"resourceType":")").append(name_of(growing.type));
    mapped.json.append(R"(","id":")").append(growing.id).append("\"");
    growing.draft.write_members(mapped.json);
    mapped.json += '}';
    mapped.identity = std::move(growing.identity);
    mapped.id = std::move(growing.id);
    mapped.assumed = std::move(growing.assumed);
    // Of an element that several fields go to, one that is empty clears nothing that another has filled,
    // nor all extensions.
    for (const auto name : growing.cleared)
        if (!name.empty() && name != "extension" && !growing.root().has(name)) mapped.cleared.push_back(name);
    return mapped;
}

}   // namespace

Build::Build(const Message& message, IdOf ids, const Sender& sender, const MappingLimits& limits)
    : message_(message), ids_(ids), limits_(limits), zone_(sender.zone) {
    const auto header = message.header();
    const auto facility = authority_of(header[4]);
    facility_ = facility.empty() ? authority_of(header[3]).key() : facility.key();
    if (facility_.empty() && !sender.name.empty()) facility_.append("feed:").append(sender.name);
    control_id_ = text_of(header[10]);
    // HL7 2.9, 2.14.9.7: the zone of MSH-7 is that of all times in the message that name none.
    if (auto zone = zone_of(text_of(header[7][1]))) zone_ = *std::move(zone);
}

Found Build::resource(ResourceType type, std::string identity) {
    const auto [place, is_new] = by_identity_.try_emplace(identity, nullptr);
    if (is_new) {
        auto id = ids_(type, identity);
        place->second = &resources_.emplace_back(Growing{.type = type,
                                                         .identity = std::move(identity),
                                                         .id = std::move(id),
                                                         .draft = {},
                                                         .cleared = {},
                                                         .assumed = {}});
    }
    return {place->second, is_new};
}

std::string Build::nth(std::string identity) {
    const auto earlier = seen_[identity]++;
    if (earlier > 0) identity.append("|").append(std::to_string(earlier + 1));
    return identity;
}

std::string Build::identity(ResourceType type, std::initializer_list<std::string_view> parts) const {
    std::string out{name_of(type)};
    for (const auto part : parts) {
        out += '|';
        for (const char c : part.substr(0, limits_.identity_bytes_max)) out += c == '|' ? '/' : c;
    }
    return out;
}

std::string Build::identity_in_message(ResourceType type, const Segment& segment, std::size_t field,
                                       std::size_t repetition) const {
    return identity(type, {"message", facility_, control_id_, std::to_string(segment.index()),
                           std::to_string(field), std::to_string(repetition)});
}

void Build::miss(const Segment& segment, std::size_t field, UnmappedReason reason) {
    if (++mapping_.unmapped_total > limits_.unmapped_max) return;
    Unmapped missed{.segment = std::string{segment.name()},
                    .occurrence = static_cast<std::uint16_t>(message_.occurrence(segment)),
                    .field = static_cast<std::uint16_t>(field),
                    .reason = reason};
    // A field that two resources would take is missed once.
    const auto twice = std::ranges::find(mapping_.unmapped, missed) != mapping_.unmapped.end();
    if (!twice) mapping_.unmapped.push_back(std::move(missed));
}

void Build::merge(std::string surviving, std::string subsumed, Draft identifiers) {
    auto id = ids_(ResourceType::patient, subsumed);
    Growing patient{.type = ResourceType::patient,
                    .identity = std::move(subsumed),
                    .id = std::move(id),
                    .draft = std::move(identifiers),
                    .cleared = {},
                    .assumed = {}};
    mapping_.merges.push_back({std::move(surviving), written(patient)});
}

Mapping Build::finish() {
    mapping_.resources.reserve(resources_.size());
    for (auto& growing : resources_) mapping_.resources.push_back(written(growing));
    if (std::string members; event_.root().holds_value()) {
        event_.write_members(members);
        members.front() = '{';   // where the first comma is
        mapping_.event = std::move(members) + '}';
    }
    return std::move(mapping_);
}

}   // namespace ward::fhir::v2
