// SPDX-License-Identifier: Apache-2.0
// What a Philips IntelliVue monitor says of itself, and who took its measurements; never the measurements.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "event/event.hpp"

namespace ward::event {

/// Told when a monitor is first heard in a flow and whenever it says something else; at the end of the flow
/// once more, if it repeated itself.
struct IntellivueMonitor {
    static constexpr std::string_view event_type = "intellivue";

    std::string_view kind;   // connect_indication, mds_create
    std::string manufacturer;
    std::string model;
    std::string serial;
    std::string software;
    std::string hardware;
    std::vector<std::string> part_numbers;
    std::string system_id;   // hexadecimal
    std::string bed_label;   // a hint where it stands
    MacAddress mac;
    IpAddress address;
    std::vector<std::uint16_t> ports;   // that it serves over UDP
    std::uint64_t repeats = 0;          // how often it said the same again

    bool operator==(const IntellivueMonitor&) const = default;
    template <class Visitor>
    void fields(Visitor&& visit) const {
        visit("kind", kind);
        visit("manufacturer", manufacturer);
        visit("model", model);
        visit("serial", serial);
        visit("software", software);
        visit("hardware", hardware);
        visit("part_numbers", part_numbers);
        visit("system_id", system_id);
        visit("bed_label", bed_label);
        visit("mac", mac);
        visit("address", address);
        visit("ports", ports);
        visit("repeats", repeats);
    }
};

/// One association for data export, told when it is over: polls come several times a second.
struct IntellivueExport {
    static constexpr std::string_view event_type = "intellivue";

    std::string_view outcome;   // accepted, refused, unanswered; empty where its beginning was not seen
    std::string_view how;       // released, aborted, cut
    std::uint64_t requests = 0;
    std::uint64_t results = 0;
    std::uint64_t errors = 0;
    std::vector<std::string_view> polled;   // numerics, waves, alarms, patient demographics, system
    std::vector<std::string_view> patient_fields;
    std::optional<std::int64_t> latency_us;
    std::optional<std::int64_t> duration_us;

    template <class Visitor>
    void fields(Visitor&& visit) const {
        visit("kind", std::string_view{"association"});
        visit("outcome", outcome);
        visit("how", how);
        visit("requests", requests);
        visit("results", results);
        visit("errors", errors);
        visit("polled", polled);
        visit("patient_fields", patient_fields);
        visit("latency_us", latency_us);
        visit("duration_us", duration_us);
    }
};

}   // namespace ward::event
