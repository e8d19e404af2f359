// SPDX-License-Identifier: Apache-2.0
// An HL7 v2 message and its acknowledgement, without the values that belong to a patient.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "event/event.hpp"

namespace ward::event {

/// What a message says of the device that made an observation. The value is kept as it was found.
struct Hl7Device {
    std::string_view field;   // OBX-18, PRT-10, PRT-16, PRT-20
    std::string value;

    bool operator==(const Hl7Device&) const = default;
    template <class Visitor>
    void fields(Visitor&& visit) const {
        visit("field", field);
        visit("value", value);
    }
};

struct Hl7Acknowledgement {
    std::string code;         // MSA-1, table 0008: AA, AE, AR, CA, CE, CR
    std::string error_code;   // ERR-3 or ERR-1, without its free text
    std::optional<std::int64_t> latency_us;

    template <class Visitor>
    void fields(Visitor&& visit) const {
        visit("code", code);
        visit("error_code", error_code);
        visit("latency_us", latency_us);
    }
};

struct Hl7Message {
    static constexpr std::string_view event_type = "hl7";

    std::string type;   // MSH-9: ADT^A01^ADT_A01
    std::string control_id;
    std::string processing_id;
    std::string version;
    std::string sending_application;
    std::string sending_facility;
    std::string receiving_application;
    std::string receiving_facility;
    std::string character_set;
    Side from = Side::client;
    std::uint64_t size = 0;   // bytes, without the frame
    std::uint32_t segments = 0;
    std::vector<Hl7Device> devices;
    std::vector<std::string_view> patient_fields;   // which identifying fields carried a value: PID-5
    Pseudonym patient;                              // of PID-3.1
    std::optional<Hl7Acknowledgement> acknowledgement;
    std::vector<std::string_view> framing;   // what is not as MLLP says

    template <class Visitor>
    void fields(Visitor&& visit) const {
        visit("type", type);
        visit("control_id", control_id);
        visit("processing_id", processing_id);
        visit("version", version);
        visit("sending_application", sending_application);
        visit("sending_facility", sending_facility);
        visit("receiving_application", receiving_application);
        visit("receiving_facility", receiving_facility);
        visit("character_set", character_set);
        visit("from", from);
        visit("size", size);
        visit("segments", segments);
        visit("devices", devices);
        visit("patient_fields", patient_fields);
        visit("patient", patient);
        visit("acknowledgement", acknowledgement);
        visit("framing", framing);
    }
};

}   // namespace ward::event
