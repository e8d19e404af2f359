// SPDX-License-Identifier: Apache-2.0
// A request target (RFC 9110, 7.1) without what may name a patient.
#pragma once

#include <string>
#include <string_view>

namespace ward::protocol::http {

/// Views of a target's parts.
struct Target {
    std::string_view authority;   // of an absolute target, without user information
    std::string_view path;
    std::string_view query;
    bool has_user = false;   // a name or password stood before the host: RFC 9110, 4.2.4
};

Target split_target(std::string_view target);

/// The path without what may name somebody (path.hpp), and the names of the query's parameters:
/// /fhir/Patient/{id}?_count
std::string template_of(const Target& target);

/// Whether all words of a parameter's name are known ones, those of FHIR's modifiers and chains (R4,
/// search.html) and those in brackets too. Others may be a value.
bool is_parameter_name(std::string_view text);

/// RFC 3986, 3.2: a host and perhaps a port, without user.
bool is_authority(std::string_view text);

/// Whether a parameter's name says that a secret is in the URL.
bool has_secret(std::string_view query);

/// %41 → A. At most `bytes_max` bytes of it.
std::string percent_decoded(std::string_view text, std::size_t bytes_max);

}   // namespace ward::protocol::http
