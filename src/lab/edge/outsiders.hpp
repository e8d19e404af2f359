// SPDX-License-Identifier: Apache-2.0
// Who is let in from outside by contract: partners whose systems send and fetch, and vendors who look after
// machines.
#pragma once

#include "lab/network.hpp"

namespace ward::lab {

enum class PartnerId : std::uint32_t {};
enum class VendorId : std::uint32_t {};

enum class PartnerTrade : std::uint8_t { clearinghouse, laboratory, registry, pharmacy };
std::string_view name_of(PartnerTrade trade);

struct Partner {
    PartnerTrade trade{};
    std::string name;
    std::string host;   // its certificate's
    Address address = 0;
    std::uint16_t port = 0;   // of the hospital's, that it calls
    bool works_weekends = false;
    double calls_an_hour = 1;   // in office hours
};

struct Vendor {
    std::string name;
    std::string domain;
    Address address = 0;             // of its technicians
    std::vector<DeviceKind> kinds;   // that it looks after
};

/// The same on each day.
struct Outsiders {
    std::vector<Partner> partners;
    std::vector<Vendor> vendors;

    const Partner& at(PartnerId id) const { return partners[place(id)]; }
    const Vendor& at(VendorId id) const { return vendors[place(id)]; }
};

Outsiders make_outsiders(Size size, const Random& random);

/// A host that programs call, of a firm that nobody had heard of.
std::string any_update_host(Random& random);

}   // namespace ward::lab
