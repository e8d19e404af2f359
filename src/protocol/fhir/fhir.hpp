// SPDX-License-Identifier: Apache-2.0
// FHIR over HTTP, as HL7 FHIR R4 describes its RESTful interface (http.html). Not a protocol of its own: the
// sessions of HTTP ask here.
#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "event/fhir.hpp"
#include "event/http.hpp"
#include "protocol/session.hpp"

namespace ward::protocol::fhir {

struct Limits {
    std::size_t parameters_max = 32;   // names of one search
};
inline constexpr Limits limits;

/// What a request says before its response is seen.
struct Draft {
    event::Fhir event;
    bool evident = false;               // a media type, a resource or the base says FHIR
    bool by_path = false;               // the path does, as those of other applications may
    bool form_has_parameters = false;   // POST …/_search
    bool bundle_decides = false;        // POST [base]: batch or transaction
    bool names_patient = false;         // in the URL, or in the form of a search
};

/// Nothing where neither path nor media types look like FHIR.
std::unique_ptr<Draft> read_request(std::string_view method, std::string_view path, std::string_view query,
                                    std::string_view content_type, std::string_view accept,
                                    const Output& out);

/// The event, if the exchange was one of FHIR. `asked` and `answered` are the beginnings of the bodies.
std::optional<event::Fhir> finish(std::unique_ptr<Draft> draft, const event::Http& http,
                                  std::string_view asked, std::string_view answered, Output& out);

/// application/fhir+json, application/fhir+xml, and those of DSTU2: application/json+fhir.
bool is_media_type(std::string_view content_type);

/// The resource types of R4, and later ones that a hospital's systems exchange.
bool is_resource_type(std::string_view segment);

}   // namespace ward::protocol::fhir
