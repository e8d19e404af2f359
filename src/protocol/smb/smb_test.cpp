// SPDX-License-Identifier: Apache-2.0
#include "protocol/smb/smb.hpp"

#include "event/dcerpc.hpp"
#include "event/smb.hpp"
#include "protocol/bed_test.hpp"
#include "protocol/smb/names.hpp"

namespace ward::protocol::smb {
namespace {

using event::Smb;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::Pair;
using namespace std::string_literals;

Bed bed() { return Bed{open_session()}; }

std::string little(std::uint64_t value, std::size_t size) {
    std::string bytes;
    for (std::size_t i = 0; i < size; ++i) bytes += static_cast<char>(value >> (8 * i) & 255U);
    return bytes;
}
std::string wide(std::string_view text) {
    std::string bytes;
    for (const char c : text) bytes += std::string{c, '\0'};
    return bytes;
}

struct Order {
    int command;
    std::uint64_t id;
    std::uint32_t status = 0;
    std::uint32_t flags = 0;
    std::uint32_t next = 0;
    std::uint32_t tree = 5;
    std::uint64_t session = 9;
};
std::string message(const Order& order, std::string_view body) {
    return "\xfeSMB"s + little(64, 2) + little(0, 2) + little(order.status, 4) +
           little(static_cast<std::uint64_t>(order.command), 2) + little(1, 2) + little(order.flags, 4) +
           little(order.next, 4) + little(order.id, 8) + little(0, 4) + little(order.tree, 4) +
           little(order.session, 8) + std::string(16, '\0') + std::string{body};
}
std::string frame(std::string_view messages) {
    std::string bytes{"\0", 1};
    for (int shift : {16, 8, 0}) bytes += static_cast<char>(messages.size() >> shift & 255U);
    return bytes + std::string{messages};
}
constexpr std::uint32_t response = 1;
constexpr std::uint32_t related = 4;

std::string tree_request(std::string_view share) {
    const auto path = wide(share);
    return little(9, 2) + little(0, 2) + little(72, 2) + little(path.size(), 2) + path;
}
std::string tree_response(int type) {
    return little(16, 2) + little(static_cast<std::uint64_t>(type), 1) + std::string(13, '\0');
}
std::string create_request(std::string_view name) {
    const auto path = wide(name);
    return little(57, 2) + std::string(22, '\0') + little(2, 4) + std::string(8, '\0') + little(5, 4) +
           little(0, 4) + little(120, 2) + little(path.size(), 2) + std::string(8, '\0') + path;
}
std::string file_id(std::uint64_t id) { return little(id, 8) + little(id, 8); }
std::string create_response(std::uint64_t id, std::uint64_t size = 0) {
    return little(89, 2) + std::string(46, '\0') + little(size, 8) + std::string(8, '\0') + file_id(id) +
           std::string(8, '\0');
}
std::string write_request(std::uint64_t id, std::string_view content) {
    return little(49, 2) + little(112, 2) + little(content.size(), 4) + little(0, 8) + file_id(id) +
           std::string(16, '\0') + std::string{content};
}
std::string read_request(std::uint64_t id) {
    return little(49, 2) + little(0, 2) + little(65536, 4) + little(0, 8) + file_id(id) +
           std::string(17, '\0');
}
std::string read_response(std::string_view content) {
    return little(17, 2) + little(80, 2) + little(content.size(), 4) + little(0, 8) + std::string{content};
}
std::string close_request(std::uint64_t id) { return little(24, 2) + std::string(6, '\0') + file_id(id); }
const std::string close_response = little(60, 2) + std::string(58, '\0');
const std::string write_response = little(17, 2) + std::string(14, '\0');

/// Connects a share and opens a file there.
void open_file(Bed& talk, std::string_view share, int type, std::string_view name) {
    talk.client(frame(message({3, 1}, tree_request(share))));
    talk.server(frame(message({3, 1, 0, response}, tree_response(type))));
    talk.client(frame(message({5, 2}, create_request(name))));
    talk.server(frame(message({5, 2, 0, response}, create_response(7))));
}

TEST(Smb, AccountsForAFileByItsKindAndNotItsName) {
    auto talk = bed();
    open_file(talk, "\\\\nas\\scans", 1, "ct\\HADDAD^NADIA\\report.PDF");
    talk.client(frame(message({9, 3}, write_request(7, std::string(100'000, 'x')))));
    talk.server(frame(message({9, 3, 0, response}, write_response)));
    talk.client(frame(message({8, 4}, read_request(7))));
    talk.server(frame(message({8, 4, 0, response}, read_response(std::string(50'000, 'y')))));
    talk.client(frame(message({6, 5}, close_request(7)))).after(std::chrono::milliseconds{2});
    talk.server(frame(message({6, 5, 0, response}, close_response)));
    const auto told = talk.all<Smb>();
    ASSERT_EQ(told.size(), 3u);
    EXPECT_EQ(told[1]->command, "SMB2_COMMAND_CREATE");
    EXPECT_EQ(told[1]->file, (event::SmbFile{"pdf", 2}));
    EXPECT_EQ(told[1]->disposition, "FILE_OVERWRITE_IF");
    EXPECT_EQ(told[1]->access, "write");
    EXPECT_EQ(told[2]->command, "SMB2_COMMAND_CLOSE");
    EXPECT_EQ(told[2]->share, "\\\\nas\\scans");
    EXPECT_EQ(told[2]->status, "STATUS_SUCCESS");
    EXPECT_EQ(told[2]->latency_us, 2000);
    EXPECT_EQ(told[2]->transfer.reads, 1u);
    EXPECT_EQ(told[2]->transfer.read_bytes, 50'000u);
    EXPECT_EQ(told[2]->transfer.writes, 1u);
    EXPECT_EQ(told[2]->transfer.written_bytes, 100'000u);
    EXPECT_THAT(talk.json(), Not(HasSubstr("HADDAD")));
    EXPECT_THAT(talk.json(), Not(HasSubstr("report")));
    EXPECT_LT(talk.memory(), 16u << 10);
}

TEST(Smb, CountsEveryCommandOfAConversation) {
    auto talk = bed();
    open_file(talk, "\\\\nas\\scans", 1, "a.txt");
    talk.client(frame(message({8, 4}, read_request(7)))).end();
    const auto& account = *talk.all<Smb>().back();
    EXPECT_THAT(account.requests.counts,
                ElementsAre(Pair("SMB2_COMMAND_TREE_CONNECT", 1), Pair("SMB2_COMMAND_CREATE", 1),
                            Pair("SMB2_COMMAND_READ", 1)));
    EXPECT_THAT(account.responses.counts,
                ElementsAre(Pair("SMB2_COMMAND_TREE_CONNECT", 1), Pair("SMB2_COMMAND_CREATE", 1)));
}

// The chain names the file only by its place: MS-SMB2 3.2.4.1.4.
TEST(Smb, FollowsAChainOfRelatedCommands) {
    auto talk = bed();
    auto create = create_request("a.doc");
    create.resize(80);
    const auto read = read_request(~0ULL).substr(0, 48);
    talk.client(frame(message({5, 1, 0, 0, 144}, create) + message({8, 2, 0, related, 112}, read) +
                      message({6, 3, 0, related}, close_request(~0ULL))));
    auto created = create_response(7);
    created.resize(88);
    talk.server(
        frame(message({5, 1, 0, response, 152}, created) +
              message({8, 2, 0, response | related, 64 + 16 + 1000}, read_response(std::string(1000, 'z'))) +
              message({6, 3, 0, response | related}, close_response)));
    const auto told = talk.all<Smb>();
    ASSERT_EQ(told.size(), 2u);
    EXPECT_EQ(told[1]->file, (event::SmbFile{"doc", 0}));
    EXPECT_EQ(told[1]->transfer.read_bytes, 1000u);
    EXPECT_THAT(talk.out.violation, IsEmpty());
}

TEST(Smb, TellsRenamesAndDeletions) {
    auto talk = bed();
    open_file(talk, "\\\\nas\\scans", 1, "x\\a.dcm");
    const auto name = wide("x\\a.dcm.locked");
    const auto rename = std::string(16, '\0') + little(name.size(), 4) + name;
    const auto set_info = [](int level, std::string_view buffer) {
        return little(33, 2) + little(1, 1) + little(static_cast<std::uint64_t>(level), 1) +
               little(buffer.size(), 4) + little(96, 2) + std::string(6, '\0') + file_id(7) +
               std::string{buffer};
    };
    talk.client(frame(message({17, 3}, set_info(10, rename))));
    talk.server(frame(message({17, 3, 0, response}, little(2, 2))));
    talk.client(frame(message({17, 4}, set_info(13, "\x01"))));
    talk.server(frame(message({17, 4, 0xc0000022, response}, little(9, 8))));
    const auto told = talk.all<Smb>();
    ASSERT_EQ(told.size(), 4u);
    EXPECT_EQ(told[2]->action, "renamed");
    EXPECT_EQ(told[2]->file, (event::SmbFile{"dcm", 1}));
    EXPECT_EQ(told[2]->renamed_to, (event::SmbFile{"locked", 1}));
    EXPECT_EQ(told[3]->action, "deleted");
    EXPECT_EQ(told[3]->status, "STATUS_ACCESS_DENIED");
}

// The bind and call to svcctl are those of a remote service installation.
const std::string bind_svcctl =
    hex("05000b03100000004800000002000000d016d016000000000100000000000100"
        "81bb7a364498f135ad3298f03800100302000000045d888aeb1cc9119fe808002b10486002000000");
const std::string create_service =
    hex("0500000310000000dc00000003000000c400000000002d00") + std::string(196, 's');

TEST(Smb, FollowsCallsThroughAPipe) {
    auto talk = bed();
    open_file(talk, "\\\\dc\\IPC$", 2, "svcctl");
    talk.client(frame(message({9, 3}, write_request(7, bind_svcctl))));
    talk.client(frame(message({9, 4}, write_request(7, create_service)))).end();
    const auto calls = talk.all<event::Dcerpc>();
    ASSERT_EQ(calls.size(), 2u);
    EXPECT_EQ(calls[0]->pipe, "svcctl");
    EXPECT_EQ(calls[1]->operation, "CreateServiceWOW64W");
    EXPECT_EQ(calls[1]->response, "UNREPLIED");
}

// MS-NLMP 2.2.1.2
TEST(Smb, ReadsTheNamesOfAnNtlmChallenge) {
    auto talk = bed();
    const auto token = hex(
        "4e544c4d53535000020000000a000a0038000000358289621122334455667788000000000000000020002000420000000a00"
        "7c4f0000000f57004100520044003900010008004e0041005300310004000c0077002e006c006f00630061000000"
        "0000");
    talk.client(frame(message({1, 1}, little(25, 2) + std::string(10, '\0') + little(88, 2) + little(0, 2))));
    talk.server(frame(message({1, 1, 0xc0000016, response}, little(9, 2) + little(0, 2) + little(72, 2) +
                                                                little(token.size(), 2) + token)));
    const auto& told = talk.one<Smb>();
    ASSERT_TRUE(told.ntlmssp);
    EXPECT_EQ(told.ntlmssp->domain, "WARD9");
    EXPECT_EQ(told.ntlmssp->host, "NAS1");
    EXPECT_EQ(told.ntlmssp->dns_domain, "w.loca");
    EXPECT_EQ(told.ntlmssp->version, "10.0.20348");
    EXPECT_EQ(told.status, "STATUS_MORE_PROCESSING_REQUIRED");
    EXPECT_EQ(told.authentication, "NTLMSSP");
}

const std::string smb1_negotiate =
    frame("\xffSMB\x72"s + std::string(8, '\0') + "\x01\xc8"s + std::string(17, '\0') + "\0"s +
          little(24, 2) + "\x02NT LM 0.12\0\x02SMB 2.002\0"s);

TEST(Smb, AnSmb1NegotiationMayBeAnsweredInSmb2) {
    auto talk = bed();
    talk.client(smb1_negotiate);
    talk.server(frame(message({0, 0, 0, response, 0, 0},
                              little(65, 2) + little(3, 2) + little(0x0202, 2) + std::string(58, '\0'))));
    const auto& told = talk.one<Smb>();
    EXPECT_THAT(told.client_dialects, ElementsAre("NT LM 0.12", "SMB 2.002"));
    EXPECT_EQ(told.dialect, "2.02");
    EXPECT_EQ(told.signing, "required");
    EXPECT_FALSE(told.request_unseen);
}

TEST(Smb, EncryptedMessagesAreCountedAsSuch) {
    auto talk = bed();
    talk.client(frame("\xfdSMB"s + std::string(100, 'e'))).end();
    EXPECT_EQ(talk.out.uninspected[static_cast<std::size_t>(Uninspected::encrypted)], 104u);
    EXPECT_EQ(talk.one<Smb>().encrypted_messages, 1u);
}

TEST(Smb, AnySplitGivesTheSameEvents) {
    expect_any_split_gives_the_same_events(
        open_session, {{Side::client, smb1_negotiate + frame(message({3, 1}, tree_request("\\\\dc\\IPC$")))},
                       {Side::server, frame(message({3, 1, 0, response}, tree_response(2)))},
                       {Side::client, frame(message({5, 2}, create_request("svcctl")))},
                       {Side::server, frame(message({5, 2, 0, response}, create_response(7)))},
                       {Side::client, frame(message({9, 3}, write_request(7, bind_svcctl))) +
                                          frame(message({9, 4}, write_request(7, create_service))) +
                                          frame(message({6, 5}, close_request(7)))},
                       {Side::server, frame(message({6, 5, 0, response}, close_response))}});
}

TEST(Smb, ALossInsideAFilesContentCostsNothing) {
    auto talk = bed();
    open_file(talk, "\\\\nas\\scans", 1, "a.bin");
    const auto write = frame(message({9, 3}, write_request(7, std::string(9000, 'x'))));
    talk.client(write.substr(0, 2000)).lose(Side::client, 5000).client(write.substr(7000));
    talk.client(frame(message({6, 4}, close_request(7))));
    talk.server(frame(message({6, 4, 0, response}, close_response)));
    EXPECT_EQ(talk.all<Smb>().back()->transfer.written_bytes, 9000u);
    EXPECT_THAT(talk.out.violation, IsEmpty());
}

TEST(Smb, FindsTheNextMessageAfterALossAndAfterGarbage) {
    auto talk = bed();
    const auto close = frame(message({6, 4}, close_request(7)));
    talk.client(close.substr(0, 50)).lose(Side::client, 500).client("tail" + close);
    talk.client("GARBAGE").client("more" + close).end();
    EXPECT_EQ(talk.out.violation, "not a NetBIOS session message");
    EXPECT_EQ(talk.all<Smb>().size(), 3u);   // two closes and the account
}

TEST(Smb, FloodsTakeBoundedMemory) {
    auto talk = bed();
    for (std::uint64_t i = 1; i < 3000; ++i) {
        talk.client(frame(message({5, i}, create_request("a.txt"))));
        talk.server(frame(message({5, i, 0, response}, create_response(i))));
        talk.client(frame(message({9, i + 10'000}, write_request(i, "x"))));
        talk.client(frame(message({14, i + 20'000}, std::string(32, '\0'))));
    }
    EXPECT_LT(talk.memory(), 200u << 10);
    talk.end();
    // Each CREATE, each unanswered search, each file that nobody closed, and the account.
    EXPECT_EQ(talk.all<Smb>().size(), 3u * 2999 + 1);
}

// MS-SMB2 3.3.1.9: numbers of trees are unique in a session only.
TEST(Smb, ATreeBelongsToItsSession) {
    auto talk = bed();
    talk.client(frame(message({3, 1, 0, 0, 0, 1, 9}, tree_request("\\\\s\\scans"))));
    talk.server(frame(message({3, 1, 0, response, 0, 1, 9}, tree_response(1))));
    talk.client(frame(message({3, 2, 0, 0, 0, 1, 10}, tree_request("\\\\s\\IPC$"))));
    talk.server(frame(message({3, 2, 0, response, 0, 1, 10}, tree_response(2))));
    talk.client(frame(message({5, 3, 0, 0, 0, 1, 9}, create_request("Haddad_Nadia_1961.pdf"))));
    talk.server(frame(message({5, 3, 0, response, 0, 1, 9}, create_response(7))));
    EXPECT_EQ(talk.all<Smb>()[2]->file, (event::SmbFile{"pdf", 0}));
    EXPECT_EQ(talk.all<Smb>()[2]->share, "\\\\s\\scans");
    EXPECT_THAT(talk.json(), Not(HasSubstr("addad")));
}

// What is taken for a pipe may be a file, where the connection of its tree was lost.
TEST(Smb, OnlyWellKnownPipesAreNamed) {
    auto talk = bed();
    open_file(talk, "\\\\s\\IPC$", 2, "Haddad_Nadia_1961.pdf");
    EXPECT_EQ(talk.all<Smb>()[1]->named_pipe, "other");
    EXPECT_EQ(pipe_name("\\PSEXESVC-LAB7-3210-stdin"), "psexesvc");
    EXPECT_EQ(pipe_name(""), "");
}

TEST(Smb, OnePseudonymJoinsWhatIsDoneToOneFile) {
    Output out;
    const Pseudonymise echo = [](std::string_view name) { return event::Pseudonym{std::string{name}}; };
    out.pseudonymise = &echo;
    EXPECT_EQ(describe("\\CT\\A.dcm", out).path.text, "ct\\a.dcm");
    EXPECT_EQ(describe("ct/a.DCM", out), describe("\\CT\\A.dcm", out));
}

TEST(Smb, AChainThatWritesANewFileIsSummed) {
    auto talk = bed();
    auto create = create_request("a.doc");
    create.resize(80);
    const auto write = write_request(~0ULL, std::string(1000, 'w'));
    const auto next = static_cast<std::uint32_t>(64 + write.size());
    talk.client(frame(message({5, 1, 0, 0, 144}, create) + message({9, 2, 0, related, next}, write) +
                      message({6, 3, 0, related}, close_request(~0ULL))));
    auto created = create_response(7);
    created.resize(88);
    talk.server(frame(message({5, 1, 0, response, 152}, created) +
                      message({9, 2, 0, response | related, 80}, write_response) +
                      message({6, 3, 0, response | related}, close_response)));
    EXPECT_EQ(talk.all<Smb>().back()->transfer.written_bytes, 1000u);
    EXPECT_EQ(talk.all<Smb>().back()->file, (event::SmbFile{"doc", 0}));
}

TEST(Smb, AWriteSaysNoMoreThanItsMessageHolds) {
    auto talk = bed();
    open_file(talk, "\\\\nas\\scans", 1, "a.bin");
    auto write = write_request(7, "x");
    write.replace(4, 4, little(0xffffffff, 4));
    talk.client(frame(message({9, 3}, write))).client(frame(message({6, 4}, close_request(7))));
    talk.server(frame(message({6, 4, 0, response}, close_response)));
    EXPECT_LT(talk.all<Smb>().back()->transfer.written_bytes, 200u);
}

TEST(Smb, ALossTearsWhatIsSaidThroughAPipe) {
    auto talk = bed();
    open_file(talk, "\\\\dc\\IPC$", 2, "svcctl");
    talk.client(frame(message({9, 3}, write_request(7, bind_svcctl.substr(0, 40)))));
    talk.lose(Side::client, 300);
    talk.client(frame(message({9, 5}, write_request(7, bind_svcctl)))).end();
    EXPECT_EQ(talk.one<event::Dcerpc>().request, "BIND");
}

TEST(Smb, AnySplitBehindALossFindsTheSameMessage) {
    const auto close = "tail" + frame(message({6, 4}, close_request(7)));
    for (std::size_t cut = 1; cut < close.size(); ++cut) {
        auto talk = bed();
        talk.client(close.substr(0, 50)).lose(Side::client, 500);
        talk.client(close.substr(0, cut)).client(close.substr(cut)).end();
        ASSERT_EQ(talk.all<Smb>().size(), 2u) << cut;   // the close and the account
        ASSERT_EQ(talk.out.uninspected[static_cast<std::size_t>(Uninspected::gap)], 46u)
            << cut << ": 42 held, 4 of the tail";
    }
}

// 2.2.23.1
TEST(Smb, ABreakOfAnOplockIsNoAnswer) {
    auto talk = bed();
    talk.server(frame(message({18, ~0ULL, 0, response}, little(24, 2) + std::string(22, '\0')))).end();
    EXPECT_THAT(talk.one<Smb>().responses.counts, ElementsAre(Pair("SMB2_COMMAND_OPLOCK_BREAK", 1)));
}

TEST(Smb, IsRecognisedByItsContent) {
    const auto asked = [](std::string_view first) { return probe(as_bytes(first), Side::client); };
    EXPECT_EQ(asked(smb1_negotiate), Verdict::yes);
    EXPECT_EQ(asked(frame(message({3, 1}, ""))), Verdict::yes);
    EXPECT_EQ(asked("\0\0"s), Verdict::unsure);
    EXPECT_EQ(asked("\x81\0\0\x44 CK"s), Verdict::yes);
    EXPECT_EQ(asked("\0\0\0\x40HTTP/1.1"s), Verdict::no);
    EXPECT_EQ(asked("GET / HTTP/1.1\r\n"), Verdict::no);
}

TEST(Smb, WhatLooksLikeAnExtensionButIsANameStaysUntold) {
    EXPECT_EQ(describe("a\\b\\c.TXT", Output{}), (event::SmbFile{"txt", 2}));
    EXPECT_EQ(describe("\\.profile", Output{}), (event::SmbFile{"", 0}));
    EXPECT_EQ(describe("dr.haddad-nadia-19590307", Output{}), (event::SmbFile{"other", 0}));
}

}   // namespace
}   // namespace ward::protocol::smb
