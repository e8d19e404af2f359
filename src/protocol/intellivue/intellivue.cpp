// SPDX-License-Identifier: Apache-2.0
#include "protocol/intellivue/intellivue.hpp"

#include <algorithm>

#include "event/heap.hpp"
#include "wire/wire_reader.hpp"

namespace ward::protocol::intellivue {
namespace {

// Association control, in the words of ISO 8327, which the guide fills with constants.
enum class Control : std::uint8_t {
    release_request = 0x09,
    release_response = 0x0a,
    refuse = 0x0c,
    connect = 0x0d,
    accept = 0x0e,
    abort = 0x19,
};

/// A session header: its type, and a length that is the datagram's.
std::optional<Control> control(Bytes datagram) {
    WireReader in{datagram};
    const auto type = in.u8();
    std::size_t length = in.u8();
    if (length == 0xff) length = in.u16();
    if (in.truncated() || length == 0 || length != in.remaining()) return std::nullopt;
    switch (static_cast<Control>(type)) {
        case Control::release_request:
        case Control::release_response:
        case Control::refuse:
        case Control::connect:
        case Control::accept:
        case Control::abort: return static_cast<Control>(type);
    }
    return std::nullopt;
}

/// The constant beginning of a connect and of an accept: connection parameters, and the session's
/// requirements.
bool has_session_parameters(Bytes datagram) {
    constexpr std::string_view parameters{"\x05\x08\x13\x01\x00\x16\x01\x02\x80\x00", 10};
    return as_text(datagram.first(std::min<std::size_t>(datagram.size(), 16))).find(parameters) !=
           std::string_view::npos;
}

class IntellivueSession final : public Session {
public:
    void data(Side /*from*/, Bytes bytes, Output& out) override {
        if (const auto kind = control(bytes)) return take_control(*kind, out);
        const auto result = decode(bytes);
        if (const auto* bad = std::get_if<Malformed>(&result))
            return out.malformed(bad->reason, bytes.size());
        if (const auto* decoded = std::get_if<0>(&result)) take(decoded->message, out);
    }
    void gap(Side /*from*/, std::uint64_t /*lost*/, Output& /*out*/) override {}
    void end(Output& out) override {
        finish("cut", out);
        if (repeats_ == 0) return;
        monitor_.repeats = std::exchange(repeats_, 0);
        out.emit(monitor_);
    }
    std::size_t memory() const noexcept override {
        return sizeof *this + monitor_bytes_ + (open_ ? sizeof *open_ + 512 : 0);
    }

private:
    struct Association {
        event::IntellivueExport told;
        event::Time began{};
        bool asks = false;   // a request to connect was not answered
    };

    Association& association(const Output& out) {
        if (!open_) {
            open_ = std::make_unique<Association>();
            open_->began = out.now;
        }
        return *open_;
    }

    static std::int64_t since(event::Time began, const Output& out) {
        return std::chrono::duration_cast<std::chrono::microseconds>(out.now - began).count();
    }

    void answer(std::string_view outcome, const Output& out) {
        auto& open = association(out);
        if (std::exchange(open.asks, false)) open.told.latency_us = since(open.began, out);
        open.told.outcome = outcome;
    }

    void take_control(Control kind, Output& out) {
        switch (kind) {
            case Control::connect:
                // A collector repeats its request until it is heard.
                if (open_ && !open_->asks) finish("cut", out);
                association(out).told.outcome = "unanswered";
                open_->asks = true;
                break;
            case Control::accept: answer("accepted", out); break;
            case Control::refuse:
                answer("refused", out);
                finish({}, out);
                break;
            case Control::release_response: finish("released", out); break;
            case Control::abort: finish("aborted", out); break;
            case Control::release_request: break;
        }
    }

    void take(const Message& message, Output& out) {
        if (auto monitor = read_monitor(message)) take_monitor(std::move(*monitor), out);
        if (message.announces) return;
        auto& told = association(out).told;
        told.requests += message.operation == Operation::invoke;
        told.results +=
            message.operation == Operation::result || message.operation == Operation::linked_result;
        told.errors += message.operation == Operation::error;
        const auto objects = polled_objects(message);
        if (!objects.empty() && std::ranges::find(told.polled, objects) == told.polled.end())
            told.polled.push_back(objects);
        const auto fields = patient_fields(message);
        out.exposed(static_cast<std::uint32_t>(fields.size()));
        for (const auto field : fields) {
            if (std::ranges::find(told.patient_fields, field) == told.patient_fields.end())
                told.patient_fields.push_back(field);
        }
    }

    void take_monitor(event::IntellivueMonitor monitor, Output& out) {
        if (monitor == monitor_) {
            ++repeats_;
            return;
        }
        repeats_ = 0;
        monitor_ = std::move(monitor);
        monitor_bytes_ = event::heap_of(monitor_);
        out.emit(monitor_);
    }

    void finish(std::string_view how, Output& out) {
        const auto done = std::exchange(open_, nullptr);
        if (!done) return;
        done->told.how = how;
        done->told.duration_us = since(done->began, out);
        out.emit(std::move(done->told));
    }

    std::unique_ptr<Association> open_;
    event::IntellivueMonitor monitor_;   // as it was told last
    std::size_t monitor_bytes_ = 0;
    std::uint64_t repeats_ = 0;
};

}   // namespace

Verdict probe(Bytes first, Side /*from*/) {
    if (const auto kind = control(first)) {
        const bool begins = *kind == Control::connect || *kind == Control::accept;
        if (begins) return has_session_parameters(first) ? Verdict::yes : Verdict::no;
        return Verdict::unsure;
    }
    const auto result = decode(first);
    const auto* decoded = std::get_if<0>(&result);
    if (decoded == nullptr) return Verdict::no;
    const auto operation = static_cast<std::uint16_t>(decoded->message.operation);
    return operation == 1 || operation == 2 || operation == 3 || operation == 5 ? Verdict::yes : Verdict::no;
}

std::unique_ptr<Session> open_session() { return std::make_unique<IntellivueSession>(); }

}   // namespace ward::protocol::intellivue
