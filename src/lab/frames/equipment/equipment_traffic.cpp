// SPDX-License-Identifier: Apache-2.0
#include "lab/frames/equipment/equipment_traffic.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "lab/frames/devices/web_line.hpp"
#include "lab/frames/equipment/print_job.hpp"
#include "lab/frames/equipment/video.hpp"
#include "lab/frames/office/bytes_out.hpp"

namespace ward::lab {
namespace {

using namespace std::chrono;
using enum DeviceKind;

constexpr double quiet = 0.5;   // at weekends

std::string hex(Random& random, std::size_t bytes) { return to_hex(opaque(random, bytes)); }

/// Android's programs use its maker's browser's library; what is built into machines has another.
TlsTaste taste_of(const Device& device) {
    const bool is_android =
        device.kind == handheld_scanner || (device.kind == tablet && device.vendor == "Samsung");
    return is_android ? TlsTaste::chromium : TlsTaste::agent;
}

}   // namespace

EquipmentTraffic::EquipmentTraffic(Wires& wires)
    : wires_(wires),
      resolver_(wires, "equipment's names"),
      rounds_(wires, resolver_, "equipment's rounds"),
      chores_(wires, "chores"),
      meters_(wires.story()),
      phones_(wires),
      random_(wires.story().dice("equipment")) {
    rounds_.begin_equipment();
    const auto does = [this](auto deed) { return std::bind_front(deed, this); };
    chores_.begin({desk_phone, handheld_phone, nurse_call_station}, {enrolled_for / 2, 1.01},
                  [this](const Device& phone, Moment at) { phones_.enrol(phone, at); });
    chores_.begin({network_switch, access_point, wireless_controller}, {minutes{10}, 1.01},
                  does(&EquipmentTraffic::poll));
    chores_.begin({power_supply}, {minutes{15}, 1.01}, does(&EquipmentTraffic::poll));
    chores_.begin({printer, label_printer}, {hours{1}, 1.05}, does(&EquipmentTraffic::poll));
    chores_.begin({printer}, {minutes{45}, 2.5, 0.15, quiet}, does(&EquipmentTraffic::print_page));
    chores_.begin({label_printer}, {minutes{25}, 2.5, 0.4, quiet}, does(&EquipmentTraffic::print_label));
    chores_.begin({camera}, {hours{4}, 1.1}, does(&EquipmentTraffic::look_after));
    chores_.begin({camera}, {hours{72}, 1.5}, does(&EquipmentTraffic::restart));
    chores_.begin({door_controller}, {minutes{20}, 2, Chores::rarely, quiet},
                  does(&EquipmentTraffic::tell_of_door));
    const auto works = [this](DeviceKind with, int exchanges) {
        return [=, this](const Device& client, Moment at) { work_at(client, with, exchanges, at); };
    };
    chores_.begin({thin_client}, {hours{3}, 2, Chores::rarely, quiet}, works(desktop_broker, 6));
    chores_.begin({tablet, handheld_scanner}, {hours{2}, 2, 0.5, 0.8}, works(ehr_server, 3));
    chores_.begin({bedside_terminal, television}, {hours{3}, 1.5, Chores::rarely},
                  does(&EquipmentTraffic::read_guide));
    chores_.begin({television}, {hours{12}, 1.5}, does(&EquipmentTraffic::call_home));
}

bool EquipmentTraffic::is_staffed(const Device& device, Moment at) const {
    return !wires_.story().roster().on_duty(*device.department, at).empty();
}

void EquipmentTraffic::poll(const Device& asked, Moment at) {
    const bool is_printer = asked.kind == printer || asked.kind == label_printer;
    const auto* asker = wires_.server_if_any(is_printer ? print_server : management_server, asked.site);
    if (asker == nullptr) return;
    auto& dice = wires_.random_of(asked);
    const auto readings = meters_.read(asked, at);
    const snmp::Exchange exchange{is_printer ? "public" : "ashmere-reads",
                                  static_cast<std::int32_t>(dice.below(1U << 31U))};
    const Wires::Question question{*asker, asked, wires_.next_port(asker->address, asked.address),
                                   snmp::port};
    wires_.ask(question, snmp::get(exchange, readings), snmp::response(exchange, readings), at);
}

void EquipmentTraffic::print_page(const Device& printer, Moment at) {
    if (!is_staffed(printer, at)) return;
    const auto* server = wires_.server_if_any(print_server, printer.site);
    auto line = wires_.line(server == nullptr ? wires_.server(file_server, printer.site) : *server, printer,
                            raw_print_port);
    auto& dice = wires_.random_of(printer);
    const int pages = std::min(40, static_cast<int>(dice.around(2.2, 2)) + 1);
    meters_.print(printer, pages);
    at = line.send(Side::client, page_job(pages, dice), at);
    line.close(Side::client, at + milliseconds_of(40));
}

/// Straight from where somebody drew blood or registered somebody.
void EquipmentTraffic::print_label(const Device& printer, Moment at) {
    if (!is_staffed(printer, at)) return;
    const auto& desks = wires_.network().workstations_of(*printer.department);
    const auto& desk = wires_.network().at(random_->pick(desks));
    at = resolver_.find(desk, printer, at);
    auto line = wires_.line(desk, printer, raw_print_port);
    auto& dice = wires_.random_of(printer);
    const int labels = dice.between(1, 4);
    meters_.print(printer, labels);
    at = line.send(Side::client, label_job(labels, dice), at);
    line.close(Side::client, at + milliseconds_of(15));
}

/// The recorder makes sure that a camera is there and has what it is to record.
void EquipmentTraffic::look_after(const Device& camera, Moment at) {
    const auto& recorder = wires_.server(camera_recorder, camera.site);
    auto& dice = wires_.random_of(camera);
    const auto nonce = hex(dice, 16), response = hex(dice, 16);
    auto line = wires_.line(recorder, camera, video::rtsp_port);
    const auto speak = [&](const video::Spoken& spoken) {
        at = line.send(Side::client, as_bytes(spoken.asked), at) + milliseconds_of(dice.around(4, 1.8));
        at = line.send(Side::server, as_bytes(spoken.answered), at);
    };
    speak(video::options(camera, 1));
    speak(video::describe_refused(camera, 2, nonce));
    speak(video::describe(camera, 3, nonce, response));
    line.close(Side::client, at);
}

/// A camera was without power, and comes back.
void EquipmentTraffic::restart(const Device& camera, Moment at) {
    rounds_.join(camera, at);
    auto& dice = wires_.random_of(camera);
    at += seconds_of(dice.around(14, 1.4));
    const auto own = wires_.story().random().stream("camera").stream(camera.address);
    const auto text =
        video::hello(camera, {ws_discovery::uuid(own), wires_.story().hospital().at(*camera.department).code},
                     {.id = ws_discovery::uuid(dice.stream(dice.next())),
                      .instance = static_cast<std::uint64_t>(floor<seconds>(at).time_since_epoch().count())});
    const Route route{camera.mac, ws_discovery::group_mac, camera.address, ws_discovery::group, 1};
    // SOAP-over-UDP, appendix I: what is said to all is said twice.
    for (int left = 2; left > 0; --left) {
        wires_.tap().add({at, udp_frame(route, static_cast<std::uint16_t>(dice.next()), ws_discovery::port,
                                        ws_discovery::port, as_bytes(text))});
        at += milliseconds_of(dice.between(50, 250));
    }
}

void EquipmentTraffic::tell_of_door(const Device& controller, Moment at) {
    const auto* server = wires_.server_if_any(door_server, controller.site);
    if (server == nullptr) return;
    auto& session = doors_[controller.address];
    if (session == nullptr) {
        session = std::make_unique<TlsSession>(
            wires_, controller, *server,
            TlsWish{.host = wires_.full_name(*server), .taste = TlsTaste::agent, .is_old_server = true});
        at = session->open(at);
    }
    auto& dice = wires_.random_of(controller);
    session->exchange(static_cast<std::size_t>(dice.around(180, 1.5)), 48, at);
}

void EquipmentTraffic::work_at(const Device& client, DeviceKind with, int exchanges, Moment at) {
    if (!is_staffed(client, at)) return;
    const auto* server = wires_.server_if_any(with, client.site);
    if (server == nullptr) return;
    auto& dice = wires_.random_of(client);
    at = resolver_.find(client, *server, at);
    TlsSession session{
        wires_, client, *server, {.host = wires_.full_name(*server), .taste = taste_of(client)}};
    at = session.open(at);
    for (int left = dice.between(1, exchanges); left > 0; --left)
        at = session.exchange(static_cast<std::size_t>(dice.around(500, 1.5)),
                              static_cast<std::size_t>(dice.around(2'400, 2)), at) +
             seconds_of(dice.around(8, 2.5));
    session.close(Side::client, at);
}

void EquipmentTraffic::read_guide(const Device& screen, Moment at) {
    const auto* server = wires_.server_if_any(media_server, screen.site);
    if (server == nullptr) return;
    at = resolver_.find(screen, *server, at);
    const auto host = wires_.full_name(*server);
    auto& dice = wires_.random_of(screen);
    std::string guide = R"({"channels":[)";
    for (int left = dice.between(12, 30); left > 0; --left)
        guide += fmt::format(R"({{"number":{},"now":{}}}{})", left, dice.below(9'999), left > 1 ? "," : "]}");
    WebLine line{wires_, {screen, *server, 80, host}};
    const auto agent = fmt::format("{} {}", screen.vendor, screen.model);
    at = line.exchange(http_get(host, "/guide/now.json", agent),
                       http_answer("200 OK", "application/json", guide), at);
    line.close(Side::server, at + seconds_of(5));
}

void EquipmentTraffic::call_home(const Device& screen, Moment at) {
    const std::string host = screen.vendor == "LG" ? "snu.smart-screens.example" : "otn.big-screens.example";
    at = resolver_.find_outside(screen, host, at);
    auto session = session_with_site(wires_, screen, host, TlsTaste::agent);
    at = session.open(at);
    at = session.exchange(static_cast<std::size_t>(wires_.random_of(screen).around(900, 1.5)), 420, at);
    session.close(Side::client, at + seconds_of(2));
}

}   // namespace ward::lab
