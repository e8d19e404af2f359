// SPDX-License-Identifier: Apache-2.0
#include "protocol/postgres/postgres.hpp"

#include "event/database.hpp"
#include "protocol/pending.hpp"
#include "protocol/products.hpp"
#include "protocol/text.hpp"
#include "wire/wire_reader.hpp"

namespace ward::protocol::postgres {
namespace {

constexpr Limits limits;

// The codes that stand where a startup message has its version.
enum Code : std::uint32_t { cancel = 80877102, tls_request = 80877103, gss_request = 80877104 };
constexpr std::uint32_t version3 = 3U << 16U;

struct Message {
    char type = 0;   // 0 where there is none: the client's first, and the answer to a request for TLS
    Bytes body;
    PassedBy passed_by;
};

/// Length and code; the client's first messages have no type.
Decode<Message> decode_startup(Bytes input) {
    if (input.size() < 8) return NeedMore{8 - input.size()};
    WireReader in{input};
    const std::size_t length = in.u32();
    if (length < 8 || length > limits.message_bytes_max) return Malformed{"PostgreSQL startup length"};
    if (input.size() < length) return NeedMore{length - input.size()};
    return Decoded<Message>{{0, input.subspan(4, length - 4), {}}, length};
}

Decode<Message> decode_message(Bytes input) {
    if (input.size() < 5) return NeedMore{5 - input.size()};
    WireReader in{input};
    const auto type = static_cast<char>(in.u8());
    const std::size_t length = in.u32();
    if (length < 4) return Malformed{"PostgreSQL message length"};
    const auto wanted = std::min(length + 1, limits.message_bytes_max);
    if (input.size() < wanted) return NeedMore{wanted - input.size()};
    return Decoded<Message>{{type, input.subspan(5, wanted - 5), {length + 1 - wanted}}, wanted};
}

std::string_view authentication_name(std::uint32_t code) {
    switch (code) {
        case 0: return "none";
        case 2: return "kerberos";
        case 3: return "password";   // in the clear
        case 5: return "md5";
        case 7: return "gss";
        case 9: return "sspi";
        case 10: return "sasl";
        default: return "unknown";
    }
}

std::string_view take_text(std::string_view& text) { return take_until(text, '\0'); }

class PostgresSession final : public Session {
public:
    void data(Side from, Bytes bytes, Output& out) override {
        if (over_) return out.skipped(rest_, bytes.size());
        if (!told_) told_ = std::make_unique<event::Postgres>();
        const auto decode = [&](Bytes input) -> Decode<Message> {
            if (over_) return Decoded<Message>{{0, {}, {input.size(), rest_}}, 0};
            if (from == Side::client) return started_ ? decode_message(input) : decode_startup(input);
            if (awaits_tls_) return Decoded<Message>{{0, input.first(1), {}}, 1};
            return decode_message(input);
        };
        each_message(ways_[index(from)], bytes, limits.message_bytes_max, out, decode,
                     [&](const Message& message) {
                         if (over_) return;
                         from == Side::client ? ask(message, out) : answer(message, out);
                     });
    }
    void gap(Side from, std::uint64_t lost, Output& out) override {
        ways_[index(from)].lose(lost, out);
        if (from == Side::server) awaits_tls_ = false;   // its answer may be what was lost
    }
    void end(Output& out) override { tell(out); }
    std::size_t memory() const noexcept override {
        return sizeof *this + ways_[0].memory() + ways_[1].memory() +
               (told_ ? sizeof *told_ + 6 * limits.text_max : 0);
    }

private:
    void ask(const Message& message, Output& out) {
        if (started_) return;
        WireReader in{message.body};
        const auto code = in.u32();
        if (code == Code::tls_request || code == Code::gss_request) {
            told_->tls_requested |= code == Code::tls_request;
            awaits_tls_ = true;
            return;
        }
        if (code == Code::cancel) return;
        started_ = true;
        told_->protocol_version = std::to_string(code >> 16U) + '.' + std::to_string(code & 0xffffU);
        auto rest = as_text(in.rest());
        while (!rest.empty()) {
            const auto name = take_text(rest);
            const auto value = take_text(rest);
            if (name == "database") told_->database = clipped(value, limits.text_max);
            if (name == "application_name") told_->application = products_in_greeting(value);
            if (name == "user") told_->user = out.pseudonym(value);
        }
    }

    void answer(const Message& message, Output& out) {
        if (message.type == 0) {
            awaits_tls_ = false;
            // Frontend/Backend Protocol, GSSAPI Session Encryption: it begins here.
            if (as_text(message.body) == "G") {
                rest_ = Uninspected::encrypted;
                return tell(out);
            }
            if (as_text(message.body) != "S") return;
            told_->tls = true;
            tell(out);
            out.restart = Bytes{};
            return;
        }
        WireReader in{message.body};
        auto text = as_text(message.body);
        switch (message.type) {
            case 'R': {
                const auto code = in.u32();
                if (code == 0) told_->authenticated = true;
                if (told_->authentication.empty()) told_->authentication = authentication_name(code);
                break;
            }
            case 'S': {
                const auto name = take_text(text);
                if (name == "server_version") told_->server_version = version_of(take_text(text));
                break;
            }
            case 'E':
                if (!told_->authenticated) told_->authenticated = false;
                read_error(text);
                tell(out);
                break;
            case 'Z': tell(out); break;   // ready for statements
            default: break;
        }
    }

    /// Fields of one letter and a text; C is the SQLSTATE, and the others may quote anything.
    void read_error(std::string_view text) {
        while (!text.empty() && text.front() != '\0') {
            const auto field = take_text(text);
            if (field.starts_with('C')) told_->error_code = clipped(field.substr(1), 5);
        }
    }

    void tell(Output& out) {
        over_ = true;
        if (told_ && (started_ || told_->tls_requested)) out.emit(std::move(*told_));
        told_.reset();
        for (auto& way : ways_) way.clear();
    }

    std::array<Pending, 2> ways_;
    std::unique_ptr<event::Postgres> told_;
    bool started_ = false;
    bool awaits_tls_ = false;
    bool over_ = false;
    Uninspected rest_ = Uninspected::content;   // what comes when it is over: statements and rows
};

}   // namespace

Verdict probe(Bytes first, Side from) {
    if (from != Side::client) return Verdict::no;
    WireReader in{first};
    const std::size_t length = in.u32();
    if (first.size() < 8) {
        // A length, and the upper half of version 3 or of the other codes: its first byte is 0 or 4.
        const bool fits = first.size() < 4 || (length >= 8 && length <= limits.message_bytes_max);
        return first.front() == std::byte{0} && fits && (in.u8() & 0xfbU) == 0 ? Verdict::unsure
                                                                               : Verdict::no;
    }
    const auto code = in.u32();
    if (code == Code::tls_request || code == Code::gss_request)
        return length == 8 ? Verdict::yes : Verdict::no;
    if (code == Code::cancel) return length == 16 ? Verdict::yes : Verdict::no;
    if (code != version3 || length < 14 || length > limits.message_bytes_max) return Verdict::no;
    // Every startup names its user, nearly always first.
    const auto text = as_text(in.rest());
    using namespace std::string_view_literals;
    const bool whole = first.size() >= length;
    if (text.find("user\0"sv) != std::string_view::npos) return Verdict::yes;
    return whole ? Verdict::no : Verdict::unsure;
}

std::unique_ptr<Session> open_session() { return std::make_unique<PostgresSession>(); }

}   // namespace ward::protocol::postgres
