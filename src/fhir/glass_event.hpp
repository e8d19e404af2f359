// SPDX-License-Identifier: Apache-2.0
// AuditEvents of an emergency override and of its review: what is louder than the others, and is found again.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/clock.hpp"
#include "json/document.hpp"

namespace ward::fhir {

/// Somebody opened one patient's chart against the rules.
struct GlassEvent {
    std::string id;
    std::string user;
    std::string client;
    std::string address;
    std::string patient;   // an id
    std::string purpose;   // BTG or ETREAT
    std::string reason;    // in their own words: patients' data
    Time from{}, until{};
    Time review_due{};
    bool operator==(const GlassEvent&) const = default;
};

/// Somebody else looked at it afterwards.
struct GlassReview {
    std::string id;
    std::string event;   // the id of what was reviewed
    std::string user;
    std::string client;
    std::string patient;
    std::string finding;   // "appropriate" or "inappropriate"
    std::string note;
    Time at{};
    bool operator==(const GlassReview&) const = default;
};

std::string write_glass_event(const GlassEvent& event);
std::string write_glass_review(const GlassReview& review);

/// Nothing for any other AuditEvent.
std::optional<GlassEvent> read_glass_event(json::Value resource);
std::optional<GlassReview> read_glass_review(json::Value resource);

}   // namespace ward::fhir
