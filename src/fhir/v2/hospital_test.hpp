// SPDX-License-Identifier: Apache-2.0
// A small vocabulary for tests of the maps: a message in, its resources as documents.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/assert.hpp"
#include "fhir/v2/mapping.hpp"
#include "json/document.hpp"

namespace ward::fhir::v2 {

struct MappedMessage {
    Mapping mapping;
    std::vector<json::Document> documents;

    /// The nth resource of that type, from 0; what does not exist if there is none.
    json::Value operator()(std::string_view type, std::size_t nth = 0) const {
        for (const auto& document : documents)
            if (document["resourceType"].text() == type && nth-- == 0) return document.root();
        return {};
    }
    std::size_t count(std::string_view type) const {
        std::size_t found = 0;
        for (const auto& document : documents) found += document["resourceType"].text() == type ? 1U : 0U;
        return found;
    }
    std::string identity(std::string_view type, std::size_t nth = 0) const {
        for (const auto& mapped : mapping.resources)
            if (name_of(mapped.type) == type && nth-- == 0) return mapped.identity;
        return {};
    }
    std::vector<std::string_view> cleared(std::string_view type) const {
        for (const auto& mapped : mapping.resources)
            if (name_of(mapped.type) == type) return mapped.cleared;
        return {};
    }
    std::vector<std::string_view> assumed(std::string_view type) const {
        for (const auto& mapped : mapping.resources)
            if (name_of(mapped.type) == type) return mapped.assumed;
        return {};
    }
    bool is_unmapped(std::string_view segment, std::size_t field, UnmappedReason reason) const {
        for (const auto& missed : mapping.unmapped)
            if (missed.segment == segment && missed.field == field && missed.reason == reason) return true;
        return false;
    }
};

/// Maps it under ids r1, r2… in the order in which the resources are made.
inline MappedMessage mapped(std::string_view text, const Sender& sender = {},
                            const MappingLimits& limits = {}) {
    const auto message = ward::hl7::Message::parse(text);
    WARD_ASSERT(message.has_value());
    std::size_t made = 0;
    MappedMessage result;
    result.mapping = map(
        *message, [&made](ResourceType, std::string_view) { return "r" + std::to_string(++made); }, sender,
        limits);
    for (const auto& resource : result.mapping.resources) {
        auto document = json::Document::parse(resource.json);
        WARD_ASSERT(document.has_value());
        result.documents.push_back(*std::move(document));
    }
    return result;
}

/// The segments after a header: message M1 of the sender NORTH, whose clock is an hour ahead.
inline std::string admission(std::string_view segments, std::string_view event = "ADT^A01") {
    std::string out = "MSH|^~\\&|ADT|NORTH^1.2.3^ISO|WARD|WARD|20260131120000+0100||";
    return out.append(event).append("|M1|P|2.5.1\r").append(segments);
}

}   // namespace ward::fhir::v2
