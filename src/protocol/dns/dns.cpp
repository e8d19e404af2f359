// SPDX-License-Identifier: Apache-2.0
#include "protocol/dns/dns.hpp"

#include <algorithm>

#include "protocol/dns/message.hpp"
#include "protocol/latency.hpp"
#include "protocol/pending.hpp"

namespace ward::protocol::dns {
namespace {

constexpr Limits limits;

struct Waiting {
    event::Time asked{};
    event::Dns told;
};

/// Questions that wait for their answers: a handful at most, so they stand in a row.
class Questions {
public:
    void message(Bytes message, Output& out, void (*tell)(event::Dns, Output&)) {
        MessageReader in{message};
        const auto header = in.header();
        event::Dns told;
        told.id = header.id;
        told.opcode = opcode_name(header.opcode());
        told.flags = flags_text(header.flags);
        if (header.questions > 0) {
            auto question = in.question();
            told.rrname = std::move(question.name);
            told.rrtype = type_name(question.type);
        }
        if (message.size() < header_bytes) return out.malformed("DNS header cut", message.size());
        if (!in.ok()) out.malformed("DNS question", in.remaining());
        if (header.is_response()) return response(in, header, std::move(told), out, tell);
        if (waiting_.size() >= limits.waiting_max) {
            tell(std::move(waiting_.front().told), out);
            waiting_.erase(waiting_.begin());
        }
        waiting_.push_back({out.now, std::move(told)});
    }

    void end(Output& out, void (*tell)(event::Dns, Output&)) {
        for (auto& waiting : waiting_) tell(std::move(waiting.told), out);
        waiting_ = {};
    }

    std::size_t memory() const noexcept {
        std::size_t bytes = waiting_.capacity() * sizeof(Waiting);
        for (const auto& waiting : waiting_) bytes += waiting.told.rrname.capacity();
        return bytes;
    }

private:
    void response(MessageReader& in, const Header& header, event::Dns told, Output& out,
                  void (*tell)(event::Dns, Output&)) {
        told.rcode = rcode_name(header.rcode());
        told.authoritative = (header.flags & 0x0400U) != 0;
        told.truncated = (header.flags & 0x0200U) != 0;
        told.answer_count = header.answers;
        for (int skipped = 1; skipped < std::min<int>(header.questions, limits.questions_max) && in.ok();
             ++skipped)
            in.question();
        const int answers = header.questions <= limits.questions_max ? header.answers : 0;
        for (int i = 0; i < answers && in.ok() && told.answers.size() < limits.answers_max; ++i) {
            auto record = in.record();
            if (!in.ok()) break;
            auto text = in.text_of(record);
            told.answers.push_back(
                {std::move(record.name), type_name(record.type), record.ttl, std::move(text)});
        }
        const auto asked = std::ranges::find_if(waiting_, [&](const Waiting& waiting) {
            // A server may leave the question out of an error.
            return waiting.told.id == told.id && (told.rrname.empty() || waiting.told.rrname == told.rrname);
        });
        if (asked == waiting_.end()) {
            told.question_seen = false;
        } else {
            if (told.rrname.empty()) {
                told.rrname = std::move(asked->told.rrname);
                told.rrtype = std::move(asked->told.rrtype);
            }
            told.latency_us = microseconds_since(asked->asked, out);
            waiting_.erase(asked);
        }
        tell(std::move(told), out);
    }

    std::vector<Waiting> waiting_;
};

void tell_dns(event::Dns told, Output& out) { out.emit(std::move(told)); }
void tell_llmnr(event::Dns told, Output& out) { out.emit(event::Llmnr{std::move(told)}); }

class DatagramSession final : public Session {
public:
    explicit DatagramSession(void (*tell)(event::Dns, Output&)) noexcept : tell_(tell) {}
    void data(Side /*from*/, Bytes bytes, Output& out) override { questions_.message(bytes, out, tell_); }
    void gap(Side /*from*/, std::uint64_t /*lost*/, Output& /*out*/) override {}
    void end(Output& out) override { questions_.end(out, tell_); }
    std::size_t memory() const noexcept override { return sizeof *this + questions_.memory(); }

private:
    void (*tell_)(event::Dns, Output&);
    Questions questions_;
};

/// RFC 1035, section 4.2.2: a length before each message.
Decode<Bytes> decode_stream(Bytes input) {
    if (input.size() < 2) return NeedMore{2 - input.size()};
    WireReader in{input};
    const std::size_t length = in.u16();
    if (length < header_bytes) return Malformed{"DNS message shorter than its header"};
    if (in.remaining() < length) return NeedMore{length - in.remaining()};
    return Decoded<Bytes>{in.take(length), length + 2};
}

class StreamSession final : public Session {
public:
    void data(Side from, Bytes bytes, Output& out) override {
        constexpr std::size_t message_bytes_max = std::size_t{64} << 10;
        if (torn_[index(from)]) {
            // Nothing marks where a message begins: trust a piece that is one.
            if (probe_stream(bytes, from) != Verdict::yes) return out.skipped(Uninspected::gap, bytes.size());
            torn_[index(from)] = false;
        }
        each_message(pending_[index(from)], bytes, message_bytes_max + 2, out, decode_stream,
                     [&](Bytes message) { questions_.message(message, out, tell_dns); });
    }
    void gap(Side from, std::uint64_t /*lost*/, Output& out) override {
        pending_[index(from)].give_up(out);
        torn_[index(from)] = true;
    }
    void end(Output& out) override { questions_.end(out, tell_dns); }
    std::size_t memory() const noexcept override {
        return sizeof *this + questions_.memory() + pending_[0].memory() + pending_[1].memory();
    }

private:
    std::array<Pending, 2> pending_;
    std::array<bool, 2> torn_{};
    Questions questions_;
};

/// Whether every name and length of the message agrees with where it ends.
bool is_consistent(Bytes message, const Header& header) {
    constexpr int records_max = 200;
    MessageReader in{message};
    in.header();
    for (int i = 0; i < header.questions && in.ok(); ++i) {
        const auto question = in.question();
        const auto record_class = question.record_class & 0x7fffU;
        const bool known_class = record_class == 1 || record_class == 3 || record_class >= 254;
        if (!known_class || !is_known_type(question.type)) return false;
    }
    const int records = header.answers + header.authorities + header.additionals;
    if (records > records_max) return false;
    for (int i = 0; i < records && in.ok(); ++i) in.record();
    return in.ok() && in.remaining() == 0;
}

/// A header that some resolver may have written.
bool is_possible(const Header& header) {
    constexpr int questions_max = 4, records_max = 64;
    const auto opcode = header.opcode();
    return opcode <= 6 && opcode != 3 && header.questions <= questions_max && header.answers <= records_max &&
           header.authorities <= records_max && header.additionals <= records_max;
}

/// A header that resolvers and servers write.
bool is_plausible(const Header& header) {
    const auto opcode = header.opcode();
    if (header.questions != 1 || (opcode != 0 && opcode != 4 && opcode != 5)) return false;
    if (header.is_response()) return header.rcode() <= 10;
    // RFC 5936 and RFC 2136 fill other sections of a question; a plain one has none.
    return header.rcode() == 0 && header.answers <= 1 && header.additionals <= 4;
}

}   // namespace

Verdict probe(Bytes first, Side /*from*/) {
    MessageReader in{first};
    const auto header = in.header();
    if (!in.ok() || !is_possible(header)) return Verdict::no;
    // Cut by the capture, padded, or torn by a fuzzer: then its port has to vouch for it.
    if (!is_plausible(header) || !is_consistent(first, header)) return Verdict::unsure;
    // Relatives of the DNS look the same: mDNS has no id, LLMNR asks for single labels, or for the name of an
    // address, and for no recursion.
    const auto name = in.question().name;
    const bool neighbourly = name.find('.') == std::string::npos || name.ends_with(".arpa");
    const bool relative =
        header.id == 0 || name.ends_with(".local") || (neighbourly && (header.flags & 0x0100U) == 0);
    return relative ? Verdict::unsure : Verdict::yes;
}

Verdict probe_stream(Bytes first, Side from) {
    WireReader in{first};
    const std::size_t length = in.u16();
    constexpr std::size_t shortest = header_bytes + 5;
    constexpr std::size_t longest_question = 4096;
    const auto longest = from == Side::client ? longest_question : std::size_t{0xffff};
    if (first.size() >= 2 && (length < shortest || length > longest)) return Verdict::no;
    if (first.size() < header_bytes + 2) {
        // Of flags, a kind of question that is in use; of the number of questions, one.
        in.skip(2);
        const auto opcode = in.u8() >> 3U & 0xfU;
        in.skip(1);
        return opcode <= 6 && opcode != 3 && in.u8() == 0 && in.u8() <= 1 ? Verdict::unsure : Verdict::no;
    }
    const auto message = in.rest().first(std::min(length, in.remaining()));
    if (message.size() == length) return probe(message, from);
    const auto header = MessageReader{message}.header();
    return is_plausible(header) ? Verdict::unsure : Verdict::no;
}

Verdict probe_llmnr(Bytes first, Side /*from*/) {
    MessageReader in{first};
    const auto header = in.header();
    // RFC 4795, section 2.1.1: nothing but C, TC and T may be set.
    const bool plausible = in.ok() && header.questions == 1 && (header.flags & 0x78f0U) == 0;
    return plausible && is_consistent(first, header) ? Verdict::unsure : Verdict::no;
}

std::unique_ptr<Session> open_session() { return std::make_unique<DatagramSession>(tell_dns); }
std::unique_ptr<Session> open_stream_session() { return std::make_unique<StreamSession>(); }
std::unique_ptr<Session> open_llmnr_session() { return std::make_unique<DatagramSession>(tell_llmnr); }

}   // namespace ward::protocol::dns
