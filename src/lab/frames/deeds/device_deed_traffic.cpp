// SPDX-License-Identifier: Apache-2.0
#include "lab/frames/deeds/device_deed_traffic.hpp"

#include "lab/frames/deeds/archive_trouble.hpp"

namespace ward::lab {

using namespace std::chrono;
using namespace std::chrono_literals;

void DeviceDeedTraffic::see(const Act& act, const Story&) {
    const auto* used = std::get_if<NetworkUsed>(&act.what);
    const auto* what = used == nullptr ? nullptr : std::get_if<DeviceUse>(&used->use);
    if (what == nullptr) return;
    const Wires::Belonging belonging{office_.wires, act.label};
    std::visit([&](const auto& use) { show(use, used->from); }, *what);
}

void DeviceDeedTraffic::show(const PluggedIn&, DeviceId from) { rounds_.settle(from); }

void DeviceDeedTraffic::show(const PumpStarted&, DeviceId from) { devices_.pumps().start(from); }

void DeviceDeedTraffic::show(const PumpsSought&, DeviceId from) {
    devices_.pumps().seek(office_.wires.network().at(from));
}

void DeviceDeedTraffic::show(const PumpSpokenTo& use, DeviceId from) {
    devices_.pumps().speak(office_.wires.network().at(from), use);
}

void DeviceDeedTraffic::show(const GatewayMoved& use, DeviceId) { devices_.pumps().move(use); }

void DeviceDeedTraffic::show(const LibraryMoved& use, DeviceId) { devices_.pumps().move(use); }

void DeviceDeedTraffic::show(const ArchiveSearched& use, DeviceId from) {
    using enum ArchiveSearched::By;
    const auto& story = office_.wires.story();
    dicom::StudyKeys keys;
    const auto& asker = office_.wires.network().at(from);
    if (use.by == patient && random_->chance(0.8))
        keys.patient_id = devices_.archive().some_patient(asker.site);
    if (use.by == patient && keys.patient_id.empty())
        keys.patient_id =
            story.at(PatientId{static_cast<std::uint32_t>(random_->below(story.patients()))}).mrn;
    if (use.by == day)
        keys.dates = dicom::date_range(story.now() - days{random_->between(0, 30)}, story.now());
    if (use.by == modality) keys.modality = random_->pick(std::array{"CT", "MR", "DX", "US"});
    if (use.by == all) keys.patient_name = "*";
    const auto reader = reader_at(asker, story.random());
    devices_.archive().search(reader, keys, use.answers_max, story.now());
}

void DeviceDeedTraffic::show(const StudyFetched& use, DeviceId from) {
    const auto& story = office_.wires.story();
    const auto& network = office_.wires.network();
    const auto reader = reader_at(network.at(from), story.random());
    const auto target = reader_at(network.at(use.target.value_or(from)), story.random());
    devices_.archive().fetch(reader, target, use.is_moved ? Retrieval::move : Retrieval::get, story.now());
}

void DeviceDeedTraffic::show(const ArchiveDisturbed& use, DeviceId from) {
    const auto& device = office_.wires.network().at(from);
    const auto reader = reader_at(device, office_.wires.story().random());
    ArchiveTrouble{office_.wires, reader.title, Random{random_->next()}}.make(use.how, device,
                                                                              office_.wires.story().now());
}

}   // namespace ward::lab
