// SPDX-License-Identifier: Apache-2.0
#include "lab/frames/devices/dicom_query.hpp"

#include <fmt/format.h>

#include "lab/feeds/hl7_segments.hpp"

namespace ward::lab::dicom {
namespace {

using namespace std::chrono;

std::string day_text(Moment at) { return hl7_day(floor<days>(at)); }

}   // namespace

bool is_found(const Study& study, const StudyKeys& keys) {
    const auto is = [](std::string_view key, std::string_view value) { return key.empty() || key == value; };
    const std::string_view dates{keys.dates};
    const auto dash = dates.find('-');
    const auto day = day_text(study.at);
    const bool is_in_time = dash == std::string_view::npos
                                ? is(dates, day)
                                : dates.substr(0, dash) <= day && day <= dates.substr(dash + 1);
    return is_in_time && is(keys.patient_id, study.patient_id) && is(keys.modality, study.modality) &&
           (keys.patient_name == "*" || is(keys.patient_name, study.patient_name));
}

Dataset study_query(const StudyKeys& keys) {
    Dataset set;
    set.text(0x00080005, Vr::cs, "ISO_IR 192").text(0x00080020, Vr::da, keys.dates);
    set.text(0x00080030, Vr::tm, "").text(0x00080050, Vr::sh, "").text(0x00080052, Vr::cs, "STUDY");
    set.text(0x00080061, Vr::cs, keys.modality).text(0x00081030, Vr::lo, "");
    set.text(0x00100010, Vr::pn, keys.patient_name).text(0x00100020, Vr::lo, keys.patient_id);
    set.text(0x00100030, Vr::da, "").text(0x00100040, Vr::cs, "").text(0x0020000d, Vr::ui, "");
    set.text(0x00201208, Vr::is, "");
    return set;
}

Dataset study_found(const Study& study, std::string_view archive) {
    Dataset set;
    set.text(0x00080005, Vr::cs, study.has_native_name ? "ISO_IR 192" : "ISO_IR 100");
    set.text(0x00080020, Vr::da, day_text(study.at)).text(0x00080030, Vr::tm, "120000");
    set.text(0x00080050, Vr::sh, study.accession).text(0x00080052, Vr::cs, "STUDY");
    set.text(0x00080054, Vr::ae, archive).text(0x00080061, Vr::cs, study.modality);
    set.text(0x00081030, Vr::lo, study.description);
    set.text(0x00100010, Vr::pn, study.patient_name).text(0x00100020, Vr::lo, study.patient_id);
    set.text(0x00100030, Vr::da, study.birth).text(0x00100040, Vr::cs, study.sex);
    set.text(0x0020000d, Vr::ui, study.uid);
    set.text(0x00201208, Vr::is, std::to_string(study.images));
    return set;
}

Dataset study_wanted(const Study& study) {
    Dataset set;
    set.text(0x00080052, Vr::cs, "STUDY").text(0x0020000d, Vr::ui, study.uid);
    return set;
}

std::string date_range(Moment from, Moment until) {
    return fmt::format("{}-{}", day_text(from), day_text(until));
}

Study earlier_study(Study study, Random random) {
    const auto ago = days{random.between(20, 1'400)};
    study.at -= ago;
    study.accession = fmt::format("R{:07}", random.between(100'000, 999'999));
    study.uid = fmt::format("2.25.{}.{}", random.next(), day_text(study.at));
    study.images = random.between(1, study.images + 2);
    return study;
}

}   // namespace ward::lab::dicom
