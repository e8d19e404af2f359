// SPDX-License-Identifier: Apache-2.0
// Calls of procedures on another machine: DCE 1.1 RPC as MS-RPCE has it, sealed, so that only who is called
// and which procedure can be told.
#pragma once

#include "core/bytes.hpp"

namespace ward::lab {

/// Procedures of the service control: MS-SCMR 3.1.4.
enum class ControlCall : std::uint16_t {
    close = 0,
    remove = 2,
    query_status = 6,
    create = 12,
    open_control = 15,
    open = 16,
    start = 19,
};

/// By whom both know each other: the tokens of the mechanism (MS-RPCE 2.2.1.1.7: 9, GSS-API's negotiation).
Buffer rpc_bind(std::uint32_t call, const Buffer& token);
Buffer rpc_bound(std::uint32_t call, std::uint32_t group, const Buffer& token);
/// `stub` is what the procedure is given, or gives, enciphered; `signature` the mechanism's.
Buffer rpc_request(std::uint32_t call, ControlCall procedure, const Buffer& stub, const Buffer& signature);
Buffer rpc_response(std::uint32_t call, const Buffer& stub, const Buffer& signature);
/// RFC 4121, 4.2.6.2: what stands before a message that Kerberos' key seals; `checks` are its bytes by lot.
Buffer rpc_signature(std::uint64_t number, const Buffer& checks, bool is_of_server);

}   // namespace ward::lab
