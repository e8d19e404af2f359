// SPDX-License-Identifier: Apache-2.0
#include "lab/frames/devices/monitor_traffic.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace ward::lab {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;

constexpr auto told_each = 12s;
constexpr auto polled_for = 5min;
constexpr auto forgotten_after = 2min;   // nobody is connected to it

/// What the guide calls vital_signs(), in their order: NOM_ECG_CARD_BEAT_RATE and so on, and their units.
constexpr std::array<intellivue::Numeric, 6> signs{{{1, 0x4182, 0x0aa0},
                                                    {2, 0x4bb8, 0x0220},
                                                    {3, 0x4a15, 0x0f20},
                                                    {4, 0x4a16, 0x0f20},
                                                    {5, 0x500a, 0x0ae0},
                                                    {6, 0x4b48, 0x17a0}}};

std::uint32_t ticks_between(Moment from, Moment to) {
    return static_cast<std::uint32_t>((to - from).count() / 125);
}

}   // namespace

MonitorTraffic::MonitorTraffic(Tap& tap, Story& story)
    : story_(story), random_(story.dice("monitor traffic")), number_of_(story.network().devices.size()) {
    const auto& network = story.network();
    for (std::uint32_t i = 0; i < network.devices.size(); ++i) {
        const auto& device = network.devices[i];
        if (device.kind != DeviceKind::monitor) continue;
        const auto& gateway = network.at(network.one_of(DeviceKind::monitor_gateway, device.site));
        const auto port = static_cast<std::uint16_t>(random_->between(49'152, 65'535));
        const auto& bed = story.hospital().at(*device.bed);
        Monitor added{UdpLine{tap, network, {gateway, device, port, intellivue::port}, random_->stream(i)},
                      {"Philips", std::string{device.model}, fmt::format("{}-{}", bed.room, bed.name),
                       device.serial, device.mac}};
        added.switched_on = story.begin() - seconds{random_->between(60, 4'000'000)};
        monitors_.push_back(std::move(added));
        number_of_[i] = static_cast<std::uint32_t>(monitors_.size());
        const auto number = monitors_.size() - 1;
        story_.agenda().in(milliseconds{random_->between(1, 300'000)}, [this, number] { associate(number); });
    }
}

void MonitorTraffic::see(const Act& act) {
    const auto* taken = std::get_if<VitalsTaken>(&act.what);
    if (taken == nullptr || !taken->monitor) return;
    auto& monitor = monitors_[number_of_[place(*taken->monitor)] - 1];
    monitor.vitals = *taken;
    monitor.seen = act.at;
}

void MonitorTraffic::associate(std::size_t number) {
    auto& monitor = monitors_[number];
    auto at = monitor.line.send(Side::client, intellivue::connect(), story_.now());
    at = monitor.line.send(Side::server, intellivue::accept(), at + milliseconds{random_->between(8, 60)});
    const auto ticks = ticks_between(monitor.switched_on, at);
    const auto told = intellivue::create_event(monitor.system, ++monitor.invoke, ticks);
    at = monitor.line.send(Side::server, told, at + milliseconds{random_->between(2, 20)});
    monitor.line.send(Side::client, intellivue::create_event_result(monitor.invoke, ticks),
                      at + milliseconds{random_->between(1, 9)});
    story_.agenda().in(milliseconds{random_->between(300, 1'500)},
                       [this, number, association = ++monitor.association] {
                           poll(number, association);
                           tell(number, association);
                       });
    // Once or twice a day the gateway begins anew.
    story_.agenda().in(minutes{random_->between(500, 1'400)}, [this, number] { release(number); });
}

void MonitorTraffic::release(std::size_t number) {
    auto& monitor = monitors_[number];
    ++monitor.association;
    const auto at = monitor.line.send(Side::client, intellivue::release(), story_.now());
    monitor.line.send(Side::server, intellivue::released(), at + milliseconds{random_->between(3, 30)});
    story_.agenda().in(seconds{random_->between(20, 90)}, [this, number] { associate(number); });
}

void MonitorTraffic::poll(std::size_t number, std::uint32_t association) {
    auto& monitor = monitors_[number];
    if (monitor.association != association) return;
    monitor.sequence = 0;
    monitor.line.send(Side::client,
                      intellivue::poll_numerics(++monitor.invoke, ++monitor.poll_number, polled_for),
                      story_.now());
    story_.agenda().in(polled_for - seconds{random_->between(5, 20)},
                       [this, number, association] { poll(number, association); });
}

void MonitorTraffic::tell(std::size_t number, std::uint32_t association) {
    auto& monitor = monitors_[number];
    if (monitor.association != association) return;
    std::vector<intellivue::Numeric> values;
    const auto now = story_.now();
    if (now - monitor.seen < forgotten_after) {
        for (std::size_t i = 0; i < signs.size(); ++i) {
            auto numeric = signs[i];
            numeric.decimals = vital_signs()[i].decimals;
            const auto most = vital_signs()[i].unit == "%" ? 100.0 : 1e6;
            const auto value = monitor.vitals.values[i];
            numeric.value = std::min(most, random_->normal(value, value * (i == 5 ? 0.001 : 0.01)));
            values.push_back(numeric);
        }
    }
    const intellivue::Telling telling{monitor.invoke, monitor.poll_number, monitor.sequence++,
                                      ticks_between(monitor.switched_on, now), now};
    monitor.line.send(Side::server, intellivue::numerics(telling, values),
                      now + milliseconds{random_->between(2, 25)});
    story_.agenda().in(told_each, [this, number, association] { tell(number, association); });
}

}   // namespace ward::lab
