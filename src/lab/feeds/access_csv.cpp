// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "lab/feeds/audit.hpp"
#include "lab/feeds/audit_terms.hpp"

namespace ward::lab {
namespace {

/// RFC 4180.
std::string field(std::string_view text) {
    if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string{text};
    std::string out{'"'};
    for (const char c : text) out += c == '"' ? "\"\"" : std::string{c};
    return out + '"';
}

}   // namespace

std::string access_csv_header() {
    return "EVENT_ID,ACCESS_INSTANT,USER_ID,USER_NAME,USER_ROLE,USER_DEPARTMENT,WORKSTATION,ACTION,SCREEN,"
           "PAT_MRN,"
           "PAT_NAME,PAT_BIRTH_DATE,VISIT,VISIT_DEPARTMENT,PURPOSE,OUTCOME,BREAK_GLASS_REASON\r\n";
}

std::string access_csv_row(const Act& act, const Story& story) {
    const auto& hospital = story.hospital();
    const auto& member = hospital.at(*act.by);
    const auto& user = hospital.town.at(member.person);
    const auto* opened = std::get_if<ChartOpened>(&act.what);
    const auto* session = std::get_if<SessionChanged>(&act.what);
    const auto workstation = opened != nullptr ? opened->workstation : session->workstation;
    auto row =
        fmt::format("{},{},{},{},{},{},{},", act.number, instant(act.at), member.login,
                    field(fmt::format("{}, {}", user.family.latin, user.given.latin)), name_of(member.role),
                    hospital.at(member.home).code, story.network().at(workstation).name);
    if (opened == nullptr) {
        const auto what = session_of(*session);
        return row + fmt::format("{},,,,,,,,{},\r\n", what.is_end ? "Logout" : "Login",
                                 what.is_refused ? "Failed" : "Ok");
    }
    const auto& person = story.person_of(opened->patient);
    const auto* encounter = opened->encounter ? &story.at(*opened->encounter) : nullptr;
    row += fmt::format(
        "{},{},{},{},{:04}-{:02}-{:02},{},{},{},{},{}\r\n", doing_name(opened->doing),
        screen_name(opened->screen), story.at(opened->patient).mrn,
        field(fmt::format("{}, {}", person.family.latin, person.given.latin)),
        static_cast<int>(person.birth.year()), static_cast<unsigned>(person.birth.month()),
        static_cast<unsigned>(person.birth.day()), encounter != nullptr ? encounter->number : "",
        encounter != nullptr ? hospital.at(encounter->department).code : "", purpose_code(opened->purpose),
        opened->is_refused ? "Refused" : "Ok", field(opened->reason));
    return row;
}

}   // namespace ward::lab
