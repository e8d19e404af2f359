// SPDX-License-Identifier: Apache-2.0
// SMB 2 and 3, section by section of MS-SMB2 2.2, and what a hostile or half-seen peer makes of it.
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
    return bytes;
}

enum Command : std::uint16_t {
    negotiate = 0,
    session_setup = 1,
    tree_connect = 3,
    tree_disconnect = 4,
    create = 5,
    close_file = 6,
    read = 8,
    write = 9,
    ioctl = 11,
    cancel = 12,
    set_info = 17,
};
constexpr std::uint32_t is_response = 1;
constexpr std::uint32_t is_async = 2;
constexpr std::uint32_t is_related = 4;
constexpr std::uint64_t no_file = ~std::uint64_t{0};   // 3.2.4.1.4: the file of the command before
constexpr std::uint32_t access_denied = 0xc0000022;

struct Header {
    std::uint16_t command;
    std::uint64_t id;
    std::uint32_t flags = 0;
    std::uint32_t status = 0;
    std::uint32_t next = 0;
    std::uint32_t tree = 5;
    std::uint16_t charge = 0;
    std::uint16_t credits = 1;
};
// 2.2.1.2
std::string message(const Header& header, std::string_view body) {
    return "\xfeSMB"s + little(64, 2) + little(header.charge, 2) + little(header.status, 4) +
           little(header.command, 2) + little(header.credits, 2) + little(header.flags, 4) +
           little(header.next, 4) + little(header.id, 8) + zeros(4) + little(header.tree, 4) + little(9, 8) +
           zeros(16) + std::string{body};
}
std::string frame(std::string_view messages) {
    std::string bytes = zeros(1);
    for (int shift : {16, 8, 0}) bytes += static_cast<char>(messages.size() >> shift & 255U);
    return bytes + std::string{messages};
}
std::string ask(Command command, std::uint64_t id, std::string_view body) {
    return frame(message({command, id}, body));
}
std::string answer(Command command, std::uint64_t id, std::string_view body, std::uint32_t status = 0) {
    return frame(message({command, id, is_response, status}, body));
}
// 2.2.2: what a refusal carries.
const std::string error = little(9, 2) + zeros(7);

std::string file_id(std::uint64_t id) { return little(id, 8) + little(id, 8); }
std::string share(std::string_view path) {
    return little(9, 2) + zeros(2) + little(72, 2) + little(path.size() * 2, 2) + wide(path);
}
std::string shared(char type) { return little(16, 2) + std::string{type} + zeros(13); }
struct Wish {
    std::uint32_t access = 0x00120089;   // a reader's
    std::uint32_t disposition = 1;
    std::uint32_t options = 0;
    std::uint16_t name_offset = 120;
};
std::string open(std::string_view name, const Wish& wish = {}) {
    return little(57, 2) + zeros(22) + little(wish.access, 4) + zeros(8) + little(wish.disposition, 4) +
           little(wish.options, 4) + little(wish.name_offset, 2) + little(name.size() * 2, 2) + zeros(8) +
           wide(name);
}
std::string opened(std::uint64_t id, std::uint64_t size = 0) {
    return little(89, 2) + zeros(46) + little(size, 8) + zeros(8) + file_id(id) + zeros(8);
}
std::string writing(std::uint64_t id, std::string_view content) {
    return little(49, 2) + little(112, 2) + little(content.size(), 4) + zeros(8) + file_id(id) + zeros(16) +
           std::string{content};
}
const std::string written = little(17, 2) + zeros(14);
std::string reading(std::uint64_t id) {
    return little(49, 2) + zeros(2) + little(65536, 4) + zeros(8) + file_id(id) + zeros(17);
}
std::string content(std::string_view bytes) {
    return little(17, 2) + little(80, 2) + little(bytes.size(), 4) + zeros(8) + std::string{bytes};
}
std::string closing(std::uint64_t id) { return little(24, 2) + zeros(6) + file_id(id); }
const std::string closed = little(60, 2) + zeros(58);
std::string setting(std::uint64_t id, char level, std::string_view value) {
    return little(33, 2) + "\x01"s + level + little(value.size(), 4) + little(96, 2) + zeros(6) +
           file_id(id) + std::string{value};
}
std::string control(std::uint32_t function, std::uint64_t id, std::string_view input) {
    return little(57, 2) + zeros(2) + little(function, 4) + file_id(id) + little(120, 4) +
           little(input.size(), 4) + zeros(24) + std::string{input};
}

void connect(Bed& talk, std::string_view path, char type) {
    talk.client(ask(tree_connect, 1, share(path))).server(answer(tree_connect, 1, shared(type)));
}
void open_file(Bed& talk, std::uint64_t id, std::string_view name) {
    talk.client(ask(create, id, open(name))).server(answer(create, id, opened(id)));
}
const Smb& close_of(Bed& talk, std::uint64_t id) {
    talk.client(ask(close_file, id + 1000, closing(id)));
    talk.server(answer(close_file, id + 1000, closed));
    return *talk.all<Smb>().back();
}
std::uint64_t skipped(const Bed& talk, Uninspected why) {
    return talk.out.uninspected[static_cast<std::size_t>(why)];
}

// MS-SRVS 2.2.2.4: a $ hides a share, as administrators do with those of users.
TEST(Smb2, AHiddenShareIsSomebodysHome) {
    const Pseudonymise by_length = [](std::string_view text) {
        return event::Pseudonym{"key:" + std::to_string(text.size())};
    };
    const auto told = [&](const char* path, const Pseudonymise* pseudonymise) {
        auto talk = bed();
        talk.out.pseudonymise = pseudonymise;
        connect(talk, path, 1);
        return talk.all<Smb>().front()->share;
    };
    EXPECT_EQ(told("\\\\srv\\SmithJohn$", &by_length), "\\\\srv\\key:10$");
    EXPECT_EQ(told("\\\\srv\\SmithJohn$", nullptr), "\\\\srv\\{id}$");
    for (const char* path :
         {"\\\\srv\\C$", "\\\\srv\\Admin$", "\\\\srv\\IPC$", "\\\\srv\\print$", "\\\\srv\\Radiology"})
        EXPECT_EQ(told(path, nullptr), path);
}

// 2.2.3 and 2.2.4.
std::string offer(std::uint16_t count, const std::vector<std::uint16_t>& dialects) {
    auto body = little(36, 2) + little(count, 2) + little(1, 2) + zeros(6) +
                hex("000102030405060708090a0b0c0d0e0f") + zeros(8);
    for (const auto dialect : dialects) body += little(dialect, 2);
    return body;
}
std::string choice(std::uint16_t dialect, std::uint16_t security_mode) {
    return little(65, 2) + little(security_mode, 2) + little(dialect, 2) + zeros(2) +
           hex("f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff") + zeros(40);
}

TEST(Smb2, ANegotiationTellsBothSidesAndTheDialectOfAllThatFollows) {
    auto talk = bed();
    talk.client(ask(negotiate, 0, offer(5, {0x0202, 0x0210, 0x0300, 0x0302, 0x0311})));
    talk.server(answer(negotiate, 0, choice(0x0311, 1)));
    connect(talk, "\\\\nas\\scans", 1);
    const auto told = talk.all<Smb>();
    ASSERT_THAT(told, SizeIs(2));
    EXPECT_THAT(told[0]->client_dialects, ElementsAre("2.02", "2.10", "3.00", "3.02", "3.11"));
    // MS-DTYP 2.3.4.1: three integers in little-endian order, then eight bytes.
    EXPECT_EQ(told[0]->client_guid, "03020100-0504-0706-0809-0a0b0c0d0e0f");
    EXPECT_EQ(told[0]->server_guid, "f3f2f1f0-f5f4-f7f6-f8f9-fafbfcfdfeff");
    EXPECT_EQ(told[0]->signing, "enabled");
    EXPECT_EQ(told[1]->dialect, "3.11");
}

TEST(Smb2, ACountOfDialectsThatLiesIsReadAsFarAsThereAreAny) {
    auto talk = bed();
    talk.client(ask(negotiate, 0, offer(0xffff, {0x0210, 0x0300})));
    talk.client(ask(negotiate, 1, offer(0xffff, std::vector<std::uint16_t>(5000, 0x0311)))).end();
    const auto told = talk.all<Smb>();
    EXPECT_THAT(told[0]->client_dialects, ElementsAre("2.10", "3.00"));
    EXPECT_THAT(told[1]->client_dialects, SizeIs(16));
}

std::string setup(std::string_view token) {
    return little(25, 2) + zeros(10) + little(88, 2) + little(token.size(), 2) + zeros(8) +
           std::string{token};
}
std::string set_up(std::uint16_t flags) { return little(9, 2) + little(flags, 2) + zeros(4); }

// MS-NLMP 2.2.1.3, of the user HADDAD in the domain KLINIK.
TEST(Smb2, AUserIsToldByAPseudonymOnly) {
    auto talk = bed();
    const Pseudonymise by_length = [](std::string_view id) {
        return event::Pseudonym{"length " + std::to_string(id.size())};
    };
    talk.out.pseudonymise = &by_length;
    const auto text = [](std::uint16_t size, std::uint32_t at) {
        return little(size, 2) + little(size, 2) + little(at, 4);
    };
    talk.client(ask(session_setup, 2,
                    setup("NTLMSSP\0"s + little(3, 4) + text(0, 64) + text(0, 64) + text(12, 64) +
                          text(12, 76) + text(0, 88) + text(0, 88) + little(1, 4) + wide("KLINIKHADDAD"))));
    talk.server(answer(session_setup, 2, set_up(0)));
    const auto& told = talk.one<Smb>();
    ASSERT_TRUE(told.ntlmssp);
    EXPECT_EQ(told.authentication, "NTLMSSP");
    EXPECT_EQ(told.ntlmssp->domain, "KLINIK");
    EXPECT_EQ(told.ntlmssp->user.text, "length 6");
    EXPECT_THAT(talk.json(), Not(HasSubstr("HADDAD")));
}

// 2.2.6: SMB2_SESSION_FLAG_IS_GUEST, IS_NULL and ENCRYPT_DATA.
TEST(Smb2, ASessionMayBeAGuestsOrNobodysOrEncrypted) {
    auto talk = bed();
    const auto ticket = hex("60820500 06092a864886f712010202 01006e82");   // RFC 4121, 4.1
    const auto visit = [&](std::uint16_t flag) {
        talk.client(ask(session_setup, flag, setup(ticket)));
        talk.server(answer(session_setup, flag, set_up(flag)));
    };
    visit(1);
    visit(2);
    visit(4);
    const auto told = talk.all<Smb>();
    ASSERT_THAT(told, SizeIs(3));
    EXPECT_EQ(told[0]->account, "guest");
    EXPECT_EQ(told[1]->account, "anonymous");
    EXPECT_EQ(told[2]->account, "");
    EXPECT_FALSE(told[1]->encrypts);
    EXPECT_TRUE(told[2]->encrypts);
    EXPECT_EQ(told[2]->authentication, "Kerberos");
}

TEST(Smb2, AShareIsNamedUntilItIsLeft) {
    auto talk = bed();
    connect(talk, "\\\\nas\\labels", 3);
    talk.client(ask(tree_disconnect, 2, little(4, 4))).server(answer(tree_disconnect, 2, little(4, 4)));
    talk.client(ask(tree_disconnect, 3, little(4, 4)));
    talk.server(answer(tree_disconnect, 3, error, 0xc00000c9));
    const auto told = talk.all<Smb>();
    ASSERT_THAT(told, SizeIs(3));
    EXPECT_EQ(told[0]->share_type, "PRINT");
    EXPECT_EQ(told[1]->share, "\\\\nas\\labels");
    EXPECT_EQ(told[2]->share, "");
    EXPECT_EQ(told[2]->status, "STATUS_NETWORK_NAME_DELETED");
}

// 2.2.13: FILE_DELETE_ON_CLOSE 0x1000, FILE_DIRECTORY_FILE 1; FILE_CREATE 2.
TEST(Smb2, AnOpenTellsWhatItIsFor) {
    auto talk = bed();
    talk.client(ask(create, 1, open("ct\\HADDAD\\a.dcm", {0x00110080, 1, 0x1000})));
    talk.server(answer(create, 1, opened(1, 524'288)));
    talk.client(ask(create, 2, open("ct\\NEW", {0x00100081, 2, 1}))).server(answer(create, 2, opened(2)));
    const auto told = talk.all<Smb>();
    EXPECT_EQ(told[0]->access, "delete_on_close");
    EXPECT_EQ(told[0]->disposition, "FILE_OPEN");
    EXPECT_EQ(told[0]->size, 524'288u);
    EXPECT_EQ(told[1]->access, "normal");
    EXPECT_EQ(told[1]->disposition, "FILE_CREATE");
    EXPECT_TRUE(told[1]->directory);
    EXPECT_THAT(talk.json(), Not(HasSubstr("HADDAD")));
}

TEST(Smb2, FilesAreSummedApart) {
    auto talk = bed();
    open_file(talk, 1, "a.pdf");
    open_file(talk, 2, "b.xml");
    talk.client(ask(write, 3, writing(1, "abc")) + ask(write, 4, writing(2, "wxyz")));
    talk.client(ask(write, 5, writing(1, "defgh")) + ask(read, 6, reading(2)));
    talk.server(answer(write, 3, written) + answer(write, 4, written) + answer(write, 5, written));
    talk.server(answer(read, 6, content("0123456789")));
    const auto first = close_of(talk, 1).transfer;
    const auto second = close_of(talk, 2).transfer;
    EXPECT_EQ(first.writes, 2u);
    EXPECT_EQ(first.written_bytes, 8u);
    EXPECT_EQ(first.reads, 0u);
    EXPECT_EQ(second.written_bytes, 4u);
    EXPECT_EQ(second.read_bytes, 10u);
}

TEST(Smb2, WhatTheServerRefusesToReadOrWriteIsAFailure) {
    auto talk = bed();
    open_file(talk, 1, "a.pdf");
    talk.client(ask(read, 2, reading(1)) + ask(write, 3, writing(1, "abc")));
    talk.server(answer(read, 2, error, 0xc0000011) + answer(write, 3, error, access_denied));
    const auto& told = close_of(talk, 1);
    EXPECT_EQ(told.transfer.failures, 2u);
    EXPECT_EQ(told.transfer.reads, 0u);
    EXPECT_EQ(told.transfer.read_bytes, 0u);
}

TEST(Smb2, AFileOpenedBeforeTheCaptureIsSummedWithoutItsKind) {
    auto talk = bed();
    talk.server(answer(read, 1, content("asked before")));
    talk.client(ask(read, 2, reading(1))).server(answer(read, 2, content("0123456789")));
    const auto& told = close_of(talk, 1);
    EXPECT_EQ(told.transfer.reads, 1u);
    EXPECT_EQ(told.transfer.read_bytes, 10u);
    EXPECT_FALSE(told.file);
}

// 3.3.4.2: first STATUS_PENDING, in the asynchronous form of the header, then the answer.
TEST(Smb2, AnAnswerThatWasPutOffIsToldOnce) {
    auto talk = bed();
    talk.client(ask(create, 1, open("a.doc"))).after(std::chrono::milliseconds{1});
    talk.server(frame(message({create, 1, is_response | is_async, 0x103}, error)));
    EXPECT_THAT(talk.all<Smb>(), IsEmpty());
    talk.after(std::chrono::milliseconds{40});
    talk.server(frame(message({create, 1, is_response | is_async, access_denied}, error)));
    EXPECT_EQ(talk.one<Smb>().status, "STATUS_ACCESS_DENIED");
    EXPECT_EQ(talk.one<Smb>().latency_us, 41'000);
}

// MS-FSCC 2.4: FileEndOfFileInformation 20; FileDispositionInformationEx 64; FileRenameInformationEx 65.
TEST(Smb2, TheNewerWaysToChangeAFileAreTold) {
    auto talk = bed();
    open_file(talk, 1, "a.txt");
    const auto lying = zeros(16) + little(0xffffffff, 4) + wide("\\old\\HADDAD.txt.lockbit");
    talk.client(ask(set_info, 2, setting(1, 20, little(0, 8))) + ask(set_info, 3, setting(1, 64, "\x03")) +
                ask(set_info, 4, setting(1, 65, lying)) + ask(set_info, 5, setting(1, 13, zeros(1))));
    talk.end();
    const auto told = talk.all<Smb>();
    ASSERT_THAT(told, SizeIs(6));
    EXPECT_EQ(told[1]->action, "resized");
    EXPECT_EQ(told[2]->action, "deleted");
    EXPECT_EQ(told[3]->action, "renamed");
    EXPECT_EQ(told[3]->renamed_to, (event::SmbFile{"lockbit", 1}));
    EXPECT_EQ(told[4]->action, "");   // the mark is taken away again
    EXPECT_THAT(talk.json(), Not(HasSubstr("HADDAD")));
}

// FSCTL_VALIDATE_NEGOTIATE_INFO, and FSCTL_PIPE_TRANSCEIVE whose answer is longer than the buffer
// (3.3.5.15.10).
TEST(Smb2, ACallThroughAPipeIsFollowedInAControl) {
    const auto bind =
        hex("05000b03100000004800000002000000d016d016000000000100000000000100"
            "785734123412cdabef000123456789ac01000000045d888aeb1cc9119fe808002b10486002000000");
    auto talk = bed();
    connect(talk, "\\\\dc\\IPC$", 2);
    open_file(talk, 2, "samr");
    talk.client(ask(ioctl, 3, control(0x140204, no_file, bind)));
    EXPECT_THAT(talk.all<event::Dcerpc>(), IsEmpty());
    talk.client(ask(ioctl, 4, control(0x11c017, 2, bind))).server(answer(ioctl, 4, error, 0x80000005)).end();
    const auto& call = talk.one<event::Dcerpc>();
    EXPECT_EQ(call.pipe, "samr");
    ASSERT_THAT(call.interfaces, SizeIs(1));
    EXPECT_EQ(call.interfaces[0].name, "samr");
    EXPECT_EQ(talk.all<Smb>()[2]->status, "STATUS_BUFFER_OVERFLOW");
    EXPECT_EQ(talk.all<Smb>()[2]->function, "0x11c017");
}

// Three commands, of which the first opens and the others mean what it opened.
std::string chain(std::string_view name) {
    auto first = open(name);
    first.resize(80);
    auto second = reading(no_file);
    second.resize(48);
    return frame(message({create, 1, 0, 0, 144}, first) + message({read, 2, is_related, 0, 112}, second) +
                 message({close_file, 3, is_related}, closing(no_file)));
}

TEST(Smb2, AChainWhoseOpeningIsRefusedOpensAndClosesNothing) {
    auto talk = bed();
    const auto refused = [](Command command, std::uint64_t id, std::uint32_t next) {
        return message({command, id, is_response, 0xc0000034, next}, error + zeros(7));
    };
    talk.client(chain("a.doc"));
    talk.server(frame(refused(create, 1, 80) + refused(read, 2, 80) + refused(close_file, 3, 0))).end();
    const auto told = talk.all<Smb>();
    ASSERT_THAT(told, SizeIs(3));
    EXPECT_EQ(told[0]->status, "STATUS_OBJECT_NAME_NOT_FOUND");
    EXPECT_TRUE(told[1]->transfer.empty());
    EXPECT_THAT(told[2]->responses.counts,
                ElementsAre(Pair("SMB2_COMMAND_CREATE", 1), Pair("SMB2_COMMAND_READ", 1),
                            Pair("SMB2_COMMAND_CLOSE", 1)));
}

TEST(Smb2, ANextCommandThatLiesEndsTheChain) {
    auto talk = bed();
    talk.client(frame(message({close_file, 1, 0, 0, 0xffffffff}, closing(1))));
    talk.client(frame(message({close_file, 2, 0, 0, 8}, closing(1)) + message({cancel, 3}, "")));
    talk.end();
    EXPECT_THAT(talk.all<Smb>().back()->requests.counts, ElementsAre(Pair("SMB2_COMMAND_CLOSE", 2)));
    EXPECT_THAT(talk.out.violation, IsEmpty());
}

TEST(Smb2, AChainMustNotEndInHalfAHeader) {
    auto talk = bed();
    talk.client(frame(message({close_file, 1, 0, 0, 88}, closing(1)) + "\xfeSMB"s + zeros(56))).end();
    EXPECT_EQ(talk.out.violation, "message shorter than its header");
    EXPECT_EQ(skipped(talk, Uninspected::malformed), 60u);
}

TEST(Smb2, OffsetsThatPointOutsideTheMessageNameNothing) {
    auto talk = bed();
    talk.client(ask(create, 1, open("a.doc", {0, 1, 0, 0xffff})));
    talk.client(ask(tree_connect, 2, little(9, 2) + zeros(2) + little(0xffff, 4))).end();
    const auto told = talk.all<Smb>();
    EXPECT_EQ(told[0]->file, (event::SmbFile{"", 0}));
    EXPECT_EQ(told[1]->share, "");
}

TEST(Smb2, CreditsOfAnyAmountChangeNothing) {
    const auto told_with = [](std::uint16_t charge, std::uint16_t credits) {
        auto talk = bed();
        talk.client(frame(message({create, 1, 0, 0, 0, 5, charge, credits}, open("a.doc"))));
        talk.server(frame(message({create, 1, is_response, 0, 0, 5, charge, credits}, opened(1))));
        talk.end();
        EXPECT_LT(talk.memory(), 16u << 10);
        return talk.json();
    };
    EXPECT_EQ(told_with(0xffff, 0xffff), told_with(1, 1));
}

// 2.2.41 and 2.2.42.
TEST(Smb2, WhatIsEncryptedOrCompressedIsPassedByToTheByte) {
    auto talk = bed();
    talk.client(frame("\xfdSMB"s + std::string(70'000, 'e')) + frame("\xfcSMB"s + std::string(300, 'c')));
    open_file(talk, 1, "a.doc");
    talk.end();
    const auto& account = *talk.all<Smb>().back();
    EXPECT_EQ(account.encrypted_messages, 1u);
    EXPECT_EQ(account.compressed_messages, 1u);
    EXPECT_EQ(skipped(talk, Uninspected::encrypted), 70'004u);
    EXPECT_EQ(skipped(talk, Uninspected::unknown), 304u);
    EXPECT_EQ(talk.all<Smb>()[0]->file, (event::SmbFile{"doc", 0}));
}

// Whatever is lost of it, the next message is read.
TEST(Smb2, ALossAnywhereCostsOneMessageAtMost) {
    const auto whole = ask(write, 2, writing(1, std::string(300, 'x')));
    for (std::size_t at = 0; at < whole.size(); ++at) {
        auto talk = bed();
        open_file(talk, 1, "a.bin");
        talk.client(whole.substr(0, at)).lose(Side::client, whole.size() - at);
        const auto& told = close_of(talk, 1);
        ASSERT_EQ(told.command, "SMB2_COMMAND_CLOSE") << "lost from " << at;
        const bool head_was_seen = at >= 4 + 64 + 48;
        ASSERT_EQ(told.transfer.written_bytes, head_was_seen ? 300u : 0u) << "lost from " << at;
        ASSERT_THAT(talk.out.violation, IsEmpty()) << "lost from " << at;
    }
}

TEST(Smb2, ALossOfOneDirectionLeavesTheOtherAsItWas) {
    auto talk = bed();
    const auto request = ask(create, 1, open("a.doc"));
    talk.client(request.substr(0, 90)).lose(Side::server, 4000).client(request.substr(90));
    talk.server(answer(create, 1, opened(1)));
    EXPECT_FALSE(talk.one<Smb>().request_unseen);
    EXPECT_EQ(talk.one<Smb>().file, (event::SmbFile{"doc", 0}));
}

TEST(Smb2, ATruncatedMessageSaysNothingAndBreaksNothing) {
    const auto request = ask(create, 1, open("a.doc"));
    for (std::size_t cut = 0; cut < request.size(); ++cut) {
        auto talk = bed();
        talk.client(std::string_view{request}.substr(0, cut)).end();
        ASSERT_THAT(talk.out.events, IsEmpty()) << cut;
        ASSERT_THAT(talk.out.violation, IsEmpty()) << cut;
    }
}

// The header says who speaks (2.2.1.2, SMB2_FLAGS_SERVER_TO_REDIR).
TEST(Smb2, AConnectionPickedUpTheWrongWayRoundIsReadRight) {
    auto right = bed();
    auto wrong = bed();
    const auto request = ask(create, 1, open("a.doc"));
    const auto response = answer(create, 1, opened(1));
    EXPECT_EQ(wrong.server(request).client(response).json(), right.client(request).server(response).json());
}

TEST(Smb2, AnySplitOfAWholeVisitGivesTheSameEvents) {
    expect_any_split_gives_the_same_events(
        open_session,
        {{Side::client, ask(negotiate, 0, offer(2, {0x0210, 0x0311}))},
         {Side::server, answer(negotiate, 0, choice(0x0311, 3))},
         {Side::client, chain("ct\\a.dcm")},
         {Side::server, answer(create, 1, opened(7)) + answer(read, 2, content(std::string(200, 'z')))},
         {Side::server, answer(close_file, 3, closed) + frame("\xfdSMB"s + std::string(60, 'e'))},
         {Side::client, ask(set_info, 4, setting(7, 13, "\x01")) + frame("\xfcSMB"s + zeros(40))}});
}

}   // namespace
}   // namespace ward::protocol::smb
