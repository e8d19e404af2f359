// SPDX-License-Identifier: Apache-2.0
// What the packets of RDP's beginning carry.
#pragma once

#include <optional>

#include "core/bytes.hpp"
#include "event/rdp.hpp"

namespace ward::protocol::rdp {

/// MS-RDPBCGR, section 2.2.1.1.
struct Request {
    bool cookie = false;
    std::optional<std::uint32_t> protocols;
};

/// MS-RDPBCGR, section 2.2.1.2.
struct Confirm {
    bool is_negotiation = false;   // servers before RDP 5.2 had none
    bool failed = false;
    std::uint32_t value = 0;   // the protocol, or why not
};

/// `header` is that of the TPDU, without its length and type.
Request read_request(Bytes header);
Confirm read_confirm(Bytes header);

std::vector<std::string_view> protocol_names(std::uint32_t protocols);
std::string_view chosen_name(std::uint32_t protocol);
std::string_view failure_name(std::uint32_t code);

/// The client's settings in its MCS connect (MS-RDPBCGR, section 2.2.1.3). False where there are none.
bool read_client_settings(Bytes connect, std::size_t channels_max, event::Rdp& told);
/// The server's (section 2.2.1.4): how RDP itself encrypts.
bool read_server_settings(Bytes connect, event::Rdp& told);

}   // namespace ward::protocol::rdp
