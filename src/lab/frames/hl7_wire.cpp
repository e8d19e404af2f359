// SPDX-License-Identifier: Apache-2.0
#include "lab/frames/hl7_wire.hpp"

#include <fmt/format.h>

#include "lab/feeds/hl7_segments.hpp"

namespace ward::lab {
namespace {

constexpr std::uint16_t hl7_port = 2575;   // IANA: hl7

std::string framed(std::string_view text) { return fmt::format("\x0b{}\x1c\r", text); }

std::string_view name_of_sender(const Hl7Message& message) {
    const std::string_view text{message.text};
    if (!text.starts_with("MSH|^~\\&|")) return {};
    return text.substr(9, text.find('|', 9) - 9);
}

std::string acknowledgement(const Hl7Message& message, Moment at) {
    return fmt::format("MSH|^~\\&|WARD|ASHMERE|{0}|ASHMERE|{1}||ACK^{2}^ACK|A{3}|P|2.5.1\rMSA|{4}|{3}\r",
                       name_of_sender(message), hl7_time(at), message.type.substr(4), message.control_id,
                       message.is_refused ? "AR" : "AA");
}

}   // namespace

TcpLine& Hl7Wire::line_of(DeviceId sender) {
    auto& line = lines_[sender];
    if (line == nullptr) {
        const auto& from = network_.at(sender);
        const auto& to = network_.at(network_.one_of(DeviceKind::ward_vault, from.site));
        const auto port = static_cast<std::uint16_t>(random_->between(32'768, 60'999));
        line = std::make_unique<TcpLine>(tap_, network_, LineEnds{from, to, port, hl7_port},
                                         random_->stream(place(sender)));
    }
    return *line;
}

/// Sealed and on disk before it is acknowledged.
std::chrono::microseconds Hl7Wire::storing() {
    return std::chrono::microseconds{static_cast<std::int64_t>(random_->around(2'400, 1.7))};
}

void Hl7Wire::carry(const Hl7Message& message) {
    if (message.has_own_line) return carry_alone(message);
    auto& line = line_of(message.from);
    const auto there = line.send(Side::client, as_bytes(framed(message.text)), message.at);
    const auto stored = there + storing();
    line.send(Side::server, as_bytes(framed(acknowledgement(message, stored))), stored);
}

/// A connection for one message.
void Hl7Wire::carry_alone(const Hl7Message& message) {
    const auto& from = network_.at(message.from);
    const auto& to = network_.at(network_.one_of(DeviceKind::ward_vault, from.site));
    const auto port = static_cast<std::uint16_t>(random_->between(32'768, 60'999));
    TcpLine line{tap_, network_, {from, to, port, hl7_port, message.label}, Random{random_->next()}};
    const auto text = framed(message.text);
    if (message.is_cut) {
        const auto at = line.send(Side::client, as_bytes(text).first(text.size() - 2), message.at);
        line.abort(random_->chance(0.5) ? Side::client : Side::server, at + storing());
        return;
    }
    auto at = line.send(Side::client, as_bytes(text), message.at);
    at += storing();
    if (!message.control_id.empty())
        at = line.send(Side::server, as_bytes(framed(acknowledgement(message, at))), at);
    line.close(random_->chance(0.7) ? Side::client : Side::server,
               at + std::chrono::milliseconds{random_->between(2, 9'000)});
}

}   // namespace ward::lab
