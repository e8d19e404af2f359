// SPDX-License-Identifier: Apache-2.0
// What analysers send to a laboratory system: records of CLSI LIS2-A2 (ASTM E1394) in frames of CLSI LIS1-A
// (ASTM E1381).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ward::lab::astm {

inline constexpr std::string_view enquiry = "\x05", acknowledge = "\x06", not_acknowledge = "\x15",
                                  end_of_transmission = "\x04";

struct Measured {
    std::string_view code;
    std::string value;
    std::string_view unit;
    std::string range;
    char flag = 'N';
};

struct Patient {
    std::string id;
    std::string name;   // family^given
    std::string birth;
    char sex = 'U';
};

struct Report {
    std::string sender;                 // name^model^serial
    std::string at;                     // YYYYMMDDHHMMSS
    std::optional<Patient> patient{};   // none: a control
    std::string specimen;
    std::string_view panel;
    std::string by;   // whose hands
    std::vector<Measured> results;
};

/// Header, patient, order, results, terminator; each ended by CR (LIS2-A2, section 6).
std::vector<std::string> records(const Report& report);
/// LIS1-A, section 6.3: numbered from 1, 240 characters of a record in each at most, with a checksum.
std::vector<std::string> frames(const std::vector<std::string>& records);

}   // namespace ward::lab::astm
