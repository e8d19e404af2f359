// SPDX-License-Identifier: Apache-2.0
#include "lab/feeds/hl7_segments.hpp"

#include <fmt/format.h>

#include "core/bytes.hpp"

namespace ward::lab {
namespace {

using namespace std::chrono;

std::string name_field(const Person& person) {
    auto field = fmt::format("{}^{}^^^^^L^A", hl7_text(person.family.latin), hl7_text(person.given.latin));
    if (!person.family.native.empty()) {
        const auto given = person.given.native.empty() ? person.given.latin : person.given.native;
        field += fmt::format("~{}^{}^^^^^L^I", person.family.native, given);
    }
    return field;
}

/// PL: point of care, room, bed, facility.
std::string place_field(const Hospital& hospital, DepartmentId department, std::optional<BedId> bed) {
    const auto& where = hospital.at(department);
    if (!bed) return fmt::format("{}^^^{}", where.code, hospital.code);
    const auto& one = hospital.at(*bed);
    return fmt::format("{}^{}^{}^{}", hospital.at(one.department).code, one.room, one.name, hospital.code);
}

}   // namespace

std::string hl7_day(year_month_day day) {
    return fmt::format("{:04}{:02}{:02}", static_cast<int>(day.year()), static_cast<unsigned>(day.month()),
                       static_cast<unsigned>(day.day()));
}

std::string hl7_time(Moment moment) {
    const auto day = floor<days>(moment);
    const hh_mm_ss clock{floor<seconds>(moment - day)};
    return fmt::format("{}{:02}{:02}{:02}+0000", hl7_day(day), clock.hours().count(), clock.minutes().count(),
                       clock.seconds().count());
}

std::string hl7_text(std::string_view text) {
    std::string out;
    for (const char c : text) {
        switch (c) {
            case '|': out += "\\F\\"; break;
            case '^': out += "\\S\\"; break;
            case '~': out += "\\R\\"; break;
            case '&': out += "\\T\\"; break;
            case '\\': out += "\\E\\"; break;
            default: out += c;
        }
    }
    return out;
}

std::string record_number(const Story& story, std::string_view mrn) {
    return fmt::format("{}^^^&{}&ISO^MR", mrn, story.hospital().oid);
}

std::string pid_segment(const Story& story, PatientId id) {
    const auto& patient = story.at(id);
    const auto& person = story.hospital().town.at(patient.person);
    const auto& home = story.hospital().town.home_of(patient.person);
    return fmt::format("PID|1||{}||{}||{}|{}|||{} {}^^{}^^{}^^H||^PRN^PH^^^555^{:07}\r",
                       record_number(story, patient.mrn), name_field(person), hl7_day(person.birth),
                       person.sex == Sex::female ? 'F' : 'M', home.number, home.street, home.town,
                       home.postcode, place(person.household) * 37 % 10'000'000);
}

std::string person_field(const Story& story, StaffId id) {
    const auto& person = story.hospital().person_of(id);
    return fmt::format("{}^{}^{}^^^^^^{}^L^^^EI", story.hospital().at(id).number,
                       hl7_text(person.family.latin), hl7_text(person.given.latin), story.hospital().code);
}

std::string pv1_segment(const Story& story, EncounterId id, std::optional<BedId> from) {
    const auto& encounter = story.at(id);
    const auto& hospital = story.hospital();
    const auto kind = std::string_view{"EIO"}[static_cast<std::size_t>(encounter.kind)];
    const auto before = from ? place_field(hospital, hospital.at(*from).department, from) : std::string{};
    // Fields 7 (attending), 19 (visit number), 36 (disposition), 44 and 45 (admitted, discharged).
    return fmt::format("PV1|1|{}|{}|||{}|{}||||||||||||{}^^^{}^VN|||||||||||||||||{}||||||||{}|{}\r", kind,
                       place_field(hospital, encounter.department, encounter.bed), before,
                       person_field(story, encounter.attending), encounter.number, hospital.code,
                       encounter.ended ? "01" : "", hl7_time(encounter.began),
                       encounter.ended ? hl7_time(*encounter.ended) : std::string{});
}

std::string dg1_segment(const Illness& illness) {
    return fmt::format("DG1|1||{}^{}^I10|||A\r", illness.icd10, hl7_text(illness.name));
}

std::string value_text(double value, int decimals) { return fmt::format("{:.{}f}", value, decimals); }

std::string scanned_page(std::size_t bytes, Random random) {
    Buffer page{std::byte{'I'}, std::byte{'I'}, std::byte{42}, std::byte{0}};
    while (page.size() < bytes) page.push_back(static_cast<std::byte>(random.next() & 255U));
    return to_base64(page);
}

std::string obx_segment(int number, const Quantity& quantity, double value, Moment at, char status) {
    const auto* flag = value < quantity.low ? "L" : value > quantity.high ? "H" : "N";
    return fmt::format("OBX|{}|NM|{}^{}^LN||{}|{}^^UCUM|{}-{}|{}|||{}|||{}\r", number, quantity.loinc,
                       hl7_text(quantity.name), value_text(value, quantity.decimals), hl7_text(quantity.unit),
                       value_text(quantity.low, quantity.decimals),
                       value_text(quantity.high, quantity.decimals), flag, status, hl7_time(at));
}

}   // namespace ward::lab
