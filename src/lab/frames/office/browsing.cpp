// SPDX-License-Identifier: Apache-2.0
#include "lab/frames/office/browsing.hpp"

#include <algorithm>
#include <memory>

#include "lab/frames/office/sites.hpp"

namespace ward::lab {
namespace {

using namespace std::chrono_literals;
using enum DeviceKind;

constexpr std::size_t bytes_max = 3'000'000;   // of one upload or download
constexpr std::string_view copies_host = "vault.offsite-copies.example";

/// How much people browse, by the hour of the day: shifts are never quite without.
double eagerness(Moment moment) {
    const auto hour = hour_of(moment);
    const bool is_office = hour >= 7 && hour < 18;
    const double by_hour = hour == 12 ? 1.6 : is_office ? 1 : hour < 23 && hour > 5 ? 0.3 : 0.08;
    return is_weekend(moment) ? by_hour * 0.4 : by_hour;
}

std::size_t bytes_around(Random& random, double median, double factor) {
    return std::min(bytes_max, static_cast<std::size_t>(random.around(median, factor)) + 60);
}

}   // namespace

void Browsing::begin() {
    const auto& network = wires_.network();
    for (std::uint32_t i = 0; i < network.devices.size(); ++i) {
        const DeviceId id{i};
        const auto& device = network.at(id);
        if (device.kind == workstation) plan_visit(id, wires_.story().now());
        if (device.kind == file_server) plan_copy(id, wires_.story().begin());
        begin_beats(id, device);
    }
}

/// Programs that report home: the updates of the system, the protection of machines, a vendor's care.
void Browsing::begin_beats(DeviceId id, const Device& device) {
    std::vector<Beat> beats;
    const bool is_server = device.vlan == Vlan::servers;
    if (device.kind == workstation || is_server)
        beats.push_back({id, "events.os-update.example", 4 * 3'600, 1.6});
    if (is_server || (device.kind == workstation && random_->chance(0.08)))
        beats.push_back({id, "ep" + std::to_string(random_->between(1, 4)) + ".shieldpoint.example",
                         random_->chance(0.5) ? 600.0 : 900.0, 1.01 + 0.2 * random_->uniform()});
    if (device.kind == vendor_gateway || device.kind == monitor_gateway || device.kind == pump_gateway)
        beats.push_back({id, "connect.devicecare.example", 300, 1.02});
    for (const auto& one : beats)
        wires_.story().agenda().in(seconds_of(random_->uniform() * one.seconds), [this, one] { beat(one); });
}

void Browsing::beat(const Beat& one) {
    const auto& client = wires_.network().at(one.device);
    auto at = resolver_.find_outside(client, one.host, wires_.story().now());
    auto line =
        session_with_site(wires_, client, one.host, one.seconds > 3'600 ? TlsTaste::system : TlsTaste::agent);
    at = line.open(at);
    const bool is_update = one.seconds > 3'600 && random_->chance(0.03);
    at = line.exchange(bytes_around(*random_, 1'100, 1.8),
                       is_update ? bytes_around(*random_, 250'000, 2.5) : bytes_around(*random_, 380, 1.6),
                       at);
    line.close(random_->chance(0.5) ? Side::client : Side::server, at + seconds_of(random_->around(1.5, 2)));
    wires_.story().agenda().in(seconds_of(random_->around(one.seconds, one.factor)),
                               [this, one] { beat(one); });
}

void Browsing::plan_visit(DeviceId workstation, Moment after) {
    constexpr double seconds_between = 3'400;   // when all are eager
    const auto when = after + seconds_of(random_->exponential(seconds_between));
    wires_.story().agenda().at(when, [this, workstation] {
        const auto now = wires_.story().now();
        if (random_->chance(eagerness(now) / 1.6)) visit(wires_.network().at(workstation));
        plan_visit(workstation, now);
    });
}

void Browsing::visit(const Device& client) {
    const auto host = any_site(*random_);
    auto at = read_page(client, host, wires_.story().now());
    for (int left = random_->between(0, 2); left > 0; --left)
        read_page(client, any_third_party(*random_), at + milliseconds_of(random_->around(60, 2)));
}

Moment Browsing::read_page(const Device& client, const std::string& host, Moment at) {
    at = resolver_.find_outside(client, host, at);
    auto line = session_with_site(wires_, client, host, taste_at(client.address));
    at = line.open(at);
    const auto first = at;
    for (int left = random_->between(1, 4); left > 0; --left)
        at = line.exchange(bytes_around(*random_, 700, 1.6), bytes_around(*random_, 3'600, 2.9), at) +
             milliseconds_of(random_->around(120, 3));
    if (random_->chance(0.02))   // a letter with something attached, a form, a picture
        at = line.exchange(bytes_around(*random_, 150'000, 3), 600, at);
    line.close(random_->chance(0.6) ? Side::client : Side::server, at + seconds_of(random_->around(12, 2.5)));
    return first;
}

/// The file server's changes of the day go to another place at night.
void Browsing::plan_copy(DeviceId server, Moment night) {
    const auto start = night + 1h + seconds_of(random_->uniform() * 7'200);
    wires_.story().agenda().at(start, [this, server, night] {
        const auto& client = wires_.network().at(server);
        const std::string host{copies_host};
        const auto at = resolver_.find_outside(client, host, wires_.story().now());
        auto line = std::make_shared<TlsSession>(session_with_site(wires_, client, host, TlsTaste::agent));
        line->open(at);
        const auto machines = static_cast<int>(wires_.network().devices.size());
        copy_part(server, std::move(line), 20 + machines / 20 + random_->between(0, 20));
        plan_copy(server, night + std::chrono::days{1});
    });
}

void Browsing::copy_part(DeviceId server, std::shared_ptr<TlsSession> line, int left) {
    const auto now = wires_.story().now();
    if (left == 0) {
        line->close(Side::client, now);
        return;
    }
    const auto done = line->exchange(bytes_around(*random_, 120'000, 1.7), 350, now);
    wires_.story().agenda().at(done + seconds_of(random_->around(1, 2)),
                               [this, server, line, left] { copy_part(server, line, left - 1); });
}

}   // namespace ward::lab
