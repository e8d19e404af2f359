// SPDX-License-Identifier: Apache-2.0
// What an analyser and a laboratory system sent each other in one go, without the values that belong to a
// patient.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "event/event.hpp"

namespace ward::event {

struct AstmRecords {
    std::string type;   // CLSI LIS2-A2, 4.1: H P O R C Q L M S
    std::uint32_t count = 0;

    bool operator==(const AstmRecords&) const = default;
    template <class Visitor>
    void fields(Visitor&& visit) const {
        visit("type", type);
        visit("count", count);
    }
};

/// ENQ to EOT; of an unframed stream, header to terminator.
struct AstmTransmission {
    static constexpr std::string_view event_type = "astm";

    Side from = Side::client;
    std::string_view framing;       // LIS1, or none
    std::string_view outcome;       // complete, cut, refused (ENQ was answered by NAK and nothing followed)
    bool torn = false;              // bytes of it were not seen
    std::string control_id;         // H-3
    bool access_password = false;   // H-4 was there
    std::string sender;             // H-5, as found: name, version and serial number in components
    std::string receiver;           // H-10
    std::string processing_id;      // H-12
    std::string version;            // H-13
    std::string termination;        // L-3
    std::uint32_t messages = 0;
    std::vector<AstmRecords> records;
    std::vector<std::string> instruments;
    std::uint32_t frames = 0;
    std::uint32_t refused_frames = 0;   // NAK
    std::uint32_t bad_checksums = 0;
    std::uint32_t retransmissions = 0;
    std::vector<std::string_view> patient_fields;
    Pseudonym patient;   // of the first of P-3, P-4, P-5
    std::optional<std::int64_t> duration_us;

    template <class Visitor>
    void fields(Visitor&& visit) const {
        visit("from", from);
        visit("framing", framing);
        visit("outcome", outcome);
        visit("torn", torn);
        visit("control_id", control_id);
        visit("access_password", access_password);
        visit("sender", sender);
        visit("receiver", receiver);
        visit("processing_id", processing_id);
        visit("version", version);
        visit("termination", termination);
        visit("messages", messages);
        visit("records", records);
        visit("instruments", instruments);
        visit("frames", frames);
        visit("refused_frames", refused_frames);
        visit("bad_checksums", bad_checksums);
        visit("retransmissions", retransmissions);
        visit("patient_fields", patient_fields);
        visit("patient", patient);
        visit("duration_us", duration_us);
    }
};

}   // namespace ward::event
