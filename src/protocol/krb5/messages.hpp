// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "event/krb5.hpp"
#include "protocol/session.hpp"

namespace ward::protocol::krb5 {

enum class Role : std::uint8_t { neither, request, answer };

/// What the first byte of a message says: its application tag.
Role role(std::uint8_t tag);

bool is_error(std::uint8_t tag);

/// Reads one message into the event: a request fills it, an answer completes it. False: not Kerberos.
bool read_message(Bytes message, const Output& out, event::Krb5& told);

}   // namespace ward::protocol::krb5
