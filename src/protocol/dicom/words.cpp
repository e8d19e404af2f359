// SPDX-License-Identifier: Apache-2.0
// The standard's words for commands, states and refusals.
#include <array>

#include "protocol/dicom/names.hpp"
#include "wire/wire_reader.hpp"

namespace ward::protocol::dicom {
namespace {

std::string four_digits(std::uint16_t number) {
    Buffer bytes;
    append_big_endian(bytes, number);
    return to_hex(bytes);
}

struct Status {
    std::uint16_t value;
    std::string_view meaning;
};

// PS3.7, annex C; PS3.4, B.2.3, C.4.1.1.4, C.4.2.1.5 and C.4.3.1.4.
constexpr std::array statuses{
    Status{0x0000, "success"},
    Status{0x0001, "requested optional attributes are not supported"},
    Status{0x0105, "no such attribute"},
    Status{0x0106, "invalid attribute value"},
    Status{0x0107, "attribute list error"},
    Status{0x0110, "processing failure"},
    Status{0x0111, "duplicate SOP instance"},
    Status{0x0112, "no such SOP instance"},
    Status{0x0113, "no such event type"},
    Status{0x0114, "no such argument"},
    Status{0x0115, "invalid argument value"},
    Status{0x0116, "attribute value out of range"},
    Status{0x0117, "invalid SOP instance"},
    Status{0x0118, "no such SOP class"},
    Status{0x0119, "class-instance conflict"},
    Status{0x0120, "missing attribute"},
    Status{0x0121, "missing attribute value"},
    Status{0x0122, "SOP class not supported"},
    Status{0x0123, "no such action type"},
    Status{0x0124, "not authorized"},
    Status{0x0210, "duplicate invocation"},
    Status{0x0211, "unrecognized operation"},
    Status{0x0212, "mistyped argument"},
    Status{0x0213, "resource limitation"},
    Status{0xa701, "out of resources: unable to calculate number of matches"},
    Status{0xa702, "out of resources: unable to perform sub-operations"},
    Status{0xa801, "move destination unknown"},
    Status{0xb000, "warning: coercion of data elements, or some sub-operations failed"},
    Status{0xb006, "warning: elements discarded"},
    Status{0xb007, "warning: data set does not match SOP class"},
    Status{0xfe00, "cancelled"},
    Status{0xff00, "pending"},
    Status{0xff01, "pending: optional keys not supported"},
};

}   // namespace

std::string command_name(std::uint16_t command) {
    switch (command & 0x7fffU) {   // PS3.7, E.1: the highest bit says response
        case 0x0001: return "C-STORE";
        case 0x0010: return "C-GET";
        case 0x0020: return "C-FIND";
        case 0x0021: return "C-MOVE";
        case 0x0030: return "C-ECHO";
        case 0x0100: return "N-EVENT-REPORT";
        case 0x0110: return "N-GET";
        case 0x0120: return "N-SET";
        case 0x0130: return "N-ACTION";
        case 0x0140: return "N-CREATE";
        case 0x0150: return "N-DELETE";
        case 0x0fff: return "C-CANCEL";
        default: return four_digits(command);
    }
}

std::string_view status_meaning(std::uint16_t status) {
    for (const auto& known : statuses)
        if (known.value == status) return known.meaning;
    switch (status >> 8) {
        case 0xa7: return "out of resources";
        case 0xa9: return "data set does not match SOP class";
        default: break;
    }
    switch (status >> 12) {
        case 0xb: return "warning";
        case 0xc: return "cannot understand, or unable to process";
        default: return "failure";
    }
}

std::string_view rejection_result(std::uint8_t result) {
    switch (result) {
        case 1: return "rejected-permanent";
        case 2: return "rejected-transient";
        default: return "reserved";
    }
}

std::string_view rejection_source(std::uint8_t source) {
    switch (source) {
        case 1: return "DICOM UL service-user";
        case 2: return "DICOM UL service-provider (ACSE related function)";
        case 3: return "DICOM UL service-provider (Presentation related function)";
        default: return "reserved";
    }
}

std::string_view rejection_reason(std::uint8_t source, std::uint8_t reason) {
    switch (source << 8 | reason) {
        case 0x101:
        case 0x201: return "no-reason-given";
        case 0x102: return "application-context-name-not-supported";
        case 0x103: return "calling-AE-title-not-recognized";
        case 0x107: return "called-AE-title-not-recognized";
        case 0x202: return "protocol-version-not-supported";
        case 0x301: return "temporary-congestion";
        case 0x302: return "local-limit-exceeded";
        default: return "reserved";
    }
}

std::string_view abort_source(std::uint8_t source) {
    switch (source) {
        case 0: return "DICOM UL service-user";
        case 2: return "DICOM UL service-provider";
        default: return "reserved";
    }
}

std::string_view abort_reason(std::uint8_t source, std::uint8_t reason) {
    if (source != 2) return {};   // PS3.8, table 9-26: without meaning for the other source
    constexpr std::array<std::string_view, 7> reasons{"reason-not-specified",
                                                      "unrecognized-PDU",
                                                      "unexpected-PDU",
                                                      "reserved",
                                                      "unrecognized-PDU parameter",
                                                      "unexpected-PDU parameter",
                                                      "invalid-PDU-parameter value"};
    return reason < reasons.size() ? reasons[reason] : "reserved";
}

std::string_view presentation_result(std::uint8_t result) {
    constexpr std::array<std::string_view, 5> results{"acceptance", "user-rejection",
                                                      "no-reason (provider rejection)",
                                                      "abstract-syntax-not-supported (provider rejection)",
                                                      "transfer-syntaxes-not-supported (provider rejection)"};
    return result < results.size() ? results[result] : "reserved";
}

std::string_view identity_kind(std::uint8_t type) {
    constexpr std::array<std::string_view, 6> kinds{
        "reserved",       "username",      "username and passcode", "Kerberos service ticket",
        "SAML assertion", "JSON web token"};
    return type < kinds.size() ? kinds[type] : "reserved";
}

}   // namespace ward::protocol::dicom
