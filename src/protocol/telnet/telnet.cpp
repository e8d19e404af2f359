// SPDX-License-Identifier: Apache-2.0
#include "protocol/telnet/telnet.hpp"

#include <algorithm>
#include <array>

#include "event/telnet.hpp"
#include "protocol/products.hpp"
#include "protocol/text.hpp"

namespace ward::protocol::telnet {
namespace {

constexpr Limits limits;

// RFC 854, page 14.
enum Code : std::uint8_t {
    subnegotiation_end = 240,
    subnegotiation = 250,
    will = 251,
    dont = 254,
    iac = 255
};

/// IANA, Telnet Options.
std::string option_name(std::uint8_t option) {
    switch (option) {
        case 0: return "binary";
        case 1: return "echo";
        case 3: return "suppress-go-ahead";
        case 5: return "status";
        case 24: return "terminal-type";
        case 31: return "window-size";
        case 32: return "terminal-speed";
        case 33: return "remote-flow-control";
        case 34: return "linemode";
        case 35: return "x-display-location";
        case 36: return "environ";
        case 37: return "authentication";
        case 38: return "encrypt";
        case 39: return "new-environ";
        case 40: return "tn3270e";
        case 44: return "com-port";
        case 46: return "start-tls";
        default: return std::to_string(option);
    }
}

/// Takes the commands out of one direction, byte by byte: only its first few KiB come here.
class Commands {
public:
    /// Calls `option(number)` and `text(character)`.
    template <class Option, class Text>
    void feed(Bytes bytes, Option option, Text text) {
        for (const auto byte : bytes) {
            const auto value = std::to_integer<std::uint8_t>(byte);
            switch (state_) {
                case State::text:
                    if (value == iac)
                        state_ = State::command;
                    else
                        text(static_cast<char>(value));
                    break;
                case State::command:
                    state_ = value == subnegotiation          ? State::inside
                             : value >= will && value <= dont ? State::option
                                                              : State::text;
                    if (value == iac) text('?');   // a data byte of 255
                    break;
                case State::option:
                    option(value);
                    state_ = State::text;
                    break;
                case State::inside:
                    if (value == iac) state_ = State::command_inside;
                    break;
                case State::command_inside:
                    state_ = value == subnegotiation_end ? State::text : State::inside;
                    break;
            }
        }
    }
    void lose() { state_ = State::text; }

private:
    enum class State : std::uint8_t { text, command, option, inside, command_inside };
    State state_ = State::text;
};

class TelnetSession final : public Session {
public:
    void data(Side from, Bytes bytes, Output& out) override {
        if (over_) return out.skipped(Uninspected::content, bytes.size());
        if (!told_) told_ = std::make_unique<event::Telnet>();
        auto& read = read_[index(from)];
        const auto part = bytes.first(std::min(bytes.size(), limits.read_max - read));
        read += part.size();
        const auto option = [&](std::uint8_t number) { note(number); };
        if (from == Side::client)
            client_.feed(part, option, [&](char) { end_banner(); });
        else
            server_.feed(part, option, [&](char c) { show(c); });
        out.skipped(Uninspected::content, bytes.size() - part.size());
        if (read_[index(Side::server)] >= limits.read_max) tell(out);
    }

    void gap(Side from, std::uint64_t /*lost*/, Output& /*out*/) override {
        (from == Side::client ? client_ : server_).lose();
        if (from == Side::server) tail_.clear();
        // Who spoke first is no longer known.
        if (told_ && !banner_ended_) told_->banner.clear();
        banner_ended_ = true;
    }
    void end(Output& out) override { tell(out); }
    std::size_t memory() const noexcept override {
        return sizeof *this + tail_.capacity() +
               (told_ ? sizeof *told_ + limits.banner_max + limits.options_max * 64 : 0);
    }

private:
    void note(std::uint8_t number) {
        auto name = option_name(number);
        auto& options = told_->options;
        if (options.size() < limits.options_max && std::ranges::find(options, name) == options.end())
            options.push_back(std::move(name));
    }

    void show(char c) {
        constexpr std::size_t tail_max = 16;   // the longest prompt, and a blank
        const bool printable = c >= ' ' && c < 0x7f;
        if (c == '\n') {
            look_for_prompt();
            tail_.clear();
        }
        if (printable && tail_.size() == tail_max) tail_.erase(0, 1);
        if (printable) tail_ += c;
        auto& banner = told_->banner;
        if (banner_ended_ || banner.size() >= limits.banner_max) return;
        if (printable) banner += c;
        if (c == '\n' && !banner.empty() && !banner.ends_with(' ')) banner += ' ';
    }

    /// A prompt is what the server ends with before the client answers, or a line does.
    void look_for_prompt() {
        const auto end = lowered(trimmed(tail_));
        told_->login_prompt |=
            end.ends_with("login:") || end.ends_with("username:") || end.ends_with("user:");
        told_->password_prompt |= end.ends_with("password:");
    }

    /// Only what a prompt ends is a greeting. Serial devices behind a gateway begin with their results.
    void end_banner() {
        look_for_prompt();
        if (!banner_ended_ && !told_->login_prompt && !told_->password_prompt) told_->banner.clear();
        banner_ended_ = true;
    }

    void tell(Output& out) {
        over_ = true;
        if (!told_) return;
        end_banner();
        told_->banner = products_in_greeting(told_->banner);
        out.emit(std::move(*told_));
        told_.reset();
        tail_ = {};
    }

    std::unique_ptr<event::Telnet> told_;
    std::string tail_;                    // the end of what the server shows
    std::array<std::size_t, 2> read_{};   // of each side
    Commands client_;
    Commands server_;
    bool banner_ended_ = false;
    bool over_ = false;
};

}   // namespace

Verdict probe(Bytes first, Side /*from*/) {
    const auto at = [&](std::size_t i) { return std::to_integer<unsigned>(first[i]); };
    if (at(0) != iac) return Verdict::no;
    if (first.size() > 1 && (at(1) < subnegotiation || at(1) > dont)) return Verdict::no;
    constexpr unsigned option_max = 49;   // IANA; later numbers are rare
    if (first.size() > 2 && at(2) > option_max) return Verdict::no;
    if (first.size() < 6) return Verdict::unsure;
    // A second negotiation right after the first.
    const bool again = at(1) != subnegotiation && at(3) == iac && at(4) >= subnegotiation && at(4) <= dont &&
                       at(5) <= option_max;
    return again ? Verdict::yes : Verdict::unsure;
}

std::unique_ptr<Session> open_session() { return std::make_unique<TelnetSession>(); }

}   // namespace ward::protocol::telnet
