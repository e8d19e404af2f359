// SPDX-License-Identifier: Apache-2.0
#include "lab/frames/devices/laboratory_traffic.hpp"

#include <array>
#include <fmt/format.h>

#include "lab/feeds/hl7_segments.hpp"

namespace ward::lab {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;

constexpr std::array<std::uint16_t, 4> ports{3'001, 3'011, 3'012, 3'013};
constexpr int blood_count = 0;   // among the catalogue's panels

std::string sender_of(const Device& device) {
    return fmt::format("{}^{}^{}", device.name, device.model, device.serial);
}

std::string time_text(Moment at) { return hl7_time(at).substr(0, 14); }

std::vector<astm::Measured> measured(const Panel& panel, const std::vector<double>& values) {
    std::vector<astm::Measured> all;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const auto& quantity = panel.quantities[i];
        const auto text = [&](double value) { return value_text(value, quantity.decimals); };
        all.push_back({quantity.loinc, text(values[i]), quantity.unit,
                       fmt::format("{} to {}", text(quantity.low), text(quantity.high)),
                       values[i] < quantity.low    ? 'L'
                       : values[i] > quantity.high ? 'H'
                                                   : 'N'});
    }
    return all;
}

}   // namespace

LaboratoryTraffic::LaboratoryTraffic(Tap& tap, Story& story)
    : tap_(tap), story_(story), random_(story.dice("laboratory traffic")) {
    const auto& devices = story.network().devices;
    for (std::uint32_t i = 0; i < devices.size(); ++i) {
        if (devices[i].kind != DeviceKind::analyser) continue;
        // Laboratory systems listen at a port for each line of instruments.
        benches_.push_back(
            {DeviceId{i}, ports[benches_.size() % ports.size()], devices[i].model.starts_with("XN")});
        const auto first = minutes{random_->between(1, 480)};
        story_.agenda().in(first, [this, bench = benches_.size() - 1] { control(bench); });
    }
}

void LaboratoryTraffic::see(const Act& act) {
    const auto* filed = std::get_if<ResultFiled>(&act.what);
    if (filed != nullptr && story_.at(filed->order).kind == OrderKind::laboratory) report(act, filed->order);
}

void LaboratoryTraffic::report(const Act& act, OrderId id) {
    const auto& order = story_.at(id);
    const auto& encounter = story_.at(order.encounter);
    const auto site = story_.hospital().at(encounter.department).site;
    std::vector<std::size_t> fitting;
    for (std::size_t i = 0; i < benches_.size(); ++i)
        if (benches_[i].is_haematology == (order.what == blood_count) &&
            story_.network().at(benches_[i].device).site == site)
            fitting.push_back(i);
    if (fitting.empty()) return;   // sent away
    auto& bench = benches_[random_->pick(fitting)];
    const auto& person = story_.person_of(encounter.patient);
    const auto& panel = panels()[static_cast<std::size_t>(order.what)];
    send(bench, {sender_of(story_.network().at(bench.device)), time_text(act.at),
                 astm::Patient{story_.at(encounter.patient).mrn,
                               fmt::format("{}^{}", person.family.latin, person.given.latin),
                               hl7_day(person.birth), person.sex == Sex::female ? 'F' : 'M'},
                 order.filler, panel.loinc, act.by ? story_.hospital().at(*act.by).number : std::string{},
                 measured(panel, order.values)});
}

/// Each shift a specimen of known content is measured.
void LaboratoryTraffic::control(std::size_t number) {
    auto& bench = benches_[number];
    const auto& panel = panels()[bench.is_haematology ? blood_count : 1];
    std::vector<double> values;
    for (const auto& quantity : panel.quantities)
        values.push_back(
            random_->normal((quantity.low + quantity.high) / 2, (quantity.high - quantity.low) / 30));
    send(bench, {sender_of(story_.network().at(bench.device)),
                 time_text(story_.now()),
                 std::nullopt,
                 fmt::format("QC{}", random_->between(1, 3)),
                 panel.loinc,
                 {},
                 measured(panel, values)});
    story_.agenda().in(8h + minutes{random_->between(-25, 25)}, [this, number] { control(number); });
}

void LaboratoryTraffic::send(Bench& bench, const astm::Report& report) {
    const auto& network = story_.network();
    const auto& analyser = network.at(bench.device);
    auto at = std::max(story_.now(), bench.free_at);
    if (bench.line == nullptr) {
        const auto& host = network.at(network.one_of(DeviceKind::laboratory_system, analyser.site));
        const auto port = static_cast<std::uint16_t>(random_->between(49'152, 65'535));
        bench.line = std::make_unique<TcpLine>(tap_, network, LineEnds{analyser, host, port, bench.port},
                                               Random{random_->next()});
    }
    const auto later = [&](double median_ms) {
        return microseconds{static_cast<std::int64_t>(random_->around(median_ms * 1e3, 1.7))};
    };
    auto& line = *bench.line;
    at = line.send(Side::client, as_bytes(astm::enquiry), at);
    at = line.send(Side::server, as_bytes(astm::acknowledge), at + later(4));
    for (const auto& frame : astm::frames(astm::records(report))) {
        at = line.send(Side::client, as_bytes(frame), at + later(22));
        if (random_->chance(0.002)) {   // not taken: it comes again, under the same number
            at = line.send(Side::server, as_bytes(astm::not_acknowledge), at + later(4));
            at = line.send(Side::client, as_bytes(frame), at + later(22));
        }
        at = line.send(Side::server, as_bytes(astm::acknowledge), at + later(4));
    }
    at = line.send(Side::client, as_bytes(astm::end_of_transmission), at + later(10));
    if (bench.is_haematology) {   // one connection for each report, as its driver has it
        at = line.close(Side::client, at + later(50));
        bench.line.reset();
    }
    bench.free_at = at;
}

}   // namespace ward::lab
