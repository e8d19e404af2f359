// SPDX-License-Identifier: Apache-2.0
// DCE/RPC, connection-oriented (C706, chapter 12.6; MS-RPCE): over TCP, and in the named pipes of SMB.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "event/dcerpc.hpp"
#include "protocol/pending.hpp"
#include "protocol/protocols.hpp"

namespace ward::protocol::dcerpc {

struct Limits {
    std::size_t head_bytes_max = 5840;   // of a bind: the usual largest fragment. Of a stub nothing is kept
    std::size_t calls_max = 32;          // unanswered; the oldest is told so
    std::size_t interfaces_max = 32;     // of one conversation
};

/// A PDU without its stub.
struct Pdu {
    std::uint8_t type = 0;
    std::uint8_t flags = 0;
    bool little_endian = true;
    std::uint16_t length = 0;
    std::uint16_t auth_length = 0;
    std::uint32_t call_id = 0;
    Bytes body;   // what there is of it, behind the common header; borrows the input
    PassedBy passed_by;
};

/// Asks for as much of a PDU as is read of its type.
Decode<Pdu> decode_pdu(Bytes input) noexcept;

/// One association: over a TCP connection, or over a pipe of the given name.
class Conversation final : public Session {
public:
    Conversation() = default;
    explicit Conversation(std::string pipe) : pipe_(std::move(pipe)) {}

    void data(Side from, Bytes bytes, Output& out) override;
    void gap(Side from, std::uint64_t lost, Output& out) override;
    void end(Output& out) override;
    std::size_t memory() const noexcept override;

private:
    struct Call {
        event::Dcerpc told;
        event::Time began{};
    };
    struct Presented {
        std::uint16_t id = 0;
        event::DcerpcInterface interface;
    };

    void take(const Pdu& pdu, Output& out);
    void open_call(Call call, Output& out);
    void take_request(const Pdu& pdu, Output& out);
    void take_bind(const Pdu& pdu, Output& out);
    void take_answer(const Pdu& pdu, Output& out);
    void read_results(const Pdu& pdu, event::Dcerpc& told);
    void read_verifier(const Pdu& pdu, event::Dcerpc& told, const Output& out) const;
    std::vector<Call>::iterator find_call(std::uint32_t call_id);

    std::array<Pending, 2> lanes_;
    std::string pipe_;
    std::vector<Presented> presented_;
    std::vector<Call> calls_;
};

Verdict probe(Bytes first, Side from);
std::unique_ptr<Session> open_session();

}   // namespace ward::protocol::dcerpc
