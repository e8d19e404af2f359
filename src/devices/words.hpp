// SPDX-License-Identifier: Apache-2.0
// What is read out of texts in which devices describe themselves.
#pragma once

#include <string>
#include <string_view>

#include "core/address.hpp"
#include "core/text.hpp"

namespace ward::devices {

/// A maker of medical or hospital equipment that the text names, or nothing.
std::string_view maker_in(std::string_view text);
/// Windows, Windows 7, Linux, Ubuntu, macOS, iOS, Android, … or nothing.
std::string_view operating_system_in(std::string_view text);
/// Systems that share a kernel or a maker name each other in their user agents: Windows, Linux, Apple, …
std::string_view system_family(std::string_view system);
/// A role that the text names: infusion pump, printer, … or nothing.
std::string_view role_in(std::string_view text);

/// The text without NetBIOS's number of a service, of DNS its first label.
std::string_view host_of(std::string_view name);

/// Dotted decimal; no address if it is something else.
IpAddress v4_in(std::string_view text);

/// What a User-Agent of RFC 9110, 10.1.5 says of a device: product and version, and out of its comment
/// "model …" and "SN …". Nothing of a browser's, which all pretend to be Mozilla.
struct Product {
    std::string software;
    std::string model;
    std::string serial;
};
Product product_in(std::string_view user_agent);

}   // namespace ward::devices
