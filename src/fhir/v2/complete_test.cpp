// SPDX-License-Identifier: Apache-2.0
// Nothing is lost without a trace: what each field says is in a resource, or the field is listed.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <set>

#include "core/bytes.hpp"
#include "fhir/v2/hospital_test.hpp"

namespace ward::fhir::v2 {
namespace {

using testing::IsEmpty;

struct Full {
    std::string name;
    std::size_t fields;   // as HL7 2.9 has them
};

/// A word that no other field has.
std::string word(const Full& segment, std::size_t field) {
    return fmt::format("w{}x{}w", segment.name, field);
}

/// Set ids, what says how another field is to be read, and codes that say what is to be done.
bool says_nothing_more(const std::string& place) {
    static const std::set<std::string> all{
        "PID-1",  "NK1-1",  "PV1-1",  "AL1-1",  "IAM-1",  "DG1-1",  "PR1-1", "IN1-1", "GT1-1", "OBR-1",
        "OBX-1",  "NTE-1",  "TQ1-1",  "SPM-1",  "TXA-1",  "AIS-1",  "AIG-1", "AIL-1", "AIP-1", "RXA-1",
        "RXA-2",  "EVN-1",  "DG1-2",  "PR1-2",  "OBX-2",  "OBX-4",  "TXA-3", "AIS-8", "RXA-7", "RXE-4",
        "RXE-5",  "RXO-3",  "RXO-4",  "SCH-10", "DG1-21", "IAM-6",  "ROL-2", "PRT-2", "RXC-4", "AIS-2",
        "AIG-2",  "AIL-2",  "PR1-20", "RXA-21", "AIP-2",  "OBX-29",
        "TQ1-6",              // where TQ1-7 and 8 say it
        "ORC-1",              // where ORC-5 says the status
        "PID-24", "PID-30",   // where PID-25 and PID-29 say more
    };
    return all.contains(place);
}

/// The fields of which nothing remains, as "PID-5".
std::set<std::string> lost(std::string_view event, const std::vector<Full>& segments) {
    std::string text;
    for (const auto& segment : segments) {
        text += segment.name;
        for (std::size_t field = 1; field <= segment.fields; ++field)
            text.append("|").append(word(segment, field));
        text += '\r';
    }
    const auto message = mapped(admission(text, event));
    std::string said = message.mapping.event;
    for (const auto& resource : message.mapping.resources) said += resource.json;
    for (const auto& merge : message.mapping.merges) said += merge.subsumed.json;
    std::set<std::string> found;
    for (const auto& segment : segments)
        for (std::size_t field = 1; field <= segment.fields; ++field) {
            const auto is_listed = [&](const Unmapped& missed) {
                return missed.segment == segment.name && (missed.field == 0 || missed.field == field);
            };
            if (says_nothing_more(fmt::format("{}-{}", segment.name, field))) continue;
            if (said.find(word(segment, field)) == std::string::npos &&
                said.find(to_base64(as_bytes(word(segment, field)))) == std::string::npos &&
                std::ranges::none_of(message.mapping.unmapped, is_listed))
                found.insert(fmt::format("{}-{}", segment.name, field));
        }
    return found;
}

TEST(MapCompletely, Admissions) {
    EXPECT_THAT(lost("ADT^A01", {{"SFT", 6},
                                 {"EVN", 7},
                                 {"PID", 40},
                                 {"PD1", 22},
                                 {"NK1", 41},
                                 {"PV1", 54},
                                 {"PV2", 50},
                                 {"ROL", 14},
                                 {"AL1", 6},
                                 {"DG1", 26},
                                 {"PR1", 25},
                                 {"GT1", 57},
                                 {"IN1", 55},
                                 {"IN2", 72}}),
                IsEmpty());
    EXPECT_THAT(lost("ADT^A08", {{"PID", 4}, {"PRT", 22}, {"IAM", 30}}), IsEmpty());
    EXPECT_THAT(lost("ADT^A40", {{"PID", 4}, {"MRG", 7}}), IsEmpty());
}

TEST(MapCompletely, OrdersAndResults) {
    EXPECT_THAT(
        lost("ORU^R01",
             {{"PID", 4}, {"ORC", 38}, {"OBR", 55}, {"NTE", 9}, {"TQ1", 14}, {"OBX", 33}, {"SPM", 35}}),
        IsEmpty());
    EXPECT_THAT(lost("ORU^R01", {{"PID", 4}, {"OBR", 55}, {"OBX", 33}, {"PRT", 22}}), IsEmpty());
    EXPECT_THAT(lost("OML^O21", {{"PID", 4}, {"OBR", 55}, {"PRT", 22}}), IsEmpty());
    EXPECT_THAT(lost("OML^O21", {{"PID", 4}, {"OBR", 55}, {"OBX", 33}}), IsEmpty());
}

TEST(MapCompletely, Medication) {
    EXPECT_THAT(lost("RDE^O11", {{"PID", 4}, {"ORC", 38}, {"RXE", 45}, {"TQ1", 14}, {"RXR", 6}, {"RXC", 9}}),
                IsEmpty());
    EXPECT_THAT(lost("RDE^O11", {{"PID", 4}, {"ORC", 38}, {"RXO", 35}}), IsEmpty());
    EXPECT_THAT(lost("VXU^V04", {{"PID", 4}, {"ORC", 38}, {"RXA", 29}, {"RXR", 6}, {"OBX", 33}}), IsEmpty());
}

TEST(MapCompletely, DocumentsAndAppointments) {
    EXPECT_THAT(lost("MDM^T02", {{"PID", 4}, {"TXA", 28}, {"NTE", 9}, {"OBX", 33}}), IsEmpty());
    EXPECT_THAT(
        lost("SIU^S12",
             {{"SCH", 27}, {"NTE", 9}, {"PID", 4}, {"AIS", 12}, {"AIG", 14}, {"AIL", 12}, {"AIP", 12}}),
        IsEmpty());
}

}   // namespace
}   // namespace ward::fhir::v2
