// SPDX-License-Identifier: Apache-2.0
// NTLMSSP (MS-NLMP 2.2), wherever it is embedded: only names and versions are read, no proof of a password.
#pragma once

#include "event/ntlm.hpp"
#include "protocol/session.hpp"

namespace ward::protocol::ntlm {

/// Reads the first NTLMSSP message in `token`, which may be wrapped in SPNEGO. Nothing where there is none.
std::optional<event::NtlmNames> read_names(Bytes token, const Output& out);

/// Whether a SPNEGO token or bare GSS-API token carries a Kerberos AP-REQ (RFC 4121, 4.1).
bool has_kerberos_ticket(Bytes token);

}   // namespace ward::protocol::ntlm
