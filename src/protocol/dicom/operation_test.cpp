// SPDX-License-Identifier: Apache-2.0
// DIMSE messages as PS3.7, chapters 9 and 10 build them; the patients are invented.
#include "event/dicom.hpp"
#include "protocol/bed_test.hpp"
#include "protocol/dicom/dicom.hpp"
#include "wire/wire_reader.hpp"

namespace ward::protocol::dicom {
namespace {

using event::DicomOperation;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

std::string big32(std::size_t value) {
    Buffer bytes;
    append_big_endian(bytes, static_cast<std::uint32_t>(value));
    return std::string{as_text(bytes)};
}
std::string little16(std::size_t value) {
    return {static_cast<char>(value & 255U), static_cast<char>(value >> 8U & 255U)};
}
std::string little32(std::size_t value) { return little16(value & 0xffffU) + little16(value >> 16U); }

/// An element in implicit VR little endian: PS3.5, 7.1.3.
std::string element(std::size_t group, std::size_t number, std::string value) {
    if (value.size() % 2 != 0) value += group == 0 ? '\0' : ' ';
    return little16(group) + little16(number) + little32(value.size()) + value;
}
std::string short_of(std::size_t number, std::size_t value) { return element(0, number, little16(value)); }

constexpr std::size_t none = 0x0101;   // PS3.7, E.1: no data set follows
constexpr std::size_t some = 1;
/// A command set with its group length (0000,0000), command field (0000,0100) and data set type (0000,0800).
std::string command(std::size_t field, std::size_t dataset, const std::string& elements) {
    const auto set = short_of(0x0100, field) + elements + short_of(0x0800, dataset);
    return element(0, 0, little32(set.size())) + set;
}
std::string asks(std::size_t field, std::size_t id, std::size_t dataset = none,
                 const std::string& more = {}) {
    return command(field, dataset, short_of(0x0110, id) + more);
}
std::string answers(std::size_t field, std::size_t id, std::size_t status, const std::string& more = {}) {
    return command(field | 0x8000U, none, short_of(0x0120, id) + short_of(0x0900, status) + more);
}

/// PS3.8, 9.3.5.1 and E.2: control 1 is a command, 2 the last fragment.
std::string value(char context, char control, std::string_view bytes) {
    return big32(bytes.size() + 2) + context + control + std::string{bytes};
}
std::string transfer(std::string_view values) {
    return std::string{"\x04\0", 2} + big32(values.size()) + std::string{values};
}
std::string says(std::string_view set) { return transfer(value(1, 3, set)); }
std::string gives(std::string_view dataset) { return transfer(value(1, 2, dataset)); }

constexpr std::size_t c_store = 0x0001;
constexpr std::size_t c_get = 0x0010;
constexpr std::size_t c_find = 0x0020;
constexpr std::size_t c_move = 0x0021;
constexpr std::size_t c_echo = 0x0030;
constexpr std::size_t n_event_report = 0x0100;
constexpr std::size_t n_get = 0x0110;
constexpr std::size_t n_set = 0x0120;
constexpr std::size_t n_action = 0x0130;
constexpr std::size_t n_create = 0x0140;
constexpr std::size_t n_delete = 0x0150;

const std::string ct_images = element(0, 2, "1.2.840.10008.5.1.4.1.1.2");
const std::string study_level = element(8, 0x52, "STUDY");
const std::string invented_patient = element(0x10, 0x10, "DOE^JANE") + element(0x10, 0x20, "PAT-4711");
/// PS3.7, 9.3.2.3: it names the operation by (0000,0120).
std::string cancels(std::size_t id) { return command(0x0fff, none, short_of(0x0120, id)); }
/// PS3.7, 9.3.4.2: remaining, completed, failed, warning.
std::string done(std::size_t completed, std::size_t failed, std::size_t warning) {
    return short_of(0x1021, completed) + short_of(0x1022, failed) + short_of(0x1023, warning);
}

Bed bed() { return Bed{open_session()}; }
const Pseudonymise by_length = [](std::string_view id) {
    return event::Pseudonym{"key:" + std::to_string(id.size())};
};

/// An association of one context, 1, whose answer has this transfer syntax.
Bed accepted(std::string transfer_syntax) {
    transfer_syntax.resize(transfer_syntax.size() + transfer_syntax.size() % 2, '\0');
    const auto fixed = hex("0001 0000") + "PACS            CT1             " + std::string(32, '\0');
    const auto syntax = hex("40 00 00") + static_cast<char>(transfer_syntax.size()) + transfer_syntax;
    const auto context = hex("21 00 00") + static_cast<char>(syntax.size() + 4) + hex("01000000") + syntax;
    auto talk = bed();
    talk.server(hex("02 00") + big32(fixed.size() + context.size()) + fixed + context);
    return talk;
}

TEST(DicomOperation, AMoveCountsItsSuboperationsByTheLastAnswer) {
    auto talk = bed();
    talk.client(says(asks(c_move, 7, some, element(0, 0x0600, "WORKSTATION 2"))) + gives(study_level));
    talk.server(says(answers(c_move, 7, 0xff00, short_of(0x1020, 3) + done(1, 0, 0))));
    EXPECT_THAT(talk.all<DicomOperation>(), IsEmpty());
    talk.server(says(answers(c_move, 7, 0xb000, done(2, 1, 1))));
    const auto& told = talk.one<DicomOperation>();
    EXPECT_EQ(told.command, "C-MOVE");
    EXPECT_EQ(told.move_destination, "WORKSTATION 2");
    EXPECT_EQ(told.pending_responses, 1u);
    ASSERT_TRUE(told.suboperations);
    EXPECT_EQ(told.suboperations->remaining, std::nullopt);
    EXPECT_EQ(told.suboperations->completed, 2u);
    EXPECT_EQ(told.suboperations->failed, 1u);
    EXPECT_EQ(told.suboperations->warning, 1u);
    EXPECT_EQ(told.status_meaning, "warning: coercion of data elements, or some sub-operations failed");
    EXPECT_EQ(told.query->level, "STUDY");
}

TEST(DicomOperation, AMoveThatIsCutTellsHowFarItCame) {
    auto talk = bed();
    talk.client(says(asks(c_move, 7, some)) + gives(study_level));
    talk.server(says(answers(c_move, 7, 0xff00, short_of(0x1020, 3) + done(1, 0, 0)))).end();
    EXPECT_EQ(talk.one<DicomOperation>().suboperations->remaining, 3u);
    EXPECT_EQ(talk.one<DicomOperation>().status, "ff00");
    EXPECT_EQ(talk.one<DicomOperation>().status_meaning, "pending");
}

TEST(DicomOperation, AMoveToAnUnknownDestinationFails) {
    auto talk = bed();
    talk.client(says(asks(c_move, 7, some)) + gives(study_level));
    talk.server(says(answers(c_move, 7, 0xa801)));
    EXPECT_EQ(talk.one<DicomOperation>().status_meaning, "move destination unknown");
    EXPECT_FALSE(talk.one<DicomOperation>().suboperations);
}

TEST(DicomOperation, ACancelIsToldWithWhatItCancels) {
    auto talk = bed();
    talk.client(says(asks(c_find, 4, some)) + gives(study_level));
    talk.server(says(answers(c_find, 4, 0xff01))).client(says(cancels(4)));
    talk.server(says(answers(c_find, 4, 0xfe00)));
    const auto& told = talk.one<DicomOperation>();
    EXPECT_TRUE(told.cancelled);
    EXPECT_EQ(told.pending_responses, 1u);
    EXPECT_EQ(told.status_meaning, "cancelled");
}

TEST(DicomOperation, ACancelOfAnotherOrOfTheOtherSideChangesNothing) {
    auto talk = bed();
    talk.client(says(asks(c_find, 4, some)) + gives(study_level)).client(says(cancels(5)));
    talk.server(says(cancels(4))).server(says(answers(c_find, 4, 0))).end();
    EXPECT_FALSE(talk.one<DicomOperation>().cancelled);
}

TEST(DicomOperation, AGetBringsItsImagesTheOtherWay) {
    // PS3.7, 9.1.3: the C-STOREs of a C-GET come over the same association; both sides count from 1.
    auto talk = bed();
    talk.client(says(asks(c_get, 1, some)) + gives(study_level));
    talk.server(says(asks(c_store, 1, some, ct_images)) + gives(element(8, 0x60, "CT")));
    talk.client(says(answers(c_store, 1, 0)));
    talk.server(says(answers(c_get, 1, 0, done(1, 0, 0))));
    const auto told = talk.all<DicomOperation>();
    ASSERT_THAT(told, SizeIs(2));
    EXPECT_EQ(told[0]->command, "C-STORE");
    EXPECT_EQ(told[0]->from, Side::server);
    EXPECT_EQ(told[0]->device->modality, "CT");
    EXPECT_EQ(told[1]->command, "C-GET");
    EXPECT_EQ(told[1]->from, Side::client);
    EXPECT_EQ(told[1]->suboperations->completed, 1u);
}

TEST(DicomOperation, AStoreSaysWhoseMoveItIs) {
    auto talk = bed();
    talk.client(says(asks(c_store, 2, some, ct_images + element(0, 0x1030, "VIEWER1"))) + gives(""));
    talk.server(says(answers(c_store, 2, 0xa900)));
    EXPECT_EQ(talk.one<DicomOperation>().move_originator, "VIEWER1");
    EXPECT_EQ(talk.one<DicomOperation>().status_meaning, "data set does not match SOP class");
}

TEST(DicomOperation, StorageCommitmentIsAskedForByAnActionAndAnsweredByAnEvent) {
    // PS3.4, J.3: action 1 is "request storage commitment", event 2 "complete, failures exist".
    const auto commitment =
        element(0, 3, "1.2.840.10008.1.20.1") + element(0, 0x1001, "1.2.840.10008.1.20.1.1");
    auto talk = bed();
    talk.client(says(asks(n_action, 1, some, commitment + short_of(0x1008, 1))) +
                gives(element(8, 0x1195, "1.2.3")));
    talk.server(says(answers(n_action, 1, 0)));
    talk.server(says(asks(n_event_report, 1, some, short_of(0x1002, 2))) +
                gives(element(8, 0x1195, "1.2.3")));
    talk.client(says(answers(n_event_report, 1, 0x0113)));
    const auto told = talk.all<DicomOperation>();
    ASSERT_THAT(told, SizeIs(2));
    EXPECT_EQ(told[0]->command, "N-ACTION");
    EXPECT_EQ(told[0]->sop_class_name, "StorageCommitmentPushModel");
    EXPECT_EQ(told[0]->action_id, 1u);
    EXPECT_EQ(told[1]->command, "N-EVENT-REPORT");
    EXPECT_EQ(told[1]->from, Side::server);
    EXPECT_EQ(told[1]->event_id, 2u);
    EXPECT_EQ(told[1]->status_meaning, "no such event type");
}

TEST(DicomOperation, AProcedureStepIsCreatedWithItsPatientAndSetWithout) {
    const auto step = element(0, 2, "1.2.840.10008.3.1.2.3.3");
    auto talk = bed();
    talk.out.pseudonymise = &by_length;
    talk.client(says(asks(n_create, 1, some, step)) + gives(element(8, 0x60, "MR") + invented_patient));
    talk.server(says(answers(n_create, 1, 0x0111)));
    talk.client(says(asks(n_set, 2, some)) + gives(element(0x40, 0x252, "COMPLETED")));
    talk.server(says(answers(n_set, 2, 0x0001)));
    const auto told = talk.all<DicomOperation>();
    ASSERT_THAT(told, SizeIs(2));
    EXPECT_EQ(told[0]->sop_class_name, "ModalityPerformedProcedureStep");
    EXPECT_EQ(told[0]->patient.text, "key:8");
    EXPECT_THAT(told[0]->patient_fields, ElementsAre("PatientName", "PatientID"));
    EXPECT_EQ(told[0]->status_meaning, "duplicate SOP instance");
    EXPECT_EQ(told[1]->command, "N-SET");
    EXPECT_THAT(told[1]->patient_fields, IsEmpty());
    EXPECT_EQ(told[1]->status_meaning, "requested optional attributes are not supported");
    EXPECT_THAT(talk.json(), Not(HasSubstr("DOE")));
    EXPECT_THAT(talk.json(), Not(HasSubstr("4711")));
}

TEST(DicomOperation, GettingAndDeletingHaveNoDataSet) {
    auto talk = bed();
    talk.out.pseudonymise = &by_length;
    talk.client(says(asks(n_get, 1, none, element(0, 0x1001, "1.2.840.10008.5.1.1.17"))));
    talk.server(says(answers(n_get, 1, 0x0124)));
    talk.client(says(asks(n_delete, 2))).server(says(answers(n_delete, 2, 0x0112)));
    const auto told = talk.all<DicomOperation>();
    ASSERT_THAT(told, SizeIs(2));
    EXPECT_EQ(told[0]->command, "N-GET");
    EXPECT_EQ(told[0]->sop_instance.text, "key:22");
    EXPECT_EQ(told[0]->status_meaning, "not authorized");
    EXPECT_EQ(told[1]->command, "N-DELETE");
    EXPECT_EQ(told[1]->status_meaning, "no such SOP instance");
}

TEST(DicomOperation, ACommandThatTheStandardDoesNotKnowIsToldByItsNumber) {
    auto talk = bed();
    talk.client(says(asks(0x0777, 1))).server(says(answers(0x0777, 1, 0x0211)));
    EXPECT_EQ(talk.one<DicomOperation>().command, "0777");
    EXPECT_EQ(talk.one<DicomOperation>().status_meaning, "unrecognized operation");
}

TEST(DicomOperation, ARangeOfStatusesHasOneMeaning) {
    // PS3.7, C.5 and C.2; PS3.4, B.2.3.
    const auto meaning_of = [](std::size_t status) {
        auto talk = bed();
        talk.client(says(asks(c_store, 1))).server(says(answers(c_store, 1, status)));
        return talk.one<DicomOperation>().status_meaning;
    };
    EXPECT_EQ(meaning_of(0xa7ff), "out of resources");
    EXPECT_EQ(meaning_of(0xb123), "warning");
    EXPECT_EQ(meaning_of(0xc001), "cannot understand, or unable to process");
    EXPECT_EQ(meaning_of(0x0999), "failure");
}

TEST(DicomOperation, OutstandingOperationsAreAnsweredInAnyOrder) {
    // PS3.7, D.3.3.3: an asynchronous window.
    auto talk = bed();
    talk.client(says(asks(c_echo, 1))).after(std::chrono::microseconds{10}).client(says(asks(n_get, 2)));
    talk.after(std::chrono::microseconds{5}).server(says(answers(n_get, 2, 0)));
    talk.server(says(answers(c_echo, 1, 0)));
    const auto told = talk.all<DicomOperation>();
    ASSERT_THAT(told, SizeIs(2));
    EXPECT_EQ(told[0]->command, "N-GET");
    EXPECT_EQ(told[0]->latency_us, 5);
    EXPECT_EQ(told[1]->command, "C-ECHO");
    EXPECT_EQ(told[1]->latency_us, 15);
}

TEST(DicomOperation, AMessageMayBeCutIntoValuesAndPdusAsItLikes) {
    // PS3.8, annex D: fragments of one message, several to a PDU, several PDUs to a message.
    const auto set = asks(c_find, 9, some);
    const auto keys = study_level + invented_patient;
    auto talk = bed();
    talk.client(transfer(value(1, 1, set.substr(0, 5)) + value(1, 1, "") + value(1, 3, set.substr(5)) +
                         value(1, 0, keys.substr(0, 11))));
    talk.client(transfer(value(1, 0, keys.substr(11, 20)) + value(1, 2, keys.substr(31)))).end();
    const auto& told = talk.one<DicomOperation>();
    EXPECT_EQ(told.query->level, "STUDY");
    EXPECT_THAT(told.query->matching, ElementsAre("PatientName", "PatientID"));
    EXPECT_EQ(told.dataset_size, keys.size());
}

TEST(DicomOperation, AContextThatWasNotAcceptedIsAnAnomaly) {
    auto talk = accepted("1.2.840.10008.1.2");
    talk.client(transfer(value(3, 3, asks(c_echo, 1)))).server(says(answers(c_echo, 1, 0)));
    EXPECT_THAT(talk.one<DicomOperation>().anomalies, ElementsAre("presentation context was not accepted"));
    EXPECT_EQ(talk.one<DicomOperation>().transfer_syntax, "");
}

TEST(DicomOperation, AResponseWithoutAStatusIsAnAnomaly) {
    auto talk = bed();
    talk.client(says(asks(c_echo, 1))).server(says(command(c_echo | 0x8000U, none, short_of(0x0120, 1))));
    EXPECT_EQ(talk.one<DicomOperation>().status, "");
    EXPECT_THAT(talk.one<DicomOperation>().anomalies, ElementsAre("response without status"));
}

TEST(DicomOperation, ADataSetThatIsDeflatedOrNotAsAgreedSaysSo) {
    auto deflated = accepted("1.2.840.10008.1.2.1.99");
    deflated.client(says(asks(c_store, 1, some)) + gives(invented_patient)).end();
    EXPECT_THAT(deflated.one<DicomOperation>().anomalies,
                ElementsAre("data set is deflated: not looked into"));
    EXPECT_EQ(deflated.out.uninspected[static_cast<std::size_t>(Uninspected::unknown)],
              invented_patient.size());
    auto wrong = accepted("1.2.840.10008.1.2.1");
    wrong.client(says(asks(c_store, 1, some)) + gives(invented_patient)).end();
    EXPECT_THAT(wrong.one<DicomOperation>().anomalies,
                ElementsAre("data set does not follow its transfer syntax"));
    EXPECT_EQ(wrong.out.uninspected[static_cast<std::size_t>(Uninspected::malformed)],
              invented_patient.size());
}

TEST(DicomOperation, ACommandSetThatLiesIsGivenUpAndTheNextOneRead) {
    auto longer = bed();
    longer.client(says(element(0, 0, little32(12)) + hex("00000001 ffffffff 3000") + "x") +
                  says(asks(c_echo, 1)));
    EXPECT_EQ(longer.out.violation, "element longer than its command set");
    EXPECT_EQ(longer.end().one<DicomOperation>().command, "C-ECHO");
    auto foreign = bed();
    foreign.client(says(invented_patient)).end();
    EXPECT_EQ(foreign.out.violation, "command set with elements of other groups");
    auto empty = bed();
    empty.client(says("")).end();
    EXPECT_EQ(empty.out.violation, "command set without command field");
    EXPECT_THAT(empty.all<DicomOperation>(), IsEmpty());
}

TEST(DicomOperation, ACommandSetTornAnywhereInsideAValueIsNotGuessed) {
    const auto stream = says(asks(c_echo, 1));
    for (std::size_t at = 12; at < stream.size(); ++at) {
        auto talk = bed();
        talk.client(stream.substr(0, at)).lose(Side::client, 1).client(stream.substr(at + 1));
        talk.client(says(asks(n_get, 2))).end();
        ASSERT_EQ(talk.one<DicomOperation>().command, "N-GET") << at;
        ASSERT_EQ(talk.out.violation, "") << at;
    }
}

TEST(DicomOperation, ALossInsideOfAQueryKeepsTheKeysBeforeIt) {
    const auto keys = study_level + invented_patient;
    const auto stream = says(asks(c_find, 9, some)) + gives(keys);
    auto talk = bed();
    talk.client(stream.substr(0, stream.size() - 6)).lose(Side::client, 6).end();
    const auto& told = talk.one<DicomOperation>();
    EXPECT_THAT(told.query->matching, ElementsAre("PatientName", "PatientID"));
    EXPECT_EQ(told.dataset_size, keys.size());
    EXPECT_TRUE(told.patient.empty());
}

TEST(DicomOperation, AnIdentifierThatIsUsedAgainIsTheLaterRequests) {
    auto talk = bed();
    talk.client(says(asks(c_echo, 1))).client(says(asks(n_get, 1)));
    EXPECT_EQ(talk.one<DicomOperation>().command, "C-ECHO");
    EXPECT_EQ(talk.one<DicomOperation>().status, "");
    talk.server(says(answers(n_get, 1, 0)));
    EXPECT_EQ(talk.all<DicomOperation>().back()->command, "N-GET");
    EXPECT_EQ(talk.all<DicomOperation>().back()->status, "0000");
}

TEST(DicomOperation, ALossBeyondOneValueLeavesTheSizeOpen) {
    const auto stream = says(asks(c_store, 1, some, ct_images)) + gives(invented_patient);
    const auto next = gives(std::string(500, 'p'));
    auto talk = bed();
    talk.client(stream.substr(0, stream.size() - 20)).lose(Side::client, 4000).client(next);
    talk.server(says(answers(c_store, 1, 0)));
    EXPECT_THAT(talk.one<DicomOperation>().anomalies, ElementsAre("bytes of the data set were lost"));
    EXPECT_FALSE(talk.one<DicomOperation>().dataset_size);
    EXPECT_EQ(talk.one<DicomOperation>().status, "0000");
}

TEST(DicomOperation, WhatWasReadOfADataSetCountsIfItsEndDoesNotCome) {
    const auto stream = says(asks(c_store, 1, some, ct_images)) +
                        gives(element(8, 0x60, "CT") + invented_patient + std::string(900, 'p'));
    const auto head = stream.substr(0, stream.size() - 800);
    const auto expect_read = [](const Bed& talk, const char* anomaly) {
        const auto& told = *talk.all<DicomOperation>().at(0);
        EXPECT_EQ(told.device.value_or(event::DicomDevice{}).modality, "CT");
        EXPECT_THAT(told.patient_fields, ElementsAre("PatientName", "PatientID"));
        EXPECT_THAT(told.anomalies, ElementsAre(anomaly));
        EXPECT_FALSE(told.dataset_size);
        EXPECT_EQ(talk.out.patient_messages, 1u);
    };
    auto cut = bed();
    cut.client(head).end();
    expect_read(cut, "data set did not end");
    auto torn = bed();
    torn.client(head).lose(Side::client, 4000).end();
    expect_read(torn, "bytes of the data set were lost");
    auto next = bed();
    next.client(head).lose(Side::client, 4000).client(says(asks(c_echo, 2))).end();
    expect_read(next, "bytes of the data set were lost");
    auto answered = bed();
    answered.client(head).server(says(answers(c_store, 1, 0))).lose(Side::client, 4000);
    EXPECT_THAT(answered.all<DicomOperation>(), IsEmpty());
    answered.client(says(asks(c_echo, 2)));
    expect_read(answered, "bytes of the data set were lost");
    EXPECT_EQ(answered.one<DicomOperation>().status, "0000");
}

TEST(DicomOperation, AfterALossHeadersAreFoundHoweverTheyAreCut) {
    const auto stream = std::string(30, 'p') + says(asks(c_echo, 1));
    for (std::size_t cut = 1; cut < stream.size(); ++cut) {
        auto talk = bed();
        talk.client(says(asks(n_get, 2)).substr(0, 20)).lose(Side::client, 5000);
        talk.client(stream.substr(0, cut)).client(stream.substr(cut)).end();
        ASSERT_EQ(talk.one<DicomOperation>().command, "C-ECHO") << cut;
        ASSERT_EQ(talk.out.violation, "") << cut;
    }
}

TEST(DicomOperation, AfterALossSmallPixelsAreNoHeaders) {
    // 4, 0, 3, 0, 2, 1 in 16 bits would be a P-DATA-TF of 768 bytes with a value of 512 in context 1.
    auto pixels = hex("040000000300000002000100");
    while (pixels.size() < 3000) pixels += hex("03000000020001000200");
    auto talk = accepted("1.2.840.10008.1.2");
    talk.client(says(asks(c_store, 1, some)).substr(0, 20)).lose(Side::client, 5000);
    talk.client(pixels + says(asks(c_echo, 2))).server(says(answers(c_echo, 2, 0)));
    EXPECT_EQ(talk.one<DicomOperation>().command, "C-ECHO");
    EXPECT_EQ(talk.out.violation, "");
    EXPECT_EQ(talk.end().one<event::DicomEnd>().data_pdus, 3u);   // the torn one, and the echo
}

TEST(DicomOperation, AfterALossAPduOfSeveralValuesIsKnownByWhatFollowsIt) {
    const auto both = transfer(value(1, 3, asks(c_find, 9, some)) + value(1, 2, study_level));
    auto talk = bed();
    talk.client(both.substr(0, 20)).lose(Side::client, 5000);
    talk.client(std::string(9, 'p') + both + says(asks(c_echo, 1))).end();
    ASSERT_THAT(talk.all<DicomOperation>(), SizeIs(2));
    EXPECT_EQ(talk.all<DicomOperation>()[0]->query->level, "STUDY");
}

TEST(DicomOperation, WhatWasCollectedAtALossOrAtTheEndIsLostToo) {
    const auto gap = static_cast<std::size_t>(Uninspected::gap);
    auto talk = bed();
    talk.client(says(asks(c_echo, 1)).substr(0, 10)).lose(Side::client, 5000);
    EXPECT_EQ(talk.out.uninspected[gap], 4u);   // of the header of a value
    talk.client(std::string(20, 'p'));
    EXPECT_EQ(talk.end().out.uninspected[gap], 24u);
    auto command = bed();
    command.client(says(asks(c_echo, 1)).substr(0, 32)).lose(Side::client, 5000);
    EXPECT_EQ(command.out.uninspected[gap], 20u);
    command.client(transfer(value(1, 1, "part of a set"))).end();
    EXPECT_EQ(command.out.uninspected[gap], 33u);
}

TEST(DicomOperation, PixelsAreContentThatIsPassedOn) {
    const auto content = static_cast<std::size_t>(Uninspected::content);
    const std::string pixels(1000, 'p');
    auto talk = bed();
    talk.client(says(asks(c_store, 1, some, ct_images)));
    talk.client(gives(invented_patient + element(0x7fe0, 0x10, pixels)));
    EXPECT_EQ(talk.out.uninspected[content], pixels.size());
    talk.client(says(asks(c_find, 2, some)) + gives(study_level + invented_patient)).end();
    EXPECT_EQ(talk.out.uninspected[content], pixels.size());
    EXPECT_EQ(talk.out.patient_messages, 2u);
    EXPECT_EQ(talk.out.patient_items, 4u);
}

TEST(DicomOperation, QueriesFullOfKeysThatNobodyAnswersTakeBoundedMemory) {
    std::string keys;
    for (std::size_t number = 0; number < 200; ++number) keys += element(0x11, number, "*");
    auto talk = bed();
    std::size_t alone = 0;
    for (std::size_t id = 0; id < 100; ++id) {
        talk.client(says(asks(c_find, id, some)) + gives(keys));
        talk.server(says(asks(c_find, id, some)) + gives(keys));
        if (id == 0) alone = talk.memory();
    }
    EXPECT_GT(alone, 2 * 2 * limits.keys_max * sizeof(std::string));
    EXPECT_LT(talk.memory(), std::size_t{1} << 20);
}

TEST(DicomOperation, ALossOfAnyLengthAnywhereNeverShowsThePatient) {
    const auto stream = says(asks(c_store, 1, some, ct_images)) + gives(invented_patient);
    for (std::size_t at = 0; at < stream.size(); ++at)
        for (std::size_t lost = 1; lost <= stream.size() - at; lost += 7) {
            auto talk = bed();
            talk.client(stream.substr(0, at)).lose(Side::client, lost).client(stream.substr(at + lost));
            talk.client(stream + says(asks(n_get, 2))).server(says(answers(n_get, 2, 0))).end();
            ASSERT_THAT(talk.json(), HasSubstr("\"N-GET\"")) << at << " " << lost;
            ASSERT_THAT(talk.json(), Not(HasSubstr("DOE"))) << at << " " << lost;
            ASSERT_THAT(talk.json(), Not(HasSubstr("4711"))) << at << " " << lost;
        }
}

TEST(DicomOperation, AnySplitGivesTheSameEvents) {
    expect_any_split_gives_the_same_events(
        open_session, {{Side::client, says(asks(c_get, 1, some)) + gives(study_level + invented_patient)},
                       {Side::server, says(asks(c_store, 1, some, ct_images)) +
                                          gives(element(8, 0x60, "CT") + invented_patient)},
                       {Side::client, says(cancels(1)) + says(answers(c_store, 1, 0xb007))},
                       {Side::server, says(answers(c_get, 1, 0xfe00, done(1, 0, 0)))},
                       {Side::client, says(invented_patient)}});
}

}   // namespace
}   // namespace ward::protocol::dicom
