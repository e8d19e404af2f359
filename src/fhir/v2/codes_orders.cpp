// SPDX-License-Identifier: Apache-2.0
// Tables of orders and results.
#include <array>

#include "fhir/v2/codes.hpp"

namespace ward::fhir::v2::codes {

namespace {

constexpr std::array order_type_entries{
    CodeEntry{"I", "HOSP", "Hospital"},
    CodeEntry{"O", "OF", "Outpatient facility"},
};

constexpr std::array priority_entries{
    CodeEntry{"S", "stat"},
    CodeEntry{"A", "asap"},
    CodeEntry{"R", "routine"},
};

constexpr std::array order_status_entries{
    CodeEntry{"A", "active"},   CodeEntry{"CA", "revoked"},          CodeEntry{"CM", "completed"},
    CodeEntry{"DC", "revoked"}, CodeEntry{"ER", "entered-in-error"}, CodeEntry{"HD", "on-hold"},
    CodeEntry{"IP", "active"},  CodeEntry{"RP", "revoked"},          CodeEntry{"SC", "active"},
};

constexpr std::array order_control_entries{
    CodeEntry{"AF", "active"},    CodeEntry{"CA", "active"},  CodeEntry{"CR", "revoked"},
    CodeEntry{"DC", "revoked"},   CodeEntry{"DF", "revoked"}, CodeEntry{"DR", "revoked"},
    CodeEntry{"FU", "completed"}, CodeEntry{"HD", "active"},  CodeEntry{"HR", "on-hold"},
    CodeEntry{"NW", "active"},    CodeEntry{"OC", "revoked"}, CodeEntry{"OD", "revoked"},
    CodeEntry{"OH", "on-hold"},   CodeEntry{"OK", "active"},  CodeEntry{"PR", "active"},
    CodeEntry{"PY", "active"},    CodeEntry{"RL", "active"},  CodeEntry{"RO", "active"},
    CodeEntry{"RQ", "active"},
};

constexpr std::array report_status_entries{
    CodeEntry{"O", "registered"}, CodeEntry{"I", "registered"},  CodeEntry{"S", "registered"},
    CodeEntry{"A", "partial"},    CodeEntry{"P", "preliminary"}, CodeEntry{"C", "corrected"},
    CodeEntry{"R", "partial"},    CodeEntry{"F", "final"},       CodeEntry{"X", "cancelled"},
};

constexpr std::array observation_status_entries{
    CodeEntry{"A", "amended"},
    CodeEntry{"C", "corrected"},
    CodeEntry{"D", "entered-in-error"},
    CodeEntry{"F", "final"},
    CodeEntry{"P", "preliminary"},
    CodeEntry{"X", "cancelled"},
    CodeEntry{"W", "entered-in-error"},
    CodeEntry{"I", "registered"},
    CodeEntry{"O", "registered"},
    CodeEntry{"R", "preliminary"},
    CodeEntry{"S", "preliminary"},
    CodeEntry{"U", "final"},
    CodeEntry{"V", "final"},
};

constexpr std::array absent_reason_entries{
    CodeEntry{"N", "not-asked"},
    CodeEntry{"X", "cannot-be-obtained"},
};

constexpr std::array interpretation_entries{
    CodeEntry{"<", "<", "Off scale low"},
    CodeEntry{">", ">", "Off scale high"},
    CodeEntry{"A", "A", "Abnormal"},
    CodeEntry{"AA", "AA", "Critical abnormal"},
    CodeEntry{"B", "B", "Better"},
    CodeEntry{"CAR", "CAR", "Carrier"},
    CodeEntry{"D", "D", "Significant change down"},
    CodeEntry{"DET", "DET", "Detected"},
    CodeEntry{"E", "E", "Equivocal"},
    CodeEntry{"EX", "EX", "outside threshold"},
    CodeEntry{"EXP", "EXP", "Expected"},
    CodeEntry{"H", "H", "High"},
    CodeEntry{"HH", "HH", "Critical high"},
    CodeEntry{"HU", "HU", "Significantly high"},
    CodeEntry{"I", "I", "Intermediate"},
    CodeEntry{"IE", "IE", "Insufficient evidence"},
    CodeEntry{"IND", "IND", "Indeterminate"},
    CodeEntry{"L", "L", "Low"},
    CodeEntry{"LL", "LL", "Critical low"},
    CodeEntry{"LU", "LU", "Significantly low"},
    CodeEntry{"MS", "MS", "moderately susceptible"},
    CodeEntry{"N", "N", "Normal"},
    CodeEntry{"NCL", "NCL", "No CLSI defined breakpoint"},
    CodeEntry{"ND", "ND", "Not detected"},
    CodeEntry{"NEG", "NEG", "Negative"},
    CodeEntry{"NR", "NR", "Non-reactive"},
    CodeEntry{"NS", "NS", "Non-susceptible"},
    CodeEntry{"POS", "POS", "Positive"},
    CodeEntry{"R", "R", "Resistant"},
    CodeEntry{"RR", "RR", "Reactive"},
    CodeEntry{"S", "S", "Susceptible"},
    CodeEntry{"SDD", "SDD", "Susceptible-dose dependent"},
    CodeEntry{"SYN-R", "SYN-R", "Synergy - resistant"},
    CodeEntry{"SYN-S", "SYN-S", "Synergy - susceptible"},
    CodeEntry{"U", "U", "Significant change up"},
    CodeEntry{"UNE", "UNE", "Unexpected"},
    CodeEntry{"VS", "VS", "very susceptible"},
    CodeEntry{"W", "W", "Worse"},
    CodeEntry{"WR", "WR", "Weakly reactive"},
};

constexpr std::array availability_entries{
    CodeEntry{"Y", "available"},
    CodeEntry{"N", "unavailable"},
};

}   // namespace

const Codes order_type{{}, "http://terminology.hl7.org/CodeSystem/v3-RoleCode", order_type_entries};
const Codes priority{{}, {}, priority_entries};
const Codes diagnostic_service{"http://terminology.hl7.org/CodeSystem/v2-0074", {}, {}};
const Codes order_status{{}, {}, order_status_entries};
const Codes order_control{{}, {}, order_control_entries};
const Codes report_status{{}, {}, report_status_entries};
const Codes observation_status{{}, {}, observation_status_entries};
const Codes absent_reason{{}, {}, absent_reason_entries};
const Codes interpretation{
    {}, "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation", interpretation_entries};
const Codes specimen_type{"http://terminology.hl7.org/CodeSystem/v2-0487", {}, {}};
const Codes availability{{}, {}, availability_entries};

}   // namespace ward::fhir::v2::codes
