// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "event/ldap.hpp"
#include "protocol/session.hpp"

namespace ward::protocol::ldap {

inline constexpr std::uint8_t bind_request = 0x60;
inline constexpr std::uint8_t bind_response = 0x61;
inline constexpr std::uint8_t unbind_request = 0x42;
inline constexpr std::uint8_t abandon_request = 0x50;
inline constexpr std::uint8_t search_entry = 0x64;
inline constexpr std::uint8_t search_reference = 0x73;
inline constexpr std::uint8_t intermediate = 0x79;
inline constexpr std::uint8_t extended_response = 0x78;
inline constexpr std::string_view start_tls = "1.3.6.1.4.1.1466.20037";

/// RFC 4511, 4.2 to 4.14: by the operation's tag. Empty where there is none such.
std::string_view operation_name(std::uint8_t tag);
bool is_response(std::uint8_t tag);

void read_request(std::uint8_t tag, Bytes content, Output& out, event::Ldap& told);
void read_response(std::uint8_t tag, Bytes content, const Output& out, event::Ldap& told);
/// Of the answer to a domain controller's ping.
std::optional<event::LdapNetlogon> read_netlogon(Bytes entry);

}   // namespace ward::protocol::ldap
