// SPDX-License-Identifier: Apache-2.0
#include "protocol/mysql/mysql.hpp"

#include <algorithm>

#include "event/database.hpp"
#include "protocol/pending.hpp"
#include "protocol/products.hpp"
#include "protocol/text.hpp"
#include "protocol/word_list.hpp"
#include "wire/wire_reader.hpp"

namespace ward::protocol::mysql {
namespace {

constexpr Limits limits;

// Capability flags.
enum Capability : std::uint32_t {
    connect_with_database = 0x8,
    protocol_41 = 0x200,
    tls = 0x800,
    secure_connection = 0x8000,
    plugin_auth = 0x80000,
    length_encoded_auth = 0x200000,
};

// Of MySQL and of MariaDB.
constexpr std::string_view plugin_words =
    "auth_gssapi_client auth_pam auth_pam_compat auth_socket authentication_fido_client "
    "authentication_kerberos_client authentication_ldap_sasl_client authentication_ldap_simple_client "
    "authentication_oci_client authentication_openid_connect_client authentication_webauthn_client "
    "authentication_windows_client caching_sha2_password client_ed25519 dialog mysql_clear_password "
    "mysql_native_password mysql_old_password parsec sha256_password unix_socket";
constexpr auto plugins = sorted_words<count_words(plugin_words)>(plugin_words);

std::string plugin_name(std::string_view name) {
    return std::string{name.empty() || holds(plugins, name) ? name : "{other}"};
}

struct Packet {
    std::uint8_t sequence = 0;
    Bytes body;
    PassedBy passed_by{};
};

Decode<Packet> decode(Bytes input) {
    if (input.size() < 4) return NeedMore{4 - input.size()};
    WireReader in{input};
    const std::size_t length = in.le24();
    Packet packet;
    packet.sequence = in.u8();
    if (in.remaining() < length) return NeedMore{length - in.remaining()};
    packet.body = in.take(length);
    return Decoded<Packet>{packet, 4 + length};
}

std::string_view take_text(WireReader& in) {
    const auto text = as_text(in.rest());
    const auto end = std::min(text.find('\0'), text.size());
    in.skip(std::min(end + 1, text.size()));
    return text.substr(0, end);
}

struct Greeting {
    std::string_view version;   // both borrow the packet
    std::string_view plugin;
    std::uint32_t capabilities = 0;
};

/// HandshakeV10. Nothing where it is none.
std::optional<Greeting> read_greeting(Bytes body) {
    WireReader in{body};
    Greeting greeting;
    if (in.u8() != 10) return std::nullopt;
    greeting.version = take_text(in);
    in.skip(4 + 8 + 1);   // thread, the first part of the challenge, a filler
    greeting.capabilities = in.le16();
    if (in.truncated() || greeting.version.empty()) return std::nullopt;
    if (in.remaining() == 0) return greeting;
    in.skip(3);   // character set, status
    greeting.capabilities |= std::uint32_t{in.le16()} << 16U;
    const std::size_t challenge = in.u8();
    in.skip(10);
    in.skip(std::max<std::size_t>(13, challenge > 8 ? challenge - 8 : 0));
    if (!in.truncated()) greeting.plugin = take_text(in);
    return greeting;
}

class MysqlSession final : public Session {
public:
    void data(Side from, Bytes bytes, Output& out) override {
        if (over_) return out.skipped(Uninspected::content, bytes.size());   // statements and rows
        if (!told_) told_ = std::make_unique<event::Mysql>();
        const auto decode_beginning = [&](Bytes input) -> Decode<Packet> {
            return over_ ? Decoded<Packet>{{0, {}, {input.size()}}, 0} : decode(input);
        };
        each_message(pending_[index(from)], bytes, limits.packet_bytes_max, out, decode_beginning,
                     [&](const Packet& packet) {
                         if (over_) return;
                         from == Side::client ? log_in(packet, out) : answer(packet, out);
                     });
    }
    void gap(Side /*from*/, std::uint64_t /*lost*/, Output& out) override {
        for (auto& pending : pending_) pending.give_up(out);
        tell(out);
    }
    void end(Output& out) override { tell(out); }
    std::size_t memory() const noexcept override {
        return sizeof *this + pending_[0].memory() + pending_[1].memory() +
               (told_ ? sizeof *told_ + 4 * limits.text_max : 0);
    }

private:
    void answer(const Packet& packet, Output& out) {
        if (packet.body.empty()) return out.malformed("empty MySQL packet", 4);
        const auto kind = std::to_integer<std::uint8_t>(packet.body.front());
        if (kind == 0xff) {   // ERR: what follows the code may quote anything
            WireReader in{packet.body.subspan(1)};
            told_->error_code = in.le16();
            if (logged_in_) told_->authenticated = false;
            return tell(out);
        }
        if (!greeted_) {
            const auto greeting = read_greeting(packet.body);
            if (!greeting) return out.malformed("no MySQL greeting", packet.body.size());
            greeted_ = true;
            told_->server_version = version_of(greeting->version);
            told_->auth_plugin = plugin_name(greeting->plugin);
            told_->tls_offered = (greeting->capabilities & Capability::tls) != 0;
        } else if (kind == 0 && logged_in_) {
            told_->authenticated = true;
            tell(out);
        }
    }

    /// HandshakeResponse41, or the request for TLS that is its beginning.
    void log_in(const Packet& packet, Output& out) {
        if (logged_in_) return;   // more of the authentication
        WireReader in{packet.body};
        const std::uint32_t capabilities = in.le32();
        constexpr std::size_t tls_request_bytes = 32;
        if ((capabilities & Capability::tls) != 0 && packet.body.size() == tls_request_bytes) {
            told_->tls = true;
            tell(out);
            out.restart = Bytes{};
            return;
        }
        logged_in_ = true;
        if ((capabilities & Capability::protocol_41) == 0) return;
        in.skip(4 + 1 + 23);
        const auto user = take_text(in);
        if (!user.empty()) told_->user = out.pseudonym(user);
        // The answer to the challenge: its length is one byte in practice, even where more could stand there.
        if ((capabilities & (Capability::length_encoded_auth | Capability::secure_connection)) != 0)
            in.skip(in.u8());
        else
            take_text(in);
        if ((capabilities & Capability::connect_with_database) != 0)
            told_->database = clipped(take_text(in), limits.text_max);
        if ((capabilities & Capability::plugin_auth) != 0)
            if (const auto plugin = take_text(in); !plugin.empty()) told_->auth_plugin = plugin_name(plugin);
    }

    void tell(Output& out) {
        over_ = true;
        if (told_ && (greeted_ || told_->error_code)) out.emit(std::move(*told_));
        told_.reset();
        for (auto& pending : pending_) pending.clear();
    }

    std::array<Pending, 2> pending_;
    std::unique_ptr<event::Mysql> told_;
    bool greeted_ = false;
    bool logged_in_ = false;
    bool over_ = false;
};

}   // namespace

Verdict probe(Bytes first, Side from) {
    if (from != Side::server) return Verdict::no;
    constexpr std::size_t greeting_max = 512;
    if (WireReader in{first}; first.size() >= 3 && in.le24() > greeting_max) return Verdict::no;
    if (first.size() >= 4 && first[3] != std::byte{0}) return Verdict::no;
    if (first.size() >= 5 && first[4] != std::byte{10}) return Verdict::no;
    const auto result = decode(first);
    if (std::holds_alternative<NeedMore>(result)) return first.size() < 256 ? Verdict::unsure : Verdict::no;
    const auto* decoded = std::get_if<0>(&result);
    if (decoded == nullptr || decoded->consumed != first.size()) return Verdict::no;
    const auto greeting = read_greeting(decoded->message.body);
    const bool plain = greeting && greeting->version.size() <= 64 &&
                       std::ranges::all_of(greeting->version, [](char c) { return c > ' ' && c < 0x7f; });
    return plain && greeting->version.find('.') != std::string_view::npos ? Verdict::yes : Verdict::no;
}

std::unique_ptr<Session> open_session() { return std::make_unique<MysqlSession>(); }

}   // namespace ward::protocol::mysql
