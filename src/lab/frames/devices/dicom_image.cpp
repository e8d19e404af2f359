// SPDX-License-Identifier: Apache-2.0
#include "lab/frames/devices/dicom_image.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "lab/feeds/hl7_segments.hpp"
#include "wire/wire_reader.hpp"

namespace ward::lab::dicom {
namespace {

using namespace std::chrono;

struct Technique {
    std::string_view modality;
    std::string_view sop_class;
    std::string_view image_type;
    std::uint16_t bits_allocated = 16;
    std::uint16_t bits_stored = 12;
};
constexpr auto techniques = std::to_array<Technique>({
    {"CT", "1.2.840.10008.5.1.4.1.1.2", "ORIGINAL\\PRIMARY\\AXIAL"},
    {"MR", "1.2.840.10008.5.1.4.1.1.4", "ORIGINAL\\PRIMARY\\M\\SE"},
    {"DX", "1.2.840.10008.5.1.4.1.1.1.1", "ORIGINAL\\PRIMARY", 16, 14},
    {"US", "1.2.840.10008.5.1.4.1.1.6.1", "ORIGINAL\\PRIMARY", 8, 8},
});

const Technique& technique_of(std::string_view modality) {
    return *std::ranges::find(techniques, modality, &Technique::modality);
}

std::string day_text(Moment at) { return hl7_day(floor<days>(at)); }

std::string time_text(Moment at) {
    const hh_mm_ss clock{floor<seconds>(at - floor<days>(at))};
    return fmt::format("{:02}{:02}{:02}", clock.hours().count(), clock.minutes().count(),
                       clock.seconds().count());
}

/// Of R0000012: 12. A component of a UID has no leading zero.
std::string_view number_in(std::string_view filler) {
    return filler.substr(filler.find_first_not_of('0', 1));
}

std::string decimal(double value) { return fmt::format("{:.6g}", value); }

bool is_sectional(std::string_view modality) { return modality == "CT" || modality == "MR"; }

struct Grid {
    std::uint16_t rows = 0;
    std::uint16_t columns = 0;
};

Buffer samples_of(const Technique& technique, Grid grid, Random& random) {
    Buffer samples;
    const double most = (1U << technique.bits_stored) - 1;
    const auto slope = random.uniform();
    for (std::uint16_t row = 0; row < grid.rows; ++row)
        for (std::uint16_t column = 0; column < grid.columns; ++column) {
            const auto light = slope * row / grid.rows + (1 - slope) * column / grid.columns;
            const auto value =
                static_cast<std::uint16_t>(std::clamp(light * 0.8 + random.uniform() * 0.2, 0.0, 1.0) * most);
            if (technique.bits_allocated == 8)
                samples.push_back(static_cast<std::byte>(value));
            else
                append_little_endian(samples, value);
        }
    return samples;
}

void add_patient(Dataset& set, const Study& study) {
    set.text(0x00100010, Vr::pn, study.patient_name).text(0x00100020, Vr::lo, study.patient_id);
    set.text(0x00100021, Vr::lo, study.issuer).text(0x00100030, Vr::da, study.birth);
    set.text(0x00100040, Vr::cs, study.sex);
}

void add_general(Dataset& set, const Study& study, const Machine& machine, const std::string& instance) {
    const auto& technique = technique_of(study.modality);
    const auto day = day_text(study.at), time = time_text(study.at);
    set.text(0x00080005, Vr::cs, study.has_native_name ? "ISO_IR 192" : "ISO_IR 100");
    set.text(0x00080008, Vr::cs, technique.image_type).text(0x00080016, Vr::ui, technique.sop_class);
    set.text(0x00080018, Vr::ui, instance);
    for (const std::uint32_t tag : {0x00080020U, 0x00080021U, 0x00080022U, 0x00080023U})
        set.text(tag, Vr::da, day);
    for (const std::uint32_t tag : {0x00080030U, 0x00080031U, 0x00080032U, 0x00080033U})
        set.text(tag, Vr::tm, time);
    set.text(0x00080050, Vr::sh, study.accession).text(0x00080060, Vr::cs, study.modality);
    if (study.modality == "DX") set.text(0x00080068, Vr::cs, "FOR PRESENTATION");
    set.text(0x00080070, Vr::lo, machine.vendor).text(0x00080080, Vr::lo, study.institution);
    set.text(0x00080090, Vr::pn, study.referring).text(0x00081010, Vr::sh, machine.station);
    set.text(0x00081030, Vr::lo, study.description).text(0x00081090, Vr::lo, machine.model);
}

void add_acquisition(Dataset& set, const Study& study, const Machine& machine) {
    set.text(0x00180015, Vr::cs, study.body_part);
    if (study.modality == "MR") set.text(0x00180020, Vr::cs, "SE").text(0x00180021, Vr::cs, "NONE");
    if (is_sectional(study.modality)) set.text(0x00180050, Vr::ds, study.modality == "CT" ? "1.5" : "4");
    if (study.modality == "CT") set.text(0x00180060, Vr::ds, "120");
    if (study.modality == "MR") set.text(0x00180080, Vr::ds, "2200").text(0x00180081, Vr::ds, "88");
    set.text(0x00181000, Vr::lo, machine.serial);
    if (is_sectional(study.modality)) set.text(0x00185100, Vr::cs, "HFS");
}

void add_place(Dataset& set, const Study& study, const Machine& machine, int number) {
    const auto series = instance_uid(machine, study, 0);
    set.text(0x0020000d, Vr::ui, study.uid).text(0x0020000e, Vr::ui, series);
    set.text(0x00200010, Vr::sh, number_in(study.accession)).text(0x00200011, Vr::is, "1");
    set.text(0x00200013, Vr::is, std::to_string(number));
    if (!is_sectional(study.modality)) return;
    set.text(0x00200032, Vr::ds, fmt::format("-120\\-120\\{}", decimal(-40.0 + 5.0 * number)));
    set.text(0x00200037, Vr::ds, "1\\0\\0\\0\\1\\0").text(0x00200052, Vr::ui, series + ".9");
}

}   // namespace

std::string_view modality_of(std::string_view model) {
    if (model.starts_with("MAGNETOM")) return "MR";
    if (model.starts_with("DigitalDiagnost")) return "DX";
    return model.starts_with("LOGIQ") ? "US" : "CT";
}

std::string_view sop_class_of(std::string_view modality) { return technique_of(modality).sop_class; }

std::string instance_uid(const Machine& machine, const Study& study, int number) {
    const auto series = fmt::format("{}.{}.1", machine.uid_root, number_in(study.accession));
    return number == 0 ? series : fmt::format("{}.{}", series, number);
}

Study study_of(const Story& story, OrderId id, Moment at) {
    const auto& order = story.at(id);
    const auto& encounter = story.at(order.encounter);
    const auto& patient = story.at(encounter.patient);
    const auto& person = story.person_of(encounter.patient);
    const auto& doctor = story.hospital().person_of(order.by);
    const auto& what = imagings()[static_cast<std::size_t>(order.what)];
    Study study;
    study.patient_name = fmt::format("{}^{}", person.family.latin, person.given.latin);
    study.has_native_name = !person.family.native.empty() && !person.given.native.empty();
    // PS3.5, section 6.2.1: the second group is for how it is written at home.
    if (study.has_native_name)
        study.patient_name += fmt::format("={}^{}", person.family.native, person.given.native);
    study.patient_id = patient.mrn;
    study.issuer = story.hospital().code;
    study.birth = hl7_day(person.birth);
    study.sex = person.sex == Sex::female ? "F" : "M";
    study.accession = order.filler;
    study.uid = fmt::format("2.25.{}.{}.{}", story.random().stream("study").next(), day_text(order.placed),
                            number_in(order.filler));
    study.referring = fmt::format("{}^{}", doctor.family.latin, doctor.given.latin);
    study.institution = story.hospital().name;
    study.modality = what.modality;
    study.description = what.name;
    study.body_part = what.body_part;
    study.images = what.images;
    study.at = at;
    return study;
}

Dataset image(const Study& study, const Machine& machine, int number, Random random) {
    const auto& technique = technique_of(study.modality);
    const Grid grid{static_cast<std::uint16_t>(random.between(4, 8) * 8),
                    static_cast<std::uint16_t>(random.between(4, 8) * 8)};
    Dataset set;
    add_general(set, study, machine, instance_uid(machine, study, number));
    add_patient(set, study);
    add_acquisition(set, study, machine);
    add_place(set, study, machine, number);
    set.number(0x00280002, 1).text(0x00280004, Vr::cs, "MONOCHROME2");
    set.number(0x00280010, grid.rows).number(0x00280011, grid.columns);
    if (is_sectional(study.modality)) set.text(0x00280030, Vr::ds, "3.75\\3.75");
    set.number(0x00280100, technique.bits_allocated).number(0x00280101, technique.bits_stored);
    set.number(0x00280102, static_cast<std::uint16_t>(technique.bits_stored - 1)).number(0x00280103, 0);
    if (study.modality == "CT") {
        set.text(0x00281050, Vr::ds, "40").text(0x00281051, Vr::ds, "400");
        set.text(0x00281052, Vr::ds, "-1024").text(0x00281053, Vr::ds, "1");
    }
    set.pixels(technique.bits_allocated, samples_of(technique, grid, random));
    return set;
}

Dataset worklist_query(const Machine& machine, std::string_view modality, Moment at) {
    Dataset step;
    step.text(0x00080060, Vr::cs, modality).text(0x00400001, Vr::ae, machine.title);
    step.text(0x00400002, Vr::da, day_text(at)).text(0x00400003, Vr::tm, "").text(0x00400007, Vr::lo, "");
    step.text(0x00400009, Vr::sh, "");
    Dataset set;
    set.text(0x00080050, Vr::sh, "").text(0x00100010, Vr::pn, "").text(0x00100020, Vr::lo, "");
    set.text(0x00100030, Vr::da, "").text(0x00100040, Vr::cs, "").text(0x0020000d, Vr::ui, "");
    set.text(0x00321060, Vr::lo, "").item(0x00400100, step).text(0x00401001, Vr::sh, "");
    return set;
}

Dataset worklist_entry(const Machine& machine, const Study& study) {
    Dataset step;
    step.text(0x00080060, Vr::cs, study.modality).text(0x00400001, Vr::ae, machine.title);
    step.text(0x00400002, Vr::da, day_text(study.at)).text(0x00400003, Vr::tm, time_text(study.at));
    step.text(0x00400007, Vr::lo, study.description).text(0x00400009, Vr::sh, "S" + study.accession);
    Dataset set;
    set.text(0x00080005, Vr::cs, study.has_native_name ? "ISO_IR 192" : "ISO_IR 100");
    set.text(0x00080050, Vr::sh, study.accession);
    add_patient(set, study);
    set.text(0x0020000d, Vr::ui, study.uid).text(0x00321060, Vr::lo, study.description);
    set.item(0x00400100, step).text(0x00401001, Vr::sh, study.accession);
    return set;
}

}   // namespace ward::lab::dicom
