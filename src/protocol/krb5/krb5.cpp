// SPDX-License-Identifier: Apache-2.0
#include "protocol/krb5/krb5.hpp"

#include <algorithm>

#include "protocol/krb5/messages.hpp"
#include "protocol/latency.hpp"
#include "protocol/pending.hpp"
#include "protocol/text.hpp"
#include "wire/der.hpp"

namespace ward::protocol::krb5 {
namespace {

constexpr Limits limits;
constexpr std::size_t record_mark_size = 4;

/// Requests and answers of one conversation. A KDC answers those of a kind in their order.
class Exchange {
public:
    void take(Bytes message, Output& out) {
        const auto tag = std::to_integer<std::uint8_t>(message[0]);
        const auto kind = role(tag);
        const auto asked = kind == Role::answer ? question_of(tag) : waiting_.end();
        if (asked != waiting_.end()) {
            auto told = std::move(asked->told);
            told.latency_us = microseconds_since(asked->began, out);
            waiting_.erase(asked);
            if (!read_message(message, out, told)) out.malformed("not a Kerberos message", message.size());
            return out.emit(std::move(told));
        }
        event::Krb5 told;
        if (!read_message(message, out, told)) return out.malformed("not a Kerberos message", message.size());
        if (kind == Role::answer) return out.emit(std::move(told));
        if (waiting_.size() >= limits.unanswered_max) {
            out.emit(std::move(waiting_.front().told));
            waiting_.erase(waiting_.begin());
        }
        waiting_.push_back({tag, std::move(told), out.now});
    }
    /// What waits is told without answer.
    void end(Output& out) {
        for (auto& asked : waiting_) out.emit(std::move(asked.told));
        waiting_.clear();
    }
    std::size_t memory() const noexcept {
        constexpr std::size_t texts = limits.encryptions_max * (sizeof(std::string) + 32) +
                                      2 * limits.name_parts_max * 128 + field_text_max;
        return waiting_.capacity() * (sizeof(Asked) + texts);
    }

private:
    struct Asked {
        std::uint8_t tag = 0;
        event::Krb5 told;
        event::Time began{};
    };

    /// RFC 4120, 7.5.7: the number of an answer follows that of its request. An error names none.
    std::vector<Asked>::iterator question_of(std::uint8_t answer) {
        if (is_error(answer)) return waiting_.begin();
        return std::ranges::find(waiting_, static_cast<std::uint8_t>(answer - 1), &Asked::tag);
    }

    std::vector<Asked> waiting_;
};

class UdpSession final : public Session {
public:
    void data(Side /*from*/, Bytes bytes, Output& out) override {
        if (!bytes.empty()) exchange_.take(bytes, out);
    }
    void gap(Side /*from*/, std::uint64_t /*lost*/, Output& /*out*/) override {}
    void end(Output& out) override { exchange_.end(out); }
    std::size_t memory() const noexcept override { return sizeof *this + exchange_.memory(); }

private:
    Exchange exchange_;
};

/// RFC 4120, 7.2.2: each message behind its length in four bytes, whose highest bit is zero.
Decode<Bytes> decode_record(Bytes input) {
    if (input.size() < record_mark_size + 1) return NeedMore{record_mark_size + 1 - input.size()};
    WireReader in{input};
    const std::size_t length = in.u32();
    if (role(in.u8()) == Role::neither) return Malformed{"not a Kerberos message"};
    if (length == 0 || length > limits.message_bytes_max) return Malformed{"message of an unlikely length"};
    if (input.size() < record_mark_size + length) return NeedMore{record_mark_size + length - input.size()};
    return Decoded<Bytes>{input.subspan(record_mark_size, length), record_mark_size + length};
}

class TcpSession final : public Session {
public:
    void data(Side from, Bytes bytes, Output& out) override {
        each_message(pending_[index(from)], bytes, limits.message_bytes_max + record_mark_size, out,
                     decode_record, [&](Bytes message) { exchange_.take(message, out); });
    }
    // A connection carries an exchange or two, and each message fills a segment or more: the next one is
    // found because what is left of this one is no record.
    void gap(Side from, std::uint64_t /*lost*/, Output& out) override {
        pending_[index(from)].give_up(out);
        exchange_.end(out);   // the next answer may belong to a request that was lost
    }
    void end(Output& out) override { exchange_.end(out); }
    std::size_t memory() const noexcept override {
        return sizeof *this + exchange_.memory() + pending_[0].memory() + pending_[1].memory();
    }

private:
    std::array<Pending, 2> pending_;
    Exchange exchange_;
};

/// An application tag, a length that fits and a sequence within.
Verdict looks_like_message(Bytes bytes, std::optional<std::size_t> length) {
    if (bytes.empty()) return Verdict::unsure;
    if (role(std::to_integer<std::uint8_t>(bytes[0])) == Role::neither) return Verdict::no;
    const auto outer = decode_der_head(bytes);
    if (std::holds_alternative<NeedMore>(outer)) return Verdict::unsure;
    const auto* head = std::get_if<0>(&outer);
    if (head == nullptr || (length && head->consumed + head->message.content_size != *length))
        return Verdict::no;
    const auto inner = bytes.subspan(head->consumed);
    const auto sequence = decode_der_head(inner);
    if (std::holds_alternative<NeedMore>(sequence)) return Verdict::unsure;
    const auto* within = std::get_if<0>(&sequence);
    const bool fits = within != nullptr && within->message.tag == der::sequence &&
                      within->consumed + within->message.content_size == head->message.content_size;
    return fits ? Verdict::yes : Verdict::no;
}

}   // namespace

Verdict probe_tcp(Bytes first, Side /*from*/) {
    WireReader in{first};
    if (in.u8() != 0) return Verdict::no;
    if (first.size() < record_mark_size) return Verdict::unsure;
    const auto length = in.u24();
    if (length > limits.message_bytes_max) return Verdict::no;
    return looks_like_message(in.rest(), length);
}

Verdict probe_udp(Bytes first, Side /*from*/) {
    const auto verdict = looks_like_message(first, first.size());
    return verdict == Verdict::unsure ? Verdict::no : verdict;
}

std::unique_ptr<Session> open_tcp_session() { return std::make_unique<TcpSession>(); }
std::unique_ptr<Session> open_udp_session() { return std::make_unique<UdpSession>(); }

}   // namespace ward::protocol::krb5
