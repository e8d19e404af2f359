// SPDX-License-Identifier: Apache-2.0
// A POCT1-A message of a point-of-care device and its acknowledgement, without the values that belong to a
// patient.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "event/event.hpp"

namespace ward::event {

/// CLSI POCT01-A2, appendix B: the DEV object of a hello.
struct Poct1aDevice {
    std::string device_id;
    std::string vendor_id;
    std::string model_id;
    std::string serial_id;
    std::string manufacturer_name;
    std::string hw_version;
    std::string sw_version;
    std::string device_name;

    bool operator==(const Poct1aDevice&) const = default;
    template <class Visitor>
    void fields(Visitor&& visit) const {
        visit("device_id", device_id);
        visit("vendor_id", vendor_id);
        visit("model_id", model_id);
        visit("serial_id", serial_id);
        visit("manufacturer_name", manufacturer_name);
        visit("hw_version", hw_version);
        visit("sw_version", sw_version);
        visit("device_name", device_name);
    }
};

struct Poct1aAcknowledgement {
    std::string code;         // ACK.type_cd: AA or AE
    std::string error_code;   // ACK.error_detail_cd
    std::optional<std::int64_t> latency_us;

    template <class Visitor>
    void fields(Visitor&& visit) const {
        visit("code", code);
        visit("error_code", error_code);
        visit("latency_us", latency_us);
    }
};

struct Poct1aMessage {
    static constexpr std::string_view event_type = "poct1a";

    std::string type;   // HEL.R01
    std::string control_id;
    std::string version_id;
    std::string command;   // DTV.command_cd, REQ.request_cd
    Side from = Side::client;
    std::uint64_t size = 0;   // bytes
    std::optional<Poct1aDevice> device;
    std::vector<std::string_view> patient_fields;
    Pseudonym patient;   // of PT.patient_id
    std::optional<Poct1aAcknowledgement> acknowledgement;
    std::string acknowledged_id;   // ACK.ack_control_id, of an acknowledgement that is told itself

    template <class Visitor>
    void fields(Visitor&& visit) const {
        visit("type", type);
        visit("control_id", control_id);
        visit("version_id", version_id);
        visit("command", command);
        visit("from", from);
        visit("size", size);
        visit("device", device);
        visit("patient_fields", patient_fields);
        visit("patient", patient);
        visit("acknowledgement", acknowledgement);
        visit("acknowledged_id", acknowledged_id);
    }
};

}   // namespace ward::event
