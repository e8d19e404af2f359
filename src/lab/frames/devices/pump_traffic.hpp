// SPDX-License-Identifier: Apache-2.0
// What pumps say to their gateway and to the server of their drug libraries, and who else speaks to them.
#pragma once

#include <map>
#include <memory>
#include <vector>

#include "lab/frames/devices/sdc.hpp"
#include "lab/frames/devices/web_line.hpp"

namespace ward::lab {

/// Borrows the wires. What others do to pumps gets the wires' label; what a gateway or a library server does
/// that somebody has moved, the label with which it was moved.
class PumpTraffic {
public:
    explicit PumpTraffic(Wires& wires);

    void see(const Act& act);

    /// Each at the story's moment.
    void start(DeviceId pump);
    void seek(const Device& asker);
    void speak(const Device& asker, const PumpSpokenTo& what);
    void move(const GatewayMoved& what);
    void move(const LibraryMoved& what);

private:
    struct Pump {
        DeviceId device{};
        sdc::Endpoint endpoint;
        std::string firmware;
        std::string library;   // its version
        std::uint16_t port = 0;
        bool is_secret = false;   // TLS
        bool is_on = true;
        std::uint64_t instance = 0;
        unsigned announced = 0;
        sdc::Infusion infusion{};
        std::unique_ptr<WebLine> told{};   // its reports to the gateway
    };
    struct Site {
        Device gateway;   // as it answers now
        Device library;
        std::uint32_t gateway_label = 0;
        std::uint32_t library_label = 0;
        int certificate = 0;
        std::string version;
    };

    Pump& add(DeviceId device);
    const Device& device_of(const Pump& pump) const { return wires_.network().at(pump.device); }
    Site& site_of(const Device& device) { return sites_.at(device.site); }
    sdc::Message message(std::string relates_to = {});
    sdc::Message announcement(Pump& pump, std::string relates_to = {});

    void adopt(std::size_t pump);
    void renew(std::size_t pump, std::uint64_t instance);   // as long as it was not started anew
    void restart(std::size_t pump);
    void check_library(std::size_t pump);
    void seek_again(int site);
    void report(Pump& pump, const InfusionTold& told, Moment at);
    void program(Pump& pump, double rate, Moment at);
    void announce(const Device& from, const std::string& text, Moment at);
    void say_to_all(const Device& from, std::uint16_t port, const std::string& text, Moment at);
    WebLine line_to(const Device& asker, const Pump& pump);
    Moment ask(WebLine& line, Pump& pump, const PumpSpokenTo& what, const Device& asker, Moment at);
    std::string sink_of(const Device& asker, const Pump& pump) const;
    void claim(const Mac& mac, const Device& device, Moment at);

    Wires& wires_;
    Dice random_;
    std::map<int, Site> sites_{};
    std::vector<std::unique_ptr<Pump>> pumps_{};
    std::map<DeviceId, std::size_t> number_of_{};
};

}   // namespace ward::lab
