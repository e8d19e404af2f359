// SPDX-License-Identifier: Apache-2.0
#include "protocol/rdp/rdp.hpp"

#include "protocol/latency.hpp"
#include "protocol/pending.hpp"
#include "protocol/rdp/negotiation.hpp"
#include "protocol/tpkt.hpp"

namespace ward::protocol::rdp {
namespace {

constexpr Limits limits;

class RdpSession final : public Session {
public:
    void data(Side from, Bytes bytes, Output& out) override {
        if (over_) return out.skipped(rest_, bytes.size());
        each_message(pending_[index(from)], bytes, limits.packet_bytes_max, out, decode_tpkt,
                     [&](const Tpdu& tpdu) { take(from, tpdu, out); });
    }

    void gap(Side from, std::uint64_t /*lost*/, Output& out) override { pending_[index(from)].give_up(out); }

    void end(Output& out) override { tell(out); }

    std::size_t memory() const noexcept override {
        std::size_t bytes = sizeof *this;
        for (const auto& pending : pending_) bytes += pending.memory();
        if (told_) bytes += sizeof *told_ + 512 + told_->channels.capacity() * sizeof(std::string);
        return bytes;
    }

private:
    void take(Side from, const Tpdu& tpdu, Output& out) {
        if (over_) return out.skipped(rest_, tpdu.payload.size());
        if (!told_) told_ = std::make_unique<event::Rdp>();
        const bool client = from == Side::client;
        if (tpdu.type == TpduType::connection_request && client) {
            const auto request = read_request(tpdu.header);
            told_->cookie = request.cookie;
            told_->requested_protocols = protocol_names(request.protocols.value_or(0));
            asked_ = out.now;
        } else if (tpdu.type == TpduType::connection_confirm && !client) {
            confirm(read_confirm(tpdu.header), out);
        } else if (tpdu.type == TpduType::data) {
            // The server's settings end what is read: RDP encrypts from here on, or says that it does not.
            if (client)
                read_client_settings(tpdu.payload, limits.channels_max, *told_);
            else if (read_server_settings(tpdu.payload, *told_))
                tell(out);
        } else {
            out.malformed("RDP packet of the other side", tpdu.header.size());
        }
    }

    void confirm(const Confirm& confirm, Output& out) {
        if (asked_) told_->latency_us = microseconds_since(*asked_, out);
        if (confirm.failed) {
            told_->error_code = failure_name(confirm.value);
            return tell(out);
        }
        told_->protocol = chosen_name(confirm.is_negotiation ? confirm.value : 0);
        if (!confirm.is_negotiation || confirm.value == 0) return;
        tell(out);
        out.restart = Bytes{};   // TLS begins with the client's next byte
    }

    void tell(Output& out) {
        if (told_ && told_->encryption == 0U) rest_ = Uninspected::content;
        if (told_) out.emit(std::move(*told_));
        told_.reset();
        over_ = true;
        for (auto& pending : pending_) pending.clear();
    }

    std::array<Pending, 2> pending_;
    std::unique_ptr<event::Rdp> told_;
    std::optional<event::Time> asked_;
    bool over_ = false;
    Uninspected rest_ = Uninspected::encrypted;   // why what comes when it is over is not read
};

}   // namespace

Verdict probe(Bytes first, Side from) {
    const auto result = decode_tpkt(first);
    // Before its end a request could still be that of S7 or MMS.
    if (std::holds_alternative<NeedMore>(result)) return first.size() < 512 ? Verdict::unsure : Verdict::no;
    const auto* decoded = std::get_if<0>(&result);
    if (decoded == nullptr) return Verdict::no;
    const auto& tpdu = decoded->message;
    if (!tpdu.payload.empty()) return Verdict::no;
    if (from == Side::client) {
        if (tpdu.type != TpduType::connection_request) return Verdict::no;
        const auto request = read_request(tpdu.header);
        if (request.cookie || request.protocols) return Verdict::yes;
        return tpdu.header.size() == 5 ? Verdict::unsure : Verdict::no;
    }
    if (tpdu.type != TpduType::connection_confirm) return Verdict::no;
    if (read_confirm(tpdu.header).is_negotiation) return Verdict::yes;
    return tpdu.header.size() == 5 ? Verdict::unsure : Verdict::no;
}

std::unique_ptr<Session> open_session() { return std::make_unique<RdpSession>(); }

}   // namespace ward::protocol::rdp
