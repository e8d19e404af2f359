// SPDX-License-Identifier: Apache-2.0
#include "lab/frames/devices/fhir_traffic.hpp"

#include <fmt/format.h>

#include "lab/feeds/fhir_json.hpp"
#include "lab/frames/devices/http_message.hpp"

namespace ward::lab {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;

constexpr std::uint16_t http_port = 8'080;
constexpr std::size_t remembered_max = 64;

template <class Write>
std::string resource(Write write) {
    std::string json;
    json::Writer writer{json};
    write(writer);
    return json;
}

}   // namespace

FhirTraffic::FhirTraffic(Tap& tap, Story& story)
    : tap_(tap), story_(story), random_(story.dice("fhir traffic")) {
    const auto& devices = story.network().devices;
    for (std::uint32_t i = 0; i < devices.size(); ++i)
        if (devices[i].kind == DeviceKind::interface_engine)
            story_.agenda().in(seconds{random_->between(60, 900)}, [this, i] { ask(DeviceId{i}); });
}

void FhirTraffic::see(const Act& act) {
    const auto* filed = std::get_if<ResultFiled>(&act.what);
    if (filed == nullptr || story_.at(filed->order).kind != OrderKind::laboratory) return;
    lately_.push_back({filed->order, act.at});
    if (lately_.size() > remembered_max) lately_.pop_front();
}

FhirTraffic::Question FhirTraffic::search(std::string target, std::vector<std::string> found) {
    Question question{std::move(target)};
    question.body = resource([&](json::Writer& writer) {
        writer.begin_object().member("resourceType", "Bundle").member("type", "searchset");
        writer.key("total").number(static_cast<std::int64_t>(found.size())).key("entry").begin_array();
        for (const auto& one : found) {
            writer.begin_object().key("resource").raw(one);
            writer.key("search").begin_object().member("mode", "match").end_object().end_object();
        }
        writer.end_array().end_object();
    });
    return question;
}

std::vector<FhirTraffic::Question> FhirTraffic::questions(const Filed& about) {
    const auto& order = story_.at(about.order);
    const auto patient = story_.at(order.encounter).patient;
    const auto id = fhir::patient_id(story_, patient);
    const auto whole = resource([&](auto& writer) { fhir::write_patient(writer, story_, patient); });
    std::vector<Question> all;
    all.push_back(search(
        fmt::format("/fhir/Patient?identifier={}%7C{}", fhir::record_system(story_), story_.at(patient).mrn),
        {whole}));
    if (random_->chance(0.5)) all.push_back({"/fhir/Patient/" + id, 200, whole, story_.begin() - 400h});
    if (random_->chance(0.6)) {
        std::vector<std::string> found;
        if (!story_.at(order.encounter).ended)
            found.push_back(
                resource([&](auto& writer) { fhir::write_encounter(writer, story_, order.encounter); }));
        all.push_back(search(fmt::format("/fhir/Encounter?patient={}&status=in-progress", id), found));
    }
    if (random_->chance(0.8)) {
        std::vector<std::string> found;
        for (std::size_t i = 0; i < order.values.size(); ++i)
            found.push_back(resource(
                [&](auto& writer) { fhir::write_observation(writer, story_, about.order, i, about.at); }));
        all.push_back(
            search(fmt::format("/fhir/Observation?patient={}&category=laboratory&_sort=-date&_count=50", id),
                   found));
    }
    if (random_->chance(0.02)) {   // of another system's numbering
        const auto other = fhir::patient_id(story_, PatientId{static_cast<std::uint32_t>(story_.patients())});
        all.push_back({"/fhir/Patient/" + other, 404, fhir::not_found()});
    }
    return all;
}

void FhirTraffic::ask(DeviceId engine) {
    const auto& network = story_.network();
    const auto& from = network.at(engine);
    if (!lately_.empty()) {
        const auto& ward = network.at(network.one_of(DeviceKind::ward_vault, from.site));
        const auto port = static_cast<std::uint16_t>(random_->between(32'768, 60'999));
        TcpLine line{tap_, network, {from, ward, port, http_port}, Random{random_->next()}};
        auto at = story_.now();
        for (const auto& question : questions(random_->pick(lately_))) {
            at = line.send(
                Side::client,
                as_bytes(http::get(fmt::format("{}.{}", ward.name, network.domain), question.target)), at);
            at += microseconds{static_cast<std::int64_t>(random_->around(3'800, 1.9))};
            at = line.send(Side::server,
                           as_bytes(http::response({question.status, question.body, at, question.changed})),
                           at);
            at += microseconds{static_cast<std::int64_t>(random_->around(45'000, 2.5))};
        }
        line.close(Side::client, at + 500ms);
    }
    const auto next = seconds{static_cast<std::int64_t>(random_->around(780, 1.6))};
    story_.agenda().in(next, [this, engine] { ask(engine); });
}

}   // namespace ward::lab
