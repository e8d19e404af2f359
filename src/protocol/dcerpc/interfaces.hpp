// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

namespace ward::protocol::dcerpc {

/// What Microsoft's documents call an interface; empty where it is not known.
std::string_view interface_name(std::string_view uuid);

/// The operation of a known interface that matters to a defender; empty otherwise.
std::string_view operation_name(std::string_view interface, std::uint16_t opnum);

}   // namespace ward::protocol::dcerpc
