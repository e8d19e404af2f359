// SPDX-License-Identifier: Apache-2.0
#include "lab/frames/devices/imaging_traffic.hpp"

#include <fmt/format.h>

#include "lab/frames/devices/dicom_message.hpp"

namespace ward::lab {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;
using dicom::Operation;

constexpr int images_max = 6;   // of a study, that are sent

}   // namespace

ImagingTraffic::ImagingTraffic(Tap& tap, Story& story, ArchiveTraffic& archive, TakeDicom take)
    : tap_(tap),
      story_(story),
      archive_(archive),
      random_(story.dice("imaging traffic")),
      take_(std::move(take)) {
    const auto& devices = story.network().devices;
    for (std::uint32_t i = 0; i < devices.size(); ++i) {
        const auto& device = devices[i];
        if (device.kind != DeviceKind::modality) continue;
        const auto modality = dicom::modality_of(device.model);
        const auto title = fmt::format("{}{}", modality, device.name.substr(3));
        rooms_.push_back({DeviceId{i},
                          modality,
                          {title, device.vendor, device.model, device.serial, device.name,
                           fmt::format("2.25.{}", random_->next())}});
    }
    for (std::size_t room = 0; room < rooms_.size(); ++room) {
        story_.agenda().in(seconds{random_->between(1, 3'600)}, [this, room] { echo(room); });
        story_.agenda().in(seconds{random_->between(1, 900)}, [this, room] { look_for_work(room); });
    }
}

DicomCall ImagingTraffic::call(const Room& room, std::string_view sop_class, Moment at) {
    const auto& network = story_.network();
    const auto& from = network.at(room.device);
    const auto& archive = network.at(network.one_of(DeviceKind::pacs, from.site));
    const auto port = static_cast<std::uint16_t>(random_->between(49'152, 65'535));
    dicom::Association wanted{
        "ASHMERE_PACS",
        room.machine.title,
        {{1, sop_class, {dicom::explicit_little_endian, dicom::implicit_little_endian}}},
        room.machine.vendor == "GE" ? 28'672U : 16'384U};
    Random random{random_->next()};
    return {TcpLine{tap_, network, {from, archive, port, dicom_port}, random.stream("line")},
            std::move(wanted), random, at};
}

void ImagingTraffic::echo(std::size_t room) {
    auto asked = call(rooms_[room], dicom::verification, story_.now());
    if (asked.begin()) {
        asked.ask({.operation = Operation::echo, .sop_class = dicom::verification}, nullptr);
        asked.answer(dicom::success, nullptr, 4);
        asked.end();
    }
    story_.agenda().in(1h + seconds{random_->between(-20, 20)}, [this, room] { echo(room); });
}

void ImagingTraffic::look_for_work(std::size_t room) {
    query(rooms_[room]);
    const auto next = seconds{static_cast<std::int64_t>(random_->around(900, 1.4))};
    story_.agenda().in(next, [this, room] { look_for_work(room); });
}

void ImagingTraffic::query(const Room& room) {
    constexpr auto find = dicom::modality_worklist_find;
    auto asked = call(room, find, story_.now());
    if (!asked.begin()) return;
    const auto wanted = dicom::worklist_query(room.machine, room.modality, story_.now());
    asked.ask({.operation = Operation::find, .sop_class = find}, &wanted);
    const auto site = story_.network().at(room.device).site;
    int left = 20;   // as many as its screen shows
    for (const auto order : wanted_) {
        const auto& what = imagings()[static_cast<std::size_t>(story_.at(order).what)];
        if (what.modality != room.modality || site_of(order) != site || left-- <= 0) continue;
        const auto study = dicom::study_of(story_, order, story_.at(order).placed + 30min);
        const auto entry = dicom::worklist_entry(room.machine, study);
        asked.answer(dicom::pending, &entry, 3);
    }
    asked.answer(dicom::success, nullptr, 3);
    asked.end();
}

int ImagingTraffic::site_of(OrderId order) const {
    return story_.hospital().at(story_.at(story_.at(order).encounter).department).site;
}

std::optional<std::size_t> ImagingTraffic::room_for(OrderId order) {
    const auto& what = imagings()[static_cast<std::size_t>(story_.at(order).what)];
    std::vector<std::size_t> fitting;
    for (std::size_t i = 0; i < rooms_.size(); ++i)
        if (rooms_[i].modality == what.modality &&
            story_.network().at(rooms_[i].device).site == site_of(order))
            fitting.push_back(i);
    if (fitting.empty()) return std::nullopt;
    return random_->pick(fitting);
}

void ImagingTraffic::see(const Act& act) {
    if (const auto* placed = std::get_if<OrderPlaced>(&act.what)) {
        if (story_.at(placed->order).kind == OrderKind::imaging) wanted_.insert(placed->order);
        return;
    }
    const auto* taken = std::get_if<StudyTaken>(&act.what);
    if (taken == nullptr) return;
    if (const auto room = room_for(taken->order)) {
        if (random_->chance(0.6)) query(rooms_[*room]);
        // It is looked at, and sent, before the patient leaves.
        story_.agenda().in(seconds{random_->between(90, 720)}, [this, order = taken->order, room = *room,
                                                                at = act.at] { store(order, room, at); });
    }
    wanted_.erase(taken->order);
}

void ImagingTraffic::store(OrderId order, std::size_t room, Moment taken) {
    const auto& machine = rooms_[room].machine;
    const auto study = dicom::study_of(story_, order, taken);
    const auto sop_class = dicom::sop_class_of(study.modality);
    auto asked = call(rooms_[room], sop_class, story_.now());
    if (!asked.begin()) {
        story_.agenda().in(30s, [this, order, room, taken] { store(order, room, taken); });
        return;
    }
    const bool is_kept = studies_++ % 10 == 0;
    const auto dice = random_->stream(study.accession);
    for (int number = 1; number <= std::min(study.images, images_max); ++number) {
        const auto instance = dicom::instance_uid(machine, study, number);
        const auto picture =
            dicom::image(study, machine, number, dice.stream(static_cast<std::uint64_t>(number)));
        asked.ask({.operation = Operation::store, .sop_class = sop_class}, &picture, instance);
        asked.answer(dicom::success, nullptr, 30);
        if (is_kept)
            take_({fmt::format("{}-{}.dcm", study.accession, number),
                   dicom::part10_file(sop_class, instance, machine.title, picture)});
    }
    asked.end();
    archive_.keep(order, study, machine);
}

}   // namespace ward::lab
