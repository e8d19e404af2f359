// SPDX-License-Identifier: Apache-2.0
// Associations as PS3.8, section 9.3 builds them, item by item.
#include "event/dicom.hpp"
#include "protocol/bed_test.hpp"
#include "protocol/dicom/dicom.hpp"
#include "wire/wire_reader.hpp"

namespace ward::protocol::dicom {
namespace {

using event::DicomAssociation;
using event::DicomEnd;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

template <class Integer>
std::string big(std::size_t value) {
    Buffer bytes;
    append_big_endian(bytes, static_cast<Integer>(value));
    return std::string{as_text(bytes)};
}
std::string pdu(char type, std::string_view body) {
    return std::string{type, '\0'} + big<std::uint32_t>(body.size()) + std::string{body};
}
std::string item(char type, std::string_view content) {
    return std::string{type, '\0'} + big<std::uint16_t>(content.size()) + std::string{content};
}
std::string title(std::string text) {
    text.resize(16, ' ');
    return text;
}
/// PS3.8, 9.3.2: version 1, both titles, 32 reserved bytes, items.
std::string associate(char type, std::string_view items) {
    return pdu(type,
               hex("0001 0000") + title("PACS") + title("CT1") + std::string(32, '\0') + std::string{items});
}
std::string request(std::string_view items) { return associate(1, items); }
std::string accept(std::string_view items) { return associate(2, items); }

const std::string ct_images = "1.2.840.10008.5.1.4.1.1.2";
const std::string mr_images = "1.2.840.10008.5.1.4.1.1.4";
const std::string implicit_little = "1.2.840.10008.1.2";
const std::string explicit_little = "1.2.840.10008.1.2.1";
const std::string dicom_name = item(0x10, "1.2.840.10008.3.1.1.1");

std::string proposal(char id, const std::string& abstract, const std::vector<std::string>& transfers) {
    auto content = std::string{id, '\0', '\0', '\0'} + item(0x30, abstract);
    for (const auto& transfer : transfers) content += item(0x40, transfer);
    return item(0x20, content);
}
std::string answer(char id, char result, const std::string& transfer) {
    return item(0x21, std::string{id, '\0', result, '\0'} + item(0x40, transfer));
}

const std::string ct_request = request(dicom_name + proposal(1, ct_images, {implicit_little}));
const std::string ct_accept = accept(dicom_name + answer(1, 0, implicit_little));
const std::string release_rq = hex("05 00 00000004 00000000");
const std::string release_rp = hex("06 00 00000004 00000000");
/// PS3.8, table 9-26.
std::string abort_of(char source, char reason) { return pdu(7, std::string{'\0', '\0', source, reason}); }
/// PS3.8, table 9-21.
std::string rejection(char result, char source, char reason) {
    return pdu(3, std::string{'\0', result, source, reason});
}

Bed bed() { return Bed{open_session()}; }
Bed accepted() {
    auto talk = bed();
    talk.client(ct_request).server(ct_accept);
    return talk;
}

TEST(DicomAssociation, EachContextHasItsOwnProposalsAndItsOwnResult) {
    auto talk = bed();
    talk.client(request(proposal(1, ct_images, {explicit_little, implicit_little}) +
                        proposal(3, mr_images, {implicit_little})));
    talk.server(accept(answer(1, 0, explicit_little) + answer(3, 3, implicit_little)));
    const auto& contexts = talk.one<DicomAssociation>().presentations;
    ASSERT_THAT(contexts, SizeIs(2));
    EXPECT_EQ(contexts[0].id, 1u);
    EXPECT_EQ(contexts[0].abstract_syntax_name, "CTImageStorage");
    EXPECT_THAT(contexts[0].proposed, ElementsAre(explicit_little, implicit_little));
    EXPECT_EQ(contexts[0].transfer_syntax, explicit_little);
    EXPECT_EQ(contexts[1].id, 3u);
    EXPECT_EQ(contexts[1].abstract_syntax_name, "MRImageStorage");
    EXPECT_EQ(contexts[1].result, "abstract-syntax-not-supported (provider rejection)");
}

TEST(DicomAssociation, TheTransferSyntaxOfAContextThatWasNotAcceptedMeansNothing) {
    // PS3.8, 9.3.3.2: "not significant" then.
    auto talk = bed();
    talk.client(ct_request).server(accept(answer(1, 1, explicit_little)));
    EXPECT_EQ(talk.one<DicomAssociation>().presentations.at(0).result, "user-rejection");
    EXPECT_EQ(talk.one<DicomAssociation>().presentations.at(0).transfer_syntax, "");
}

TEST(DicomAssociation, TheResultsAreThoseOfTheStandard) {
    // PS3.8, table 9-18: 2 and 4 are the provider's, 5 is not defined.
    auto talk = bed();
    talk.client(ct_request)
        .server(accept(answer(1, 2, implicit_little) + answer(3, 4, implicit_little) +
                       answer(5, 5, implicit_little)));
    const auto& contexts = talk.one<DicomAssociation>().presentations;
    ASSERT_THAT(contexts, SizeIs(3));
    EXPECT_EQ(contexts[0].result, "no-reason (provider rejection)");
    EXPECT_EQ(contexts[1].result, "transfer-syntaxes-not-supported (provider rejection)");
    EXPECT_EQ(contexts[2].result, "reserved");
}

TEST(DicomAssociation, AnAnswerWhoseRequestWasNotSeenStillTellsBothTitles) {
    auto talk = bed();
    talk.server(ct_accept);
    const auto& told = talk.one<DicomAssociation>();
    EXPECT_EQ(told.outcome, "accepted");
    EXPECT_EQ(told.calling, "CT1");
    EXPECT_EQ(told.called, "PACS");
    EXPECT_EQ(told.latency_us, std::nullopt);
    EXPECT_FALSE(told.requestor);
    ASSERT_THAT(told.presentations, SizeIs(1));
    EXPECT_EQ(told.presentations[0].abstract_syntax, "");
}

TEST(DicomAssociation, DataAreAnAnswerWhereNoneWasSeen) {
    const auto data = hex("04 00 00000000");
    for (const auto side : {Side::client, Side::server}) {
        auto talk = bed();
        talk.client(ct_request);
        side == Side::client ? talk.client(data + data) : talk.server(data + data);
        const auto& told = talk.one<DicomAssociation>();
        EXPECT_EQ(told.outcome, "accepted");
        EXPECT_TRUE(told.answer_lost);
        EXPECT_EQ(told.presentations.at(0).result, "");
        EXPECT_EQ(told.latency_us, std::nullopt);
        talk.client(release_rq).end();
        EXPECT_EQ(talk.one<DicomEnd>().calling, "CT1");
        EXPECT_EQ(talk.one<DicomEnd>().called, "PACS");
    }
    EXPECT_FALSE(accepted().one<DicomAssociation>().answer_lost);
}

TEST(DicomAssociation, OnlyAnApplicationOtherThanDicomIsNamed) {
    auto usual = bed();
    usual.client(ct_request).end();
    EXPECT_EQ(usual.one<DicomAssociation>().application_name, "");
    auto foreign = bed();
    foreign.client(request(item(0x10, std::string{"1.2.999.1\0", 10}))).end();
    EXPECT_EQ(foreign.one<DicomAssociation>().application_name, "1.2.999.1");
}

TEST(DicomAssociation, ATicketIsNamedAndNotShown) {
    // PS3.7, D.3.3.7.1: of Kerberos (3), SAML (4) and JWT (5) the first field is the proof itself.
    const auto identity_of = [](char type) {
        auto talk = bed();
        const auto proof = std::string{type, '\0'} + big<std::uint16_t>(12) + "PROOF-NOT-ME" + hex("0000");
        talk.client(request(item(0x50, item(0x58, proof)))).end();
        EXPECT_THAT(talk.json(), Not(HasSubstr("PROOF")));
        return talk.one<DicomAssociation>().requestor->identity;
    };
    EXPECT_EQ(identity_of(3), "Kerberos service ticket");
    EXPECT_EQ(identity_of(4), "SAML assertion");
    EXPECT_EQ(identity_of(5), "JSON web token");
    EXPECT_EQ(identity_of(6), "reserved");
}

TEST(DicomAssociation, ARejectionHasTheReasonsOfItsSource) {
    const auto refused = [](std::string_view bytes) {
        auto talk = bed();
        talk.client(ct_request).server(bytes);
        return talk.one<DicomAssociation>().refusal.value_or(event::DicomRefusal{});
    };
    const auto busy = refused(rejection(2, 3, 1));
    EXPECT_EQ(busy.result, "rejected-transient");
    EXPECT_EQ(busy.source, "DICOM UL service-provider (Presentation related function)");
    EXPECT_EQ(busy.reason, "temporary-congestion");
    const auto old = refused(rejection(1, 2, 2));
    EXPECT_EQ(old.source, "DICOM UL service-provider (ACSE related function)");
    EXPECT_EQ(old.reason, "protocol-version-not-supported");
    EXPECT_EQ(refused(rejection(1, 1, 3)).reason, "calling-AE-title-not-recognized");
    EXPECT_EQ(refused(rejection(1, 3, 7)).reason, "reserved");
    EXPECT_EQ(refused(rejection(0, 4, 0)).source, "reserved");
}

TEST(DicomAssociation, AnAbortInsteadOfAnAnswerIsARefusalAndNoEnd) {
    auto talk = bed();
    talk.client(ct_request).after(std::chrono::microseconds{90}).server(abort_of(2, 2)).end();
    const auto& told = talk.one<DicomAssociation>();
    EXPECT_EQ(told.outcome, "aborted");
    EXPECT_EQ(told.refusal->source, "DICOM UL service-provider");
    EXPECT_EQ(told.refusal->reason, "unexpected-PDU");
    EXPECT_EQ(told.latency_us, 90);
    EXPECT_THAT(talk.all<DicomEnd>(), IsEmpty());
}

TEST(DicomAssociation, OnlyAProviderGivesAReasonForItsAbort) {
    auto provider = accepted();
    provider.server(abort_of(2, 6));
    EXPECT_EQ(provider.one<DicomEnd>().abort_reason, "invalid-PDU-parameter value");
    auto user = accepted();
    user.client(abort_of(0, 6));
    EXPECT_EQ(user.one<DicomEnd>().abort_source, "DICOM UL service-user");
    EXPECT_EQ(user.one<DicomEnd>().abort_reason, "");
    EXPECT_EQ(user.one<DicomEnd>().by, Side::client);
}

TEST(DicomAssociation, TheAcceptorMayReleaseToo) {
    auto talk = bed();
    talk.after(std::chrono::seconds{1}).client(ct_request).server(ct_accept);
    talk.after(std::chrono::milliseconds{3}).server(release_rq).client(release_rp);
    EXPECT_EQ(talk.one<DicomEnd>().how, "released");
    EXPECT_EQ(talk.one<DicomEnd>().by, Side::server);
    EXPECT_EQ(talk.one<DicomEnd>().duration_us, 3000);
    EXPECT_EQ(talk.one<DicomEnd>().operations, 0u);
}

TEST(DicomAssociation, WithoutItsRequestItLastsFromTheAnswer) {
    auto talk = bed();
    talk.after(std::chrono::seconds{1}).server(ct_accept);
    talk.after(std::chrono::milliseconds{3}).client(release_rq).server(release_rp);
    EXPECT_EQ(talk.one<DicomEnd>().duration_us, 3000);
}

TEST(DicomAssociation, AReleaseThatNobodyConfirmsIsACut) {
    auto wanted = accepted();
    wanted.client(release_rq).end();
    EXPECT_EQ(wanted.one<DicomEnd>().how, "cut");
    EXPECT_EQ(wanted.one<DicomEnd>().by, Side::client);
    auto unwanted = accepted();
    unwanted.end();
    EXPECT_EQ(unwanted.one<DicomEnd>().how, "cut");
    EXPECT_EQ(unwanted.one<DicomEnd>().by, std::nullopt);
}

TEST(DicomAssociation, AnEndIsToldOnce) {
    auto talk = accepted();
    talk.client(release_rq).server(release_rp).server(abort_of(0, 0)).end();
    EXPECT_EQ(talk.one<DicomEnd>().how, "released");
}

TEST(DicomAssociation, BytesOfAValueAfterTheEndBeginNoAssociation) {
    auto talk = accepted();
    talk.server(hex("04 00 0000000c 00000008 01 02 0000")).client(release_rq + release_rp);
    talk.server(hex("0000")).lose(Side::server, 1).server(hex("00")).end();
    EXPECT_EQ(talk.one<DicomEnd>().how, "released");
    EXPECT_EQ(talk.out.uninspected[static_cast<std::size_t>(Uninspected::content)], 5u);
}

TEST(DicomAssociation, ASecondRequestCutsTheFirstAssociation) {
    auto talk = accepted();
    talk.client(ct_request).server(ct_accept).client(release_rq).server(release_rp);
    EXPECT_THAT(talk.all<DicomAssociation>(), SizeIs(2));
    const auto ends = talk.all<DicomEnd>();
    ASSERT_THAT(ends, SizeIs(2));
    EXPECT_EQ(ends[0]->how, "cut");
    EXPECT_EQ(ends[1]->how, "released");
    EXPECT_EQ(ends[1]->bytes_from_server, ct_accept.size() + release_rp.size());
}

TEST(DicomAssociation, BytesOfTheNextRequestAreNotThoseOfTheAssociationThatItCuts) {
    for (const std::size_t cut : {std::size_t{0}, ct_request.size() / 2}) {
        auto talk = accepted();
        talk.client(ct_request.substr(0, cut)).client(ct_request.substr(cut) + release_rq).server(ct_accept);
        talk.server(release_rp);
        const auto ends = talk.all<DicomEnd>();
        ASSERT_THAT(ends, SizeIs(2));
        EXPECT_EQ(ends[0]->bytes_from_client, ct_request.size()) << cut;
        EXPECT_EQ(ends[1]->bytes_from_client, ct_request.size() + release_rq.size()) << cut;
    }
}

TEST(DicomAssociation, ARequestAfterARejectionIsANewOne) {
    auto talk = bed();
    talk.client(ct_request).server(rejection(2, 3, 2)).client(ct_request).server(ct_accept);
    const auto told = talk.all<DicomAssociation>();
    ASSERT_THAT(told, SizeIs(2));
    EXPECT_EQ(told[0]->outcome, "rejected");
    EXPECT_EQ(told[1]->outcome, "accepted");
    EXPECT_FALSE(told[1]->refusal);
}

TEST(DicomAssociation, BothDirectionsMayBeTheOtherWayRound) {
    auto talk = bed();
    talk.server(ct_request).client(ct_accept).server(release_rq).client(release_rp);
    EXPECT_EQ(talk.one<DicomAssociation>().calling, "CT1");
    EXPECT_EQ(talk.one<DicomEnd>().by, Side::server);
}

TEST(DicomAssociation, AnItemLongerThanItsPduIsNamed) {
    auto talk = bed();
    talk.client(request(hex("20 00 ffff 01000000"))).end();
    EXPECT_EQ(talk.out.violation, "A-ASSOCIATE item longer than its PDU");
    EXPECT_THAT(talk.all<DicomAssociation>(), IsEmpty());
}

TEST(DicomAssociation, WhatIsLongerThanItsItemIsLeftOut) {
    // An abstract syntax beyond its context; a maximum length (0x51) beyond the user information.
    auto talk = bed();
    talk.client(request(item(0x20, hex("01000000 30 00 00ff 312e32")) + item(0x50, hex("51 00 0004 0000"))));
    const auto& told = *talk.end().all<DicomAssociation>().at(0);
    EXPECT_EQ(told.presentations.at(0).abstract_syntax, "");
    EXPECT_EQ(told.requestor->implementation_class_uid, "");
    EXPECT_EQ(talk.out.violation, "");
}

TEST(DicomAssociation, AUidOfAnyLengthIsKeptToSixtyFourBytes) {
    // PS3.5, 9.1.
    auto talk = bed();
    talk.client(request(proposal(1, std::string(5000, '1'), {std::string(9000, '2')}))).end();
    const auto& context = talk.one<DicomAssociation>().presentations.at(0);
    EXPECT_EQ(context.abstract_syntax, std::string(64, '1'));
    EXPECT_THAT(context.proposed, ElementsAre(std::string(64, '2')));
}

TEST(DicomAssociation, MoreContextsAndSyntaxesThanThereMayBeAreNotKept) {
    std::string contexts;
    for (int i = 0; i < 200; ++i) contexts += proposal(static_cast<char>(i), ct_images, {implicit_little});
    auto many = bed();
    many.client(request(contexts)).end();
    EXPECT_THAT(many.one<DicomAssociation>().presentations, SizeIs(128));
    auto deep = bed();
    deep.client(request(proposal(1, ct_images, std::vector<std::string>(50, implicit_little)))).end();
    EXPECT_THAT(deep.one<DicomAssociation>().presentations.at(0).proposed, SizeIs(32));
}

TEST(DicomAssociation, PdusOfAWrongLengthAreNamed) {
    // PS3.8, 9.3.6: A-RELEASE-RQ is always four bytes; 9.3.2: A-ASSOCIATE-RQ at least 68.
    auto release = accepted();
    release.client(hex("05 00 00000005 0000000000"));
    EXPECT_EQ(release.out.violation, "PDU of a wrong length");
    auto short_request = bed();
    short_request.client(pdu(1, std::string(67, 'A')));
    EXPECT_EQ(short_request.out.violation, "PDU of a wrong length");
    auto value = accepted();
    value.client(hex("04 00 00000005 0000000101"));
    EXPECT_EQ(value.out.violation, "P-DATA-TF too short for a value");
    auto tiny = accepted();
    tiny.client(hex("04 00 00000006 00000001 01 03"));
    EXPECT_EQ(tiny.out.violation, "value longer than its P-DATA-TF");
}

TEST(DicomAssociation, AnEmptyDataPduIsCountedAndHarmless) {
    auto talk = accepted();
    talk.client(hex("04 00 00000000") + release_rq).server(release_rp);
    EXPECT_EQ(talk.one<DicomEnd>().data_pdus, 1u);
    EXPECT_EQ(talk.one<DicomEnd>().how, "released");
}

TEST(DicomAssociation, ARequestCutAnywhereSaysNothing) {
    for (std::size_t end = 0; end < ct_request.size(); ++end) {
        auto talk = bed();
        talk.client(ct_request.substr(0, end)).end();
        ASSERT_EQ(talk.json(), "") << end;
        ASSERT_EQ(talk.out.violation, "") << end;
    }
}

TEST(DicomAssociation, ALossAnywhereInTheAcceptLeavesTheRequestUnanswered) {
    for (std::size_t at = 0; at < ct_accept.size(); ++at) {
        auto talk = bed();
        talk.client(ct_request).server(ct_accept.substr(0, at)).lose(Side::server, 1);
        talk.server(ct_accept.substr(at + 1)).end();
        ASSERT_EQ(talk.one<DicomAssociation>().outcome, "unanswered") << at;
        ASSERT_EQ(talk.out.violation, "") << at;
    }
}

TEST(DicomAssociation, AnAbortAfterALossIsFound) {
    auto talk = accepted();
    talk.lose(Side::server, 400).server(abort_of(2, 1)).end();
    EXPECT_EQ(talk.one<DicomEnd>().how, "aborted");
    EXPECT_EQ(talk.one<DicomEnd>().abort_reason, "unrecognized-PDU");
    EXPECT_EQ(talk.one<DicomEnd>().bytes_from_server, ct_accept.size() + 400 + 10);
}

TEST(DicomAssociation, ALossInsideOfAPduThatIsTooLongDoesNotCostThePlace) {
    // A-ASSOCIATE-RQ of 0x40000 bytes is passed over, its last byte too.
    auto talk = accepted();
    talk.client(hex("01 00 00040000") + std::string(1000, 'x')).lose(Side::client, 0x40000 - 1001);
    talk.client("x" + release_rq).server(release_rp);
    EXPECT_EQ(talk.one<DicomEnd>().how, "released");
    EXPECT_EQ(talk.out.uninspected[static_cast<std::size_t>(Uninspected::cap)], 1001u);
}

TEST(DicomAssociation, AnySplitGivesTheSameEvents) {
    expect_any_split_gives_the_same_events(
        open_session,
        {{Side::client,
          request(dicom_name + proposal(1, ct_images, {implicit_little, explicit_little}) +
                  item(0x50, item(0x51, hex("00004000")) + item(0x58, hex("0100 0002 4d45 0000"))))},
         {Side::server, accept(answer(1, 4, implicit_little))},
         {Side::server, release_rq},
         {Side::client, release_rp},
         {Side::client, ct_request},
         {Side::server, rejection(1, 1, 1)},
         {Side::client, ct_request},
         {Side::server, abort_of(2, 0)}});
}

TEST(DicomAssociation, WhatOnlyResemblesARequestIsNotOne) {
    const auto looks = [](std::string_view first) { return probe(as_bytes(first), Side::client); };
    auto even_version = ct_request;
    even_version[7] = 2;   // PS3.8, 9.3.2: the lowest bit stands for version 1
    EXPECT_EQ(looks(even_version), Verdict::no);
    auto blank_title = ct_request;
    blank_title.replace(10, 16, 16, ' ');
    EXPECT_EQ(looks(blank_title), Verdict::no);
    auto control_in_title = ct_request;
    control_in_title[12] = '\x1b';
    EXPECT_EQ(looks(control_in_title), Verdict::no);
    EXPECT_EQ(looks(hex("01 00 00000043 0001")), Verdict::no);
    EXPECT_EQ(looks(hex("01 00 00030001 0001")), Verdict::no);
}

TEST(DicomAssociation, AcceptancesWithoutEndTakeBoundedMemory) {
    auto talk = accepted();
    for (int i = 0; i < 1000; ++i) talk.server(ct_accept);
    EXPECT_LT(talk.memory(), std::size_t{1} << 20);
}

TEST(DicomAssociation, AHeaderThatIsRefusedCountsWhereverTcpCutIt) {
    const std::string garbage = hex("09000000000461626364");
    for (std::size_t cut = 1; cut < garbage.size(); ++cut) {
        Bed talk{open_session()};
        talk.client(garbage.substr(0, cut)).client(garbage.substr(cut));
        EXPECT_GE(talk.out.uninspected[static_cast<std::size_t>(Uninspected::malformed)], 6u) << cut;
    }
}

}   // namespace
}   // namespace ward::protocol::dicom
