// SPDX-License-Identifier: Apache-2.0
#include "lab/files/file_tree.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <numbers>
#include <tuple>

#include "core/assert.hpp"

namespace ward::lab {
namespace {

constexpr auto kinds = std::to_array<FileKind>({{"docx", 48e3, 7.82, 0.08, true},
                                                {"xlsx", 60e3, 7.78, 0.1, true},
                                                {"pptx", 400e3, 7.93, 0.04, true},
                                                {"doc", 90e3, 4.6, 0.6, true},
                                                {"pdf", 90e3, 7.86, 0.12},
                                                {"jpg", 160e3, 7.96, 0.02},
                                                {"tif", 220e3, 7.4, 0.4},
                                                {"txt", 4e3, 4.5, 0.3},
                                                {"csv", 30e3, 4.3, 0.4},
                                                {"msg", 70e3, 5.4, 0.7},
                                                {"zip", 500e3, 7.994, 0.006},
                                                {"7z", 700e3, 7.9985, 0.001},
                                                {"db", 900e3, 5.2, 0.8},
                                                {"log", 80e3, 4.7, 0.2}});

struct Shelf {
    std::string_view folder;
    std::array<std::string_view, 5> words;
    std::array<std::string_view, 4> extensions;
};

constexpr auto of_offices = std::to_array<Shelf>({
    {"Rota", {"Rota", "Leave", "Nights", "Cover", "Duty plan"}, {"xlsx", "xlsx", "pdf", "csv"}},
    {"Minutes", {"Minutes", "Agenda", "Meeting", "Actions", "Notes"}, {"docx", "docx", "doc", "pdf"}},
    {"Protocols",
     {"Protocol", "Guideline", "Checklist", "Procedure", "Form"},
     {"docx", "pdf", "doc", "docx"}},
    {"Orders", {"Order", "Quotation", "Invoice", "Delivery", "Budget"}, {"pdf", "xlsx", "msg", "csv"}},
    {"Training", {"Course", "Slides", "Certificate", "Photos", "Poster"}, {"pptx", "pdf", "jpg", "zip"}},
});
constexpr auto of_patients = std::to_array<Shelf>({
    {"Letters",
     {"Discharge letter", "Referral", "Letter", "Certificate", "Report"},
     {"docx", "pdf", "docx", "doc"}},
    {"Scans", {"Consent", "Insurance", "Findings", "Old chart", "Form"}, {"tif", "pdf", "tif", "jpg"}},
    {"Images", {"Wound", "ECG", "Endoscopy", "Sketch", "Skin"}, {"jpg", "pdf", "jpg", "tif"}},
});
constexpr auto of_archives = std::to_array<Shelf>({
    {"Exports", {"Export", "Claims", "Statistics", "Registry", "Transfer"}, {"csv", "zip", "txt", "7z"}},
    {"Systems", {"Interface", "Index", "Backup list", "Inventory", "Audit"}, {"log", "db", "txt", "zip"}},
});

constexpr int clinical = 1;   // the share of patients' documents

std::size_t files_for(const Story& story) {
    switch (story.hospital().size) {
        case Size::clinic: return 400;
        case Size::small: return 3'500;
        case Size::large: return 24'000;
        case Size::group: return 9'000;
    }
    return 0;
}

std::span<const Shelf> shelves_of(int share) {
    if (share == 0) return of_offices;
    if (share == clinical) return of_patients;
    return of_archives;
}

}   // namespace

const FileKind& kind_of(std::string_view extension) {
    const auto found = std::ranges::find(kinds, extension, &FileKind::extension);
    WARD_ASSERT(found != kinds.end());
    return *found;
}

double entropy_of_noise(std::uint64_t bytes, Random& random) {
    // The mean of the plug-in estimate over 256 values: Miller 1955.
    const auto lost =
        255 / (2 * std::numbers::ln2 * static_cast<double>(std::max<std::uint64_t>(bytes, 256)));
    return std::clamp(8 - lost * (1 + 0.06 * random.normal(0, 1)), 0.0, 8.0);
}

double entropy_of(const FileKind& kind, std::uint64_t bytes, Random& random) {
    const auto drawn = random.normal(kind.entropy, kind.spread);
    return std::clamp(drawn, 0.5, entropy_of_noise(bytes, random));
}

std::vector<FileId> FileTree::of_share(int share) const {
    std::vector<FileId> found;
    for (std::uint32_t i = 0; i < files.size(); ++i)
        if (files[i].share == share) found.push_back(FileId{i});
    return found;
}

std::optional<int> FileTree::share_named(std::string_view name) const {
    const auto found = std::ranges::find(shares, name, &Share::name);
    if (found == shares.end()) return std::nullopt;
    return static_cast<int>(found - shares.begin());
}

StoredFile make_file(const Story& story, int share, DepartmentId department, Random& random) {
    const auto shelves = shelves_of(share);
    const auto& shelf = shelves[random.below(shelves.size())];
    StoredFile file;
    file.share = share;
    file.kind = &kind_of(random.pick(shelf.extensions));
    file.extension = file.kind->extension;
    file.bytes = static_cast<std::uint64_t>(std::max(300.0, random.around(file.kind->bytes, 2.5)));
    file.department = department;
    const auto& code = story.hospital().at(department).code;
    file.folder = fmt::format("{}\\{}", code, shelf.folder);
    const auto word = random.pick(shelf.words);
    if (share == clinical) {
        file.patient = PatientId{static_cast<std::uint32_t>(random.below(story.patients()))};
        file.name = fmt::format("{}_{}_{:04}", story.at(*file.patient).mrn, word, random.between(0, 9999));
        return file;
    }
    switch (random.between(0, 2)) {
        case 0:
            file.name = fmt::format("{} 20{:02}-{:02}", word, random.between(19, 26), random.between(1, 12));
            break;
        case 1: file.name = fmt::format("{}_{}_v{}", word, code, random.between(1, 9)); break;
        default: file.name = fmt::format("{} {}", word, random.between(1, 999)); break;
    }
    file.name += fmt::format(" ({})", random.between(1, 9'999));
    return file;
}

FileTree make_file_tree(const Story& story) {
    auto random = story.random().stream("files");
    FileTree tree;
    const auto& hospital = story.hospital();
    const auto server = story.network().one_of(DeviceKind::file_server, 0);
    for (const std::string_view name : {"office", "clinical", "archive"})
        tree.shares.push_back({std::string{name}, server});
    constexpr std::array<double, 3> shares{0.45, 0.45, 0.1};
    for (auto left = files_for(story); left > 0; --left) {
        const DepartmentId department{static_cast<std::uint32_t>(random.below(hospital.departments.size()))};
        tree.files.push_back(make_file(story, static_cast<int>(random.weighted(shares)), department, random));
    }
    // As they lie there: who goes through a share goes folder by folder.
    std::ranges::stable_sort(tree.files, {}, [](const StoredFile& file) {
        return std::tuple{file.share, file.folder, file.name};
    });
    return tree;
}

}   // namespace ward::lab
