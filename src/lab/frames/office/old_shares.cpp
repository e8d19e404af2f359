// SPDX-License-Identifier: Apache-2.0
#include "lab/frames/office/old_shares.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "lab/frames/office/bytes_out.hpp"

namespace ward::lab {
namespace {

using enum OldSmbCommand;

constexpr std::uint16_t smb_port = 445;
constexpr std::size_t part_max = 4'096;   // what a buffer of 4,356 bytes takes: MS-CIFS 3.2.4.2.4
constexpr std::uint32_t not_implemented = 0xc000'0002;
constexpr std::uint16_t session_setup_of_trans2 = 0x000e;   // reserved: MS-CIFS 2.2.6.15
constexpr double guests_share = 0.4;                        // of sessions with shares that take anybody
constexpr double pictures_bytes_max = 160'000;

std::string upper(std::string_view name) {
    std::string out{name.substr(0, name.find('.'))};
    for (auto& c : out) c = static_cast<char>(c >= 'a' && c <= 'z' ? c - 32 : c);
    return out;
}

}   // namespace

/// One connection.
class OldShares::Talk {
public:
    Talk(OldShares& shares, const Device& client, const Device& server)
        : random_(shares.random_->next()),
          server_{.domain = upper(shares.wires_.network().domain),
                  .name = server.name,
                  .challenge = opaque(random_, 8),
                  .session_key = static_cast<std::uint32_t>(random_.below(1U << 20))},
          line_(shares.wires_.line(client, server, smb_port)),
          process_(static_cast<std::uint16_t>(random_.between(600, 0xfeff))) {}

    Moment negotiate(Moment at) {
        server_.at = at;
        return ask(OldSmbCommand::negotiate, old_smb_negotiate(), old_smb_negotiated(server_), at);
    }
    /// Who breaks off instead of an answer.
    Moment negotiate_in_vain(Moment at) {
        at = line_.send(Side::client, message(OldSmbCommand::negotiate, old_smb_negotiate()), at);
        return line_.abort(Side::server, at + milliseconds_of(random_.around(0.4, 1.8)));
    }
    Moment sign_in(const std::string& account, Moment at) {
        const OldSmbGuest guest{.account = account,
                                .domain = account.empty() ? "" : server_.domain,
                                .answer = account.empty() ? Buffer{} : opaque(random_, 48)};
        const auto asked = old_smb_session_setup(guest, server_.session_key);
        at = line_.send(Side::client, message(session_setup, asked), at);
        user_ = static_cast<std::uint16_t>(2'048 + random_.below(64));
        return answer(session_setup, old_smb_session(server_), at);
    }
    Moment connect(std::string_view share, Moment at) {
        const auto path = fmt::format("\\\\{}\\{}", server_.name, share);
        at = line_.send(Side::client, message(tree_connect, old_smb_tree_connect(path)), at);
        tree_ = static_cast<std::uint16_t>(2'048 + random_.below(64));
        return answer(tree_connect, old_smb_tree(share == "IPC$" ? "IPC" : "A:"), at);
    }
    Moment ask(OldSmbCommand command, const OldSmbBody& asked, const OldSmbBody& answered, Moment at,
               std::uint32_t status = 0) {
        at = line_.send(Side::client, message(command, asked), at);
        return answer(command, answered, at, status);
    }
    Moment write_file(OldSmbFile file, Moment at) {
        file.id = next_file();
        at = ask(nt_create, old_smb_create(file, true), old_smb_created(file, true), at);
        for (std::uint32_t offset = 0; offset < file.size; offset += part_max) {
            const auto part = opaque(random_, std::min<std::size_t>(part_max, file.size - offset));
            at = ask(write, old_smb_write(file, offset, part), old_smb_written(part.size()), at);
        }
        return ask(close, old_smb_close(file), old_smb_nothing(), at);
    }
    Moment read_file(OldSmbFile file, Moment at) {
        file.id = next_file();
        at = ask(transaction2, old_smb_ask_times(file.name), old_smb_times(file), at);
        at = ask(nt_create, old_smb_create(file, false), old_smb_created(file, false), at);
        for (std::uint32_t offset = 0; offset < file.size; offset += part_max) {
            const auto part = opaque(random_, std::min<std::size_t>(part_max, file.size - offset));
            at = ask(read, old_smb_read(file, offset, static_cast<std::uint16_t>(part.size())),
                     old_smb_bytes(part), at);
        }
        return ask(close, old_smb_close(file), old_smb_nothing(), at);
    }
    /// MS-CIFS 3.2.4.1.5: the first message's interim answer, then the others without one until the last.
    Moment control(OldSmbControl control, Moment at) {
        control.file = next_file();
        const auto part = [&](std::uint32_t offset) {
            return opaque(random_, std::min<std::size_t>(part_max, control.bytes - offset));
        };
        at = line_.send(Side::client, message(nt_transact, old_smb_control(control, part(0))), at);
        if (control.bytes > part_max) at = answer(nt_transact, old_smb_nothing(), at);
        for (std::uint32_t offset = part_max; offset < control.bytes; offset += part_max)
            at = line_.send(
                Side::client,
                message(nt_transact_secondary, old_smb_control_more(control, offset, part(offset))), at);
        return answer(nt_transact, old_smb_controlled(), at);
    }
    Moment echo_noise(std::size_t size, Moment at) {
        const auto noise = opaque(random_, size);
        return ask(echo, old_smb_echo(noise), old_smb_echo(noise), at);
    }
    Moment sound_out(std::size_t size, Moment at) {
        const auto asked =
            old_smb_transaction2(session_setup_of_trans2, opaque(random_, 12), opaque(random_, size));
        return ask(transaction2, asked, old_smb_nothing(), at, not_implemented);
    }
    Moment end(Moment at) {
        if (tree_ != 0) at = ask(tree_disconnect, old_smb_nothing(), old_smb_nothing(), at);
        if (user_ != 0) at = ask(logoff, old_smb_logoff(), old_smb_logoff(), at);
        return line_.close(Side::client, at);
    }
    Moment break_off(Moment at) { return line_.abort(Side::client, at); }

private:
    Buffer message(OldSmbCommand command, const OldSmbBody& body) {
        if (command != nt_transact_secondary) ++message_;   // parts of one message have one number
        return old_smb_message(
            {.command = command, .tree = tree_, .user = user_, .process = process_, .message = message_},
            body);
    }
    Moment answer(OldSmbCommand command, const OldSmbBody& body, Moment at, std::uint32_t status = 0) {
        const OldSmbHead head{.command = command,
                              .is_answer = true,
                              .status = status,
                              .tree = tree_,
                              .user = user_,
                              .process = process_,
                              .message = message_};
        at = line_.send(Side::server, old_smb_message(head, body),
                        at + milliseconds_of(random_.around(0.9, 2)));
        return at + milliseconds_of(random_.around(0.6, 2.5));
    }
    std::uint16_t next_file() { return static_cast<std::uint16_t>(0x4000 + random_.below(0x400)); }

    Random random_;
    OldSmbServer server_;
    TcpLine line_;
    std::uint16_t process_;
    std::uint16_t tree_ = 0;
    std::uint16_t user_ = 0;
    std::uint16_t message_ = 0;
};

Moment OldShares::work(const Device& console, const Device& server, Moment at) {
    Talk talk{*this, console, server};
    const bool is_guest = random_->chance(guests_share);
    at = talk.sign_in(is_guest ? std::string{} : console.name, talk.negotiate(at));
    if (random_->chance(0.7)) at = talk.connect("IPC$", at);
    for (int left = random_->between(0, 2); left > 0; --left)   // which extensions it has
        at = talk.sound_out(random_->below(4'300), at);
    at = talk.connect(random_->chance(0.6) ? "Export" : "Worklist", at);
    for (int left = random_->between(1, 5); left > 0; --left) {
        at += seconds_of(random_->around(1.5, 3));
        const OldSmbFile file{
            .name =
                fmt::format("\\{:08X}.{}", random_->below(1U << 31), random_->chance(0.7) ? "IMG" : "LST"),
            .size = static_cast<std::uint32_t>(std::min(random_->around(24'000, 2.6), pictures_bytes_max)),
            .changed = at - seconds_of(random_->around(4'000, 4))};
        at = random_->chance(0.65) ? talk.write_file(file, at) : talk.read_file(file, at);
    }
    if (random_->chance(0.5))   // a camera for films that the server shares
        at = talk.control({.function = 0x8000'2000 + 4 * static_cast<std::uint32_t>(random_->below(64)),
                           .bytes = static_cast<std::uint32_t>(random_->around(40'000, 1.7))},
                          at);
    if (random_->chance(0.3)) at = talk.echo_noise(40, at + seconds_of(random_->around(20, 2)));
    return talk.end(at + seconds_of(random_->around(5, 2.5)));
}

Moment OldShares::question(const Device& from, const Device& console, Moment at) {
    Talk talk{*this, from, console};
    at = talk.sign_in({}, talk.negotiate(at));
    if (random_->chance(0.8)) at = talk.connect("IPC$", at);
    for (int left = random_->between(0, 3); left > 0; --left)
        at = talk.sound_out(random_->chance(0.4) ? 0 : random_->below(4'300), at);
    if (random_->chance(0.3)) at = talk.echo_noise(40, at);
    return talk.end(at + milliseconds_of(random_->around(200, 3)));
}

Moment OldShares::overrun(const Device& from, const Device& console, Moment at) {
    Talk first{*this, from, console};
    at = first.sign_in({}, first.negotiate(at));
    at = first.sound_out(0, first.connect("IPC$", at));
    at = first.end(at);
    for (int left = random_->between(3, 7); left > 0; --left) {
        Talk silent{*this, from, console};
        const auto done = silent.sign_in({}, silent.negotiate(at));
        silent.end(done + milliseconds_of(random_->around(900, 1.8)));
        at += milliseconds_of(random_->around(60, 2));
    }
    Talk loud{*this, from, console};
    at = loud.connect("IPC$", loud.sign_in({}, loud.negotiate(at)));
    at = loud.control({.function = 0x8000'2000 + 4 * static_cast<std::uint32_t>(random_->below(64)),
                       .bytes = static_cast<std::uint32_t>(random_->around(66'000, 1.15))},
                      at);
    if (random_->chance(0.6)) at = loud.echo_noise(40, at);
    for (int left = random_->between(2, 6); left > 0; --left)
        at = loud.sound_out(2'600 + random_->below(1'700), at);
    return random_->chance(0.6) ? loud.break_off(at) : loud.end(at);
}

Moment OldShares::fail(const Device& from, const Device& other, Moment at) {
    Talk talk{*this, from, other};
    return talk.negotiate_in_vain(at);
}

}   // namespace ward::lab
