// SPDX-License-Identifier: Apache-2.0
// A device of the inventory that is new, or of which something important changed.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "event/event.hpp"

namespace ward::event {

struct DeviceNews {
    static constexpr std::string_view event_type = "device";

    std::string_view what;   // new, changed
    std::string id;          // of the inventory
    std::string name;
    std::vector<IpAddress> addresses;
    std::string behind;
    std::string role;
    std::string manufacturer;
    std::string model;
    std::string software;
    std::string_view criticality;
    std::vector<std::string_view> changed;   // which of the four above

    template <class Visitor>
    void fields(Visitor&& visit) const {
        visit("what", what);
        visit("id", id);
        visit("name", name);
        visit("addresses", addresses);
        visit("behind", behind);
        visit("role", role);
        visit("manufacturer", manufacturer);
        visit("model", model);
        visit("software", software);
        visit("criticality", criticality);
        visit("changed", changed);
    }
};

}   // namespace ward::event
