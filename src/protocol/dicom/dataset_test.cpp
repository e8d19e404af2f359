// SPDX-License-Identifier: Apache-2.0
// Data sets element by element, as PS3.5, chapter 7 encodes them; the patients are invented.
#include "protocol/dicom/dataset.hpp"

#include "protocol/bed_test.hpp"
#include "protocol/dicom/dicom.hpp"

namespace ward::protocol::dicom {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

std::string little16(std::size_t value) {
    return {static_cast<char>(value & 255U), static_cast<char>(value >> 8U & 255U)};
}
std::string little32(std::size_t value) { return little16(value & 0xffffU) + little16(value >> 16U); }
std::string even(std::string value) {
    if (value.size() % 2 != 0) value += ' ';
    return value;
}
std::string tag(std::size_t group, std::size_t number) { return little16(group) + little16(number); }

/// Implicit VR little endian: PS3.5, 7.1.3.
std::string implicit(std::size_t group, std::size_t number, std::string value) {
    value = even(std::move(value));
    return tag(group, number) + little32(value.size()) + value;
}
/// Explicit VR little endian, of the VRs whose length has two bytes, and of those where it has four: 7.1.2.
std::string brief(std::size_t group, std::size_t number, const std::string& vr, std::string value) {
    value = even(std::move(value));
    return tag(group, number) + vr + little16(value.size()) + value;
}
std::string large(std::size_t group, std::size_t number, const std::string& vr, std::string value) {
    value = even(std::move(value));
    return tag(group, number) + vr + hex("0000") + little32(value.size()) + value;
}

/// PS3.5, 7.5: without a length, until a delimiter.
const std::string undefined = hex("ffffffff");
const std::string sequence_end = hex("feffdde0 00000000");
std::string item(const std::string& content) { return hex("feff00e0") + little32(content.size()) + content; }
std::string open_item(const std::string& content) {
    return hex("feff00e0 ffffffff") + content + hex("feff0de0 00000000");
}

DatasetReader read(Encoding encoding, Purpose purpose, std::string_view bytes) {
    DatasetReader reader{encoding, purpose};
    reader.feed(as_bytes(bytes));
    return reader;
}
DatasetReader object(std::string_view bytes) {
    return read(Encoding::implicit_little, Purpose::object, bytes);
}
DatasetReader explicit_object(std::string_view bytes) {
    return read(Encoding::explicit_little, Purpose::object, bytes);
}
DatasetReader query(std::string_view bytes) {
    return read(Encoding::implicit_little, Purpose::identifier, bytes);
}
DatasetReader explicit_query(std::string_view bytes) {
    return read(Encoding::explicit_little, Purpose::identifier, bytes);
}

const std::string other_patient = implicit(0x10, 0x20, "OTHER-1");
const std::string patient = implicit(0x10, 0x20, "PAT-4711");
const std::string explicit_patient = brief(0x10, 0x20, "LO", "PAT-4711");

TEST(DicomDataset, EveryTransferSyntaxHasItsEncoding) {
    // PS3.5, annex A: A.1 to A.5; all that are encapsulated are explicit little endian.
    EXPECT_EQ(encoding_of("1.2.840.10008.1.2"), Encoding::implicit_little);
    EXPECT_EQ(encoding_of("1.2.840.10008.1.2.1"), Encoding::explicit_little);
    EXPECT_EQ(encoding_of("1.2.840.10008.1.2.2"), Encoding::explicit_big);
    EXPECT_EQ(encoding_of("1.2.840.10008.1.2.4.50"), Encoding::explicit_little);
    EXPECT_EQ(encoding_of("1.2.840.10008.1.2.4.95"), Encoding::deflated);
    EXPECT_EQ(encoding_of("1.2.840.10008.1.2.4.204"), Encoding::explicit_little);
    EXPECT_EQ(encoding_of("1.2.840.10008.1.2.4.205"), Encoding::deflated);
    EXPECT_EQ(encoding_of(""), Encoding::unknown);
}

TEST(DicomDataset, TheFirstElementTellsAnUnknownEncoding) {
    const auto with_vr =
        read(Encoding::unknown, Purpose::object, brief(8, 0x60, "CS", "US") + explicit_patient);
    EXPECT_EQ(with_vr.findings.device.modality, "US");
    EXPECT_EQ(with_vr.findings.patient_id, "PAT-4711");
    const auto without = read(Encoding::unknown, Purpose::object, implicit(8, 0x60, "US") + patient);
    EXPECT_EQ(without.findings.device.modality, "US");
    EXPECT_EQ(without.findings.patient_id, "PAT-4711");
}

TEST(DicomDataset, ThePatientInsideOfASequenceIsNotTheObjectsOwn) {
    // (0008,1120) ReferencedPatientSequence, and (0040,0275), with and without lengths.
    const auto whole = object(implicit(8, 0x1120, item(other_patient)) + patient);
    EXPECT_EQ(whole.findings.patient_id, "PAT-4711");
    const auto open = object(tag(8, 0x1120) + undefined + open_item(other_patient) + sequence_end + patient);
    EXPECT_EQ(open.findings.patient_id, "PAT-4711");
    const auto mixed = object(tag(8, 0x1120) + undefined + item(other_patient) + sequence_end + patient);
    EXPECT_EQ(mixed.findings.patient_id, "PAT-4711");
    const auto only = object(tag(8, 0x1120) + undefined + open_item(other_patient) + sequence_end);
    EXPECT_EQ(only.findings.patient_id, "");
    EXPECT_THAT(only.findings.patient_fields, IsEmpty());
}

TEST(DicomDataset, WhatIsNoCodeOfItsSetIsNotTold) {
    const auto odd = explicit_object(brief(0x12, 0x62, "CS", "HADDAD") + brief(0x28, 0x301, "CS", "NADIA"));
    EXPECT_EQ(odd.findings.identity_removed, "");
    EXPECT_EQ(odd.findings.burned_in_annotation, "");
    EXPECT_EQ(query(implicit(8, 0x52, "HADDAD")).findings.query.level, "");
    EXPECT_EQ(query(implicit(8, 0x52, "SERIES")).findings.query.level, "SERIES");
}

TEST(DicomDataset, SequencesWithoutALengthMayNest) {
    const auto inner = tag(8, 0x1140) + undefined + open_item(other_patient) + sequence_end;
    const auto outer = tag(8, 0x1115) + undefined + open_item(inner) + open_item(inner + other_patient);
    const auto reader = object(outer + sequence_end + patient);
    EXPECT_EQ(reader.findings.patient_id, "PAT-4711");
    EXPECT_FALSE(reader.is_broken());
}

TEST(DicomDataset, AnUnknownVrWithoutALengthIsImplicitInside) {
    // PS3.5, 6.2.2, note 2: UN of undefined length is a sequence in implicit VR little endian.
    const auto sequence = tag(9, 0x1001) + "UN" + hex("0000") + undefined +
                          open_item(tag(9, 0x1002) + undefined + item(other_patient) + sequence_end) +
                          sequence_end;
    const auto reader = explicit_object(brief(9, 0x10, "LO", "ACME") + sequence + explicit_patient);
    EXPECT_FALSE(reader.is_broken());
    EXPECT_EQ(reader.findings.patient_id, "PAT-4711");
}

TEST(DicomDataset, PrivateElementsOfAnyKindArePassedOver) {
    // PS3.5, 7.8: (gggg,0010) reserves a block of an odd group.
    const auto reader = explicit_object(
        brief(8, 0x60, "CS", "PT") + brief(9, 0x10, "LO", "ACME 1.0") +
        large(9, 0x1001, "OB", std::string(300, '\x7f')) + large(9, 0x1002, "UN", "PAT-0000") +
        brief(9, 0x1020, "LO", "PAT-0001") + explicit_patient + brief(0x19, 0x10, "LO", "ACME") +
        large(0x19, 0x1001, "SQ", item(explicit_patient)) + brief(0x28, 0x301, "CS", "YES"));
    EXPECT_EQ(reader.findings.device.modality, "PT");
    EXPECT_EQ(reader.findings.patient_id, "PAT-4711");
    EXPECT_EQ(reader.findings.burned_in_annotation, "YES");
    EXPECT_FALSE(reader.is_broken());
}

TEST(DicomDataset, APrivateSequenceWithoutALengthIsPassedOverInImplicitToo) {
    const auto secret = tag(9, 0x1001) + undefined + open_item(other_patient) + sequence_end;
    EXPECT_EQ(object(secret + patient).findings.patient_id, "PAT-4711");
}

TEST(DicomDataset, TheLengthOfAnElementHasTwoOrFourBytesByItsVr) {
    // PS3.5, table 7.1-1: 64-bit and unlimited kinds have two reserved bytes and four of length.
    const auto kinds = large(8, 0x100, "UC", "A") + large(8, 0x101, "UR", "http://x") +
                       large(8, 0x102, "UT", "text") + large(8, 0x103, "OV", "12345678") +
                       large(8, 0x104, "SV", "12345678") + large(8, 0x105, "UV", "12345678") +
                       large(8, 0x106, "OD", "12345678") + large(8, 0x107, "OL", "1234") +
                       large(8, 0x108, "OF", "1234") + brief(8, 0x109, "FD", "12345678") +
                       brief(8, 0x10a, "AT", "1234") + brief(8, 0x10b, "US", "12");
    const auto reader = explicit_object(kinds + explicit_patient);
    EXPECT_EQ(reader.findings.patient_id, "PAT-4711");
    EXPECT_FALSE(reader.is_broken());
}

TEST(DicomDataset, BigEndianTurnsTagsAndLengthsAndNotText) {
    const auto reader = read(Encoding::explicit_big, Purpose::object,
                             hex("00080060 4353 0002") + "CR" + hex("00091001 4f42 0000 00000003") + "xyz" +
                                 hex("00100020 4c4f 0006") + "PAT-12" + hex("00181000 4c4f 0004") + "SN 1");
    EXPECT_EQ(reader.findings.device.modality, "CR");
    EXPECT_EQ(reader.findings.patient_id, "PAT-12");
    EXPECT_EQ(reader.findings.device.serial, "SN 1");
}

TEST(DicomDataset, ALittleEndianSetInABigEndianContextFindsNothing) {
    const auto reader =
        read(Encoding::explicit_big, Purpose::object, brief(8, 0x60, "CS", "CT") + explicit_patient);
    EXPECT_EQ(reader.findings.device, event::DicomDevice{});
    EXPECT_EQ(reader.findings.patient_id, "");
}

TEST(DicomDataset, ValuesLoseTheirPaddingAndWhatIsTooLong) {
    // PS3.5, 6.2: LO is padded with a space, UI with a zero byte; neither is longer than 64.
    const auto reader = object(implicit(8, 0x60, "CT") + implicit(8, 0x70, std::string{" ACME\0", 6}) +
                               implicit(8, 0x1090, std::string(70000, 'm')) + patient);
    EXPECT_EQ(reader.findings.device.manufacturer, "ACME");
    EXPECT_EQ(reader.findings.device.model, std::string(64, 'm'));
    EXPECT_EQ(reader.findings.patient_id, "PAT-4711");
}

TEST(DicomDataset, AFieldWithoutAValueNamesNobody) {
    const auto reader =
        object(implicit(0x10, 0x10, "") + implicit(0x10, 0x20, "") + implicit(0x10, 0x30, "19600102"));
    EXPECT_THAT(reader.findings.patient_fields, ElementsAre("PatientBirthDate"));
    EXPECT_EQ(reader.findings.patient_id, "");
}

TEST(DicomDataset, NothingAfterTheAnnotationOfBurnedInTextIsRead) {
    const auto reader = object(patient + implicit(0x28, 0x301, "NO") + implicit(0x38, 0x300, "WARD 7"));
    EXPECT_TRUE(reader.is_done());
    EXPECT_FALSE(reader.is_broken());
    EXPECT_THAT(reader.findings.patient_fields, ElementsAre("PatientID"));
}

TEST(DicomDataset, AVrOfOtherThanTwoCapitalsIsNoVr) {
    EXPECT_TRUE(explicit_object(brief(8, 0x60, "cs", "CT")).is_broken());
    EXPECT_TRUE(explicit_object(explicit_patient + brief(0x18, 0x1000, "L1", "SN")).is_broken());
    EXPECT_EQ(explicit_object(explicit_patient + hex("18000010 0000 0000")).findings.patient_id, "PAT-4711");
}

TEST(DicomDataset, DelimitersWithoutASequenceAreHarmless) {
    const auto reader = object(sequence_end + hex("feff0de0 00000000") + sequence_end + patient);
    EXPECT_EQ(reader.findings.patient_id, "PAT-4711");
}

TEST(DicomDataset, ALengthThatNothingFollowsLeavesTheValueOut) {
    DatasetReader reader{Encoding::implicit_little, Purpose::object};
    reader.feed(as_bytes(implicit(8, 0x60, "CT") + tag(0x10, 0x20) + hex("feffffff")));
    for (int i = 0; i < 100; ++i) reader.feed(as_bytes(std::string(10'000, 'P')));
    EXPECT_EQ(reader.findings.device.modality, "CT");
    EXPECT_EQ(reader.findings.patient_id, "");
    EXPECT_FALSE(reader.is_done());
}

TEST(DicomDataset, SequencesMayNestWithoutEnd) {
    DatasetReader reader{Encoding::implicit_little, Purpose::object};
    const auto level = tag(8, 0x1140) + undefined + hex("feff00e0 ffffffff");
    for (int i = 0; i < 100'000; ++i) reader.feed(as_bytes(level));
    for (int i = 0; i < 100'000; ++i) reader.feed(as_bytes(sequence_end));
    reader.feed(as_bytes(patient));
    EXPECT_EQ(reader.findings.patient_id, "PAT-4711");
}

TEST(DicomDataset, ASetThatIsCutAnywhereHasNoPatientBeforeTheLastByteOfHisIdentifier) {
    const auto bytes = brief(8, 0x60, "CS", "CT") +
                       large(8, 0x1120, "SQ", open_item(brief(0x10, 0x20, "LO", "OTHER-1"))) +
                       explicit_patient;
    for (std::size_t end = 0; end < bytes.size(); ++end)
        ASSERT_EQ(explicit_object(bytes.substr(0, end)).findings.patient_id, "") << end;
    EXPECT_EQ(explicit_object(bytes).findings.patient_id, "PAT-4711");
}

// PS3.4, K.6.1.2.2: a worklist is asked for by what stands inside of (0040,0100).
const std::string step = implicit(8, 0x60, "MR") + implicit(0x40, 1, "MR1") + implicit(0x40, 2, "");

TEST(DicomDataset, AWorklistAsksInsideOfItsSequence) {
    const auto keys = {
        query(implicit(0x10, 0x10, "") + implicit(0x40, 0x100, item(step))),
        query(implicit(0x10, 0x10, "") + implicit(0x40, 0x100, open_item(step))),
        query(implicit(0x10, 0x10, "") + tag(0x40, 0x100) + undefined + item(step) + sequence_end)};
    for (const auto& reader : keys) {
        EXPECT_THAT(reader.findings.query.matching, ElementsAre("Modality", "ScheduledStationAETitle"));
        EXPECT_THAT(reader.findings.query.returning,
                    ElementsAre("PatientName", "ScheduledProcedureStepStartDate"));
    }
}

TEST(DicomDataset, AnExplicitWorklistAsksInsideOfItsSequenceToo) {
    const auto inside = brief(8, 0x60, "CS", "MR") + brief(0x40, 6, "PN", "");
    const auto reader = explicit_query(brief(0x10, 0x20, "LO", "") + large(0x40, 0x100, "SQ", item(inside)) +
                                       brief(0x40, 0x1001, "SH", "RP1"));
    EXPECT_THAT(reader.findings.query.matching, ElementsAre("Modality", "RequestedProcedureID"));
    EXPECT_THAT(reader.findings.query.returning,
                ElementsAre("PatientID", "ScheduledPerformingPhysicianName"));
}

TEST(DicomDataset, AnEmptySequenceAsksForNothing) {
    const auto reader = query(implicit(8, 0x1032, "") + implicit(0x40, 0x100, item("")));
    EXPECT_THAT(reader.findings.query.matching, IsEmpty());
    EXPECT_THAT(reader.findings.query.returning, IsEmpty());
}

TEST(DicomDataset, GroupLengthCharacterSetAndLevelAreNoKeys) {
    const auto reader =
        query(implicit(8, 0, little32(26)) + implicit(8, 5, "ISO_IR 100") + implicit(8, 0x52, "PATIENT") +
              implicit(0x10, 0, little32(8)) + implicit(0x10, 0x10, ""));
    EXPECT_EQ(reader.findings.query.level, "PATIENT");
    EXPECT_THAT(reader.findings.query.matching, IsEmpty());
    EXPECT_THAT(reader.findings.query.returning, ElementsAre("PatientName"));
}

TEST(DicomDataset, AKeyWithoutANameIsToldByItsTag) {
    const auto reader = query(implicit(9, 0x10, "ACME") + implicit(9, 0x10ab, ""));
    EXPECT_THAT(reader.findings.query.matching, ElementsAre("(0009,0010)"));
    EXPECT_THAT(reader.findings.query.returning, ElementsAre("(0009,10ab)"));
}

TEST(DicomDataset, AWildcardOrAListIsNotOnePatient) {
    // PS3.4, C.2.2.2: `?` is one character, `*` any, a backslash separates the values of a list.
    EXPECT_EQ(query(implicit(0x10, 0x20, "PAT-471?")).findings.patient_id, "");
    EXPECT_THAT(query(implicit(0x10, 0x20, "PAT-471?")).findings.query.wildcards, ElementsAre("PatientID"));
    EXPECT_EQ(query(implicit(0x10, 0x20, "PAT-1\\PAT-2")).findings.patient_id, "");
    EXPECT_THAT(query(implicit(0x10, 0x20, "PAT-1\\PAT-2")).findings.query.wildcards, IsEmpty());
    EXPECT_EQ(query(patient).findings.patient_id, "PAT-4711");
}

TEST(DicomDataset, MoreKeysThanSixtyFourAreNotKept) {
    std::string keys;
    for (std::size_t i = 1; i <= 500; ++i) keys += implicit(0x11, i, i % 2 == 0 ? "" : "1");
    const auto reader = query(keys);
    EXPECT_THAT(reader.findings.query.matching, SizeIs(32));
    EXPECT_THAT(reader.findings.query.returning, SizeIs(32));
}

TEST(DicomDataset, AnySplitGivesTheSameFindings) {
    const auto bytes = brief(8, 0x60, "CS", "CT") + large(8, 0x100, "UT", "long") + tag(9, 0x1001) + "UN" +
                       hex("0000") + undefined + open_item(other_patient) + sequence_end + explicit_patient +
                       brief(0x18, 0x1000, "LO", "SN-1") + brief(0x28, 0x301, "CS", "NO");
    for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
        auto reader = explicit_object(bytes.substr(0, cut));
        for (const char& c : bytes.substr(cut)) reader.feed(as_bytes(std::string_view{&c, 1}));
        ASSERT_EQ(reader.findings.device.modality, "CT") << cut;
        ASSERT_EQ(reader.findings.device.serial, "SN-1") << cut;
        ASSERT_EQ(reader.findings.patient_id, "PAT-4711") << cut;
        ASSERT_EQ(reader.findings.burned_in_annotation, "NO") << cut;
    }
}

}   // namespace
}   // namespace ward::protocol::dicom
