// SPDX-License-Identifier: Apache-2.0
#include "protocol/astm/records.hpp"

#include <algorithm>

#include "protocol/astm/astm.hpp"
#include "protocol/delimiter.hpp"
#include "protocol/text.hpp"

namespace ward::protocol::astm {
namespace {

constexpr std::size_t value_max = 100;
constexpr std::size_t record_types_max = 16;

struct Identifying {
    char record;
    std::size_t number;
    std::string_view name;
    bool is_identifier;
};

// LIS2-A2, 7.1: what a patient record says of who it is; 11.1.3: whom a host asks for.
constexpr std::array identifying{
    Identifying{'P', 3, "P-3", true},    Identifying{'P', 4, "P-4", true},
    Identifying{'P', 5, "P-5", true},    Identifying{'P', 6, "P-6", false},
    Identifying{'P', 7, "P-7", false},   Identifying{'P', 8, "P-8", false},
    Identifying{'P', 9, "P-9", false},   Identifying{'P', 10, "P-10", false},
    Identifying{'P', 11, "P-11", false}, Identifying{'P', 13, "P-13", false},
    Identifying{'Q', 3, "Q-3", true},
};

void count(char type, event::AstmTransmission& told) {
    auto& records = told.records;
    const std::string_view name{&type, 1};
    const auto known = std::ranges::find(records, name, &event::AstmRecords::type);
    if (known != records.end()) {
        ++known->count;
    } else if (records.size() < record_types_max) {
        records.push_back({std::string{name}, 1});
    }
}

}   // namespace

Verdict looks_like_header(std::string_view text) {
    constexpr std::size_t delimiters_size = 4;
    if (text.empty()) return Verdict::unsure;
    if (lower(text[0]) != 'h') return Verdict::no;
    const auto delimiters = text.substr(1, delimiters_size);
    for (std::size_t i = 0; i < delimiters.size(); ++i)
        if (!may_delimit(delimiters[i]) || delimiters.find(delimiters[i]) != i) return Verdict::no;
    if (text.size() < delimiters_size + 2) return Verdict::unsure;
    const auto next = text[delimiters_size + 1];
    return next == text[1] || next == '\r' ? Verdict::yes : Verdict::no;
}

bool is_header(std::string_view record) {
    constexpr std::size_t size_min = 5;
    return record.size() >= size_min && looks_like_header(record) != Verdict::no;
}

std::string_view Records::field(std::string_view record, std::size_t number) const {
    for (; number > 1; --number) {
        if (record.empty()) return {};
        take_until(record, field_);
    }
    return take_until(record, field_);
}

void Records::read_header(std::string_view record, event::AstmTransmission& told, Output& out) {
    end_message(out);
    field_ = record[1];
    repeat_ = record[2];
    component_ = record[3];
    if (++told.messages > 1) return;
    told.control_id = clipped(field(record, 3), value_max);
    told.access_password = !field(record, 4).empty();
    told.sender = clipped(field(record, 5), value_max);
    told.receiver = clipped(field(record, 10), value_max);
    told.processing_id = clipped(field(record, 12), value_max);
    told.version = clipped(field(record, 13), value_max);
}

void Records::read_identifying(std::string_view record, event::AstmTransmission& told, const Output& out) {
    for (const auto& known : identifying) {
        if (known.record != record[0]) continue;
        auto value = field(record, known.number);
        if (trimmed(value).empty()) continue;
        ++patient_items_;
        auto& found = told.patient_fields;
        if (std::ranges::find(found, known.name) == found.end()) found.push_back(known.name);
        if (!known.is_identifier || !told.patient.empty()) continue;
        value = take_until(value, repeat_);
        const auto identifier = trimmed(take_until(value, component_));
        if (!identifier.empty() && identifier != "ALL") told.patient = out.pseudonym(identifier);
    }
}

void Records::read_instrument(std::string_view record, event::AstmTransmission& told) const {
    const auto instrument = field(record, 14).substr(0, value_max);
    auto& instruments = told.instruments;
    const bool known = std::ranges::find(instruments, instrument) != instruments.end();
    if (!instrument.empty() && !known && instruments.size() < limits.instruments_max)
        instruments.emplace_back(instrument);
}

void Records::read(std::string_view record, event::AstmTransmission& told, Output& out) {
    if (record.empty()) return;
    // LIS2-A2, 5.5: record types may be written in lower case.
    const char type = record[0] >= 'a' && record[0] <= 'z' ? static_cast<char>(record[0] - 32) : record[0];
    const bool known = type >= 'A' && type <= 'Z' && (type != 'H' || is_header(record));
    count(known ? type : '?', told);
    if (!known) return;
    if (type == 'H') {
        read_header(record, told, out);
    } else if (type == 'L') {
        told.termination = clipped(field(record, 3), 1);
    } else if (type == 'R') {
        // Without its header it is not certain what stands where.
        if (told.messages > 0) read_instrument(record, told);
    } else {
        read_identifying(record, told, out);
    }
}

}   // namespace ward::protocol::astm
