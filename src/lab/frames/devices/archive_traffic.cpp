// SPDX-License-Identifier: Apache-2.0
#include "lab/frames/devices/archive_traffic.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace ward::lab {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;
using dicom::Operation;

constexpr std::string_view archive_title = "ASHMERE_PACS";
constexpr std::size_t kept_max = 400;
constexpr int images_max = 4;   // of a study, that are fetched: its series has more

dicom::Proposal proposal(std::uint8_t id, std::string_view sop_class, bool is_served = false) {
    return {id, sop_class, {dicom::explicit_little_endian, dicom::implicit_little_endian}, is_served};
}

/// What arrives at the archive is known by its order, and what was there before by lot.
std::vector<dicom::Study> with_earlier(const dicom::Study& study, Random random) {
    std::vector<dicom::Study> all{study};
    for (int left = random.between(0, 3); left > 0; --left)
        all.push_back(dicom::earlier_study(study, random.stream(static_cast<std::uint64_t>(left))));
    return all;
}

}   // namespace

Reader reader_at(const Device& device, const Random& random) {
    constexpr auto programs =
        std::to_array<std::string_view>({"", "", "RADVIEW_", "HOROS_", "WEASIS_", "DCM", "FINDSCU", "STORE"});
    constexpr auto ports = std::to_array<std::uint16_t>({104, 104, 4'242, 11'112});
    auto dice = random.stream("reader").stream(device.address);
    const auto program = dice.pick(programs);
    auto title = program.empty() ? device.name : std::string{program};
    if (title.ends_with('_') || title == "DCM") title += device.name.substr(device.name.size() - 4);
    return {device, std::move(title), dice.pick(ports)};
}

void ArchiveTraffic::keep(OrderId order, dicom::Study study, const dicom::Machine& machine) {
    const auto& story = wires_.story();
    const auto encounter = story.at(order).encounter;
    const auto site = story.hospital().at(story.at(encounter).department).site;
    kept_.push_back({order, story.at(encounter).patient, site, std::move(study), machine});
    if (kept_.size() > kept_max) kept_.pop_front();
}

void ArchiveTraffic::see(const Act& act) {
    const auto* opened = std::get_if<ChartOpened>(&act.what);
    if (opened == nullptr || opened->is_refused || opened->screen != Screen::images) return;
    if (opened->doing == Doing::view) open(*opened, act.at);
}

/// Radiologists' programs ask the archive themselves; elsewhere most look at images in the record.
void ArchiveTraffic::open(const ChartOpened& opened, Moment at) {
    const auto& story = wires_.story();
    const auto& machine = wires_.network().at(opened.workstation);
    if (!machine.department || wires_.network().of(DeviceKind::pacs, machine.site).empty()) return;
    const bool is_radiology = story.hospital().at(*machine.department).kind == DepartmentKind::radiology;
    if (!random_->chance(is_radiology ? 0.9 : 0.25)) return;
    const auto kept = std::ranges::find(kept_, opened.patient, &Kept::patient);
    const auto reader = reader_at(machine, story.random());
    if (kept == kept_.end()) {
        if (!story.hospital().at(*machine.department).beds.empty() || is_radiology)
            find(reader, {.patient_id = story.at(opened.patient).mrn}, {}, at);
        return;
    }
    const auto found = with_earlier(kept->study, *random_);
    auto done = find(reader, {.patient_id = kept->study.patient_id}, found, at);
    const auto way = random_->chance(0.7) ? Retrieval::move : Retrieval::get;
    done = retrieve(reader, reader, way, *kept, done + seconds{random_->between(1, 15)});
    if (found.size() == 1 || !random_->chance(0.5)) return;
    auto earlier = *kept;   // to compare with
    earlier.study = found[1];
    retrieve(reader, reader, way, earlier, done + seconds{random_->between(4, 90)});
}

const ArchiveTraffic::Kept* ArchiveTraffic::any_at(int site) {
    std::vector<const Kept*> here;
    for (const auto& one : kept_)
        if (one.site == site) here.push_back(&one);
    return here.empty() ? nullptr : random_->pick(here);
}

std::string ArchiveTraffic::some_patient(int site) {
    const auto* kept = any_at(site);
    return kept == nullptr ? std::string{} : kept->study.patient_id;
}

Moment ArchiveTraffic::search(const Reader& reader, const dicom::StudyKeys& keys, int answers_max,
                              Moment at) {
    std::vector<dicom::Study> found;
    for (const auto& one : kept_) {
        if (one.site != reader.device.site) continue;
        for (auto& study : with_earlier(one.study, random_->stream(one.study.accession)))
            if (std::ssize(found) < answers_max && is_found(study, keys)) found.push_back(std::move(study));
    }
    return find(reader, keys, found, at);
}

Moment ArchiveTraffic::fetch(const Reader& reader, const Reader& target, Retrieval way, Moment at) {
    const auto* kept = any_at(reader.device.site);
    if (kept == nullptr) return at;
    auto wanted = *kept;
    if (random_->chance(0.6))
        wanted.study = dicom::earlier_study(wanted.study, random_->stream(random_->next()));
    if (random_->chance(0.4)) at = find(reader, {.patient_id = wanted.study.patient_id}, {wanted.study}, at);
    return retrieve(reader, target, way, wanted, at);
}

DicomCall ArchiveTraffic::call(const Device& from, const Device& to, std::uint16_t port,
                               dicom::Association wanted, Moment at) {
    return {wires_.line(from, to, port), std::move(wanted), Random{random_->next()}, at};
}

Moment ArchiveTraffic::find(const Reader& reader, const dicom::StudyKeys& keys,
                            const std::vector<dicom::Study>& found, Moment at) {
    constexpr auto find = dicom::study_root_find;
    const auto& archive = wires_.server(DeviceKind::pacs, reader.device.site);
    auto asked = call(reader.device, archive, dicom_port,
                      {std::string{archive_title}, reader.title, {proposal(1, find)}}, at);
    if (!asked.begin()) return asked.now();
    const auto query = dicom::study_query(keys);
    asked.ask({.operation = Operation::find, .sop_class = find}, &query);
    for (const auto& study : found) {
        const auto match = dicom::study_found(study, archive_title);
        asked.answer(dicom::pending, &match, 2);
    }
    asked.answer(dicom::success, nullptr, 4);
    asked.end();
    return asked.now();
}

Moment ArchiveTraffic::retrieve(const Reader& reader, const Reader& target, Retrieval way, const Kept& kept,
                                Moment at) {
    if (way == Retrieval::none) return at;
    return way == Retrieval::get ? get(reader, kept, at) : move(reader, target, kept, at);
}

dicom::Dataset ArchiveTraffic::image_of(const Kept& kept, int number) const {
    const auto dice = wires_.story().random().stream("archive").stream(kept.study.accession);
    return dicom::image(kept.study, kept.machine, number, dice.stream(static_cast<std::uint64_t>(number)));
}

/// PS3.4, annex C.4.2: the archive opens an association of its own to whoever gets the images.
Moment ArchiveTraffic::move(const Reader& reader, const Reader& target, const Kept& kept, Moment at) {
    constexpr auto sop_class = dicom::study_root_move;
    const auto& archive = wires_.server(DeviceKind::pacs, reader.device.site);
    auto asked = call(reader.device, archive, dicom_port,
                      {std::string{archive_title}, reader.title, {proposal(1, sop_class)}}, at);
    if (!asked.begin()) return asked.now();
    const auto wanted = dicom::study_wanted(kept.study);
    asked.ask({.operation = Operation::move, .sop_class = sop_class, .destination = target.title}, &wanted);
    const auto image_class = dicom::sop_class_of(kept.study.modality);
    auto stored = call(archive, target.device, target.port,
                       {target.title, std::string{archive_title}, {proposal(1, image_class)}},
                       asked.now() + milliseconds{random_->between(8, 90)});
    const auto images = std::min(kept.study.images, images_max);
    const bool is_stored = stored.begin();
    if (is_stored) {
        for (int number = 1; number <= images; ++number) {
            const auto picture = image_of(kept, number);
            stored.ask({.operation = Operation::store, .sop_class = image_class, .originator = reader.title},
                       &picture, dicom::instance_uid(kept.machine, kept.study, number));
            stored.answer(dicom::success, nullptr, 20);
            asked.wait_until(stored.now());
            if (number < images)
                asked.answer(dicom::pending, nullptr, 1,
                             dicom::Retrieved{static_cast<std::uint16_t>(images - number),
                                              static_cast<std::uint16_t>(number)});
        }
        stored.end();
    }
    asked.wait_until(stored.now());
    if (is_stored)
        asked.answer(dicom::success, nullptr, 5, dicom::Retrieved{0, static_cast<std::uint16_t>(images)});
    else
        asked.answer(dicom::cannot_send, nullptr, 5,
                     dicom::Retrieved{0, 0, static_cast<std::uint16_t>(images)});
    asked.end();
    return asked.now();
}

/// PS3.4, annex C.4.3: all in one association.
Moment ArchiveTraffic::get(const Reader& reader, const Kept& kept, Moment at) {
    constexpr auto sop_class = dicom::study_root_get;
    const auto image_class = dicom::sop_class_of(kept.study.modality);
    const auto& archive = wires_.server(DeviceKind::pacs, reader.device.site);
    auto asked = call(
        reader.device, archive, dicom_port,
        {std::string{archive_title}, reader.title, {proposal(1, sop_class), proposal(3, image_class, true)}},
        at);
    if (!asked.begin()) return asked.now();
    const auto wanted = dicom::study_wanted(kept.study);
    asked.ask({.operation = Operation::get, .sop_class = sop_class}, &wanted);
    const auto images = std::min(kept.study.images, images_max);
    for (int number = 1; number <= images; ++number)
        asked.hand_over(image_class, dicom::instance_uid(kept.machine, kept.study, number),
                        image_of(kept, number));
    asked.answer(dicom::success, nullptr, 5, dicom::Retrieved{0, static_cast<std::uint16_t>(images)});
    asked.end();
    return asked.now();
}

}   // namespace ward::lab
