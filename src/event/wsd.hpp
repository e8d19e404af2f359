// SPDX-License-Identifier: Apache-2.0
// What a device says of itself by WS-Discovery and the Devices Profile for Web Services.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "event/event.hpp"

namespace ward::event {

struct Wsd {
    static constexpr std::string_view event_type = "wsd";

    // Hello, Bye, Probe, ProbeMatches, Resolve, ResolveMatches, GetResponse; of SDC also SetValue and the
    // like
    std::string action;
    std::string invocation_state;   // how a command was answered: Wait, Start, Fin, FinMod, Cnclld, Fail
    std::string endpoint_reference;
    std::vector<std::string> types;
    std::vector<std::string> scopes;   // without those of patients and staff
    std::vector<std::string> x_addresses;
    std::string location;   // the query of an sdc.ctxt.loc scope: fac=HOSP&poc=ICU&bed=4
    std::string manufacturer;
    std::string model_name;
    std::string model_number;
    std::string firmware_version;
    std::string serial_number;

    template <class Visitor>
    void fields(Visitor&& visit) const {
        visit("action", action);
        visit("invocation_state", invocation_state);
        visit("endpoint_reference", endpoint_reference);
        visit("types", types);
        visit("scopes", scopes);
        visit("x_addresses", x_addresses);
        visit("location", location);
        visit("manufacturer", manufacturer);
        visit("model_name", model_name);
        visit("model_number", model_number);
        visit("firmware_version", firmware_version);
        visit("serial_number", serial_number);
    }
};

/// The same of a medical device: IEEE 11073-20701, Service-oriented Device Connectivity.
struct Sdc : Wsd {
    static constexpr std::string_view event_type = "sdc";
};

}   // namespace ward::event
