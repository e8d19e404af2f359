// SPDX-License-Identifier: Apache-2.0
#include "protocol/bacnet/bacnet.hpp"

#include <algorithm>
#include <vector>

#include "protocol/latency.hpp"
#include "wire/wire_reader.hpp"

namespace ward::protocol::bacnet {
namespace {

constexpr Limits limits;

class BacnetSession final : public Session {
public:
    void data(Side from, Bytes bytes, Output& out) override {
        auto result = decode(bytes);
        if (const auto* bad = std::get_if<Malformed>(&result))
            return out.malformed(bad->reason, bytes.size());
        auto* whole = std::get_if<0>(&result);
        if (whole == nullptr) return;
        auto& message = whole->message;
        if (message.length_differs) out.malformed("length of another datagram", 0);
        switch (message.role) {
            case Role::alone: return out.emit(std::move(message.told));
            case Role::request: return ask(from, std::move(message), out);
            case Role::answer: return answer(from, message, out);
            case Role::fragment: return;   // told with the first
        }
    }
    void gap(Side /*from*/, std::uint64_t /*lost*/, Output& /*out*/) override {}
    void end(Output& out) override {
        for (auto& asked : waiting_) out.emit(std::move(asked.message.told));
        waiting_.clear();
    }
    std::size_t memory() const noexcept override {
        return sizeof *this + waiting_.capacity() * (sizeof(Asked) + limits.value_max);
    }

private:
    // Either side may ask: both use the same port.
    struct Asked {
        Side from;
        Message message;
        event::Time began;
    };

    void ask(Side from, Message message, Output& out) {
        if (waiting_.size() >= limits.unanswered_max) {
            out.emit(std::move(waiting_.front().message.told));
            waiting_.erase(waiting_.begin());
        }
        waiting_.push_back({from, std::move(message), out.now});
    }

    void answer(Side from, Message& message, Output& out) {
        auto& answered = message.told;
        const auto asked = std::ranges::find_if(waiting_, [&](const Asked& one) {
            return one.from != from && one.message.invoke_id == message.invoke_id;
        });
        answered.response = answered.pdu;
        if (asked == waiting_.end()) {
            answered.pdu = {};
            answered.request_unseen = true;
            return out.emit(std::move(answered));
        }
        const auto& question = asked->message.told;
        answered.pdu = question.pdu;
        answered.service = question.service;
        if (answered.object.empty()) answered.object = question.object;
        if (answered.property.empty()) answered.property = question.property;
        answered.latency_us = microseconds_since(asked->began, out);
        out.emit(std::move(answered));
        waiting_.erase(asked);
    }

    std::vector<Asked> waiting_;
};

}   // namespace

/// The link's type, a known function and the network layer's version; with the datagram's own length they
/// need no port.
Verdict probe(Bytes first, Side /*from*/) {
    WireReader in{first};
    if (in.u8() != 0x81 || in.u8() > 0x0c) return Verdict::no;
    const auto result = decode(first);
    const auto* whole = std::get_if<0>(&result);
    if (whole == nullptr) return Verdict::no;
    return whole->message.length_differs ? Verdict::unsure : Verdict::yes;
}

std::unique_ptr<Session> open_session() { return std::make_unique<BacnetSession>(); }

}   // namespace ward::protocol::bacnet
