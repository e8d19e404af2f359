// SPDX-License-Identifier: Apache-2.0
#include "protocol/nbns/nbns.hpp"

#include <algorithm>

#include "event/nbns.hpp"
#include "protocol/dns/message.hpp"
#include "protocol/unanswered.hpp"

namespace ward::protocol::nbns {
namespace {

constexpr Limits limits;
constexpr std::uint16_t nb = 0x20, nbstat = 0x21;
constexpr std::size_t name_bytes = 16;   // fifteen, and the service

/// Without the padding, and with the service's number as others write it: WARD10-PC<20>.
std::string readable(std::string_view name) {
    const auto text = name.substr(0, name_bytes - 1);
    const auto end = text.find_last_not_of(std::string_view{" \0", 2});
    const auto service = to_hex(as_bytes(name.substr(name_bytes - 1, 1)));
    return std::string{text.substr(0, end == std::string_view::npos ? 0 : end + 1)} + '<' + service + '>';
}

std::string_view operation_name(unsigned opcode) {
    switch (opcode) {
        case 0: return "query";
        case 5: return "registration";
        case 6: return "release";
        case 7: return "wack";
        case 8:
        case 9: return "refresh";
        case 15: return "multi-homed registration";
        default: return "unassigned";
    }
}

void read_addresses(Bytes data, event::Nbns& told) {
    WireReader in{data};
    while (in.remaining() >= 6 && told.addresses.size() < limits.names_max) {
        in.skip(2);   // flags of the name
        IpAddress address;
        address.family = IpAddress::Family::v4;
        std::ranges::copy(in.take(4), address.bytes.begin());
        told.addresses.push_back(to_text(address));
    }
}

/// RFC 1002, section 4.2.18.
void read_status(Bytes data, event::Nbns& told) {
    WireReader in{data};
    const auto count = in.u8();
    for (int i = 0; i < count; ++i) {
        const auto name = as_text(in.take(name_bytes));
        in.skip(2);
        if (in.truncated()) return;
        if (told.names.size() < limits.names_max) told.names.push_back(readable(name));
    }
    const auto unit = in.take(told.unit.bytes.size());
    std::ranges::copy(unit, told.unit.bytes.begin());
}

class NbnsSession final : public Session {
public:
    void data(Side /*from*/, Bytes bytes, Output& out) override {
        dns::MessageReader in{bytes};
        const auto header = in.header();
        event::Nbns told;
        told.id = header.id;
        told.operation = operation_name(header.opcode());
        dns::Record record;
        if (header.questions > 0) {
            auto question = in.question();
            record.name = std::move(question.name);
            record.type = question.type;
        }
        if (header.is_response() && header.answers > 0) record = in.record();
        if (!in.ok()) return out.malformed("NetBIOS name", bytes.size());
        told.rrname = decoded_name(record.name);
        told.rrtype = record.type == nbstat ? "NBSTAT" : "NB";
        if (!header.is_response()) {
            // RFC 1002, 4.2.2: who registers or releases a name says for which address.
            const auto claimed = header.additionals > 0 ? in.record() : dns::Record{};
            if (in.ok() && claimed.type == nb) read_addresses(claimed.data, told);
            return unanswered_.ask(header.id, std::move(told), limits.waiting_max, out);
        }

        told.rcode = dns::rcode_name(header.rcode());
        if (record.type == nb) read_addresses(record.data, told);
        if (record.type == nbstat) read_status(record.data, told);
        const auto complete = [&](event::Nbns& asked) {
            told.operation = asked.operation;
            told.latency_us = asked.latency_us;
            asked = std::move(told);
        };
        if (unanswered_.answer(header.id, out, complete)) return;
        told.question_seen = false;
        out.emit(std::move(told));
    }
    void gap(Side /*from*/, std::uint64_t /*lost*/, Output& /*out*/) override {}
    void end(Output& out) override { unanswered_.end(out); }
    std::size_t memory() const noexcept override { return sizeof *this + unanswered_.memory(); }

private:
    Unanswered<std::uint16_t, event::Nbns> unanswered_;
};

}   // namespace

std::string decoded_name(std::string_view encoded) {
    if (encoded.size() < 2 * name_bytes) return {};
    std::string name;
    for (std::size_t i = 0; i < 2 * name_bytes; i += 2) {
        const auto high = static_cast<unsigned>(encoded[i] - 'A');
        const auto low = static_cast<unsigned>(encoded[i + 1] - 'A');
        if (high > 15 || low > 15) return {};
        name += static_cast<char>(high << 4U | low);
    }
    return readable(name);
}

Verdict probe(Bytes first, Side /*from*/) {
    dns::MessageReader in{first};
    const auto header = in.header();
    if (!in.ok() || header.questions + header.answers == 0) return Verdict::no;
    std::string name;
    std::uint16_t type = 0;
    if (header.questions > 0) {
        auto question = in.question();
        name = std::move(question.name);
        type = question.type;
    } else {
        auto record = in.record();
        name = std::move(record.name);
        type = record.type;
    }
    // Thirty-two letters from A to P are proof enough.
    const bool named = in.ok() && (type == nb || type == nbstat) && !decoded_name(name).empty();
    return named ? Verdict::yes : Verdict::no;
}

std::unique_ptr<Session> open_session() { return std::make_unique<NbnsSession>(); }

}   // namespace ward::protocol::nbns
