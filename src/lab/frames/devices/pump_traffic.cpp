// SPDX-License-Identifier: Apache-2.0
#include "lab/frames/devices/pump_traffic.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "lab/frames/office/arp.hpp"
#include "lab/frames/office/bytes_out.hpp"

namespace ward::lab {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;
using enum PumpSpokenTo::What;

constexpr std::uint16_t plain_sink = 8'080;
constexpr std::uint16_t library_port = 8'443, plain_library_port = 8'081;
constexpr auto versions =
    std::to_array<std::string_view>({"2025.10", "2025.12", "2026.01", "2026.01.2", "2026.02"});

std::uint64_t seconds_since_1970(Moment at) {
    return static_cast<std::uint64_t>(floor<seconds>(at).time_since_epoch().count());
}

}   // namespace

PumpTraffic::PumpTraffic(Wires& wires) : wires_(wires), random_(wires.story().dice("pump traffic")) {
    const auto& network = wires.network();
    for (std::uint32_t i = 0; i < network.devices.size(); ++i) {
        const auto& device = network.devices[i];
        if (device.kind == DeviceKind::pump_gateway) {
            sites_[device.site].gateway = device;
            wires_.story().agenda().in(minutes{random_->between(2, 90)},
                                       [this, site = device.site] { seek_again(site); });
        }
        if (device.kind == DeviceKind::library_server) {
            sites_[device.site].library = device;
            sites_[device.site].version = random_->pick(versions);
        }
    }
    for (std::uint32_t i = 0; i < network.devices.size(); ++i) {
        if (network.devices[i].kind != DeviceKind::pump) continue;
        add(DeviceId{i});
        const auto number = pumps_.size() - 1;
        wires_.story().agenda().in(seconds{random_->between(1, 900)}, [this, number] { adopt(number); });
        if (random_->chance(0.2))
            wires_.story().agenda().in(minutes{random_->between(60, 1'400)},
                                       [this, number] { restart(number); });
    }
}

PumpTraffic::Pump& PumpTraffic::add(DeviceId id) {
    const auto& device = wires_.network().at(id);
    const auto& story = wires_.story();
    auto dice = story.random().stream("pump").stream(device.address);
    auto pump = std::make_unique<Pump>();
    pump->device = id;
    pump->is_secret = dice.chance(0.4);
    pump->port =
        pump->is_secret ? sdc::secure_port : static_cast<std::uint16_t>(dice.between(49'152, 65'535));
    pump->firmware =
        fmt::format("{}.{}.{}", device.vendor == "Baxter" ? 9 : 4, dice.between(0, 4), dice.between(0, 12));
    pump->library = dice.chance(0.8) ? sites_.at(device.site).version : std::string{dice.pick(versions)};
    pump->instance = seconds_since_1970(story.begin()) - dice.below(4'000'000);
    pump->infusion.version = dice.below(900'000);
    const auto bed = device.bed ? fmt::format("{}%2F{}", story.hospital().at(*device.bed).room,
                                              story.hospital().at(*device.bed).name)
                                : std::string{};
    pump->endpoint = {
        ws_discovery::uuid(dice.stream("id")),
        fmt::format("{}://{}:{}/", pump->is_secret ? "https" : "http", to_text(device.address), pump->port),
        fmt::format("sdc.ctxt.loc:/sdc.ctxt.loc.detail/{}%2F%2F{}", story.hospital().code, bed)};
    number_of_[id] = pumps_.size();
    pumps_.push_back(std::move(pump));
    const auto first = minutes{random_->between(3, 900)};
    wires_.story().agenda().in(first, [this, number = pumps_.size() - 1] { check_library(number); });
    return *pumps_.back();
}

sdc::Message PumpTraffic::message(std::string relates_to) {
    return {.id = ws_discovery::uuid(random_->stream(random_->next())), .relates_to = std::move(relates_to)};
}

sdc::Message PumpTraffic::announcement(Pump& pump, std::string relates_to) {
    auto announced = message(std::move(relates_to));
    announced.number = ++pump.announced;
    announced.instance = pump.instance;
    return announced;
}

void PumpTraffic::say_to_all(const Device& from, std::uint16_t port, const std::string& text, Moment at) {
    const Route route{from.mac, ws_discovery::group_mac, from.address, ws_discovery::group, 1};
    const auto id = static_cast<std::uint16_t>(random_->next());
    wires_.tap().add({at, udp_frame(route, id, port, ws_discovery::port, as_bytes(text)), wires_.label()});
}

/// SOAP-over-UDP 1.1, appendix I: what is said to all is said twice.
void PumpTraffic::announce(const Device& from, const std::string& text, Moment at) {
    const auto port = wires_.next_port(from.address, ws_discovery::group);
    say_to_all(from, port, text, at);
    say_to_all(from, port, text, at + milliseconds{random_->between(50, 250)});
}

void PumpTraffic::see(const Act& act) {
    const auto* told = std::get_if<InfusionTold>(&act.what);
    if (told == nullptr) return;
    auto& pump = *pumps_[number_of_.at(told->pump)];
    if (!pump.is_on) return;
    if (told->infused == 0 && random_->chance(0.35)) program(pump, told->rate, act.at);
    report(pump, *told, act.at);
}

std::string PumpTraffic::sink_of(const Device& asker, const Pump& pump) const {
    return fmt::format("{}://{}:{}/sink/{}", pump.is_secret ? "https" : "http", to_text(asker.address),
                       pump.is_secret ? sdc::secure_port : plain_sink, pump.endpoint.id.substr(9, 8));
}

WebLine PumpTraffic::line_to(const Device& asker, const Pump& pump) {
    const auto& device = device_of(pump);
    return {wires_, {asker, device, pump.port, wires_.full_name(device), pump.is_secret}};
}

/// What it gives, at a line that is kept open.
void PumpTraffic::report(Pump& pump, const InfusionTold& told, Moment at) {
    const auto& site = site_of(device_of(pump));
    const Wires::Belonging belonging{wires_, site.gateway_label};
    pump.infusion.rate = told.rate;
    pump.infusion.infused = told.infused;
    pump.infusion.version += 1 + random_->below(3);
    if (pump.told == nullptr) {
        const auto port = pump.is_secret ? sdc::secure_port : plain_sink;
        const WebEnds ends{device_of(pump), site.gateway, port, wires_.full_name(site.gateway),
                           pump.is_secret};
        pump.told = std::make_unique<WebLine>(wires_, ends);
    }
    const auto sink = sink_of(site.gateway, pump);
    const auto target = sink.substr(sink.find("/sink"));
    const auto text = sdc::metric_report(sink, pump.endpoint, pump.infusion, message());
    pump.told->exchange(http_post(to_text(site.gateway.address), target, text),
                        http_answer("202 Accepted", {}, {}), at + milliseconds{random_->between(3, 60)});
}

Moment PumpTraffic::ask(WebLine& line, Pump& pump, const PumpSpokenTo& what, const Device& asker, Moment at) {
    const auto& device = device_of(pump);
    const auto asked = message(), answered = message(asked.id);
    const sdc::Product product{device.vendor, device.model, device.serial, pump.firmware};
    std::string question, answer;
    if (what.what == metadata) {
        question = sdc::get_metadata(pump.endpoint, asked);
        answer = sdc::metadata(pump.endpoint, product, answered);
    } else if (what.what == description) {
        question = sdc::get_description(pump.endpoint, asked);
        answer = sdc::description(pump.endpoint, product, pump.infusion, answered);
    } else if (what.what == subscription) {
        question = sdc::subscribe(pump.endpoint, sink_of(asker, pump), asked);
        answer = sdc::subscribed(pump.endpoint, answered);
    } else {
        const auto state = random_->chance(0.15) ? sdc::Invocation::failed : sdc::Invocation::waiting;
        question = sdc::set_rate(pump.endpoint, what.rate, asked);
        answer = sdc::set_rate_answered(pump.endpoint, state, ++pump.infusion.version, answered);
    }
    const auto* target = what.what == metadata ? "/" : what.what == subscription ? "/events" : "/sdc";
    return line.exchange(http_post(to_text(device.address), target, question),
                         http_answer("200 OK", "application/soap+xml; charset=utf-8", answer), at);
}

/// The gateway asks what the pump is, and wants its reports from now on.
void PumpTraffic::adopt(std::size_t number) {
    auto& pump = *pumps_[number];
    if (!pump.is_on) return;
    const auto& site = site_of(device_of(pump));
    const Wires::Belonging belonging{wires_, std::max(site.gateway_label, wires_.label())};
    auto line = line_to(site.gateway, pump);
    auto at = wires_.story().now();
    for (const auto what : {metadata, description, subscription})
        at = ask(line, pump, {pump.device, what}, site.gateway, at + milliseconds{random_->between(2, 40)});
    line.close(Side::client, at + milliseconds{random_->between(100, 4'000)});
    wires_.story().agenda().in(minutes{random_->between(85, 110)},
                               [this, number, instance = pump.instance] { renew(number, instance); });
}

void PumpTraffic::renew(std::size_t number, std::uint64_t instance) {
    auto& pump = *pumps_[number];
    if (!pump.is_on || pump.instance != instance) return;
    const auto& site = site_of(device_of(pump));
    const Wires::Belonging belonging{wires_, site.gateway_label};
    auto line = line_to(site.gateway, pump);
    const auto asked = message();
    const auto at = line.exchange(
        http_post(to_text(device_of(pump).address), "/events", sdc::renew(pump.endpoint, asked)),
        http_answer("200 OK", "application/soap+xml; charset=utf-8", sdc::renewed(message(asked.id))),
        wires_.story().now());
    line.close(Side::client, at + milliseconds{random_->between(100, 4'000)});
    wires_.story().agenda().in(minutes{random_->between(85, 110)},
                               [this, number, instance = pump.instance] { renew(number, instance); });
}

void PumpTraffic::program(Pump& pump, double rate, Moment at) {
    const auto& site = site_of(device_of(pump));
    const Wires::Belonging belonging{wires_, site.gateway_label};
    auto line = line_to(site.gateway, pump);
    at = ask(line, pump, {pump.device, PumpSpokenTo::What::rate, rate}, site.gateway, at);
    line.close(Side::client, at + milliseconds{random_->between(100, 4'000)});
}

void PumpTraffic::restart(std::size_t number) {
    auto& pump = *pumps_[number];
    const auto now = wires_.story().now();
    announce(device_of(pump), sdc::bye(pump.endpoint, announcement(pump)), now);
    if (pump.told) pump.told->close(Side::client, now + 20ms);
    pump.told.reset();
    pump.is_on = false;
    wires_.story().agenda().in(seconds{random_->between(40, 2'400)}, [this, id = pump.device] { start(id); });
}

void PumpTraffic::start(DeviceId id) {
    auto& pump = number_of_.contains(id) ? *pumps_[number_of_.at(id)] : add(id);
    const auto now = wires_.story().now();
    pump.is_on = true;
    pump.announced = 0;
    pump.instance = seconds_since_1970(now);
    announce(device_of(pump), sdc::hello(pump.endpoint, announcement(pump)), now);
    wires_.story().agenda().in(milliseconds{random_->between(400, 4'000)},
                               [this, number = number_of_.at(id), label = wires_.label()] {
                                   const Wires::Belonging belonging{wires_, label};
                                   adopt(number);
                               });
}

void PumpTraffic::seek_again(int number) {
    const auto& site = sites_.at(number);
    {
        const Wires::Belonging belonging{wires_, site.gateway_label};
        seek(site.gateway);
    }
    wires_.story().agenda().in(seconds_of(random_->around(5'400, 1.4)),
                               [this, number] { seek_again(number); });
}

/// WS-Discovery 1.1, section 2.4: each waits up to 500 ms before it answers.
void PumpTraffic::seek(const Device& asker) {
    const auto now = wires_.story().now();
    const auto asked = message();
    const auto port = wires_.next_port(asker.address, ws_discovery::group);
    const auto text = sdc::probe(asked);
    say_to_all(asker, port, text, now);
    say_to_all(asker, port, text, now + milliseconds{random_->between(20, 49)});
    for (auto& pump : pumps_) {
        const auto& device = device_of(*pump);
        if (!pump->is_on || device.site != asker.site) continue;
        const auto id = static_cast<std::uint16_t>(random_->next());
        const auto answer = sdc::probe_matches(pump->endpoint, announcement(*pump, asked.id));
        wires_.tap().add({now + milliseconds{random_->between(55, 560)},
                          udp_frame(route_between(wires_.network(), device, asker), id, ws_discovery::port,
                                    port, as_bytes(answer)),
                          wires_.label()});
    }
}

void PumpTraffic::speak(const Device& asker, const PumpSpokenTo& what) {
    const auto known = number_of_.find(what.pump);
    if (known == number_of_.end() || !pumps_[known->second]->is_on) return;   // nobody answers
    auto& pump = *pumps_[known->second];
    auto line = line_to(asker, pump);
    const auto at = ask(line, pump, what, asker, wires_.story().now());
    line.close(Side::client, at + milliseconds{random_->between(100, 4'000)});
}

/// RFC 5227, section 2.3: all who have the address in their tables learn who has it now.
void PumpTraffic::claim(const Mac& mac, const Device& device, Moment at) {
    for (int left = random_->between(2, 4); left > 0; --left) {
        wires_.tap().add(
            {at, arp_frame({ArpOperation::request, mac, device.address, {}, device.address, broadcast_mac}),
             wires_.label()});
        at += seconds_of(random_->around(1.6, 1.3));
    }
}

void PumpTraffic::move(const GatewayMoved& what) {
    auto& gateway = sites_.at(wires_.network().at(what.gateway).site).gateway;
    const auto now = wires_.story().now();
    claim(what.mac, gateway, now);
    gateway.mac = what.mac;
    sites_.at(gateway.site).gateway_label = wires_.label();
    for (auto& pump : pumps_) {
        if (pump->told == nullptr || device_of(*pump).site != gateway.site) continue;
        pump->told->line().move(Side::server, what.mac, wires_.label());
        if (what.keeps_lines) continue;
        pump->told->line().abort(Side::server, now + milliseconds{random_->between(20, 900)});
        pump->told.reset();
    }
}

void PumpTraffic::move(const LibraryMoved& what) {
    auto& site = sites_.at(wires_.network().at(what.library).site);
    if (site.library.mac != what.mac) claim(what.mac, site.library, wires_.story().now());
    site.library.mac = what.mac;
    site.library_label = wires_.label();
    site.certificate = what.certificate;
    site.version = what.version;
}

/// Whether there is another version, which it gets at once.
void PumpTraffic::check_library(std::size_t number) {
    auto& pump = *pumps_[number];
    const auto& device = device_of(pump);
    const auto& site = site_of(device);
    wires_.story().agenda().in(seconds_of(random_->around(14 * 3'600, 1.3)),
                               [this, number] { check_library(number); });
    if (!pump.is_on) return;
    const Wires::Belonging belonging{wires_, std::max(site.library_label, wires_.label())};
    const auto host = wires_.full_name(site.library);
    WebLine line{wires_,
                 {device, site.library, pump.is_secret ? library_port : plain_library_port, host,
                  pump.is_secret, site.certificate}};
    const auto agent = fmt::format("{}/{}", device.model.substr(0, device.model.find(' ')), pump.firmware);
    const auto target = fmt::format("/library/current?serial={}&version={}", device.serial, pump.library);
    const auto told = fmt::format(R"(<?xml version="1.0"?><library version="{}" firmware="{}"/>)",
                                  site.version, pump.firmware);
    auto at = line.exchange(http_get(host, target, agent), http_answer("200 OK", "application/xml", told),
                            wires_.story().now());
    if (pump.library != site.version) {
        const auto content = opaque(*random_, 18'000 + random_->below(30'000));
        at = line.exchange(http_get(host, fmt::format("/library/{}/content", site.version), agent),
                           http_answer("200 OK", "application/octet-stream", as_text(content)),
                           at + milliseconds{random_->between(20, 400)});
        pump.library = site.version;
    }
    line.close(Side::client, at + milliseconds{random_->between(10, 900)});
}

}   // namespace ward::lab
