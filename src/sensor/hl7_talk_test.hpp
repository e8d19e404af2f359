// SPDX-License-Identifier: Apache-2.0
// A nurse's monitor that sends messages, and what the sensor made of them.
#pragma once

#include "sensor/packets_test.hpp"

namespace ward::sensor {

inline const Host nurse{"10.0.0.1", 40000};
inline const Host hl7_server{"10.0.0.2", 2575};
inline const Host unknown_server{"10.0.0.2", 50000};

inline const std::string message =
    "\x0bMSH|^~\\&|BED4|UNIT07|HIS|CLIN|20260911||ORU^R01^ORU_R01|M1|P|2.5.1\r\x1c\r";
inline const std::string answer =
    "\x0bMSH|^~\\&|HIS|CLIN|BED4|UNIT07|2026||ACK^R01|A1|P|2.5.1\rMSA|AA|M1\r\x1c\r";

inline Connection connection(Tape& tape) { return {tape, nurse, hl7_server}; }

inline std::string message_of(int id) {
    auto text = message;
    return text.replace(text.find("M1"), 2, "M" + std::to_string(id));
}
inline std::string answer_to(int id) {
    auto text = answer;
    return text.replace(text.find("AA|M1") + 3, 2, "M" + std::to_string(id));
}

/// Each message of a capture with what became of it: "M1 AA 2000".
inline std::vector<std::string> messages_in(const Heard& heard) {
    std::vector<std::string> told;
    for (const auto& event : heard.all("hl7")) {
        const auto hl7 = event["hl7"];
        const auto answered = hl7["acknowledgement"];
        std::string line{hl7["control_id"].text()};
        if (hl7["acknowledged_id"].exists()) line = "answer to " + std::string{hl7["acknowledged_id"].text()};
        if (answered.exists()) line += " " + std::string{answered["code"].text()};
        if (answered["latency_us"].exists()) line += " " + std::string{answered["latency_us"].raw()};
        told.push_back(line);
    }
    return told;
}

}   // namespace ward::sensor
