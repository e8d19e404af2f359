// SPDX-License-Identifier: Apache-2.0
#include "lab/hospital.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <set>

namespace ward::lab {
namespace {

constexpr std::array<std::string_view, 4> size_names{"clinic", "small", "large", "group"};
constexpr std::array<std::string_view, 15> kind_names{
    "Emergency",    "Intensive Care",    "Medicine",   "Surgery",    "Theatre",
    "Maternity",    "Outpatient Clinic", "Radiology",  "Laboratory", "Pharmacy",
    "Registration", "Records",           "Technology", "Biomedical", "Management"};
constexpr std::array<std::string_view, 13> role_names{
    "physician",        "resident", "nurse", "student nurse", "radiographer",     "laboratory technologist",
    "pharmacist",       "clerk",    "coder", "manager",       "IT administrator", "biomedical engineer",
    "vendor technician"};

/// How many there are of a kind of department in one hospital of this size, and how big each is.
struct Layout {
    DepartmentKind kind{};
    int departments = 0;
    int beds = 0;                                                                          // of each
    int monitored = 0;                                                                     // of those
    int physicians = 0, residents = 0, nurses = 0, students = 0, others = 0, clerks = 0;   // of each
};

using enum DepartmentKind;

// Five people: a practice with a room to lie down in.
constexpr auto of_clinic = std::to_array<Layout>({
    {clinic, 1, 0, 0, 2, 0, 2, 0, 0, 1},
});

// About four nurses a bed on intensive care and one and a half on a ward, for three shifts and free days.
constexpr auto of_small = std::to_array<Layout>({
    {emergency, 1, 0, 0, 5, 2, 14, 1, 0, 4},
    {intensive, 1, 4, 4, 3, 1, 16, 0, 0, 1},
    {medical, 1, 12, 2, 4, 2, 18, 2, 0, 1},
    {surgical, 1, 9, 2, 4, 2, 14, 1, 0, 1},
    {theatre, 1, 0, 0, 4, 0, 8, 0, 0, 1},
    {clinic, 1, 0, 0, 6, 0, 6, 0, 0, 4},
    {radiology, 1, 0, 0, 2, 0, 0, 0, 6, 1},
    {laboratory, 1, 0, 0, 1, 0, 0, 0, 8, 1},
    {pharmacy, 1, 0, 0, 0, 0, 0, 0, 5, 0},
    {registration, 1, 0, 0, 0, 0, 0, 0, 0, 6},
    {records, 1, 0, 0, 0, 0, 0, 0, 4, 0},
    {technology, 1, 0, 0, 0, 0, 0, 0, 3, 0},
    {biomedical, 1, 0, 0, 0, 0, 0, 0, 2, 0},
    {management, 1, 0, 0, 0, 0, 0, 0, 4, 0},
});

constexpr auto of_large = std::to_array<Layout>({
    {emergency, 1, 0, 0, 26, 20, 90, 6, 0, 16},
    {intensive, 4, 16, 16, 8, 6, 62, 2, 0, 2},
    {medical, 8, 28, 6, 8, 6, 42, 4, 0, 3},
    {surgical, 6, 26, 6, 9, 6, 40, 3, 0, 3},
    {maternity, 2, 28, 8, 8, 5, 44, 3, 0, 2},
    {theatre, 2, 0, 0, 24, 6, 40, 2, 0, 4},
    {clinic, 20, 0, 0, 14, 5, 12, 1, 0, 8},
    {radiology, 1, 0, 0, 22, 8, 6, 0, 60, 10},
    {laboratory, 1, 0, 0, 6, 2, 0, 0, 70, 6},
    {pharmacy, 1, 0, 0, 0, 0, 0, 0, 40, 2},
    {registration, 1, 0, 0, 0, 0, 0, 0, 0, 50},
    {records, 1, 0, 0, 0, 0, 0, 0, 30, 4},
    {technology, 1, 0, 0, 0, 0, 0, 0, 28, 0},
    {biomedical, 1, 0, 0, 0, 0, 0, 0, 12, 1},
    {management, 1, 0, 0, 0, 0, 0, 0, 30, 6},
});

std::span<const Layout> layouts_of(Size size) {
    switch (size) {
        case Size::clinic: return of_clinic;
        case Size::large: return of_large;
        default: return of_small;
    }
}

Role other_role(DepartmentKind kind) {
    switch (kind) {
        case radiology: return Role::radiographer;
        case laboratory: return Role::laboratory_technologist;
        case pharmacy: return Role::pharmacist;
        case records: return Role::coder;
        case technology: return Role::it_administrator;
        case biomedical: return Role::biomedical_engineer;
        default: return Role::manager;
    }
}

bool works_in_shifts(DepartmentKind kind, Role role) {
    if (role == Role::manager || role == Role::coder || role == Role::biomedical_engineer) return false;
    return kind != clinic && kind != technology && kind != management && kind != records;
}

std::string lower_ascii(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c >= 'A' && c <= 'Z') out += static_cast<char>(c - 'A' + 'a');
        if (c >= 'a' && c <= 'z') out += c;
    }
    return out;
}

class Founding {
public:
    Founding(Size size, const Random& random, std::chrono::year_month_day first_day)
        : random_(random.stream("hospital")) {
        hospital_.size = size;
        hospital_.first_day = first_day;
        hospital_.town = make_town(random.stream("town"), people_for(size), census_day);
        hospital_.name = fmt::format("{} General Hospital", towns().front());
        hospital_.code = "ASHMERE";
        hospital_.oid = "2.16.840.1.113883.19.5.1";   // below HL7's root for examples
        if (size == Size::clinic) hospital_.name = fmt::format("{} Family Practice", towns().front());
        collect_adults();
    }

    Hospital found() {
        const int sites = sites_of(hospital_.size);
        for (int site = 0; site < sites; ++site)
            for (const auto& layout : layouts_of(hospital_.size)) add_departments(layout, site);
        if (hospital_.size != Size::clinic) add_those_without_a_home();
        return std::move(hospital_);
    }

private:
    static std::size_t people_for(Size size) {
        switch (size) {
            case Size::clinic: return 2'000;
            case Size::small: return 8'000;
            case Size::large: return 120'000;
            case Size::group: return 24'000;
        }
        return 0;
    }

    /// Who may work, in an order of chance.
    void collect_adults() {
        for (std::uint32_t id = 0; id < hospital_.town.people.size(); ++id) {
            const auto age = age_on(hospital_.town.people[id], census_day);
            if (age >= 22 && age <= 65) adults_.push_back(PersonId{id});
        }
        for (std::size_t i = adults_.size(); i > 1; --i) std::swap(adults_[i - 1], adults_[random_.below(i)]);
    }

    void add_departments(const Layout& layout, int site) {
        for (int number = 1; number <= layout.departments; ++number) {
            const DepartmentId id{static_cast<std::uint32_t>(hospital_.departments.size())};
            Department department{layout.kind, std::string{name_of(layout.kind)}, {}, site};
            if (layout.departments > 1) department.name += fmt::format(" {}", number);
            department.code = fmt::format("{}{}", short_name(layout.kind), site * 10 + number);
            hospital_.departments.push_back(std::move(department));
            add_beds(layout, id, number);
            add_staff(layout, id);
        }
    }

    static std::string_view short_name(DepartmentKind kind) {
        constexpr std::array<std::string_view, 15> names{"ED",  "ICU", "MED", "SUR", "OR",
                                                         "MAT", "OPC", "RAD", "LAB", "PHA",
                                                         "REG", "REC", "IT",  "BME", "MGT"};
        return names[static_cast<std::size_t>(kind)];
    }

    void add_beds(const Layout& layout, DepartmentId id, int number) {
        for (int i = 0; i < layout.beds; ++i) {
            const BedId bed{static_cast<std::uint32_t>(hospital_.beds.size())};
            hospital_.beds.push_back({id, fmt::format("{}{:02}", number, i / 2 + 1), i % 2 == 0 ? "A" : "B",
                                      i < layout.monitored});
            hospital_.departments[place(id)].beds.push_back(bed);
        }
    }

    void add_staff(const Layout& layout, DepartmentId home) {
        const auto add = [&](Role role, int count, Employment employment = Employment::employed) {
            for (int i = 0; i < count; ++i) add_member(role, home, employment);
        };
        add(Role::physician, layout.physicians);
        add(Role::resident, layout.residents, Employment::trainee);
        add(Role::nurse, layout.nurses);
        add(Role::student_nurse, layout.students, Employment::trainee);
        add(other_role(layout.kind), layout.others);
        add(Role::clerk, layout.clerks);
    }

    /// One nurse in twelve works where somebody is missing; vendors' people come when something is broken.
    void add_those_without_a_home() {
        const auto wards = hospital_.departments_of(medical);
        const auto nurses = std::ranges::count(hospital_.staff, Role::nurse, &StaffMember::role);
        for (auto left = std::max<std::ptrdiff_t>(3, nurses / 12); left > 0; --left)
            add_member(Role::nurse, random_.pick(wards), Employment::float_pool);
        const auto workshop = hospital_.departments_of(biomedical).front();
        for (int left = hospital_.size == Size::large ? 8 : 3; left > 0; --left)
            add_member(Role::vendor_technician, workshop, Employment::contractor);
    }

    void add_member(Role role, DepartmentId home, Employment employment) {
        const StaffId id{static_cast<std::uint32_t>(hospital_.staff.size())};
        StaffMember member;
        member.person = adults_.at(place(id));
        member.role = role;
        member.home = home;
        member.employment = employment;
        const auto shifts =
            works_in_shifts(hospital_.at(home).kind, role) && employment != Employment::contractor;
        member.pattern = shifts ? Pattern::rotating : Pattern::office;
        member.offset = random_.between(0, 27);
        member.number = fmt::format("{:06}", 100'003 + place(id) * 7);
        const auto& person = hospital_.town.at(member.person);
        member.login = lower_ascii(person.given.latin).substr(0, 1) + lower_ascii(person.family.latin);
        for (int twin = 2; !logins_.insert(member.login).second; ++twin)
            member.login = fmt::format("{}{}{}", lower_ascii(person.given.latin).substr(0, 1),
                                       lower_ascii(person.family.latin), twin);
        hospital_.staff.push_back(std::move(member));
        hospital_.departments[place(home)].staff.push_back(id);
    }

    Random random_;
    Hospital hospital_;
    std::vector<PersonId> adults_;
    std::set<std::string> logins_;
};

}   // namespace

std::string_view name_of(Size size) { return size_names[static_cast<std::size_t>(size)]; }
std::string_view name_of(DepartmentKind kind) { return kind_names[static_cast<std::size_t>(kind)]; }
std::string_view name_of(Role role) { return role_names[static_cast<std::size_t>(role)]; }

std::span<const std::string_view> names_of_departments() { return kind_names; }
std::span<const std::string_view> names_of_roles() { return role_names; }

std::optional<Size> size_named(std::string_view name) {
    const auto found = std::ranges::find(size_names, name);
    if (found == size_names.end()) return std::nullopt;
    return static_cast<Size>(found - size_names.begin());
}

std::vector<DepartmentId> Hospital::departments_of(DepartmentKind kind) const {
    std::vector<DepartmentId> found;
    for (std::uint32_t i = 0; i < departments.size(); ++i)
        if (departments[i].kind == kind) found.push_back(DepartmentId{i});
    return found;
}

Hospital make_hospital(Size size, const Random& random, std::chrono::year_month_day first_day) {
    return Founding{size, random, first_day}.found();
}

}   // namespace ward::lab
