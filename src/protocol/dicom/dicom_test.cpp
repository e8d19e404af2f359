// SPDX-License-Identifier: Apache-2.0
// Recorded: DCMTK 3.6.7, its tools and dcmqrscp; titles, identifiers and patients are invented.
#include "protocol/dicom/dicom.hpp"

#include "event/dicom.hpp"
#include "protocol/bed_test.hpp"
#include "protocol/dicom/associate.hpp"
#include "protocol/dicom/dataset.hpp"
#include "wire/wire_reader.hpp"

namespace ward::protocol::dicom {
namespace {

using event::DicomAssociation;
using event::DicomEnd;
using event::DicomOperation;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const std::string echo_request =
    hex("0100000000cd00010000524f5345504143532020202020202020435437202020202020202020202020200000000000000000"
        "00000000000000000000000000000000000000000000000010000015312e322e3834302e31303030382e332e312e312e3120"
        "00002e0100ff0030000011312e322e3834302e31303030382e312e3140000011312e322e3834302e31303030382e312e3250"
        "00003a51000004000040005200001b312e322e3237362e302e373233303031302e332e302e332e362e375500000f4f464649"
        "535f44434d544b5f333637");
const std::string echo_accept =
    hex("0200000000b800010000524f5345504143532020202020202020435437202020202020202020202020200000000000000000"
        "00000000000000000000000000000000000000000000000010000015312e322e3834302e31303030382e332e312e312e3121"
        "0000190100000040000011312e322e3834302e31303030382e312e325000003a51000004000040005200001b312e322e3237"
        "362e302e373233303031302e332e302e332e362e375500000f4f464649535f44434d544b5f333637");
const std::string echo_rq =
    hex("04000000004a0000004601030000000004000000380000000000020012000000312e322e3834302e31303030382e312e3100"
        "000000010200000030000000100102000000010000000008020000000101");
const std::string echo_rsp =
    hex("0400000000540000005001030000000004000000420000000000020012000000312e322e3834302e31303030382e312e3100"
        "00000001020000003080000020010200000001000000000802000000010100000009020000000000");
const std::string release_rq = hex("05000000000400000000");
const std::string release_rp = hex("06000000000400000000");
// Written from PS3.8, 9.3.8.
const std::string abort_pdu = hex("07000000000400000000");
const std::string rejection = hex("03000000000400010107");
const std::string find_request =
    hex("01000000010500010000524f5345504143532020202020202020524541444552372020202020202020200000000000000000"
        "00000000000000000000000000000000000000000000000010000015312e322e3834302e31303030382e332e312e312e3120"
        "0000660100ff003000001b312e322e3834302e31303030382e352e312e342e312e322e322e3140000013312e322e3834302e"
        "31303030382e312e322e3140000013312e322e3834302e31303030382e312e322e3240000011312e322e3834302e31303030"
        "382e312e325000003a51000004000040005200001b312e322e3237362e302e373233303031302e332e302e332e362e375500"
        "000f4f464649535f44434d544b5f333637");
const std::string find_accept =
    hex("0200000000ba00010000524f5345504143532020202020202020524541444552372020202020202020200000000000000000"
        "00000000000000000000000000000000000000000000000010000015312e322e3834302e31303030382e332e312e312e3121"
        "00001b0100000040000013312e322e3834302e31303030382e312e322e315000003a51000004000040005200001b312e322e"
        "3237362e302e373233303031302e332e302e332e362e375500000f4f464649535f44434d544b5f333637");
// STUDY level; keys PatientName, PatientID, StudyInstanceUID without values.
const std::string find_rq = hex(
    "04000000005e0000005a010300000000040000004c000000000002001c000000312e322e3834302e31303030382e352e312e"
    "342e312e322e322e310000000001020000002000000010010200000001000000000702000000000000000008020000000100"
    "04000000002c000000280102080052004353060053545544592010001000504e0000100020004c4f000020000d0055490000");
// Two pending responses with invented patients, and success.
const std::string find_rsp =
    hex("04000000005e0000005a010300000000040000004c000000000002001c000000312e322e3834302e31303030382e352e312e"
        "342e312e322e322e3100000000010200000020800000200102000000010000000008020000000100000000090200000000ff"
        "04000000006e0000006a010208005200435306005354554459200800540041450800524f53455041435310001000504e0a00"
        "51554953545e4f4c4120100020004c4f0800504154373734312020000d0055492000322e32352e3430303335353132383037"
        "3139332e362e333030312e313030310004000000005e0000005a010300000000040000004c000000000002001c000000312e"
        "322e3834302e31303030382e352e312e342e312e322e322e3100000000010200000020800000200102000000010000000008"
        "020000000100000000090200000000ff04000000006c00000068010208005200435306005354554459200800540041450800"
        "524f53455041435310001000504e080051554953545e414e100020004c4f0800504154373734332020000d0055492000322e"
        "32352e34303033353531323830373139332e362e333030312e313030320004000000005e0000005a01030000000004000000"
        "4c000000000002001c000000312e322e3834302e31303030382e352e312e342e312e322e322e310000000001020000002080"
        "000020010200000001000000000802000000010100000009020000000000");
// An image of 16 by 16 pixels in implicit VR little endian.
const std::string store_rq =
    hex("0400000000820000007e1503000000000400000070000000000002001a000000312e322e3834302e31303030382e352e312e"
        "342e312e312e3200000000010200000001000000100102000000010000000007020000000000000000080200000001000000"
        "00101e000000322e32352e34303035353531323830373139332e362e333030312e312e310400000003620000035e15020800"
        "05000a00000049534f5f495220313030080016001a000000312e322e3834302e31303030382e352e312e342e312e312e3200"
        "080018001e000000322e32352e34303035353531323830373139332e362e333030312e312e31080050000600000041434337"
        "372008006000020000004354080070000c000000526f736520496d6167696e670800800010000000496e76656e7465642043"
        "6c696e696320080090000a000000484f5553455e4752454708001010080000004354524f4f4d3120080040100a0000005261"
        "64696f6c6f6779200800901008000000536c6963652037300800401158000000feff00e050000000080050111a000000312e"
        "322e3834302e31303030382e352e312e342e312e312e32000800551108000000312e322e332e3400400070a116000000feff"
        "00e00e00000008000001060000003132313332321000100008000000444f455e4a414e4510002000080000005041542d3437"
        "3131100030000800000031393630303130321000400002000000462012006200020000004e4f1800001008000000534e2d37"
        "303031311800201008000000535720342e322e3120000d001c000000322e32352e34303035353531323830373139332e362e"
        "333030312e3120000e001e000000322e32352e34303035353531323830373139332e362e333030312e312e32280002000200"
        "00000100280004000c0000004d4f4e4f4348524f4d4532202800100002000000100028001100020000001000280000010200"
        "0000080028000101020000000800280002010200000007002800030102000000000028000103020000004e4fe07f10000001"
        "000017162b2a17162b2a17162b2a17162b2a17162b2a17162b2a17162b2a17162b2a17162b2a17162b2a17162b2a17162b2a"
        "17162b2a17162b2a17162b2a17162b2a17162b2a17162b2a17162b2a17162b2a17162b2a17162b2a17162b2a17162b2a1716"
        "2b2a17162b2a17162b2a17162b2a17162b2a17162b2a17162b2a17162b2a17162b2a17162b2a17162b2a17162b2a17162b2a"
        "17162b2a17162b2a17162b2a17162b2a17162b2a17162b2a17162b2a17162b2a17162b2a17162b2a17162b2a17162b2a1716"
        "2b2a17162b2a17162b2a17162b2a17162b2a17162b2a17162b2a17162b2a17162b2a17162b2a17162b2a17162b2a17162b2a"
        "17162b2a17162b2a");
const std::string store_rsp =
    hex("0400000000820000007e1503000000000400000070000000000002001a000000312e322e3834302e31303030382e352e312e"
        "342e312e312e3200000000010200000001800000200102000000010000000008020000000101000000090200000000000000"
        "00101e000000322e32352e34303035353531323830373139332e362e333030312e312e31");

Bed bed() { return Bed{open_session()}; }

const Pseudonymise by_length = [](std::string_view id) {
    return event::Pseudonym{"key:" + std::to_string(id.size())};
};

std::string big32(std::size_t value) {
    Buffer bytes;
    append_big_endian(bytes, static_cast<std::uint32_t>(value));
    return std::string{as_text(bytes)};
}
/// A P-DATA-TF with one value.
std::string transfer(char presentation, char control, std::string_view value) {
    return std::string{"\x04\0", 2} + big32(value.size() + 6) + big32(value.size() + 2) + presentation +
           control + std::string{value};
}
const std::string store_command = store_rq.substr(12, 124);
const std::string store_dataset = store_rq.substr(136 + 12);
/// The command of one image, with a message identifier of its own (0000,0110).
std::string store_command_of(char message_id) {
    auto command = store_command;
    command[command.find(hex("00001001 02000000")) + 8] = message_id;
    return command;
}

TEST(Dicom, TellsAnAssociationWithBothSidesImplementations) {
    auto talk = bed();
    talk.client(echo_request).after(std::chrono::microseconds{700}).server(echo_accept);
    const auto& told = talk.one<DicomAssociation>();
    EXPECT_EQ(told.outcome, "accepted");
    EXPECT_EQ(told.calling, "CT7");
    EXPECT_EQ(told.called, "ROSEPACS");
    EXPECT_EQ(told.latency_us, 700);
    ASSERT_EQ(told.presentations.size(), 1u);
    EXPECT_EQ(told.presentations[0].abstract_syntax, "1.2.840.10008.1.1");
    EXPECT_EQ(told.presentations[0].abstract_syntax_name, "Verification");
    EXPECT_THAT(told.presentations[0].proposed, ElementsAre("1.2.840.10008.1.2"));
    EXPECT_EQ(told.presentations[0].result, "acceptance");
    EXPECT_EQ(told.presentations[0].transfer_syntax, "1.2.840.10008.1.2");
    ASSERT_TRUE(told.requestor && told.acceptor);
    EXPECT_EQ(told.requestor->max_pdu_size, 16384u);
    EXPECT_EQ(told.requestor->implementation_class_uid, "1.2.276.0.7230010.3.0.3.6.7");
    EXPECT_EQ(told.acceptor->implementation_version, "OFFIS_DCMTK_367");
}

TEST(Dicom, SaysWhyAnAssociationWasRejected) {
    auto talk = bed();
    talk.client(echo_request).server(rejection).end();
    const auto& told = talk.one<DicomAssociation>();
    EXPECT_EQ(told.outcome, "rejected");
    ASSERT_TRUE(told.refusal);
    EXPECT_EQ(told.refusal->result, "rejected-permanent");
    EXPECT_EQ(told.refusal->source, "DICOM UL service-user");
    EXPECT_EQ(told.refusal->reason, "called-AE-title-not-recognized");
    EXPECT_THAT(talk.all<DicomEnd>(), IsEmpty());
}

TEST(Dicom, TellsAnAssociationThatNobodyAnswered) {
    auto talk = bed();
    talk.client(echo_request).end();
    EXPECT_EQ(talk.one<DicomAssociation>().outcome, "unanswered");
    EXPECT_THAT(talk.all<DicomEnd>(), IsEmpty());
}

TEST(Dicom, SaysThatAUserProvedHimselfAndNotHow) {
    // PS3.7, D.3.3.7.1: username and passcode, a response requested.
    const auto identity = hex("58000011 02 01 0005 616c696365 0006 736563726574");
    auto request = echo_request + identity;
    request[5] = static_cast<char>(request.size() - 6);
    const auto user_length = request.rfind(hex("50 00 00 3a"));
    request[user_length + 3] = static_cast<char>(0x3a + identity.size());
    auto talk = bed();
    talk.out.pseudonymise = &by_length;
    talk.client(request).end();
    EXPECT_EQ(talk.one<DicomAssociation>().requestor->identity, "username and passcode");
    EXPECT_EQ(talk.one<DicomAssociation>().requestor->identity_user.text, "key:5");
    EXPECT_THAT(talk.json(), Not(HasSubstr("alice")));
    EXPECT_THAT(talk.json(), Not(HasSubstr("secret")));
}

TEST(Dicom, WhatIsNoUidIsNotTold) {
    auto renamed = echo_request;
    const std::string_view uid = "1.2.840.10008.1.1";   // and of as many characters
    for (std::size_t at = 0; (at = renamed.find(uid, at)) != std::string::npos;)
        renamed.replace(at, uid.size(), "Zorbanek.Quilithe");
    ASSERT_NE(renamed, echo_request);
    auto talk = bed();
    talk.client(renamed).end();
    EXPECT_THAT(talk.one<DicomAssociation>().presentations, testing::SizeIs(1));
    EXPECT_THAT(talk.json(), Not(HasSubstr("Zorbanek")));
}

TEST(Dicom, ReadsRolesAndTheWindowOfOperations) {
    const auto items = hex("53000004 0000 0001  54000015 0011 312e322e3834302e31303030382e312e31 01 00");
    auto request = echo_request + items;
    request[5] = static_cast<char>(request.size() - 6);
    request[request.rfind(hex("50 00 00 3a")) + 3] = static_cast<char>(0x3a + items.size());
    auto talk = bed();
    talk.client(request).end();
    const auto& told = *talk.one<DicomAssociation>().requestor;
    EXPECT_EQ(told.operations_invoked, 0u);
    EXPECT_EQ(told.operations_performed, 1u);
    ASSERT_EQ(told.roles.size(), 1u);
    EXPECT_EQ(told.roles[0].sop_class, "1.2.840.10008.1.1");
    EXPECT_TRUE(told.roles[0].user);
    EXPECT_FALSE(told.roles[0].provider);
}

TEST(Dicom, JoinsARequestAndItsResponse) {
    auto talk = bed();
    talk.client(echo_request).server(echo_accept).client(echo_rq);
    talk.after(std::chrono::milliseconds{4}).server(echo_rsp);
    const auto& told = talk.one<DicomOperation>();
    EXPECT_EQ(told.command, "C-ECHO");
    EXPECT_EQ(told.message_id, 1u);
    EXPECT_EQ(told.sop_class_name, "Verification");
    EXPECT_EQ(told.calling, "CT7");
    EXPECT_EQ(told.status, "0000");
    EXPECT_EQ(told.status_meaning, "success");
    EXPECT_EQ(told.latency_us, 4000);
    EXPECT_THAT(told.anomalies, IsEmpty());
}

TEST(Dicom, TellsHowAnAssociationEnded) {
    auto talk = bed();
    talk.client(echo_request).server(echo_accept).client(echo_rq).server(echo_rsp);
    talk.client(release_rq).server(release_rp).end();
    const auto& told = talk.one<DicomEnd>();
    EXPECT_EQ(told.how, "released");
    EXPECT_EQ(told.by, Side::client);
    EXPECT_EQ(told.operations, 1u);
    EXPECT_EQ(told.data_pdus, 2u);
    EXPECT_EQ(told.bytes_from_client, 211u + 80 + 10);
    EXPECT_EQ(told.bytes_from_server, 190u + 90 + 10);
}

TEST(Dicom, AnAbortTellsWhatWasNotAnsweredFirst) {
    auto talk = bed();
    talk.client(echo_request).server(echo_accept).client(echo_rq).server(abort_pdu).end();
    EXPECT_EQ(talk.one<DicomOperation>().status, "");
    EXPECT_EQ(talk.one<DicomEnd>().how, "aborted");
    EXPECT_EQ(talk.one<DicomEnd>().by, Side::server);
    EXPECT_EQ(talk.one<DicomEnd>().abort_source, "DICOM UL service-user");
}

TEST(Dicom, AQueryTellsItsKeysAndCountsItsAnswers) {
    auto talk = bed();
    talk.client(find_request).server(find_accept).client(find_rq).server(find_rsp).end();
    const auto& told = talk.one<DicomOperation>();
    EXPECT_EQ(told.command, "C-FIND");
    ASSERT_TRUE(told.query);
    EXPECT_EQ(told.query->level, "STUDY");
    EXPECT_THAT(told.query->returning, ElementsAre("PatientName", "PatientID", "StudyInstanceUID"));
    EXPECT_THAT(told.query->matching, IsEmpty());
    EXPECT_EQ(told.pending_responses, 2u);
    EXPECT_THAT(told.patient_fields, ElementsAre("PatientName", "PatientID"));
    EXPECT_EQ(talk.out.patient_items, 4u);
    for (const char* value : {"QUIST", "PAT774", "3001.100"}) EXPECT_THAT(talk.json(), Not(HasSubstr(value)));
}

TEST(Dicom, AQueryWithAWildcardSaysOfWhichKey) {
    auto identifier = hex("0800520043530600") + "STUDY " + hex("10001000504e0200") + "D*" +
                      hex("100020004c4f0400") + "47* ";
    auto talk = bed();
    talk.client(find_request).server(find_accept);
    talk.client(find_rq.substr(0, 12 + 88) + transfer(1, 2, identifier)).end();
    const auto& told = talk.one<DicomOperation>();
    EXPECT_THAT(told.query->matching, ElementsAre("PatientName", "PatientID"));
    EXPECT_THAT(told.query->wildcards, ElementsAre("PatientName", "PatientID"));
    EXPECT_TRUE(told.patient.empty());
}

TEST(Dicom, AnImageTellsItsDeviceAndWhichFieldsNameThePatient) {
    auto talk = bed();
    talk.out.pseudonymise = &by_length;
    talk.client(store_rq).server(store_rsp);
    const auto& told = talk.one<DicomOperation>();
    EXPECT_EQ(told.command, "C-STORE");
    EXPECT_EQ(told.sop_class_name, "CTImageStorage");
    EXPECT_EQ(told.sop_instance.text, "key:30");
    EXPECT_EQ(told.dataset_size, 860u);
    ASSERT_TRUE(told.device);
    EXPECT_EQ(*told.device, (event::DicomDevice{"CT", "Rose Imaging", "Slice 70", "SN-70011", "SW 4.2.1",
                                                "CTROOM1", "Invented Clinic", "Radiology"}));
    EXPECT_THAT(told.patient_fields,
                ElementsAre("AccessionNumber", "PatientName", "PatientID", "PatientBirthDate", "PatientSex"));
    EXPECT_EQ(told.patient.text, "key:8");
    EXPECT_EQ(told.identity_removed, "NO");
    EXPECT_EQ(told.burned_in_annotation, "NO");
    EXPECT_EQ(talk.out.patient_items, 5u);
    for (const char* value : {"DOE", "4711", "19600102", "HOUSE", "ACC77", "3001.1.1"})
        EXPECT_THAT(talk.json(), Not(HasSubstr(value)));
}

TEST(Dicom, AnySplitGivesTheSameEvents) {
    expect_any_split_gives_the_same_events(open_session, {{Side::client, find_request},
                                                          {Side::server, find_accept},
                                                          {Side::client, find_rq},
                                                          {Side::server, find_rsp},
                                                          {Side::client, store_rq},
                                                          {Side::server, store_rsp},
                                                          {Side::client, release_rq},
                                                          {Side::server, release_rp}});
}

TEST(Dicom, ReadsExplicitValuesAndSequencesWithoutALengthInBothByteOrders) {
    // (0008,1140) SQ of one item with a nested (0040,a170), then the patient and the serial number.
    const auto little =
        hex("08006000 4353 0200 4354"
            "08004011 5351 0000 ffffffff"
            "feff00e0 ffffffff"
            "08006000 4353 0200 4d52"
            "400070a1 5351 0000 ffffffff"
            "feffdde0 00000000"
            "feff0de0 00000000"
            "feffdde0 00000000"
            "10002000 4c4f 0400 34373131"
            "18000010 4c4f 0400 534e2d31"
            "e07f1000 4f57 0000 ffffffff");
    const auto big =
        hex("00080060 4353 0002 4354"
            "00081140 5351 0000 ffffffff"
            "fffee000 ffffffff"
            "00080060 4353 0002 4d52"
            "0040a170 5351 0000 ffffffff"
            "fffee0dd 00000000"
            "fffee00d 00000000"
            "fffee0dd 00000000"
            "00100020 4c4f 0004 34373131"
            "00181000 4c4f 0004 534e2d31"
            "7fe00010 4f57 0000 ffffffff");
    DatasetReader one{Encoding::explicit_little, Purpose::object};
    DatasetReader two{Encoding::explicit_big, Purpose::object};
    one.feed(as_bytes(little));
    for (const char c : big) two.feed(as_bytes(std::string_view{&c, 1}));
    for (const auto* reader : {&one, &two}) {
        EXPECT_TRUE(reader->is_done());
        EXPECT_FALSE(reader->is_broken());
        EXPECT_EQ(reader->findings.device.modality, "CT");
        EXPECT_EQ(reader->findings.device.serial, "SN-1");
        EXPECT_EQ(reader->findings.patient_id, "4711");
    }
}

TEST(Dicom, ADataSetThatIsNotWhatItSaysIsGivenUp) {
    DatasetReader descending{Encoding::explicit_little, Purpose::object};
    descending.feed(
        as_bytes(hex("10002000 4c4f 0000"
                     "08006000 4353 0000")));
    EXPECT_TRUE(descending.is_broken());
    DatasetReader implicit{Encoding::explicit_little, Purpose::object};
    implicit.feed(as_bytes(store_dataset));
    EXPECT_TRUE(implicit.is_broken());
}

TEST(Dicom, ADeflatedDataSetIsNotLookedInto) {
    EXPECT_EQ(encoding_of("1.2.840.10008.1.2.1.99"), Encoding::deflated);
    DatasetReader reader{Encoding::deflated, Purpose::object};
    EXPECT_EQ(reader.feed(as_bytes(store_dataset)), store_dataset.size());
    EXPECT_TRUE(reader.is_done());
    EXPECT_THAT(reader.findings.patient_fields, IsEmpty());
}

TEST(Dicom, AnImageOfAnySizeTakesNoMemory) {
    auto talk = bed();
    talk.client(transfer(1, 3, store_command) + transfer(1, 0, store_dataset));
    const auto piece = transfer(1, 0, std::string(65000, '\x04'));
    for (int i = 0; i < 200; ++i) talk.client(piece);
    EXPECT_LT(talk.memory(), 16u << 10);
    talk.client(transfer(1, 2, "")).server(store_rsp);
    EXPECT_EQ(talk.one<DicomOperation>().dataset_size, 860u + 200 * 65000);
    EXPECT_EQ(talk.out.violation, "");
}

TEST(Dicom, AResponseThatOvertakesItsImageWaitsForIt) {
    auto talk = bed();
    const auto half = store_rq.size() / 2;
    talk.client(store_rq.substr(0, half)).server(store_rsp);
    EXPECT_THAT(talk.all<DicomOperation>(), IsEmpty());
    talk.client(store_rq.substr(half));
    EXPECT_EQ(talk.one<DicomOperation>().status, "0000");
    EXPECT_EQ(talk.one<DicomOperation>().dataset_size, 860u);
}

TEST(Dicom, ALossInsideOfAnImageCostsNothingElse) {
    auto talk = bed();
    talk.client(store_rq.substr(0, 700))
        .lose(Side::client, 200)
        .client(store_rq.substr(900))
        .server(store_rsp);
    EXPECT_EQ(talk.one<DicomOperation>().dataset_size, 860u);
    EXPECT_EQ(talk.one<DicomOperation>().device->manufacturer, "Rose Imaging");
    EXPECT_EQ(talk.out.violation, "");
}

TEST(Dicom, FindsTheNextPduAfterALoss) {
    auto talk = bed();
    talk.client(echo_rq.substr(0, 30)).lose(Side::client, 5000);
    talk.client(std::string(50, '\x04') + echo_rq).server(echo_rsp);
    EXPECT_EQ(talk.one<DicomOperation>().command, "C-ECHO");
    EXPECT_EQ(talk.one<DicomOperation>().status, "0000");
    // The beginning of a command set, whose rest is missing, and what was searched.
    EXPECT_EQ(talk.out.uninspected[static_cast<std::size_t>(Uninspected::gap)], 18u + 50u);
}

TEST(Dicom, AResponseWithoutItsRequestIsToldAlone) {
    auto talk = bed();
    talk.server(echo_rsp);
    EXPECT_EQ(talk.one<DicomOperation>().command, "C-ECHO");
    EXPECT_THAT(talk.one<DicomOperation>().anomalies, ElementsAre("response without request"));
}

TEST(Dicom, ASideThatIsNeverAnsweredTakesBoundedMemory) {
    auto talk = bed();
    for (int i = 0; i < 5000; ++i)
        talk.client(transfer(1, 3, store_command_of(static_cast<char>(i))) + transfer(1, 2, store_dataset));
    EXPECT_LT(talk.memory(), 256u << 10);
    EXPECT_EQ(talk.all<DicomOperation>().size(), 5000u - limits.operations_max);
    EXPECT_EQ(talk.end().all<DicomOperation>().size(), 5000u);
}

TEST(Dicom, GarbageIsNamedAndLimitsHold) {
    auto talk = bed();
    talk.client(hex("09 00 00000004 00000000"));
    EXPECT_EQ(talk.out.violation, "PDU of an unknown type");
    auto longer = bed();
    longer.client(hex("04 00 00000010 00000011 01 03 00000000"));
    EXPECT_EQ(longer.out.violation, "value longer than its P-DATA-TF");
    auto endless = bed();
    for (int i = 0; i < 1000; ++i) endless.client(transfer(1, 1, std::string(1000, 'x')));
    EXPECT_LT(endless.memory(), 64u << 10);
    EXPECT_GT(endless.out.uninspected[static_cast<std::size_t>(Uninspected::cap)], 900'000u);
    auto associate = bed();
    associate.client(hex("01 00 00100000") + std::string(0x100000, 'x') + echo_rq).server(echo_rsp);
    EXPECT_EQ(associate.all<DicomOperation>().size(), 1u);
}

TEST(Dicom, IsRecognisedByItsContent) {
    const auto client = [](std::string_view first) { return probe(as_bytes(first), Side::client); };
    const auto server = [](std::string_view first) { return probe(as_bytes(first), Side::server); };
    EXPECT_EQ(client(echo_request), Verdict::yes);
    EXPECT_EQ(client(echo_request.substr(0, 20)), Verdict::unsure);
    EXPECT_EQ(server(echo_accept), Verdict::yes);
    EXPECT_EQ(server(echo_request), Verdict::no);
    EXPECT_EQ(client(echo_rq), Verdict::yes);
    EXPECT_EQ(client(transfer(1, 0, "pixels")), Verdict::unsure);
    EXPECT_EQ(server(rejection), Verdict::unsure);
    // Modbus with transaction 0x0100, and a TPKT frame.
    EXPECT_EQ(client(hex("0100 0000 0006 01 03 0000 000a")), Verdict::no);
    EXPECT_EQ(client(hex("03000016 11e00000 000500c1 02010000 c2020102 c0010a")), Verdict::no);
    EXPECT_EQ(client("GET / HTTP/1.1\r\n"), Verdict::no);
}

}   // namespace
}   // namespace ward::protocol::dicom
