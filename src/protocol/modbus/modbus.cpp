// SPDX-License-Identifier: Apache-2.0
#include "protocol/modbus/modbus.hpp"

#include <algorithm>

#include "event/modbus.hpp"
#include "protocol/latency.hpp"
#include "protocol/pending.hpp"
#include "protocol/text.hpp"
#include "wire/wire_reader.hpp"

namespace ward::protocol::modbus {
namespace {

constexpr Limits limits;
constexpr std::size_t header_size = 6;
constexpr std::uint8_t exception_flag = 0x80;
constexpr std::uint8_t diagnostics = 8;
constexpr std::uint8_t encapsulated = 0x2b;
constexpr std::uint8_t device_identification = 0x0e;

struct Function {
    std::uint8_t code;
    std::string_view name;
    std::string_view access;
};

// Application Protocol, chapter 6
constexpr std::array functions{
    Function{1, "RdCoils", "read"},
    Function{2, "RdDiscreteInputs", "read"},
    Function{3, "RdHoldRegs", "read"},
    Function{4, "RdInputRegs", "read"},
    Function{5, "WrSingleCoil", "write"},
    Function{6, "WrSingleReg", "write"},
    Function{7, "RdExcStatus", ""},
    Function{diagnostics, "Diagnostic", ""},
    Function{11, "GetCommEventCtr", ""},
    Function{12, "GetCommEventLog", ""},
    Function{15, "WrMultCoils", "write"},
    Function{16, "WrMultRegs", "write"},
    Function{17, "ReportServerID", ""},
    Function{20, "RdFileRec", "read"},
    Function{21, "WrFileRec", "write"},
    Function{22, "MaskWrReg", "write"},
    Function{23, "RdWrMultRegs", "write"},
    Function{24, "RdFIFOQueue", "read"},
    Function{encapsulated, "MEI", ""},
    Function{90, "Unity", ""},   // Schneider's, to program its controllers
};

const Function* find_function(std::uint8_t code) {
    const auto* const found = std::ranges::find(functions, code, &Function::code);
    return found == functions.end() ? nullptr : found;
}

void read_request(const Adu& adu, event::Modbus& told) {
    WireReader in{adu.content};
    if (adu.function == diagnostics) {
        told.diagnostic = in.u16();
    } else if (const auto* known = find_function(adu.function); known != nullptr && adu.content.size() >= 4) {
        if (known->access.empty() || adu.function == 20 || adu.function == 21) return;
        told.address = in.u16();
        const bool single =
            adu.function == 5 || adu.function == 6 || adu.function == 22 || adu.function == 24;
        told.quantity = single ? std::uint16_t{1} : in.u16();
    }
}

/// 6.21: objects of one device, by number.
void read_identification(Bytes content, event::Modbus& told) {
    WireReader in{content};
    if (in.u8() != device_identification) return;
    in.skip(4);   // code, conformity, whether more follows and from where
    const auto objects = in.u8();
    for (int i = 0; i < objects && in.remaining() >= 2; ++i) {
        const auto number = in.u8();
        const auto text = clipped(as_text(in.take(in.u8())), limits.text_max);
        switch (number) {
            case 0: told.vendor = text; break;
            case 1: told.product = text; break;
            case 2: told.revision = text; break;
            case 5: told.model = text; break;
            default: break;
        }
    }
}

class ModbusSession final : public Session {
public:
    void data(Side from, Bytes bytes, Output& out) override {
        each_message(pending_[index(from)], bytes, limits.frame_bytes_max, out, decode,
                     [&](const Adu& adu) { from == Side::client ? ask(adu, out) : answer(adu, out); });
    }
    void gap(Side from, std::uint64_t /*lost*/, Output& out) override { pending_[index(from)].give_up(out); }
    void end(Output& out) override {
        for (auto& asked : waiting_) out.emit(std::move(asked.told));
        waiting_.clear();
    }
    std::size_t memory() const noexcept override {
        return sizeof *this + waiting_.capacity() * sizeof(Asked) + pending_[0].memory() +
               pending_[1].memory();
    }

private:
    struct Asked {
        event::Modbus told;
        event::Time began;
    };

    static event::Modbus describe(const Adu& adu) {
        event::Modbus told;
        told.transaction_id = adu.transaction;
        told.unit_id = adu.unit;
        told.function_raw = static_cast<std::uint8_t>(adu.function & ~exception_flag);
        if (const auto* known = find_function(told.function_raw)) {
            told.function = known->name;
            told.access = known->access;
        }
        return told;
    }

    void ask(const Adu& adu, Output& out) {
        auto told = describe(adu);
        read_request(adu, told);
        if (waiting_.size() >= limits.unanswered_max) {
            out.emit(std::move(waiting_.front().told));
            waiting_.erase(waiting_.begin());
        }
        waiting_.push_back({std::move(told), out.now});
    }

    void answer(const Adu& adu, Output& out) {
        auto told = describe(adu);
        const auto asked = std::ranges::find_if(waiting_, [&](const Asked& one) {
            return one.told.transaction_id == told.transaction_id &&
                   one.told.function_raw == told.function_raw;
        });
        if (asked != waiting_.end()) {
            told = std::move(asked->told);
            told.latency_us = microseconds_since(asked->began, out);
            waiting_.erase(asked);
        } else {
            told.request_unseen = true;
        }
        told.answered = true;
        if ((adu.function & exception_flag) != 0) told.exception = WireReader{adu.content}.u8();
        if (adu.function == encapsulated) read_identification(adu.content, told);
        out.emit(std::move(told));
    }

    std::array<Pending, 2> pending_;
    std::vector<Asked> waiting_;
};

}   // namespace

Decode<Adu> decode(Bytes input) noexcept {
    WireReader in{input};
    Adu adu;
    adu.transaction = in.u16();
    // What is not there yet reads as zero.
    if (in.u16() != 0) return Malformed{"protocol identifier is not zero"};
    if (input.size() < header_size + 2) return NeedMore{header_size + 2 - input.size()};
    const std::size_t length = in.u16();   // counts the unit and the PDU
    if (length < 2 || length > limits.frame_bytes_max - header_size) return Malformed{"length out of range"};
    if (in.remaining() < length) return NeedMore{length - in.remaining()};
    adu.unit = in.u8();
    adu.function = in.u8();
    adu.content = in.take(length - 2);
    return Decoded<Adu>{adu, header_size + length};
}

/// The header has little to tell by, so that even what fits wants the port to agree. Any function fits: a
/// scan asks for those that nobody has.
Verdict probe(Bytes first, Side /*from*/) {
    const auto result = decode(first);
    if (std::holds_alternative<Malformed>(result)) return Verdict::no;
    const bool whole = std::holds_alternative<Decoded<Adu>>(result);
    return whole || first.size() < limits.frame_bytes_max ? Verdict::unsure : Verdict::no;
}

std::unique_ptr<Session> open_session() { return std::make_unique<ModbusSession>(); }

}   // namespace ward::protocol::modbus
