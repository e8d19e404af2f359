// SPDX-License-Identifier: Apache-2.0
#include "lab/feeds/fhir_feed.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "json/writer.hpp"
#include "lab/feeds/fhir_json.hpp"

namespace ward::lab {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;

constexpr std::size_t devices_each = 50;   // of a transaction
constexpr std::string_view serial_system = "urn:id:ASHMERE:device";

bool is_medical(DeviceKind kind) {
    using enum DeviceKind;
    return kind == monitor || kind == pump || kind == modality || kind == analyser ||
           kind == monitor_gateway || kind == pump_gateway;
}

/// A Bundle of type transaction, entry by entry.
class Transaction {
public:
    Transaction(std::string_view id, Moment at) {
        writer_.begin_object().member("resourceType", "Bundle").member("id", id);
        writer_.member("type", "transaction").member("timestamp", fhir::instant(at));
        writer_.key("entry").begin_array();
    }
    /// `write` writes the resource.
    template <class Write>
    void create(std::string_view full_url, std::string_view type, std::string_view unless, Write write) {
        writer_.begin_object().member("fullUrl", full_url).key("resource");
        write(writer_);
        writer_.key("request").begin_object().member("method", "POST").member("url", type);
        writer_.member("ifNoneExist", unless).end_object().end_object();
    }
    template <class Write>
    void put(std::string_view url, Write write) {
        writer_.begin_object().key("resource");
        write(writer_);
        writer_.key("request").begin_object().member("method", "PUT").member("url", url);
        writer_.end_object().end_object();
    }
    std::string text() {
        writer_.end_array().end_object();
        return std::move(json_);
    }

private:
    std::string json_;
    json::Writer writer_{json_};
};

/// A practice has no archive of its own.
DeviceId sender_at(const Network& network, int site) {
    const auto archives = network.of(DeviceKind::pacs, site);
    return archives.empty() ? network.one_of(DeviceKind::interface_engine, site) : archives.front();
}

}   // namespace

FhirFeed::FhirFeed(Story& story, TakeFhir take)
    : story_(story), random_(story.dice("fhir feed")), take_(std::move(take)) {
    for (const auto& device : story.network().devices) {
        if (device.kind != DeviceKind::interface_engine) continue;
        const auto at = story.begin() + 5h + microseconds{random_->below(3'600'000'000)};
        story_.agenda().at(at, [this, site = device.site, at] { list_devices(site, at); });
    }
}

/// The list that biomedical engineers keep, as it is each morning.
void FhirFeed::list_devices(int site, Moment at) {
    const auto& network = story_.network();
    const auto engine = network.one_of(DeviceKind::interface_engine, site);
    std::vector<DeviceId> listed;
    for (std::uint32_t i = 0; i < network.devices.size(); ++i)
        if (network.devices[i].site == site && is_medical(network.devices[i].kind))
            listed.push_back(DeviceId{i});
    for (std::size_t first = 0; first < listed.size(); first += devices_each) {
        Transaction transaction{fmt::format("devices-{}", ++sent_), at};
        for (auto i = first; i < std::min(listed.size(), first + devices_each); ++i) {
            const auto serial = network.at(listed[i]).serial;
            transaction.put(fmt::format("Device?identifier={}|{}", serial_system, serial),
                            [&](auto& writer) { fhir::write_device(writer, network.at(listed[i])); });
        }
        take_({at, engine, transaction.text()});
    }
    story_.agenda().at(at + 24h, [this, site, at] { list_devices(site, at + 24h); });
}

void FhirFeed::see(const Act& act, const Story& story) {
    const auto* taken = std::get_if<StudyTaken>(&act.what);
    if (taken == nullptr) return;
    const auto& order = story.at(taken->order);
    const auto patient = story.at(order.encounter).patient;
    const auto site = story.hospital().at(story.at(order.encounter).department).site;
    Transaction transaction{fmt::format("study-{}", ++sent_), act.at};
    const auto url = "urn:uuid:" + fhir::patient_id(story, patient);
    transaction.create(url, "Patient",
                       fmt::format("identifier={}|{}", fhir::record_system(story), story.at(patient).mrn),
                       [&](auto& writer) { fhir::write_patient(writer, story, patient); });
    transaction.create("urn:uuid:" + fhir::study_id(story, taken->order), "ImagingStudy",
                       fmt::format("identifier=urn:id:ASHMERE:accession|{}", order.filler),
                       [&](auto& writer) { fhir::write_study(writer, story, taken->order, url, act.at); });
    take_({act.at, sender_at(story.network(), site), transaction.text()});
}

}   // namespace ward::lab
