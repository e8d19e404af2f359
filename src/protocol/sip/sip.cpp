// SPDX-License-Identifier: Apache-2.0
#include "protocol/sip/sip.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "event/sip.hpp"
#include "protocol/address.hpp"
#include "protocol/latency.hpp"
#include "protocol/pending.hpp"
#include "protocol/products.hpp"
#include "protocol/text.hpp"
#include "protocol/word_list.hpp"

namespace ward::protocol::sip {
namespace {

// IANA, Session Initiation Protocol Parameters.
constexpr std::array<std::string_view, 14> methods{"INVITE",  "REGISTER",  "OPTIONS", "BYE",  "ACK",
                                                   "CANCEL",  "SUBSCRIBE", "NOTIFY",  "INFO", "MESSAGE",
                                                   "PUBLISH", "UPDATE",    "PRACK",   "REFER"};

// IANA, Session Description Protocol Parameters: of media and of what carries them; and the encodings of RTP.
constexpr std::string_view sdp_words =
    "application audio image message text video dccp/rtp/avp dccp/rtp/avpf dccp/rtp/savp "
    "dccp/rtp/savpf dccp/tls/rtp/savpf dtls/sctp rtp/avp rtp/avpf rtp/savp rtp/savpf sctp sctp/dtls "
    "tcp tcp/bfcp tcp/dtls/rtp/savpf tcp/dtls/sctp tcp/msrp tcp/rtp/avp tcp/rtp/avpf tcp/rtp/savp "
    "tcp/tls tcp/tls/bfcp tcp/tls/msrp tcp/tls/rtp/savp udp udp/bfcp udp/dtls/sctp udp/tls/rtp/savp "
    "udp/tls/rtp/savpf udp/tls/udptl udptl";
constexpr auto of_sdp = sorted_words<count_words(sdp_words)>(sdp_words);
constexpr std::string_view codec_words =
    "aac ac3 amr amr-wb amr-wb+ av1 bv16 bv32 clearmode cn dat12 dv dvi4 dvi4/8000 eac3 encaprtp "
    "evrc evrc-qcp evrc0 evrc1 evs flexfec flexfec-03 g719 g722 g7221 g723 g726-16 g726-24 g726-32 "
    "g726-40 g728 g729 g7291 g729d g729e gsm gsm-efr gsm-hr-08 h224 h261 h263 h263-1998 h263-2000 "
    "h264 h264-rcdo h264-svc h265 h266 ilbc isac jpeg jpeg2000 l16 l20 l24 l8 lpc melp2400 mp2t "
    "mp4a-latm mp4v-es mpa mpa-robust mpeg4-generic mpv opus parityfec pcma pcma-wb pcmu pcmu-wb "
    "qcelp raw red rtx sip silk smv speex t140 t140c t38 telephone-event theora tone ulpfec vdvi "
    "vmr-wb vorbis vp8 vp9 x-data x-h264uc x-msrta x-rtvc1 x-ulpfecuc";
constexpr auto codecs = sorted_words<count_words(codec_words)>(codec_words);

std::string known_or_other(const auto& words, std::string_view word) {
    return std::string{holds(words, word) ? word : "{other}"};
}

/// Views of one message.
struct Message {
    std::string_view first_line;
    std::string_view fields;
    std::string_view body;
};

/// RFC 3261, 7.3.3: the compact form of a field's name.
std::string_view field(std::string_view fields, std::string_view name, std::string_view compact) {
    while (!fields.empty()) {
        auto value = take_until(fields, '\n');
        const auto found = trimmed(take_until(value, ':'));
        if (equal_ignoring_case(found, name) || (!compact.empty() && equal_ignoring_case(found, compact)))
            return trimmed(value);
    }
    return {};
}

Decode<Message> decode(Bytes input) {
    const auto text = as_text(input);
    const auto begin = text.find_first_not_of("\r\n");   // RFC 3261, 7.5; and RFC 5626's keep-alive
    if (begin == std::string_view::npos) return Decoded<Message>{{}, text.size()};
    const auto line_end = text.find('\n', begin);
    if (line_end != std::string_view::npos &&
        text.substr(begin, line_end - begin).find("SIP/2.0") == std::string_view::npos)
        return Malformed{"no SIP message"};
    const auto end = text.find("\r\n\r\n", begin);
    if (end == std::string_view::npos) {
        if (text.size() > limits.head_bytes_max) return Malformed{"SIP header too long"};
        return NeedMore{};
    }
    Message message;
    message.fields = text.substr(begin, end + 2 - begin);
    message.first_line = trimmed(take_until(message.fields, '\n'));
    const auto length = number(field(message.fields, "Content-Length", "l")).value_or(0);
    const auto rest = text.size() - (end + 4);
    if (length > limits.message_bytes_max) return Malformed{"SIP body too long"};
    if (length > rest) return NeedMore{static_cast<std::size_t>(length) - rest};
    message.body = text.substr(end + 4, static_cast<std::size_t>(length));
    return Decoded<Message>{message, end + 4 + static_cast<std::size_t>(length)};
}

/// RFC 3261, 25.1: a host's name or address. Digits alone are a number that is called.
bool is_host(std::string_view text) {
    return is_address(text) || (text.find_first_not_of("0123456789") != std::string_view::npos &&
                                std::ranges::all_of(text, [](char c) {
                                    return is_letter(c) || is_digit(c) ||
                                           std::string_view{"-._"}.find(c) != std::string_view::npos;
                                }));
}

enum class User : std::uint8_t { required, optional };

/// "Ann" <sip:ann@ward.example:5060;tag=1> → ward.example. Where a user is required, what has none may
/// name one, if it is no address.
std::string domain_of(std::string_view address, User user = User::required) {
    const auto open = address.find('<');
    if (open != std::string_view::npos)
        address = address.substr(open + 1, address.find('>', open) - open - 1);
    // Without a scheme, and in a tel: URI, there is nothing but a person's name or number.
    if (!starts_ignoring_case(address, "sip:") && !starts_ignoring_case(address, "sips:")) return {};
    address.remove_prefix(address.find(':') + 1);
    // What parameters hold may have an @, too; a user with their separators is not told of.
    address = address.substr(0, address.find_first_of(";?> "));
    const auto at = address.rfind('@');
    address.remove_prefix(at + 1);
    const auto host = address.starts_with('[') ? address.substr(1, address.find(']') - 1)
                                               : address.substr(0, address.find(':'));
    if (at == std::string_view::npos && user == User::required && !is_address(host)) return {};
    return is_host(host) ? lowered(clipped(host)) : std::string{};
}

/// One medium of an offer or of its answer (RFC 8866).
struct Medium {
    std::string_view type;
    std::string_view port;
    std::string_view transport;
    std::string_view address;
    bool keyed = false;   // keys for SRTP are given or to be agreed on
};

/// "IN IP4 192.0.2.1/127" → 192.0.2.1. Anything but an address could be a name.
std::string_view address_in(std::string_view connection) {
    take_until(connection, ' ');
    take_until(connection, ' ');
    const auto address = take_until(connection, '/');
    const bool plain = address.find_first_not_of("0123456789abcdefABCDEF:.") == std::string_view::npos;
    return plain && address.size() <= 45 ? address : std::string_view{};
}

std::vector<Medium> media_of(std::string_view sdp) {
    Medium session;   // what holds for all of them stands before the first
    std::vector<Medium> media;
    while (!sdp.empty()) {
        auto line = trimmed(take_until(sdp, '\n'));
        auto& at = media.empty() ? session : media.back();
        if (line.starts_with("m=")) {
            if (media.size() >= limits.list_max) break;
            line.remove_prefix(2);
            auto medium = session;
            medium.type = take_until(line, ' ').substr(0, 32);
            medium.port = take_until(line, ' ').substr(0, 5);
            if (!number(medium.port)) medium.port = {};
            medium.transport = take_until(line, ' ').substr(0, 32);
            // RFC 3711, 12; RFC 5124: SAVP and SAVPF.
            medium.keyed |= medium.transport.find("SAVP") != std::string_view::npos;
            media.push_back(medium);
        } else if (line.starts_with("c=")) {
            at.address = address_in(line.substr(2));
        } else if (line.starts_with("a=crypto:") || line.starts_with("a=fingerprint:")) {
            at.keyed = true;   // RFC 4568; RFC 5763. Phones offer it with RTP/AVP where it is not a must.
        }
    }
    return media;
}

/// Of an answer what was agreed on takes the place of what was offered.
void read_media(std::string_view sdp, event::Sip& sip) {
    const auto media = media_of(sdp);
    if (media.empty()) return;
    sip.media.clear();
    sip.codecs.clear();
    sip.encrypted_media.reset();
    for (const auto& medium : media) {
        sip.media.push_back(known_or_other(of_sdp, medium.type) + " " +
                            known_or_other(of_sdp, medium.transport));
        if (number(medium.port).value_or(0) == 0) continue;   // RFC 3264, 6: refused
        sip.encrypted_media = sip.encrypted_media.value_or(true) && medium.keyed;
        if (!medium.address.empty() && sip.media_endpoints.size() < limits.list_max)
            sip.media_endpoints.push_back(std::string{medium.address} + " " + std::string{medium.port});
    }
    while (!sdp.empty() && sip.codecs.size() < limits.list_max) {
        auto line = trimmed(take_until(sdp, '\n'));
        if (!line.starts_with("a=rtpmap:")) continue;
        take_until(line, ' ');
        auto codec = known_or_other(codecs, trimmed(take_until(line, '/')));
        if (std::ranges::find(sip.codecs, codec) == sip.codecs.end()) sip.codecs.push_back(std::move(codec));
    }
}

struct Waiting {
    std::string key;   // Call-ID and CSeq
    event::Sip sip;
    event::Time asked{};
};

class SipSession final : public Session {
public:
    void data(Side from, Bytes bytes, Output& out) override {
        each_message(pending_[index(from)], bytes, limits.message_bytes_max, out, decode,
                     [&](const Message& message) { take(message, out); });
    }
    void gap(Side from, std::uint64_t /*lost*/, Output& out) override { pending_[index(from)].give_up(out); }
    void end(Output& out) override {
        for (auto& waiting : waiting_) out.emit(std::move(waiting.sip));
        waiting_.clear();
    }
    std::size_t memory() const noexcept override {
        return sizeof *this + pending_[0].memory() + pending_[1].memory() +
               waiting_.capacity() *
                   (sizeof(Waiting) + 4 * field_text_max + 3 * limits.list_max * (sizeof(std::string) + 64));
    }

private:
    void take(const Message& message, Output& out) {
        if (message.first_line.empty()) return;
        auto key =
            clipped(field(message.fields, "Call-ID", "i")) + clipped(field(message.fields, "CSeq", ""), 64);
        const auto waiting = std::ranges::find(waiting_, key, &Waiting::key);
        if (!message.first_line.starts_with("SIP/")) {
            if (waiting == waiting_.end()) ask(message, std::move(key), out);   // otherwise it was sent again
            return;
        }
        const auto code =
            number(message.first_line.substr(std::min<std::size_t>(8, message.first_line.size()), 3));
        if (!code) return out.malformed("no SIP status", message.first_line.size());
        if (*code < 200) return;   // provisional
        event::Sip alone;
        alone.request_seen = false;
        auto& sip = waiting == waiting_.end() ? alone : waiting->sip;
        sip.code = static_cast<std::uint16_t>(*code);
        sip.server = products_of(field(message.fields, "Server", ""));
        if (sip.server.empty()) sip.server = products_of(field(message.fields, "User-Agent", ""));
        read_media(message.body, sip);
        if (waiting != waiting_.end()) sip.latency_us = microseconds_since(waiting->asked, out);
        out.emit(std::move(sip));
        if (waiting != waiting_.end()) waiting_.erase(waiting);
    }

    void ask(const Message& message, std::string key, Output& out) {
        Waiting waiting{std::move(key), {}, out.now};
        auto line = message.first_line;
        const auto method = take_until(line, ' ');
        waiting.sip.method = std::ranges::find(methods, method) != methods.end() ? method : "{other}";
        // RFC 3261, 10.2: the target of a registration is a domain, and has no user.
        waiting.sip.uri =
            domain_of(take_until(line, ' '), method == "REGISTER" ? User::optional : User::required);
        waiting.sip.from = domain_of(field(message.fields, "From", "f"));
        waiting.sip.user_agent = products_of(field(message.fields, "User-Agent", ""));
        waiting.sip.authorization = !field(message.fields, "Authorization", "").empty() ||
                                    !field(message.fields, "Proxy-Authorization", "").empty();
        read_media(message.body, waiting.sip);
        if (waiting.sip.method == "ACK")
            return out.emit(std::move(waiting.sip));   // RFC 3261, 17: has no response
        if (waiting_.size() >= limits.unanswered_max) {
            out.emit(std::move(waiting_.front().sip));
            waiting_.erase(waiting_.begin());
        }
        waiting_.push_back(std::move(waiting));
    }

    std::array<Pending, 2> pending_;
    std::vector<Waiting> waiting_;
};

}   // namespace

Verdict probe(Bytes first, Side /*from*/) {
    const auto text = as_text(first);
    if (text.starts_with("SIP/2.0 ")) return Verdict::yes;
    for (const auto method : methods) {
        if (method.starts_with(text)) return Verdict::unsure;
        if (!text.starts_with(method)) continue;
        auto rest = text.substr(method.size());
        if (rest.empty()) return Verdict::unsure;
        if (rest.front() != ' ') continue;
        const auto target = rest.substr(1, 4);
        return target == "sip:" || target == "sips" || target == "tel:" ? Verdict::yes : Verdict::no;
    }
    return std::string_view{"SIP/2.0 "}.starts_with(text) ? Verdict::unsure : Verdict::no;
}

std::unique_ptr<Session> open_session() { return std::make_unique<SipSession>(); }

}   // namespace ward::protocol::sip
