// SPDX-License-Identifier: Apache-2.0
// What a patient permitted or denied: FHIR R4 Consent as IHE Privacy Consent on FHIR uses it. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/clock.hpp"
#include "fhir/resource_types.hpp"
#include "json/document.hpp"

namespace ward::policy {

enum class Ruling : std::uint8_t { permit, deny };

/// A Coding; without a system it means the code of any system.
struct Coding {
    std::string system;
    std::string code;
};

/// Consent.provision: it holds where all that it says of actors, purposes and data holds. What it does not
/// say holds always.
struct Provision {
    Ruling ruling = Ruling::deny;
    std::optional<Time> from, until;    // [from, until)
    std::vector<std::string> actors;    // references
    std::vector<std::string> actions;   // codes of consentaction
    std::vector<std::string> purposes;
    std::vector<Coding> labels, classes, codes;
    std::vector<std::string> records;   // references
    bool says_more = false;             // something that Ward cannot decide
    std::vector<Provision> exceptions;
};

/// An active consent to privacy, of one patient.
struct Consent {
    std::optional<Ruling> base;   // of what the root does not name; none: the consent does not speak of it
    std::optional<Provision> root;
};

struct ConsentLimits {
    std::size_t provisions_max = 1'000;
    std::size_t depth_max = 8;
};

/// Nothing for what says nothing of access: another scope, or not active. A consent that goes beyond the
/// limits, or has a modifierExtension, is one that denies everything: what is not understood is not
/// permitted.
std::optional<Consent> read_consent(json::Value resource, ConsentLimits limits = {});

/// A view of who wants to do what with which record.
struct ConsentQuestion {
    std::string_view fhir_user;   // "Practitioner/d1"
    std::string_view client;
    std::string_view purpose;
    std::string_view action;   // "access", or "disclose" for an export
    fhir::ResourceType type{};
    std::string_view id;
    json::Value resource;
    Time now;
};

/// Nothing where the consent does not speak of it.
std::optional<Ruling> decide(const Consent& consent, const ConsentQuestion& question);

/// Deny if any consent denies; nothing denies where none speaks.
bool is_denied(const std::vector<Consent>& consents, const ConsentQuestion& question);

}   // namespace ward::policy
