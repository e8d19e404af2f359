// SPDX-License-Identifier: Apache-2.0
#include "lab/frames/devices/astm.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace ward::lab::astm {
namespace {

constexpr std::size_t text_max = 240;

/// The sum of all characters from the frame's number to ETX or ETB, modulo 256 (LIS1-A, section 6.3.3).
unsigned checksum(std::string_view text) {
    unsigned sum = 0;
    for (const char c : text) sum += static_cast<unsigned char>(c);
    return sum % 256;
}

}   // namespace

std::vector<std::string> records(const Report& report) {
    std::vector<std::string> all;
    all.push_back(fmt::format("H|\\^&|||{}|||||LIS||P|LIS2-A2|{}\r", report.sender, report.at));
    if (report.patient) {
        const auto& patient = *report.patient;
        all.push_back(
            fmt::format("P|1|{0}|{0}||{1}||{2}|{3}\r", patient.id, patient.name, patient.birth, patient.sex));
    } else {
        all.emplace_back("P|1\r");
    }
    all.push_back(fmt::format("O|1|{}||^^^{}|R|{}|||||{}||||||||||||||F\r", report.specimen, report.panel,
                              report.at, report.patient ? "" : "Q"));
    int number = 0;
    for (const auto& result : report.results)
        all.push_back(fmt::format("R|{}|^^^{}|{}|{}|{}|{}||F||{}||{}\r", ++number, result.code, result.value,
                                  result.unit, result.range, result.flag, report.by, report.at));
    all.emplace_back("L|1|N\r");
    return all;
}

std::vector<std::string> frames(const std::vector<std::string>& records) {
    std::vector<std::string> all;
    for (std::string_view record : records) {
        while (!record.empty()) {
            const auto part = record.substr(0, text_max);
            record.remove_prefix(part.size());
            const auto text =
                fmt::format("{}{}{}", (all.size() + 1) % 8, part, record.empty() ? '\x03' : '\x17');
            all.push_back(fmt::format("\x02{}{:02X}\r\n", text, checksum(text)));
        }
    }
    return all;
}

}   // namespace ward::lab::astm
