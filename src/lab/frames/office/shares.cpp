// SPDX-License-Identifier: Apache-2.0
#include "lab/frames/office/shares.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <span>
#include <tuple>

#include "lab/frames/office/bytes_out.hpp"
#include "lab/frames/office/rpc.hpp"
#include "lab/frames/office/spnego.hpp"

namespace ward::lab {
namespace {

constexpr std::uint16_t smb_port = 445;
constexpr std::size_t part_max = 65'536;   // of a read or write that costs one credit: MS-SMB2 3.1.5.2
constexpr double file_bytes_max = 400'000;

constexpr auto subjects = std::to_array<std::string_view>(
    {"Handover", "Rota", "Minutes", "Guideline", "Order list", "Letter", "Checklist", "Leaflet", "Audit",
     "Budget", "Training", "Discharge summary", "Consent", "Stock", "Incident", "Protocol", "Poster",
     "Plan"});

struct FileKind {
    std::string_view ending;
    std::string_view first_bytes;   // empty: a text
};
constexpr auto kinds = std::to_array<FileKind>({{"docx", "PK\x03\x04\x14"},
                                                {"xlsx", "PK\x03\x04\x14"},
                                                {"pptx", "PK\x03\x04\x14"},
                                                {"pdf", "%PDF-1.7\n%"},
                                                {"jpg", "\xff\xd8\xff\xe0"},
                                                {"doc", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"},
                                                {"csv", ""},
                                                {"txt", ""}});

std::string on_share(std::string_view path) {
    std::string name{path};
    std::ranges::replace(name, '/', '\\');
    return name;
}

}   // namespace

/// One connection with one session and one tree.
class Shares::Talk {
public:
    Talk(Shares& shares, const Account& account, const Device& server)
        : random_(shares.random_.of(account.device.address).next()),
          tickets_(shares.tickets_),
          account_(account),
          name_(shares.wires_.full_name(server)),
          line_(shares.wires_.line(account.device, server, smb_port)) {}

    Moment open(std::string_view share, Moment at) { return connect(share, begin(at)); }
    Moment begin(Moment at) {
        at = negotiate(at);
        const auto first = spnego_first(tickets_.show(account_, {"cifs", name_}));
        const auto done = spnego_done(tickets_.shown());
        session_ = random_.next() & 0x0000'0fff'ffff'ffff;
        is_signed_ = true;
        return ask(SmbCommand::session_setup, smb_session_setup(first), smb_session(done), at);
    }
    Moment connect(std::string_view share, Moment at, SmbTree kind = SmbTree::disk) {
        tree_ = 1 + 4 * static_cast<std::uint32_t>(random_.below(6));
        return ask(SmbCommand::tree_connect, smb_tree_connect(fmt::format("\\\\{}\\{}", name_, share)),
                   smb_tree(kind), at);
    }
    Moment list(SmbFile folder, const std::vector<SmbFile>& files, Moment at) {
        folder.id = opaque(random_, 16);
        at = ask(SmbCommand::create, smb_create(folder, SmbWish::open), smb_created(folder, SmbWish::open),
                 at);
        at = ask(SmbCommand::query_directory, smb_list(folder), smb_listed(files), at);
        at = ask(SmbCommand::query_directory, smb_list(folder), smb_refused(), at, smb::no_more_files);
        return ask(SmbCommand::close, smb_close(folder), smb_closed(), at);
    }
    Moment read(SmbFile file, Bytes content, Moment at) {
        file.id = opaque(random_, 16);
        at = ask(SmbCommand::create, smb_create(file, SmbWish::open), smb_created(file, SmbWish::open), at);
        for (std::size_t offset = 0; offset < content.size(); offset += part_max) {
            const auto part = content.subspan(offset, std::min(part_max, content.size() - offset));
            at = ask(SmbCommand::read, smb_read(file, offset, static_cast<std::uint32_t>(part.size())),
                     smb_bytes(part), at);
        }
        return ask(SmbCommand::close, smb_close(file), smb_closed(), at);
    }
    /// A new file, or what is there is written over.
    Moment put(SmbFile file, Bytes content, Moment at, SmbWish wish = SmbWish::create) {
        file.id = opaque(random_, 16);
        at = ask(SmbCommand::create, smb_create(file, wish), smb_created(file, wish), at);
        at = write(file, content, at);
        return ask(SmbCommand::close, smb_close(file), smb_closed(), at);
    }
    Moment rename(SmbFile file, std::string_view name, Moment at) {
        file.id = opaque(random_, 16);
        return set(file, smb_rename(file, name), at);
    }
    Moment remove(SmbFile file, Moment at) {
        file.id = opaque(random_, 16);
        return set(file, smb_remove(file), at);
    }
    /// Of the service control, in the order given: MS-SCMR 2.1 has the calls sealed.
    Moment call_services(std::span<const ControlCall> calls, Moment at) {
        const SmbFile pipe{.name = "svcctl", .changed = at, .id = opaque(random_, 16)};
        at = ask(SmbCommand::create, smb_create(pipe, SmbWish::open), smb_created(pipe, SmbWish::open), at);
        std::uint32_t number = 1;
        const auto group = static_cast<std::uint32_t>(random_.between(0x1000, 0xffff));
        const auto bind = rpc_bind(number, spnego_first(tickets_.show(account_, {"cifs", name_})));
        const auto bound = rpc_bound(number, group, spnego_done(tickets_.shown()));
        at = ask(SmbCommand::write, smb_write(pipe, 0, bind),
                 smb_written(static_cast<std::uint32_t>(bind.size())), at);
        at = ask(SmbCommand::read, smb_read(pipe, 0, 1'024), smb_bytes(bound), at);
        for (const auto call : calls) {
            ++number;
            const auto asked = rpc_request(number, call, opaque(random_, asked_size(call)), sealing(number));
            const auto answered =
                rpc_response(number, opaque(random_, answered_size(call)), sealing(number, true));
            at = ask(SmbCommand::control, smb_pipe_asked(pipe, asked), smb_pipe_answered(pipe, answered),
                     at + milliseconds_of(random_.around(call == ControlCall::start ? 90 : 2, 2)));
        }
        return ask(SmbCommand::close, smb_close(pipe), smb_closed(), at);
    }
    Moment miss(const SmbFile& file, Moment at) {
        return ask(SmbCommand::create, smb_create(file, SmbWish::open), smb_refused(), at, smb::not_found);
    }
    Moment end(Moment at) {
        at = ask(SmbCommand::tree_disconnect, smb_nothing(), smb_nothing(), at);
        tree_ = 0;
        at = ask(SmbCommand::logoff, smb_nothing(), smb_nothing(), at);
        return line_.close(Side::client, at);
    }

private:
    Moment set(const SmbFile& file, const Buffer& wish, Moment at) {
        at = ask(SmbCommand::create, smb_create(file, SmbWish::open), smb_created(file, SmbWish::open), at);
        at = ask(SmbCommand::set_info, wish, smb_set(), at);
        return ask(SmbCommand::close, smb_close(file), smb_closed(), at);
    }
    Moment write(const SmbFile& file, Bytes content, Moment at) {
        for (std::size_t offset = 0; offset < content.size(); offset += part_max) {
            const auto part = content.subspan(offset, std::min(part_max, content.size() - offset));
            at = ask(SmbCommand::write, smb_write(file, offset, part),
                     smb_written(static_cast<std::uint32_t>(part.size())), at);
        }
        return at;
    }
    /// Of what MS-SCMR 3.1.4 says: names of machines, services and programs in UTF-16, or a handle's 20
    /// bytes.
    std::size_t asked_size(ControlCall call) {
        using enum ControlCall;
        if (call == create) return 16 * static_cast<std::size_t>(random_.between(16, 27));
        if (call == open_control || call == open) return 16 * static_cast<std::size_t>(random_.between(5, 8));
        return call == start ? 32 : 20;
    }
    static std::size_t answered_size(ControlCall call) {
        using enum ControlCall;
        if (call == create || call == query_status) return 32;
        return call == start || call == remove ? 4 : 24;
    }
    Buffer sealing(std::uint64_t number, bool is_of_server = false) {
        return rpc_signature(number, opaque(random_, 60), is_of_server);
    }
    Moment negotiate(Moment at) {
        SmbNegotiation wish{.dialects = {0x0202, 0x0210, 0x0300, 0x0302, 0x0311},
                            .guid = opaque(random_, 16),
                            .salt = opaque(random_, 32),
                            .ciphers = {2, 1},
                            .server = name_};
        if (account_.device.address % 4 == 1) wish.ciphers = {2, 1, 4, 3};   // newer: 256 bits too
        const bool is_older = account_.device.address % 9 == 2;
        if (is_older) wish.dialects.pop_back();
        const SmbNegotiation choice{.dialects = {wish.dialects.back()},
                                    .guid = opaque(random_, 16),
                                    .salt = opaque(random_, 32),
                                    .ciphers = {2},
                                    .at = at,
                                    .token = spnego_hints(),
                                    .must_sign = true};
        return ask(SmbCommand::negotiate, smb_negotiate(wish), smb_negotiated(choice), at);
    }

    Moment ask(SmbCommand command, const Buffer& asked, const Buffer& answered, Moment at,
               std::uint32_t status = smb::success) {
        const bool is_setup = command == SmbCommand::session_setup;
        SmbHead head{.command = command,
                     .credits = static_cast<std::uint16_t>(is_setup ? 33 : 1),
                     .message = message_++,
                     .tree = tree_,
                     .session = is_setup ? 0 : session_};
        if (is_signed_ && !is_setup) head.signature = opaque(random_, 16);
        at = line_.send(Side::client, smb_message(head, asked), at);
        head.is_answer = true;
        head.status = status;
        head.session = session_;
        if (is_signed_) head.signature = opaque(random_, 16);
        at = line_.send(Side::server, smb_message(head, answered),
                        at + milliseconds_of(random_.around(0.5, 2)));
        return at + milliseconds_of(random_.around(0.4, 2.5));
    }

    Random random_;
    Tickets& tickets_;
    Account account_;
    std::string name_;
    TcpLine line_;
    std::uint64_t message_ = 0;
    std::uint64_t session_ = 0;
    std::uint32_t tree_ = 0;
    bool is_signed_ = false;
};

SmbFile Shares::any_file(std::string_view folder, Moment at) {
    const auto& kind = random_->pick(kinds);
    const auto prefix = folder.empty() ? std::string{} : fmt::format("{}\\", folder);
    return {.name = fmt::format("{}{} {}.{}", prefix, random_->pick(subjects), random_->between(1, 240),
                                kind.ending),
            .size = static_cast<std::uint64_t>(std::min(random_->around(14'000, 2.8), file_bytes_max)),
            .changed = at - seconds_of(random_->around(30.0 * 86'400, 4))};
}

Buffer Shares::content_of(const SmbFile& file) {
    const auto ending = std::string_view{file.name}.substr(file.name.rfind('.') + 1);
    const auto kind = std::ranges::find(kinds, ending, &FileKind::ending);
    const auto size = static_cast<std::size_t>(file.size);
    if (kind != kinds.end() && !kind->first_bytes.empty()) {
        auto content = opaque(*random_, size);
        const auto first = as_bytes(kind->first_bytes);
        std::ranges::copy(first.first(std::min(size, first.size())), content.begin());
        return content;
    }
    std::string text;
    while (text.size() < size)
        fmt::format_to(std::back_inserter(text), "{};{};{}\r\n", random_->pick(subjects),
                       random_->between(1, 9'999), random_->between(1, 31));
    text.resize(size);
    return to_buffer(text);
}

void Shares::begin() {
    wires_.story().agenda().in(std::chrono::minutes{5}, [this] {
        close_idle();
        begin();
    });
}

void Shares::close_idle() {
    const auto now = wires_.story().now();
    std::erase_if(kept_, [&](auto& entry) {
        if (entry.second.until > now) return false;
        entry.second.talk->end(now + seconds_of(random_->uniform() * 200));
        return true;
    });
}

void Shares::touch(const FileTouched& touched, Moment at) {
    if (touched.host == touched.server) return;
    const auto& network = wires_.network();
    auto& kept = kept_[{touched.user, touched.host, touched.share, wires_.label()}];
    if (kept.talk == nullptr) {
        const Account account{network.at(touched.host), touched.user};
        kept.talk = std::make_shared<Talk>(*this, account, network.at(touched.server));
        at = kept.talk->open(touched.share, at);
    }
    SmbFile file{.name = on_share(touched.path),
                 .size = std::max(touched.bytes_read, touched.bytes_written),
                 .changed = at - seconds_of(random_->around(30.0 * 86'400, 4))};
    using enum FileTouched::Action;
    switch (touched.action) {
        case read: at = kept.talk->read(file, content_of(file), at); break;
        case write: at = kept.talk->put(file, content_of(file), at, SmbWish::open); break;
        case create: at = kept.talk->put(file, content_of(file), at); break;
        case rename: at = kept.talk->rename(file, on_share(touched.new_path), at); break;
        case remove: at = kept.talk->remove(file, at); break;
    }
    kept.until = at + seconds_of(random_->around(600, 1.6));
}

Moment Shares::look_around(const Account& account, const Department& department, Moment at) {
    Talk talk{*this, account, wires_.server(DeviceKind::file_server, account.device.site)};
    at = talk.open(random_->chance(0.7) ? "Departments" : "Home$", at);
    std::vector<SmbFile> files;
    for (int left = random_->between(4, 24); left > 0; --left) files.push_back(any_file({}, at));
    const SmbFile folder{
        .name = department.code, .changed = files.front().changed, .attributes = smb::folder};
    at = talk.list(folder, files, at);
    if (random_->chance(0.1))
        at = talk.miss({.name = department.code + "\\" + random_->pick(files).name + ":Zone.Identifier"}, at);
    talk.end(at + seconds_of(random_->around(10, 2)));   // idle connections are closed
    return at;
}

Moment Shares::read_policies(const Account& account, Moment at) {
    Talk talk{*this, account, wires_.server(DeviceKind::domain_controller, account.device.site)};
    at = talk.open("SysVol", at);
    for (int left = random_->between(1, 3); left > 0; --left) {
        const auto folder =
            fmt::format("{}\\Policies\\{{{:08X}-7B1D-4E55-9D1C-0000314159{:02X}}}", wires_.network().domain,
                        random_->below(12) * 0x1a2b3c4d % (1U << 31), random_->below(12));
        const auto text = fmt::format("[General]\r\nVersion={}\r\n", random_->between(1, 90));
        const SmbFile file{
            .name = folder + "\\gpt.ini", .size = text.size(), .changed = at - std::chrono::hours{700}};
        at = talk.read(file, as_bytes(text), at);
        if (random_->chance(0.3)) at = talk.miss({.name = folder + "\\Machine\\registry.pol"}, at);
    }
    talk.end(at + seconds_of(random_->around(8, 2)));
    return at;
}

Moment Shares::start_program(const Account& account, const Device& machine, const Program& program,
                             Moment at) {
    using enum ControlCall;
    constexpr auto first = std::to_array<ControlCall>({open_control, create, start, query_status});
    constexpr auto last =
        std::to_array<ControlCall>({open_control, open, query_status, remove, close, close});
    Talk talk{*this, account, machine};
    at = talk.connect(program.share, talk.begin(at));
    auto content = opaque(*random_, program.bytes);
    std::ranges::copy(as_bytes("MZ"), content.begin());
    at = talk.put({.name = program.file, .size = program.bytes, .changed = at}, content, at);
    at = talk.connect("IPC$", at + milliseconds_of(random_->around(30, 2.5)), SmbTree::pipe);
    at = talk.call_services(first, at);
    if (random_->chance(0.7)) at = talk.call_services(last, at + seconds_of(random_->around(6, 2)));
    talk.end(at + seconds_of(random_->around(4, 2.5)));
    return at;
}

}   // namespace ward::lab
