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
    std::string_view field;   // OBX-18, PRT-10; without the latter PRT-16 or PRT-20
    std::string value;
    std::string udi_device{};   // PRT-16, or of a UDI in `value`: which product it is
    std::string serial{};       // PRT-20, or of that UDI

    bool operator==(const Hl7Device&) const = default;
    template <class Visitor>
    void fields(Visitor&& visit) const {
        visit("field", field);
        visit("value", value);
        visit("udi_device", udi_device);
        visit("serial", serial);
    }
};

struct Hl7Acknowledgement {
    std::string code;         // MSA-1, table 0008: AA, AE, AR, CA, CE, CR; or ACK, NAK of MLLP release 2
    std::string error_code;   // ERR-3.1 or ERR-1.4
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
    std::string accept_acknowledgement;        // MSH-15, table 0155: whether a commit is asked for
    std::string application_acknowledgement;   // MSH-16: whether what follows it is
    Side from = Side::client;
    std::uint64_t size = 0;   // bytes, without the frame
    std::uint32_t segments = 0;
    std::vector<Hl7Device> devices;
    std::vector<std::string_view> patient_fields;        // which identifying fields carried a value: PID-5
    Pseudonym patient;                                   // of PID-3.1, PID-2.1 or PID-4.1
    std::optional<Hl7Acknowledgement> commit;            // that the message was kept: CA, CE, CR, ACK, NAK
    std::optional<Hl7Acknowledgement> acknowledgement;   // what became of it: AA, AE, AR
    std::string acknowledged_id;                         // MSA-2, of an acknowledgement that is told itself
    std::vector<std::string_view> framing;               // what is not as MLLP says

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
        visit("accept_acknowledgement", accept_acknowledgement);
        visit("application_acknowledgement", application_acknowledgement);
        visit("from", from);
        visit("size", size);
        visit("segments", segments);
        visit("devices", devices);
        visit("patient_fields", patient_fields);
        visit("patient", patient);
        visit("commit", commit);
        visit("acknowledgement", acknowledgement);
        visit("acknowledged_id", acknowledged_id);
        visit("framing", framing);
    }
};

}   // namespace ward::event
