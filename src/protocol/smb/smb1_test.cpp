// SPDX-License-Identifier: Apache-2.0
// SMB 1, command by command of MS-CIFS 2.2.4.
#include "event/dcerpc.hpp"
#include "event/smb.hpp"
#include "protocol/bed_test.hpp"
#include "protocol/smb/smb.hpp"

namespace ward::protocol::smb {
namespace {

using event::Smb;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::Pair;
using testing::SizeIs;
using namespace std::string_literals;

Bed bed() { return Bed{open_session()}; }
std::string zeros(std::size_t count) { return std::string(count, '\0'); }
std::string little(std::uint64_t value, std::size_t size) {
    std::string bytes;
    for (std::size_t i = 0; i < size; ++i) bytes += static_cast<char>(value >> (8 * i) & 255U);
    return bytes;
}
std::string wide(std::string_view text) {
    std::string bytes;
    for (const char c : text) bytes += std::string{c, '\0'};
    return bytes + zeros(2);
}

enum Command : std::uint8_t {
    close_file = 0x04,
    delete_file = 0x06,
    rename_file = 0x07,
    transaction = 0x25,
    read_andx = 0x2e,
    write_andx = 0x2f,
    tree_disconnect = 0x71,
    negotiate = 0x72,
    session_setup = 0x73,
    tree_connect = 0x75,
    nt_create = 0xa2,
    open_andx = 0x2d,
    transaction2 = 0x32,
    nt_rename = 0xa5,
};
constexpr bool unicode = true;
constexpr std::uint32_t access_denied = 0xc0000022;

struct Header {
    std::uint8_t command;
    std::uint16_t id;
    bool reply = false;
    std::uint32_t status = 0;
    bool wide = false;
    std::uint16_t tree = 8;
};
// 2.2.3.1; 0xc807: NT status codes, extended security, long names; 0x8000 Unicode.
std::string header(const Header& of) {
    return "\xffSMB"s + static_cast<char>(of.command) + little(of.status, 4) +
           (of.reply ? "\x98"s : "\x18"s) + little(of.wide ? 0xc807 : 0x4807, 2) + zeros(12) +
           little(of.tree, 2) + little(3, 2) + little(77, 2) + little(of.id, 2);
}
std::string block(std::string_view words, std::string_view bytes) {
    return little(words.size() / 2, 1) + std::string{words} + little(bytes.size(), 2) + std::string{bytes};
}
std::string frame(std::string_view text) {
    std::string bytes = zeros(1);
    for (int shift : {16, 8, 0}) bytes += static_cast<char>(text.size() >> shift & 255U);
    return bytes + std::string{text};
}
std::string ask(Command command, std::uint16_t id, std::string_view words, std::string_view bytes,
                bool as_unicode = false) {
    return frame(header({command, id, false, 0, as_unicode}) + block(words, bytes));
}
std::string answer(Command command, std::uint16_t id, std::string_view words, std::string_view bytes,
                   bool as_unicode = false) {
    return frame(header({command, id, true, 0, as_unicode}) + block(words, bytes));
}
std::string refuse(Command command, std::uint16_t id, std::uint32_t status = access_denied) {
    return frame(header({command, id, true, status}) + block("", ""));
}
const std::string alone = "\xff\0\0\0"s;   // of an AndX block: nothing follows
std::string followed_by(Command command, std::size_t offset) {
    return std::string{static_cast<char>(command), '\0'} + little(offset, 2);
}

// 2.2.4.55: the path is Unicode where the header says so, the service never.
std::string path_of(std::string_view share, std::size_t padding = 0) {
    return zeros(1 + padding) + wide(share) + "?????\0"s;
}
const std::string connect_words = alone + zeros(2) + little(1, 2);
void connect(Bed& talk, std::string_view share, std::string_view service) {
    talk.client(ask(tree_connect, 1, connect_words, path_of(share), unicode));
    talk.server(answer(tree_connect, 1, alone + zeros(2), std::string{service} + zeros(1)));
}
// 2.2.4.64
std::string open_words(std::uint32_t access, std::uint32_t disposition, std::uint32_t options) {
    return alone + zeros(1) + zeros(2) + zeros(8) + little(access, 4) + zeros(16) + little(disposition, 4) +
           little(options, 4) + zeros(5);
}
std::string opened_words(std::uint16_t file, std::uint64_t size) {
    return alone + zeros(1) + little(file, 2) + zeros(48) + little(size, 8) + zeros(5);
}
void open_file(Bed& talk, std::uint16_t file, std::string_view name) {
    talk.client(ask(nt_create, 2, open_words(2, 5, 0), zeros(1) + wide(name), unicode));
    talk.server(answer(nt_create, 2, opened_words(file, 4096), ""));
}
// 2.2.4.43: 14 words, so that the content begins at 64.
std::string writing(std::uint16_t id, std::uint16_t file, std::string_view content) {
    return ask(write_andx, id,
               alone + little(file, 2) + zeros(12) + little(content.size() >> 16U, 2) +
                   little(content.size() & 0xffffU, 2) + little(64, 2) + zeros(4),
               std::string{"\0"s} + std::string{content});
}
std::string reading(std::uint16_t id, std::uint16_t file) {
    return ask(read_andx, id, alone + little(file, 2) + zeros(18), "");
}
std::string content(std::uint16_t id, std::string_view bytes) {
    return answer(read_andx, id,
                  alone + zeros(6) + little(bytes.size() & 0xffffU, 2) + little(60, 2) +
                      little(bytes.size() >> 16U, 2) + zeros(8),
                  zeros(1) + std::string{bytes});
}
const Smb& close_of(Bed& talk, std::uint16_t file) {
    talk.client(ask(close_file, 9, little(file, 2) + zeros(4), "")).server(answer(close_file, 9, "", ""));
    return *talk.all<Smb>().back();
}

// 2.2.4.52.2: NEGOTIATE_SECURITY_SIGNATURES_REQUIRED is 8, _ENABLED 4.
TEST(Smb1, ANegotiationTellsTheDialectOfAllThatFollows) {
    auto talk = bed();
    talk.client(ask(negotiate, 1, "", "\x02PC NETWORK PROGRAM 1.0\0\x02LANMAN1.0\0\x02NT LM 0.12\0"s));
    talk.server(answer(negotiate, 1, little(2, 2) + "\x0f"s + zeros(31), zeros(16)));
    connect(talk, "\\\\CT3\\IMAGES", "A:");
    const auto told = talk.all<Smb>();
    ASSERT_THAT(told, SizeIs(2));
    EXPECT_THAT(told[0]->client_dialects, ElementsAre("PC NETWORK PROGRAM 1.0", "LANMAN1.0", "NT LM 0.12"));
    EXPECT_EQ(told[0]->signing, "required");
    EXPECT_EQ(told[1]->dialect, "NT LM 0.12");
    EXPECT_EQ(told[1]->share, "\\\\CT3\\IMAGES");
    EXPECT_EQ(told[1]->share_type, "FILE");
}

TEST(Smb1, ADialectThatNobodySpeaksIsNotTold) {
    auto talk = bed();
    talk.client(ask(negotiate, 1, "", "\x02Zorbanek\0\x02NT LM 0.12\0"s));
    talk.server(answer(negotiate, 1, little(1, 2) + "\x0f"s + zeros(31), zeros(16)));
    EXPECT_THAT(talk.one<Smb>().client_dialects, ElementsAre("{other}", "NT LM 0.12"));
}

// 2.2.4.52.2: 0xffff where the server speaks none of them.
TEST(Smb1, ADialectThatWasNotOfferedIsNone) {
    auto talk = bed();
    talk.client(ask(negotiate, 1, "", "\x02LANMAN1.0\0"s));
    talk.server(answer(negotiate, 1, little(0xffff, 2), ""));
    EXPECT_EQ(talk.one<Smb>().dialect, "");
    EXPECT_EQ(talk.one<Smb>().signing, "");
}

// 2.2.4.53.1, with two passwords of 24 bytes; its text begins at 32 + 1 + 26 + 2 + 48, so a byte is between.
std::string logon(std::string_view user, std::size_t passwords) {
    const auto secret = std::string(2 * passwords, 'P');
    return ask(session_setup, 2, alone + zeros(10) + little(passwords, 2) + little(passwords, 2) + zeros(8),
               secret + zeros(1) + wide(user) + wide("RADIO") + wide("Windows 5.1") + wide("Windows 2000"),
               unicode);
}

TEST(Smb1, ALogonByPasswordTellsTheSystemAndAPseudonym) {
    auto talk = bed();
    const Pseudonymise by_length = [](std::string_view id) {
        return event::Pseudonym{"length " + std::to_string(id.size())};
    };
    talk.out.pseudonymise = &by_length;
    talk.client(logon("HADDAD", 24)).server(answer(session_setup, 2, alone + little(1, 2), ""));
    const auto& told = talk.one<Smb>();
    ASSERT_TRUE(told.ntlmssp);
    EXPECT_EQ(told.authentication, "password");
    EXPECT_EQ(told.ntlmssp->user.text, "length 6");
    EXPECT_EQ(told.ntlmssp->domain, "RADIO");
    EXPECT_EQ(told.native_os, "Windows 5.1");
    EXPECT_EQ(told.native_lm, "Windows 2000");
    EXPECT_EQ(told.account, "guest");   // 2.2.4.53.2: Action, bit 0
    EXPECT_EQ(told.session_id, 77);
    EXPECT_THAT(talk.json(), Not(HasSubstr("HADDAD")));
    EXPECT_THAT(talk.json(), Not(HasSubstr("PPPP")));
}

TEST(Smb1, ALogonWithoutANameIsAnonymous) {
    auto talk = bed();
    talk.client(logon("", 0)).server(refuse(session_setup, 2, 0xc000006d));
    EXPECT_EQ(talk.one<Smb>().account, "anonymous");
    EXPECT_EQ(talk.one<Smb>().status, "STATUS_LOGON_FAILURE");
}

TEST(Smb1, PasswordsLongerThanTheirMessageLeaveNoName) {
    auto talk = bed();
    talk.client(ask(session_setup, 2, alone + zeros(10) + little(0xffffffff, 4) + zeros(8), wide("HADDAD")));
    talk.end();
    EXPECT_EQ(talk.all<Smb>()[0]->native_os, "");
    EXPECT_THAT(talk.json(), Not(HasSubstr("HADDAD")));
}

// 2.2.3.4: logging on and connecting are usually one message.
TEST(Smb1, AChainTellsWhatFollowsItsFirstCommand) {
    auto talk = bed();
    const auto setup = block(followed_by(tree_connect, 32 + 29) + zeros(22), "");
    talk.client(frame(header({session_setup, 1, false, 0, unicode}) + setup +
                      block(connect_words, path_of("\\\\CT3\\IPC$", 1))));
    const auto done = block(followed_by(tree_connect, 32 + 9) + zeros(2), "");
    talk.server(frame(header({session_setup, 1, true}) + done + block(alone + zeros(2), "IPC\0"s))).end();
    const auto told = talk.all<Smb>();
    ASSERT_THAT(told, SizeIs(2));
    EXPECT_EQ(told[0]->command, "SMB1_COMMAND_SESSION_SETUP_ANDX");
    EXPECT_EQ(told[0]->share, "\\\\CT3\\IPC$");
    EXPECT_EQ(told[0]->share_type, "PIPE");
    EXPECT_EQ(told[0]->tree_id, 8);
    EXPECT_THAT(told[1]->requests.counts, ElementsAre(Pair("SMB1_COMMAND_SESSION_SETUP_ANDX", 1),
                                                      Pair("SMB1_COMMAND_TREE_CONNECT_ANDX", 1)));
}

TEST(Smb1, AChainThatTurnsBackOrLeavesItsMessageEnds) {
    auto talk = bed();
    talk.client(ask(read_andx, 1, followed_by(read_andx, 32) + zeros(20), ""));
    talk.client(ask(read_andx, 2, followed_by(read_andx, 0xffff) + zeros(20), "")).end();
    EXPECT_THAT(talk.one<Smb>().requests.counts, ElementsAre(Pair("SMB1_COMMAND_READ_ANDX", 2)));
}

TEST(Smb1, AChainWithoutEndIsReadToItsEighthCommand) {
    auto talk = bed();
    std::string blocks;
    for (std::size_t i = 1; i <= 100; ++i) blocks += block(followed_by(read_andx, 32 + 7 * i), "");
    talk.client(frame(header({read_andx, 1}) + blocks)).end();
    EXPECT_THAT(talk.one<Smb>().requests.counts, ElementsAre(Pair("SMB1_COMMAND_READ_ANDX", 8)));
}

TEST(Smb1, AFileIsSummedUntilItIsClosed) {
    auto talk = bed();
    connect(talk, "\\\\CT3\\IMAGES", "A:");
    open_file(talk, 0x4001, "\\2024\\HADDAD\\scan.dcm");
    talk.client(writing(3, 0x4001, std::string(70'000, 'w')));
    talk.server(answer(write_andx, 3, alone + zeros(8), ""));
    talk.client(reading(4, 0x4001)).server(content(4, std::string(66'000, 'r')));
    talk.client(reading(5, 0x4001)).server(refuse(read_andx, 5));
    const auto& told = close_of(talk, 0x4001);
    EXPECT_EQ(talk.all<Smb>()[1]->size, 4096u);
    EXPECT_EQ(talk.all<Smb>()[1]->access, "write");
    EXPECT_EQ(talk.all<Smb>()[1]->disposition, "FILE_OVERWRITE_IF");
    EXPECT_EQ(told.file, (event::SmbFile{"dcm", 2}));
    EXPECT_EQ(told.share, "\\\\CT3\\IMAGES");
    EXPECT_EQ(told.transfer.written_bytes, 70'000u);
    EXPECT_EQ(told.transfer.read_bytes, 66'000u);
    EXPECT_EQ(told.transfer.reads, 1u);
    EXPECT_EQ(told.transfer.failures, 1u);
    EXPECT_THAT(talk.json(), Not(HasSubstr("HADDAD")));
}

// 2.2.4.7 and 2.2.4.8: names with a format byte before each, here in OEM characters and in Unicode.
TEST(Smb1, DeletionsAndRenamesAreToldByKind) {
    auto talk = bed();
    talk.client(ask(delete_file, 1, zeros(2), "\x04\\ct\\HADDAD.dcm\0"s))
        .server(answer(delete_file, 1, "", ""));
    talk.client(ask(rename_file, 2, zeros(2),
                    "\x04"s + wide("\\a.pdf") + "\x04"s + zeros(1) + wide("a.pdf.enc"), unicode));
    talk.server(refuse(rename_file, 2));
    const auto told = talk.all<Smb>();
    ASSERT_THAT(told, SizeIs(2));
    EXPECT_EQ(told[0]->action, "deleted");
    EXPECT_EQ(told[0]->file, (event::SmbFile{"dcm", 1}));
    EXPECT_EQ(told[1]->action, "renamed");
    EXPECT_EQ(told[1]->file, (event::SmbFile{"pdf", 0}));
    EXPECT_EQ(told[1]->renamed_to, (event::SmbFile{"enc", 0}));
    EXPECT_THAT(talk.json(), Not(HasSubstr("HADDAD")));
}

// 2.2.4.66 and 2.2.4.41
TEST(Smb1, TheOlderWaysToOpenAndTheNewerToRenameAreTold) {
    auto talk = bed();
    talk.client(
        ask(open_andx, 1, alone + zeros(2) + little(1, 2) + zeros(22), zeros(1) + wide("a\\b.pdf"), unicode));
    talk.server(answer(open_andx, 1, alone + little(0x4001, 2) + zeros(6) + little(77, 4) + zeros(14), ""));
    talk.client(
        ask(nt_rename, 2, zeros(8), "\x04"s + wide("\\a.pdf") + "\x04"s + zeros(1) + wide("a.enc"), unicode));
    talk.server(answer(nt_rename, 2, "", ""));
    const auto told = talk.all<Smb>();
    ASSERT_THAT(told, SizeIs(2));
    EXPECT_EQ(told[0]->file, (event::SmbFile{"pdf", 1}));
    EXPECT_EQ(told[0]->access, "write");
    EXPECT_EQ(told[0]->size, 77u);
    EXPECT_EQ(told[1]->action, "renamed");
    EXPECT_EQ(told[1]->renamed_to, (event::SmbFile{"enc", 0}));
}

// 2.2.6.9: 15 words and a setup, so that parameters begin at 32 + 1 + 30 + 2.
std::string setting(std::uint16_t level, std::string_view content) {
    return ask(transaction2, 9,
               zeros(18) + little(6, 2) + little(65, 2) + little(content.size(), 2) + little(71, 2) +
                   "\x01\0"s + little(8, 2),
               little(0x4001, 2) + little(level, 2) + zeros(2) + std::string{content});
}

TEST(Smb1, WhatIsSetOfAnOpenFileIsTold) {
    auto talk = bed();
    open_file(talk, 0x4001, "scan.dcm");
    const auto name = wide("scan.dcm.enc").substr(0, 24);
    talk.client(setting(1010, zeros(8) + little(name.size(), 4) + name))
        .server(answer(transaction2, 9, "", ""));
    talk.client(setting(0x102, "\x01")).server(answer(transaction2, 9, "", ""));
    const auto told = talk.all<Smb>();
    ASSERT_THAT(told, SizeIs(3));
    EXPECT_EQ(told[1]->action, "renamed");
    EXPECT_EQ(told[1]->file, (event::SmbFile{"dcm", 0}));
    EXPECT_EQ(told[1]->renamed_to, (event::SmbFile{"enc", 0}));
    EXPECT_EQ(told[2]->action, "deleted");
}

// 2.2.3.1: without the flag of NT's status codes a class of errors and a code. Class 1, code 5: access
// denied.
TEST(Smb1, AnErrorOfDosIsNoSuccess) {
    auto talk = bed();
    talk.client(ask(nt_create, 1, open_words(2, 5, 0), zeros(1) + wide("a.dcm"), unicode));
    auto refused = frame(header({nt_create, 1, true, 0x00050001}) + block("", ""));
    refused[4 + 11] = '\x08';
    talk.server(refused);
    EXPECT_EQ(talk.one<Smb>().status_code, "0x50001");
    talk.client(reading(4, 0)).end();
    EXPECT_FALSE(talk.all<Smb>().back()->unclosed);
}

// 2.2.5.6, TRANS_TRANSACT_NMPIPE: 16 words, so that the data begins at 32 + 1 + 32 + 2.
TEST(Smb1, ACallThroughAPipeIsFollowedInATransaction) {
    const auto bind =
        hex("05000b03100000004800000002000000d016d016000000000100000000000100"
            "81bb7a364498f135ad3298f03800100302000000045d888aeb1cc9119fe808002b10486002000000");
    auto talk = bed();
    connect(talk, "\\\\CT3\\IPC$", "IPC");
    open_file(talk, 0x4002, "\\SVCCTL");
    talk.client(ask(
        transaction, 3,
        zeros(22) + little(bind.size(), 2) + little(67, 2) + "\x02\0"s + little(0x26, 2) + little(0x4002, 2),
        bind));
    talk.server(refuse(transaction, 3)).end();
    EXPECT_EQ(talk.one<event::Dcerpc>().pipe, "svcctl");
    EXPECT_EQ(talk.one<event::Dcerpc>().request, "BIND");
    EXPECT_EQ(talk.all<Smb>()[2]->function, "0x26");
    EXPECT_EQ(talk.all<Smb>()[2]->named_pipe, "svcctl");
}

TEST(Smb1, AnOpeningCutAnywhereBreaksNothing) {
    const auto whole = header({nt_create, 2, false, 0, unicode}) +
                       block(open_words(2, 5, 0), zeros(1) + wide("\\HADDAD\\scan.dcm"));
    for (std::size_t size = 32; size < whole.size(); ++size) {
        auto talk = bed();
        talk.client(frame(whole.substr(0, size)) + ask(tree_disconnect, 3, "", "")).end();
        ASSERT_THAT(talk.all<Smb>(), SizeIs(3)) << size;
        ASSERT_THAT(talk.json(), Not(HasSubstr("HADDAD"))) << size;
        ASSERT_THAT(talk.out.violation, IsEmpty()) << size;
    }
}

TEST(Smb1, ALossInsideALongWriteCostsNothing) {
    auto talk = bed();
    open_file(talk, 0x4001, "a.bin");
    const auto write = writing(3, 0x4001, std::string(20'000, 'w'));
    talk.client(write.substr(0, 100)).lose(Side::client, write.size() - 100);
    EXPECT_EQ(close_of(talk, 0x4001).transfer.written_bytes, 20'000u);
    EXPECT_THAT(talk.out.violation, IsEmpty());
}

// RFC 1002, 4.3: a session is asked for, granted, and kept alive.
TEST(Smb1, AnySplitOfANetbiosSessionGivesTheSameEvents) {
    expect_any_split_gives_the_same_events(
        open_session,
        {{Side::client, "\x81\0\0\x44"s + std::string(68, 'C') + ask(negotiate, 1, "", "\x02NT LM 0.12\0"s)},
         {Side::server, "\x82\0\0\0"s + answer(negotiate, 1, zeros(2) + "\x03"s + zeros(31), "")},
         {Side::client, "\x85\0\0\0"s + logon("HADDAD", 24)},
         {Side::server, answer(session_setup, 2, alone + zeros(2), "")},
         {Side::client, writing(3, 0x4001, "abc") + reading(4, 0x4001)},
         {Side::server, content(4, "0123456789") + refuse(close_file, 5)}});
}

// SMB 2's READ (8) is SMB 1's READ of an open file too: a request of the one, an answer of the other.
TEST(Smb1, AnAnswerToARequestOfTheOtherVersionIsSurvived) {
    auto talk = bed();
    const std::uint64_t message_id = 3U << 16U | 5U;   // as SMB 1 joins its process and multiplex ids
    const auto request = "\xfeSMB"s + little(64, 2) + zeros(6) + little(8, 2) + zeros(10) +
                         little(message_id, 8) + zeros(32) + little(49, 2) + zeros(47);
    talk.client(frame(request));
    talk.server(frame(header({.command = 0x08, .id = 5, .reply = true}) + block("", ""))).end();
    EXPECT_THAT(talk.json(), testing::HasSubstr("\"status\""));
}

}   // namespace
}   // namespace ward::protocol::smb
