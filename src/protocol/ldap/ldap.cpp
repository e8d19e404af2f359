// SPDX-License-Identifier: Apache-2.0
#include "protocol/ldap/ldap.hpp"

#include <algorithm>

#include "protocol/latency.hpp"
#include "protocol/ldap/operations.hpp"
#include "protocol/pending.hpp"
#include "protocol/text.hpp"
#include "wire/der.hpp"

namespace ward::protocol::ldap {
namespace {

/// A message up to its operation, and as much of that as is read.
struct Message {
    std::int64_t id = 0;
    std::uint8_t operation = 0;   // 0: sealed by SASL, so that only its length is known
    Bytes content;                // borrows the input
    PassedBy passed_by;
};

enum class Sealing : std::uint8_t { impossible, possible };

bool is_bulk(std::uint8_t operation) {
    return operation == search_entry || operation == search_reference || operation == intermediate;
}

/// RFC 4422, 3.7: once a security layer is up, each buffer stands behind its length in four bytes.
Decode<Message> decode_sealed(Bytes input) {
    if (input.size() < 4) return NeedMore{4 - input.size()};
    Message sealed;
    sealed.passed_by = {WireReader{input}.u32(), Uninspected::encrypted};
    return Decoded<Message>{sealed, 4};
}

/// RFC 4511, 4.1.1. Of entries only the short ones are read.
Decode<Message> decode(Bytes input, Sealing sealing) {
    if (input.size() < 2) return NeedMore{2 - input.size()};
    if (input[0] == std::byte{} && sealing == Sealing::possible) return decode_sealed(input);
    const auto outer = decode_der_head(input);
    if (const auto* more = std::get_if<NeedMore>(&outer)) return *more;
    const auto* head = std::get_if<0>(&outer);
    if (head == nullptr || head->message.tag != der::sequence) return Malformed{"not an LDAP message"};
    const auto size = head->consumed + head->message.content_size;
    constexpr std::size_t unlikely = std::size_t{16} << 20;   // no server takes as much
    if (size > unlikely) return Malformed{"message of an unlikely length"};
    const auto inner = input.subspan(head->consumed).first(std::min(input.size(), size) - head->consumed);
    const auto id = decode_der(inner);
    if (const auto* more = std::get_if<NeedMore>(&id)) {
        if (inner.size() == head->message.content_size || more->at_least > 8)
            return Malformed{"message without its id"};
        return *more;
    }
    const auto* number = std::get_if<0>(&id);
    if (number == nullptr || number->message.tag != der::integer) return Malformed{"message without its id"};
    const auto after = inner.subspan(number->consumed);
    const auto operation = decode_der_head(after);
    if (const auto* more = std::get_if<NeedMore>(&operation)) {
        if (inner.size() == head->message.content_size) return Malformed{"message without operation"};
        return *more;
    }
    const auto* begun = std::get_if<0>(&operation);
    if (begun == nullptr || operation_name(begun->message.tag).empty()) return Malformed{"unknown operation"};
    const auto used = head->consumed + number->consumed + begun->consumed;
    if (used > size || begun->message.content_size > size - used)
        return Malformed{"operation longer than its message"};
    Message message;
    message.id = der_integer(number->message.content).value_or(0);
    message.operation = begun->message.tag;
    if (is_bulk(message.operation) && size > limits.entry_bytes_max) {
        message.passed_by.bytes = size - used;
        return Decoded<Message>{message, used};
    }
    if (input.size() < size) return NeedMore{size - input.size()};
    message.content = input.subspan(used, begun->message.content_size);
    return Decoded<Message>{message, size};
}

/// Operations of one conversation, by their message id.
class Exchange {
public:
    void take(const Message& message, Output& out) {
        if (message.operation == 0) return;
        if (is_response(message.operation)) return answer(message, out);
        event::Ldap told;
        told.operation = operation_name(message.operation);
        told.message_id = message.id;
        read_request(message.operation, message.content, out, told);
        if (message.operation == unbind_request || message.operation == abandon_request)
            return out.emit(std::move(told));
        if (waiting_.size() >= limits.unanswered_max) {
            out.emit(std::move(waiting_.front().told));
            waiting_.erase(waiting_.begin());
        }
        waiting_.push_back({std::move(told), out.now});
    }
    void end(Output& out) {
        for (auto& asked : waiting_) out.emit(std::move(asked.told));
        waiting_.clear();
    }
    void lose() { sealing_ = Sealing::possible; }   // a bind may be what was lost
    Sealing sealing() const noexcept { return sealing_; }
    std::size_t memory() const noexcept {
        constexpr std::size_t texts =
            limits.filter_attributes_max * (sizeof(std::string) + 64) + 4 * field_text_max;
        return waiting_.capacity() * (sizeof(Asked) + texts);
    }

private:
    struct Asked {
        event::Ldap told;
        event::Time began{};
    };

    void answer(const Message& message, Output& out) {
        const auto asked =
            std::ranges::find(waiting_, message.id, [](const Asked& one) { return one.told.message_id; });
        if (is_bulk(message.operation)) {
            if (asked == waiting_.end()) return;   // told when its search ends
            if (message.operation == search_entry) ++asked->told.entries;
            if (auto netlogon = read_netlogon(message.content)) asked->told.netlogon = std::move(netlogon);
            return;
        }
        event::Ldap told;
        if (asked != waiting_.end()) {
            told = std::move(asked->told);
            told.latency_us = microseconds_since(asked->began, out);
            waiting_.erase(asked);
        }
        told.message_id = message.id;
        read_response(message.operation, message.content, out, told);
        const bool secured = told.authentication == "sasl" || told.authentication == "sicily";
        if (message.operation == bind_response && secured && told.result_code == 0)
            sealing_ = Sealing::possible;
        // RFC 4511, 4.14.2: TLS begins behind this answer.
        const bool tls =
            message.operation == extended_response && told.extended == start_tls && told.result_code == 0;
        out.emit(std::move(told));
        if (tls) out.restart = Bytes{};
    }

    std::vector<Asked> waiting_;
    Sealing sealing_ = Sealing::impossible;
};

class TcpSession final : public Session {
public:
    void data(Side from, Bytes bytes, Output& out) override {
        each_message(
            pending_[index(from)], bytes, limits.message_bytes_max, out,
            [&](Bytes rest) { return decode(rest, exchange_.sealing()); },
            [&](const Message& message) { exchange_.take(message, out); });
    }
    void gap(Side from, std::uint64_t lost, Output& out) override {
        if (!pending_[index(from)].lose(lost, out)) exchange_.lose();
    }
    void end(Output& out) override { exchange_.end(out); }
    std::size_t memory() const noexcept override {
        return sizeof *this + exchange_.memory() + pending_[0].memory() + pending_[1].memory();
    }

private:
    std::array<Pending, 2> pending_;
    Exchange exchange_;
};

class UdpSession final : public Session {
public:
    void data(Side /*from*/, Bytes bytes, Output& out) override {
        while (!bytes.empty()) {
            const auto result = decode(bytes, Sealing::impossible);
            const auto* whole = std::get_if<0>(&result);
            if (whole == nullptr) return out.malformed("not a whole LDAP message", bytes.size());
            exchange_.take(whole->message, out);
            const auto passed = whole->consumed + whole->message.passed_by.bytes;
            bytes = bytes.subspan(std::min<std::size_t>(bytes.size(), passed));
        }
    }
    void gap(Side /*from*/, std::uint64_t /*lost*/, Output& /*out*/) override {}
    void end(Output& out) override { exchange_.end(out); }
    std::size_t memory() const noexcept override { return sizeof *this + exchange_.memory(); }

private:
    Exchange exchange_;
};

}   // namespace

Verdict probe_tcp(Bytes first, Side /*from*/) {
    const auto outer = decode_der_head(first);
    if (std::to_integer<std::uint8_t>(first[0]) != der::sequence) return Verdict::no;
    if (std::holds_alternative<NeedMore>(outer)) return Verdict::unsure;
    const auto* head = std::get_if<0>(&outer);
    if (head == nullptr) return Verdict::no;
    const auto inner = first.subspan(head->consumed);
    const auto id = decode_der(inner);
    if (std::holds_alternative<NeedMore>(id)) return inner.size() < 7 ? Verdict::unsure : Verdict::no;
    const auto* number = std::get_if<0>(&id);
    if (number == nullptr || number->message.tag != der::integer || number->message.content.size() > 4)
        return Verdict::no;
    const auto operation = decode_der_head(inner.subspan(number->consumed));
    if (std::holds_alternative<NeedMore>(operation)) return Verdict::unsure;
    const auto* begun = std::get_if<0>(&operation);
    // SNMP has another integer or text here: no application tag.
    const bool known = begun != nullptr && !operation_name(begun->message.tag).empty();
    const bool fits = known && number->consumed + begun->consumed + begun->message.content_size <=
                                   head->message.content_size;
    return fits ? Verdict::yes : Verdict::no;
}

Verdict probe_udp(Bytes first, Side from) {
    const auto verdict = probe_tcp(first, from);
    return verdict == Verdict::unsure ? Verdict::no : verdict;
}

std::unique_ptr<Session> open_tcp_session() { return std::make_unique<TcpSession>(); }
std::unique_ptr<Session> open_udp_session() { return std::make_unique<UdpSession>(); }

}   // namespace ward::protocol::ldap
