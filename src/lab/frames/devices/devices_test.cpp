// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "lab/frames/devices/astm.hpp"
#include "lab/frames/devices/bacnet.hpp"
#include "lab/frames/devices/dicom_dataset.hpp"
#include "lab/frames/devices/dicom_message.hpp"
#include "lab/frames/devices/dicom_query.hpp"
#include "lab/frames/devices/http_message.hpp"
#include "lab/frames/devices/intellivue.hpp"
#include "lab/frames/devices/modbus.hpp"

namespace ward::lab {
namespace {

std::string text_at(Bytes bytes, std::size_t at, std::size_t size) {
    return std::string{as_text(bytes.subspan(at, size))};
}

TEST(Part10File, BeginsWithPreambleAndMetaInformation) {
    dicom::Dataset dataset;
    dataset.text(0x00080050, dicom::Vr::sh, "R0000001x");
    const auto file = dicom::part10_file("1.2.840.10008.5.1.4.1.1.2", "2.25.7.1", "CT0001", dataset);
    EXPECT_EQ(text_at(file, 0, 128), std::string(128, '\0'));
    EXPECT_EQ(text_at(file, 128, 4), "DICM");
    // PS3.10, table 7.1-1: the group's length, then its version.
    EXPECT_EQ(to_hex(Bytes{file}.subspan(132, 8)), "02000000554c0400");
    EXPECT_EQ(to_hex(Bytes{file}.subspan(144, 14)),
              "020001004f42000002000000"
              "0001");
    const auto length = std::to_integer<std::size_t>(file[140]);
    // PS3.5, section 7.1.2, and a space to an even length.
    EXPECT_EQ(to_hex(Bytes{file}.subspan(144 + length)), "0800500053480a00" + to_hex(as_bytes("R0000001x ")));
}

TEST(Dataset, EndsIdentifiersWithAZero) {
    dicom::Dataset dataset;
    dataset.text(0x00080018, dicom::Vr::ui, "1.2.3");
    EXPECT_EQ(to_hex(dataset.bytes()),
              "0800180055490600"
              "312e322e3300");
}

TEST(Dataset, CountsAnItemWithItsHead) {
    dicom::Dataset inner, outer;
    inner.number(0x00280010, 64);
    outer.item(0x00400100, inner);
    EXPECT_EQ(to_hex(outer.bytes()),
              "40000001535100001200"
              "0000"
              "feff00e00a000000"
              "2800100055530200"
              "4000");
}

TEST(DicomCommand, IsAnEcho) {
    // As dcmtk's echoscu sends it: implicit little endian, message 1, no data set.
    const auto set = dicom::command_set(
        {.operation = dicom::Operation::echo, .sop_class = dicom::verification, .message_id = 1});
    EXPECT_EQ(to_hex(set),
              "000000000400000038000000"
              "0000020012000000" +
                  to_hex(as_bytes(dicom::verification)) +
                  "00"
                  "00000001020000003000"
                  "00001001020000000100"
                  "00000008020000000101");
}

TEST(DicomUnits, AreAsLongAsTheOtherSideTakes) {
    const Buffer message(250);
    const auto units = dicom::message_units(3, dicom::Fragment::dataset, message, 106);
    ASSERT_EQ(units.size(), 250U + 3 * 12);
    EXPECT_EQ(to_hex(Bytes{units}.first(12)),
              "04000000006a"
              "00000066"
              "0300");
    EXPECT_EQ(to_hex(Bytes{units}.subspan(224, 12)),
              "040000000038"
              "00000034"
              "0302")
        << "the last one";
}

TEST(DicomAssociation, HasFixedFieldsOfTitles) {
    const dicom::Association wanted{
        "PACS", "CT0001", {{1, dicom::verification, {dicom::explicit_little_endian}}}};
    const auto unit = dicom::associate_request(wanted);
    EXPECT_EQ(std::to_integer<std::size_t>(unit[5]) + 6, unit.size());
    EXPECT_EQ(text_at(unit, 10, 32), "PACS            CT0001          ");
    EXPECT_EQ(to_hex(Bytes{unit}.subspan(74, 4)), "10000015") << "the application context";
}

TEST(DicomQuery, FindsWhatItsKeysSay) {
    dicom::Study study;
    study.patient_id = "1000019";
    study.modality = "CT";
    study.at = std::chrono::sys_days{std::chrono::year{2026} / 3 / 2} + std::chrono::hours{9};
    EXPECT_TRUE(is_found(study, {}));
    EXPECT_TRUE(is_found(study, {.patient_id = "1000019", .patient_name = "*", .modality = "CT"}));
    EXPECT_FALSE(is_found(study, {.patient_id = "1000032"}));
    EXPECT_FALSE(is_found(study, {.modality = "MR"}));
    EXPECT_TRUE(is_found(study, {.dates = "20260302-20260302"}));
    EXPECT_FALSE(is_found(study, {.dates = "20260201-20260301"}));
    EXPECT_TRUE(is_found(study, {.dates = "20260302"}));
    EXPECT_FALSE(is_found(study, {.dates = "20260303"}));
}

TEST(AstmFrames, HaveTheSumsThatAnAccessAnalyserSent) {
    // Two frames with their sums from github.com/chriscase/Modulo256ChecksumGenerator.
    const auto sent = [](std::string_view time) {
        return astm::frames({"H|\\^&|||ACCESS^511550|||||LIS||P|1|" + std::string{time} + "\r"}).front();
    };
    EXPECT_EQ(sent("20161028161600"),
              "\x02"
              "1H|\\^&|||ACCESS^511550|||||LIS||P|1|20161028161600\r\x03"
              "21\r\n");
    EXPECT_TRUE(sent("20161028161300")
                    .ends_with("\x03"
                               "1E\r\n"));
}

TEST(AstmFrames, CountToSevenAndCutLongRecords) {
    const std::vector<std::string> records(8, "L|1|N\r");
    const auto short_ones = astm::frames(records);
    EXPECT_EQ(short_ones[6][1], '7');
    EXPECT_EQ(short_ones[7][1], '0');
    const auto long_one = astm::frames({std::string(300, 'x')});
    ASSERT_EQ(long_one.size(), 2U);
    EXPECT_EQ(long_one[0][242], '\x17') << "more follows";
    EXPECT_EQ(long_one[1][62], '\x03');
}

TEST(Bacnet, TellsATemperatureAsTheStandardDoes) {
    // ASHRAE 135, annex F.3.5: analog input 5 has 72.3.
    const bacnet::Object object{bacnet::ObjectType::analog_input, 5};
    const auto told = bacnet::present_value(1, object, 72.3F);
    EXPECT_EQ(to_hex(Bytes{told}.subspan(2)), "30010c0c0000000519553e444290999a3f");
    const auto asked = bacnet::read_present_value(1, object);
    EXPECT_EQ(to_hex(Bytes{asked}.subspan(4)), "010c0c000000051955");
}

TEST(Bacnet, CountsItsHeadOverIp) {
    const auto asked = bacnet::over_ip(bacnet::Function::distribute_broadcast, bacnet::who_is());
    EXPECT_EQ(to_hex(asked),
              "8109000c"
              "0120ffff00ff"
              "1008");
    EXPECT_EQ(to_hex(bacnet::forwarded(0x0a14600a, bacnet::who_is())),
              "81040012"
              "0a14600abac0"
              "0120ffff00ff"
              "1008");
}

TEST(Modbus, ReadsRegistersAsTheStandardDoes) {
    // Modbus Application Protocol V1.1b3, section 6.3: registers 108 to 110.
    const modbus::Exchange exchange{0x1501, 17, modbus::Function::read_holding, 0x006b};
    EXPECT_EQ(to_hex(modbus::read(exchange, 3)),
              "150100000006"
              "11"
              "03006b0003");
    const std::array<std::uint16_t, 3> values{555, 0, 100};
    EXPECT_EQ(to_hex(modbus::registers(exchange, values)),
              "150100000009"
              "11"
              "0306022b00000064");
    EXPECT_EQ(to_hex(modbus::busy(exchange)),
              "150100000003"
              "11"
              "8306");
}

TEST(HttpAnswer, IsDatedAndCounted) {
    // The date is the one of RFC 9110, section 5.6.7.
    const Moment at{std::chrono::seconds{784'111'777}};
    const auto text = http::response({200, R"({"resourceType":"Bundle"})", at});
    EXPECT_TRUE(text.starts_with("HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n"));
    EXPECT_TRUE(text.ends_with("\r\nContent-Length: 25\r\n\r\n{\"resourceType\":\"Bundle\"}"));
    EXPECT_EQ(text.find("ETag"), std::string::npos) << "of a resource only";
}

TEST(Intellivue, ConnectsInTheGuidesFrame) {
    // Programming Guide, chapter 5: as it prints a request, with lengths of 236, 220 and 72 bytes.
    const auto asked = intellivue::connect();
    ASSERT_EQ(asked.size(), 238U);
    EXPECT_EQ(to_hex(Bytes{asked}.first(26)),
              "0dec"
              "0508130100160102800014020002"
              "c1dc"
              "3180a08080010100");
    EXPECT_EQ(to_hex(Bytes{asked}.subspan(145, 10)),
              "0201028148"
              "8000000040")
        << "behind the constants";
    EXPECT_EQ(to_hex(Bytes{asked}.last(17)), "00" + std::string(32, '0'));
}

TEST(Intellivue, TellsANumberAsExponentAndMantissa) {
    const intellivue::Numeric warm{6, 0x4b48, 0x17a0, 36.6, 1};
    const Moment at{std::chrono::sys_days{std::chrono::year{2026} / 3 / 2} + std::chrono::seconds{3'723}};
    const auto told = intellivue::numerics({7, 2, 5, 0x01020304, at}, {&warm, 1});
    EXPECT_EQ(to_hex(told),
              "e1000002"
              "00020044"
              "00070007003e"
              "002100000000"
              "f13b0034"
              "0002"
              "0005"
              "01020304"
              "2026030201020300"
              "00010006"
              "0000"
              "0001001a"
              "0000"
              "00010014"
              "0006"
              "0001000e"
              "0950000a"
              "4b48000017a0"
              "ff00016e")
        << "36.6 is 366 times ten to the minus first; the lengths count to the end";
}

}   // namespace
}   // namespace ward::lab
