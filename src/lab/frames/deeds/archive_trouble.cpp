// SPDX-License-Identifier: Apache-2.0
#include "lab/frames/deeds/archive_trouble.hpp"

#include <array>

#include "lab/frames/office/bytes_out.hpp"

namespace ward::lab {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;
using enum ArchiveDisturbed::How;

constexpr std::size_t length_at = 2;         // of a unit's length (PS3.8, table 9-22)
constexpr std::size_t value_length_at = 6;   // of its first presentation data value's (table 9-23)

void put(Buffer& unit, std::size_t at, std::uint32_t value) {
    for (std::size_t i = 0; i < 4; ++i) unit[at + i] = static_cast<std::byte>(value >> (24 - 8 * i) & 255U);
}

dicom::Association verification_by(const std::string& title) {
    return {"ASHMERE_PACS", title, {{1, dicom::verification, {dicom::implicit_little_endian}}}};
}

}   // namespace

void ArchiveTrouble::make(ArchiveDisturbed::How how, const Device& from, Moment at) {
    const auto& archive = wires_.server(DeviceKind::pacs, from.site);
    auto line = wires_.line(from, archive, dicom_port);
    const Random random{random_.next()};
    if (how == timed_out) return time_out({std::move(line), verification_by(title_), random, at});
    if (how == odd_but_legal) {
        auto wanted = verification_by(title_);
        const auto contexts = random_.between(4, 60);
        for (int id = 3; id < 2 * contexts; id += 2)
            wanted.contexts.push_back({static_cast<std::uint8_t>(id),
                                       dicom::modality_worklist_find,
                                       {dicom::implicit_little_endian}});
        wanted.unit_bytes_max = static_cast<std::uint32_t>(random_.between(1'024, 5'000));
        return be_odd({std::move(line), std::move(wanted), random, at});
    }
    say_nothing_right(how, line, at);
}

/// PS3.8, section 9.1.4: the archive's timer ARTIM, or how long it bears an idle peer.
void ArchiveTrouble::time_out(DicomCall call) {
    if (!call.begin()) return;
    if (random_.chance(0.5)) {
        call.ask({.operation = dicom::Operation::echo, .sop_class = dicom::verification}, nullptr);
        call.answer(dicom::success, nullptr, 4);
    }
    call.abort(dicom::AbortReason::not_specified, seconds{random_.between(25, 95)});
}

void ArchiveTrouble::be_odd(DicomCall call) {
    if (!call.begin()) return;
    for (int left = random_.between(1, 6); left > 0; --left) {
        call.ask({.operation = dicom::Operation::echo, .sop_class = dicom::verification}, nullptr);
        call.answer(dicom::success, nullptr, 40);
    }
    call.end();
}

/// The archive ends it, as PS3.8, section 9.2.3, action AA-8, has it, or has fallen silent.
void ArchiveTrouble::say_nothing_right(ArchiveDisturbed::How how, TcpLine& line, Moment at) {
    const auto wanted = verification_by(title_);
    const auto pause = [&](double ms) { return milliseconds_of(random_.around(ms, 2)); };
    Buffer echo = dicom::message_units(
        1, dicom::Fragment::command,
        dicom::command_set(
            {.operation = dicom::Operation::echo, .sop_class = dicom::verification, .message_id = 1}),
        16'384);
    if (how != no_request && how != unknown_unit) {
        at = line.send(Side::client, dicom::associate_request(wanted), at);
        auto accepted = wanted;
        accepted.unit_bytes_max = dicom::archive_unit_bytes_max;
        at = line.send(Side::server, dicom::associate_accept(accepted), at + pause(6));
    }
    if (how == wrong_length)
        put(echo, length_at,
            static_cast<std::uint32_t>(random_.chance(0.5) ? random_.next() | 0x1000'0000U
                                                           : random_.below(40)));
    if (how == wrong_value) put(echo, value_length_at, static_cast<std::uint32_t>(random_.next()));
    if (how == unknown_unit) {
        echo = opaque(random_, 20 + random_.below(3'000));
        echo[0] = static_cast<std::byte>(0x20 + random_.below(200));
    }
    if (how == cut_short) echo.resize(3 + random_.below(echo.size() - 3));
    at = line.send(Side::client, echo, at + pause(20));
    if (how == cut_short || random_.chance(0.15)) {
        line.abort(Side::client, at + pause(8));
        return;
    }
    if (random_.chance(0.8))
        at = line.send(Side::server, dicom::abort(dicom::AbortReason::unexpected_unit), at + pause(5));
    line.close(random_.chance(0.6) ? Side::server : Side::client, at + pause(40));
}

}   // namespace ward::lab
