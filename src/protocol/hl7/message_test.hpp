// SPDX-License-Identifier: Apache-2.0
// A message of a monitor at a bed, which the tests of HL7 begin with.
#pragma once

#include <string>

#include "event/hl7.hpp"
#include "protocol/bed_test.hpp"
#include "protocol/hl7/hl7.hpp"

namespace ward::protocol::hl7 {

using event::Hl7Message;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

inline const std::string header = "MSH|^~\\&|BED4|UNIT07|HIS|CLIN|20260911||ORU^R01^ORU_R01|M1|P|2.5.1\r";
inline const std::string patient = "PID|1||4711^^^CLIN^MR||HADDAD^NADIA||19590307|F|||1 ROSE ST\r";

inline std::string frame(const std::string& segments) { return "\x0b" + segments + "\x1c\r"; }
inline Bed bed() { return Bed{open_session()}; }

}   // namespace ward::protocol::hl7
