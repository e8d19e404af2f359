// SPDX-License-Identifier: Apache-2.0
#include "protocol/intellivue/intellivue.hpp"

#include "event/intellivue.hpp"
#include "protocol/bed_test.hpp"

namespace ward::protocol::intellivue {
namespace {

using event::IntellivueExport;
using event::IntellivueMonitor;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

// Laid out as a monitor M8007A announces itself; serial number, addresses and label are invented.
const std::string announcement =
    hex("000001000001010c00000000010600230000000000d6d4000d1700f8000600f4098600040001114df135002200490043"
        "00550020004d004f004e00200052004d0031003500000000000000000000f100000e0009fb0000010a0d2502ffffff00"
        "f101002c00050028000100035dc00000000200035dc00000000100015e290000000500015e2900000008000182350000"
        "092d00680006006400010008000c44453030303030303031000900020008000e4d383030374100000000000000000003"
        "0008000820422e30302e30350005007800082d2d2d2d2d2d2d2d00020058000e532d4d343034362d3137303141200004"
        "00580008472e30312e3738200928001400085068696c6970730000084d38303037410000");

// The session parameters of the guide; the presentation header is cut short.
const std::string connect = hex("0d200508130100160102800014020002c11031808000000000000000000000000000");

const std::string mds_create =
    hex("e10000020001005400000001004e00210000000000d6d4000d060040002100000000000300360984000a000800000000"
        "09fb00010928001400085068696c6970730000084d38303037410000091e000c000a00490043005500310000");

const std::string poll_demographics =
    hex("e10000020001001c000100070016002100000000000000000c16000600010001002a0000");

const std::string poll_numerics =
    hex("e10000020001001c000100070016002100000000000000000c1600060001000100060000");

// A linked result, the last one, with an invented name and age and an empty identifier.
const std::string demographics =
    hex("e10000020005006e02010001000700660021000000000c16005c0001000003e800000000000000000001002a00000001"
        "004400000001003e000700040038095d000e000c004e00410044004900410000095c0010000e00480041004400440041"
        "00440000095a00040002000009d80006ff0000430a20");

const std::string release_request = hex("0918c11661803080020101a08062808001000000000000000000");

/// The same with another type of session unit.
std::string with_type(std::string unit, char type) {
    unit[0] = type;
    return unit;
}
const std::string accept = with_type(connect, '\x0e');
const std::string refuse = with_type(connect, '\x0c');
const std::string release_response = with_type(release_request, '\x0a');

Bed bed() { return Bed{open_session()}; }

TEST(Intellivue, ABedIsLabelledInAnyLanguage) {
    // U+624B U+672F is Chinese; U+E0AB is one of the guide's private characters.
    auto labelled = announcement;
    const auto label = hex("002200490043005500");
    labelled.replace(labelled.find(label) + 2, 8, hex("0049624b672fe0ab"));
    auto talk = bed();
    talk.client(labelled);
    EXPECT_THAT(talk.one<IntellivueMonitor>().bed_label, HasSubstr("I\u624b\u672f"));
    EXPECT_THAT(talk.one<IntellivueMonitor>().bed_label, Not(HasSubstr("\ue0ab")));
}

TEST(Intellivue, ASecondRequestCutsTheAssociationBefore) {
    auto talk = bed();
    talk.client(connect).server(accept).client(connect).server(accept).end();
    const auto told = talk.all<IntellivueExport>();
    ASSERT_EQ(told.size(), 2u);
    EXPECT_EQ(told[0]->how, "cut");
    EXPECT_EQ(told[0]->outcome, "accepted");
}

TEST(Intellivue, AMonitorThatAnnouncesItselfIsNamed) {
    auto talk = bed();
    talk.client(announcement).end();
    const auto& told = talk.one<IntellivueMonitor>();
    EXPECT_EQ(told.kind, "connect_indication");
    EXPECT_EQ(told.manufacturer, "Philips");
    EXPECT_EQ(told.model, "M8007A");
    EXPECT_EQ(told.serial, "DE00000001");
    EXPECT_EQ(told.software, "G.01.78");
    EXPECT_EQ(told.hardware, "B.00.05");
    EXPECT_THAT(told.part_numbers, ElementsAre("M8007A", "S-M4046-1701A"));
    EXPECT_EQ(told.bed_label, "ICU MON RM15");
    EXPECT_EQ(to_text(told.mac), "00:09:fb:00:00:01");
    EXPECT_EQ(to_text(told.address), "10.13.37.2");
    EXPECT_THAT(told.ports, ElementsAre(24105, 0x8235));
    EXPECT_THAT(talk.all<IntellivueExport>(), IsEmpty());
}

TEST(Intellivue, AMonitorThatRepeatsItselfIsToldAgainAtTheEnd) {
    auto talk = bed();
    talk.client(announcement).client(announcement).client(announcement);
    EXPECT_EQ(talk.one<IntellivueMonitor>().repeats, 0u);
    auto moved = announcement;
    moved.replace(moved.find(hex("0a0d2502")), 4, hex("0a0d2503"));
    talk.client(moved).client(moved).end();
    const auto told = talk.all<IntellivueMonitor>();
    ASSERT_EQ(told.size(), 3u);
    EXPECT_EQ(to_text(told[1]->address), "10.13.37.3");
    EXPECT_EQ(to_text(told[2]->address), "10.13.37.3");
    EXPECT_EQ(told[2]->repeats, 1u);
}

TEST(Intellivue, AnAssociationIsToldWhenItIsOver) {
    auto talk = bed();
    talk.client(connect).after(std::chrono::milliseconds{2}).server(accept).server(mds_create);
    EXPECT_EQ(talk.one<IntellivueMonitor>().kind, "mds_create");
    EXPECT_EQ(talk.one<IntellivueMonitor>().system_id, "0000000009fb0001");
    EXPECT_EQ(talk.one<IntellivueMonitor>().bed_label, "ICU1");
    talk.client(poll_numerics).client(poll_demographics).server(demographics);
    talk.after(std::chrono::milliseconds{3}).client(release_request).server(release_response).end();
    const auto& told = talk.one<IntellivueExport>();
    EXPECT_EQ(told.outcome, "accepted");
    EXPECT_EQ(told.how, "released");
    EXPECT_EQ(told.requests, 3u);
    EXPECT_EQ(told.results, 1u);
    EXPECT_THAT(told.polled, ElementsAre("numerics", "patient demographics"));
    EXPECT_EQ(told.latency_us, 2000);
    EXPECT_EQ(told.duration_us, 5000);
}

TEST(Intellivue, NamesTheFieldsOfAPatientAndNotTheirValues) {
    auto talk = bed();
    talk.server(demographics).end();
    const auto& told = talk.one<IntellivueExport>();
    EXPECT_THAT(told.patient_fields,
                ElementsAre("NOM_ATTR_PT_NAME_GIVEN", "NOM_ATTR_PT_NAME_FAMILY", "NOM_ATTR_PT_AGE"));
    EXPECT_EQ(talk.out.patient_items, 3u);
    EXPECT_EQ(talk.out.patient_messages, 1u);
    EXPECT_THAT(talk.json(), Not(HasSubstr("NADIA")));
    EXPECT_THAT(talk.json(), Not(HasSubstr("HADDAD")));
}

TEST(Intellivue, TellsARefusalAndASilentMonitor) {
    auto refused = bed();
    refused.client(connect).server(refuse).end();
    EXPECT_EQ(refused.one<IntellivueExport>().outcome, "refused");
    auto silent = bed();
    silent.client(connect).client(connect).end();
    EXPECT_EQ(silent.one<IntellivueExport>().outcome, "unanswered");
    EXPECT_EQ(silent.one<IntellivueExport>().how, "cut");
}

TEST(Intellivue, GarbageIsNamedAndEachCutIsHarmless) {
    auto talk = bed();
    talk.client("\xe1").client(announcement.substr(0, 40));
    EXPECT_EQ(talk.out.violation, "length is not that of the datagram");
    for (const auto& whole : {announcement, mds_create, demographics, poll_numerics})
        for (std::size_t size = 9; size < whole.size(); ++size) {
            auto cut = whole.substr(0, size);
            cut[6] = static_cast<char>((size - 8) >> 8);
            cut[7] = static_cast<char>(size - 8);
            talk.server(cut);
        }
    EXPECT_LT(talk.memory(), 4096u);
}

TEST(Intellivue, AListThatLiesAboutItsLengthIsReadToItsEnd) {
    auto lying = announcement;
    const auto ports = lying.find(hex("f101 002c 0005"));
    ASSERT_NE(ports, std::string::npos);
    lying[ports + 4] = '\xff';
    auto talk = bed();
    talk.client(lying);
    EXPECT_EQ(talk.one<IntellivueMonitor>().ports.size(), 2u);
}

TEST(Intellivue, IsRecognisedByItsContent) {
    const auto asked = [](std::string_view first) { return probe(as_bytes(first), Side::client); };
    EXPECT_EQ(asked(announcement), Verdict::yes);
    EXPECT_EQ(asked(mds_create), Verdict::yes);
    EXPECT_EQ(asked(connect), Verdict::yes);
    EXPECT_EQ(asked(release_request), Verdict::unsure);
    EXPECT_EQ(asked(mds_create + "x"), Verdict::no);
    // DNS queries whose identifiers look like a session unit and like the nomenclature.
    EXPECT_EQ(asked(hex("0d03 0100 0001 0000 0000 0000 0161 00 0001 0001")), Verdict::no);
    EXPECT_EQ(asked(hex("0000 0100 0001 0000 0000 0000 0161 00 0001 0001")), Verdict::no);
}

}   // namespace
}   // namespace ward::protocol::intellivue
