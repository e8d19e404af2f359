// SPDX-License-Identifier: Apache-2.0
// The PDUs of C706, 12.6.4, with the extensions of MS-RPCE 2.2.2, and calls by what they do.
#include "protocol/bed_test.hpp"
#include "protocol/dcerpc/dcerpc.hpp"

namespace ward::protocol::dcerpc {
namespace {

using event::Dcerpc;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

Bed bed() { return Bed{open_session()}; }
std::string little(std::uint64_t value, std::size_t size) {
    std::string bytes;
    for (std::size_t i = 0; i < size; ++i) bytes += static_cast<char>(value >> (8 * i) & 255U);
    return bytes;
}

enum Type : std::uint8_t {
    request = 0,
    response = 2,
    fault = 3,
    bind = 11,
    bind_ack = 12,
    alter_context = 14,
    alter_context_response = 15,
    auth3 = 16,
    orphaned = 19,
};
constexpr std::uint8_t first = 1;
constexpr std::uint8_t last = 2;
constexpr std::uint8_t whole = first | last;

struct Header {
    Type type;
    std::uint32_t call;
    std::uint8_t flags = whole;
    std::uint16_t auth_length = 0;
};
std::string pdu(const Header& of, std::string_view body) {
    return hex("0500") + static_cast<char>(of.type) + static_cast<char>(of.flags) + hex("10000000") +
           little(body.size() + 16, 2) + little(of.auth_length, 2) + little(of.call, 4) + std::string{body};
}

// What MS-SCMR 1.9, MS-SAMR 1.9 and MS-DRSR 1.9 assign, as it is on the wire; and version 2.0 of NDR.
const std::string svcctl = hex("81bb7a36 4498 f135 ad32 98f038001003") + little(2, 4);
const std::string samr = hex("78573412 3412 cdab ef00 0123456789ac") + little(1, 4);
const std::string drsuapi = hex("354251e3 064b d111 ab04 00c04fc2dcd2") + little(4, 4);
const std::string ndr = hex("045d888a eb1c c911 9fe8 08002b104860") + little(2, 4);

std::string offered(std::uint16_t context, std::string_view interface) {
    return little(context, 2) + little(1, 2) + std::string{interface} + ndr;
}
std::string binding(std::string_view contexts, std::size_t count = 1) {
    return hex("d016d01600000000") + little(count, 4) + std::string{contexts};
}
/// With a secondary address of the given length, NUL included, and the results of the contexts.
std::string bound(const std::vector<std::uint16_t>& results, std::size_t address = 6) {
    auto body = hex("d016d01653f00000") + little(address, 2) + std::string(address, '7');
    while (body.size() % 4 != 0) body += '\0';
    body += little(results.size(), 4);
    for (const auto result : results) body += little(result, 4) + ndr;
    return body;
}
std::string call_of(std::uint16_t context, std::uint16_t opnum, std::size_t stub) {
    return little(stub, 4) + little(context, 2) + little(opnum, 2) + std::string(stub, 's');
}
std::string result_of(std::size_t stub) { return little(stub, 4) + little(0, 4) + std::string(stub, 'r'); }

const Dcerpc& call_after_bind(Bed& talk, std::string_view interface, std::uint16_t opnum) {
    talk.client(pdu({bind, 1}, binding(offered(0, interface)))).server(pdu({bind_ack, 1}, bound({0})));
    talk.client(pdu({request, 2}, call_of(0, opnum, 40))).server(pdu({response, 2}, result_of(24)));
    return *talk.all<Dcerpc>().back();
}

// MS-SCMR 3.1.4.12: RCreateServiceW.
TEST(Dcerpc, NamesTheInstallationOfAService) {
    auto talk = bed();
    const auto& told = call_after_bind(talk, svcctl, 12);
    EXPECT_EQ(told.operation, "CreateServiceW");
    EXPECT_EQ(told.response_bytes, 24u);
}

// MS-SAMR 3.1.5.4.4: SamrCreateUser2InDomain.
TEST(Dcerpc, NamesTheCreationOfAnAccount) {
    auto talk = bed();
    const auto& told = call_after_bind(talk, samr, 50);
    EXPECT_EQ(told.operation, "SamrCreateUser2InDomain");
    ASSERT_THAT(told.interfaces, SizeIs(1));
    EXPECT_EQ(told.interfaces[0].uuid, "12345778-1234-abcd-ef00-0123456789ac");
    EXPECT_EQ(told.interfaces[0].version, "1.0");
}

// MS-DRSR 4.1.10: IDL_DRSGetNCChanges, by which a false domain controller asks for every password.
TEST(Dcerpc, NamesTheReplicationOfADirectory) {
    auto talk = bed();
    EXPECT_EQ(call_after_bind(talk, drsuapi, 3).operation, "DRSGetNCChanges");
}

TEST(Dcerpc, AnOperationOfUnknownNumberKeepsItsNumber) {
    auto talk = bed();
    const auto& told = call_after_bind(talk, samr, 0xffff);
    EXPECT_EQ(told.operation, "");
    EXPECT_EQ(told.opnum, 0xffff);
    EXPECT_EQ(told.interfaces.at(0).name, "samr");
}

TEST(Dcerpc, ACallMeansTheContextThatItNames) {
    auto talk = bed();
    talk.client(pdu({bind, 1}, binding(offered(3, svcctl) + offered(9, drsuapi), 2)));
    talk.server(pdu({bind_ack, 1}, bound({2, 0})));
    talk.client(pdu({request, 2}, call_of(9, 0, 8)) + pdu({request, 3}, call_of(4, 0, 8))).end();
    const auto told = talk.all<Dcerpc>();
    ASSERT_THAT(told, SizeIs(3));
    EXPECT_EQ(told[0]->interfaces.at(0).result, 2);   // provider_rejection
    EXPECT_EQ(told[0]->interfaces.at(1).result, 0);
    EXPECT_EQ(told[1]->operation, "DRSBind");
    EXPECT_EQ(told[2]->operation, "");   // nobody offered that one
    EXPECT_THAT(told[2]->interfaces, IsEmpty());
}

// C706, 12.6.4.1: a context may be given another meaning later.
TEST(Dcerpc, AnAlteredContextMeansItsNewInterface) {
    auto talk = bed();
    talk.client(pdu({bind, 1}, binding(offered(0, svcctl)))).server(pdu({bind_ack, 1}, bound({0})));
    talk.client(pdu({alter_context, 2}, binding(offered(0, samr))));
    talk.server(pdu({alter_context_response, 2}, bound({0}, 0)));
    talk.client(pdu({request, 3}, call_of(0, 64, 8))).end();
    const auto told = talk.all<Dcerpc>();
    ASSERT_THAT(told, SizeIs(3));
    EXPECT_EQ(told[1]->request, "ALTER_CONTEXT");
    EXPECT_EQ(told[1]->response, "ALTER_CONTEXT_RESP");
    EXPECT_EQ(told[1]->interfaces.at(0).result, 0);
    EXPECT_EQ(told[2]->operation, "SamrConnect5");
}

TEST(Dcerpc, TheFragmentsOfBothSidesAreOneCall) {
    auto talk = bed();
    talk.client(pdu({request, 1, first}, call_of(0, 1, 1000)) + pdu({request, 1, 0}, call_of(0, 1, 1000)));
    talk.client(pdu({request, 1, last}, call_of(0, 1, 10))).after(std::chrono::milliseconds{5});
    talk.server(pdu({response, 1, first}, result_of(5000)) + pdu({response, 1, 0}, result_of(5000)));
    EXPECT_THAT(talk.all<Dcerpc>(), IsEmpty());
    talk.after(std::chrono::milliseconds{2}).server(pdu({response, 1, last}, result_of(1)));
    const auto& told = talk.one<Dcerpc>();
    EXPECT_EQ(told.request_bytes, 2010u);
    EXPECT_EQ(told.response_bytes, 10'001u);
    EXPECT_EQ(told.latency_us, 7000);
}

TEST(Dcerpc, CallsThatOverlapAreAnsweredEachByItsNumber) {
    auto talk = bed();
    talk.client(pdu({request, 7}, call_of(0, 1, 8)) + pdu({request, 8}, call_of(0, 2, 8)));
    talk.server(pdu({response, 8}, result_of(80)) + pdu({response, 7}, result_of(70)));
    const auto told = talk.all<Dcerpc>();
    ASSERT_THAT(told, SizeIs(2));
    EXPECT_EQ(told[0]->opnum, 2);
    EXPECT_EQ(told[0]->response_bytes, 80u);
    EXPECT_EQ(told[1]->opnum, 1);
    EXPECT_EQ(told[1]->response_bytes, 70u);
}

// C706, 14.1: the sender says how its integers lie. Version 2.0 has its major number in the lower half.
TEST(Dcerpc, ABigEndianPeerIsReadInItsOwnOrder) {
    auto talk = bed();
    talk.client(
        hex("05000b03 00000000 0048 0000 00000001 10b810b8 00000000 01000000 0000 0100"
            "367abb81 9844 35f1 ad32 98f038001003 00000002"
            "8a885d04 1ceb 11c9 9fe8 08002b104860 00000002"));
    talk.client(hex("05000003 00000000 001c 0000 00000002 00000004 0000 000f 73737373")).end();
    const auto told = talk.all<Dcerpc>();
    ASSERT_THAT(told, SizeIs(2));
    EXPECT_EQ(told[0]->interfaces.at(0).uuid, "367abb81-9844-35f1-ad32-98f038001003");
    EXPECT_EQ(told[0]->interfaces.at(0).version, "2.0");
    EXPECT_EQ(told[1]->operation, "OpenSCManagerW");
    EXPECT_EQ(told[1]->request_bytes, 4u);
}

// MS-RPCE 2.2.2.11: provider 68 (Netlogon), level 6 (privacy), no padding, then the token.
TEST(Dcerpc, ASealedBindingTellsItsProvider) {
    auto talk = bed();
    const auto verifier = hex("4406000000000000") + std::string(12, 'N');
    talk.client(pdu({bind, 1, whole, 12}, binding(offered(0, samr)) + verifier)).end();
    EXPECT_EQ(talk.one<Dcerpc>().auth, "Netlogon");
    EXPECT_TRUE(talk.one<Dcerpc>().sealed);
}

// MS-RPCE 2.2.2.5, with MS-NLMP 2.2.1.3: the user HADDAD.
TEST(Dcerpc, ThirdLegTellsTheUserByAPseudonymOnly) {
    auto talk = bed();
    const Pseudonymise by_length = [](std::string_view id) {
        return event::Pseudonym{"length " + std::to_string(id.size())};
    };
    talk.out.pseudonymise = &by_length;
    const auto none = little(0, 4) + little(64, 4);
    const auto token = hex("4e544c4d53535000 03000000") + none + none + none + little(6, 2) + little(6, 2) +
                       little(64, 4) + none + none + little(0, 4) + "HADDAD";
    const auto size = static_cast<std::uint16_t>(token.size());
    talk.client(pdu({auth3, 3, whole, size}, little(0, 4) + hex("0a05000000000000") + token));
    const auto& told = talk.one<Dcerpc>();
    EXPECT_EQ(told.request, "AUTH3");
    EXPECT_EQ(told.auth, "NTLMSSP");
    EXPECT_FALSE(told.sealed);
    ASSERT_TRUE(told.ntlmssp);
    EXPECT_EQ(told.ntlmssp->user.text, "length 6");
    EXPECT_THAT(talk.json(), Not(HasSubstr("HADDAD")));
}

TEST(Dcerpc, LengthsThatLieInABindingEndIt) {
    auto talk = bed();
    talk.client(pdu({bind, 1, whole, 0xffff}, binding(offered(0, samr), 255)));
    talk.server(pdu({bind_ack, 1}, little(0, 8) + little(0xffff, 2) + hex("00000000"))).end();
    const auto& told = talk.one<Dcerpc>();
    EXPECT_THAT(told.interfaces, SizeIs(1));
    EXPECT_FALSE(told.interfaces.at(0).result);
    EXPECT_EQ(told.auth, "");
}

TEST(Dcerpc, MoreInterfacesThanAnybodyOffersAreNotKept) {
    auto talk = bed();
    std::string many;
    for (std::uint16_t i = 0; i < 80; ++i) many += offered(i, samr);
    talk.client(pdu({bind, 1}, binding(many, 80)));
    talk.client(pdu({request, 2}, call_of(31, 0, 0)) + pdu({request, 3}, call_of(32, 0, 0))).end();
    const auto told = talk.all<Dcerpc>();
    EXPECT_THAT(told[0]->interfaces, SizeIs(32));
    EXPECT_THAT(told[1]->interfaces, SizeIs(1));
    EXPECT_THAT(told[2]->interfaces, IsEmpty());
}

TEST(Dcerpc, AFragmentShorterThanItsHeaderIsMalformed) {
    auto talk = bed();
    talk.client(hex("05000003 10000000 0f00 0000 01000000"));
    EXPECT_EQ(talk.out.violation, "fragment shorter than its header");
    talk.client(hex("05000003 10000000 1200 0000 01000000 0000"));
    EXPECT_EQ(talk.out.violation, "request without its header");
    talk.client(hex("05000103 10000000 1000 0000 01000000"));   // a ping, of connectionless RPC only
    EXPECT_EQ(talk.out.violation, "unknown PDU type");
    EXPECT_THAT(talk.end().all<Dcerpc>(), IsEmpty());
}

// Its header and what names the operation are 28 bytes; the rest of a call nobody reads.
TEST(Dcerpc, ALossAnywhereInAStubCostsNothing) {
    const auto call = pdu({request, 1}, call_of(0, 5, 200));
    for (std::size_t at = 28; at < call.size(); ++at) {
        auto talk = bed();
        talk.client(std::string_view{call}.substr(0, at)).lose(Side::client, call.size() - at);
        talk.client(pdu({orphaned, 1}, "")).end();
        const auto told = talk.all<Dcerpc>();
        ASSERT_THAT(told, SizeIs(2)) << at;
        ASSERT_EQ(told[0]->request, "ORPHANED") << at;
        ASSERT_EQ(told[1]->request_bytes, 200u) << at;
        ASSERT_THAT(talk.out.violation, IsEmpty()) << at;
    }
}

TEST(Dcerpc, ATruncatedBindingSaysNothing) {
    const auto greeting = pdu({bind, 1}, binding(offered(0, samr)));
    for (std::size_t cut = 0; cut < greeting.size(); ++cut) {
        auto talk = bed();
        talk.client(std::string_view{greeting}.substr(0, cut)).end();
        ASSERT_THAT(talk.out.events, IsEmpty()) << cut;
        ASSERT_THAT(talk.out.violation, IsEmpty()) << cut;
    }
}

TEST(Dcerpc, AnAssociationPickedUpTheWrongWayRoundIsReadRight) {
    auto talk = bed();
    talk.server(pdu({bind, 1}, binding(offered(0, drsuapi)))).client(pdu({bind_ack, 1}, bound({0})));
    EXPECT_EQ(talk.one<Dcerpc>().request, "BIND");
    EXPECT_EQ(talk.one<Dcerpc>().response, "BINDACK");
}

TEST(Dcerpc, AnySplitOfFragmentsAndFaultsGivesTheSameEvents) {
    expect_any_split_gives_the_same_events(
        open_session,
        {{Side::client, pdu({bind, 1}, binding(offered(0, svcctl) + offered(1, samr), 2))},
         {Side::server, pdu({bind_ack, 1}, bound({0, 0}))},
         {Side::client,
          pdu({request, 2, first}, call_of(1, 13, 90)) + pdu({request, 2, last}, call_of(1, 13, 3))},
         {Side::server, pdu({response, 2, first}, result_of(80)) + pdu({response, 2, last}, result_of(0))},
         {Side::client, pdu({request, 3}, call_of(0, 2, 20)) + pdu({orphaned, 3}, "")},
         {Side::server, pdu({fault, 3}, little(0, 8) + little(5, 4) + little(0, 4))}});
}

}   // namespace
}   // namespace ward::protocol::dcerpc
