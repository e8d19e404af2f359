// SPDX-License-Identifier: Apache-2.0
// The hospital before its day begins: its departments, its beds, and who works there.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "lab/town.hpp"

namespace ward::lab {

enum class Size { clinic, small, large, group };
std::string_view name_of(Size size);
std::optional<Size> size_named(std::string_view name);
constexpr int sites_of(Size size) { return size == Size::group ? 3 : 1; }

enum class DepartmentKind : std::uint8_t {
    emergency,
    intensive,
    medical,
    surgical,
    theatre,
    maternity,
    clinic,
    radiology,
    laboratory,
    pharmacy,
    registration,
    records,   // coding and release of information
    technology,
    biomedical,
    management,
};
std::string_view name_of(DepartmentKind kind);
std::span<const std::string_view> names_of_departments();   // of their kinds

enum class Role : std::uint8_t {
    physician,
    resident,
    nurse,
    student_nurse,
    radiographer,
    laboratory_technologist,
    pharmacist,
    clerk,
    coder,
    manager,
    it_administrator,
    biomedical_engineer,
    vendor_technician,
};
std::string_view name_of(Role role);
std::span<const std::string_view> names_of_roles();

enum class Employment : std::uint8_t { employed, float_pool, trainee, contractor };

enum class DepartmentId : std::uint32_t {};
enum class BedId : std::uint32_t {};
enum class StaffId : std::uint32_t {};

struct Department {
    DepartmentKind kind{};
    std::string name;   // "3 West"
    std::string code;   // "3W"
    int site = 0;
    std::vector<BedId> beds{};
    std::vector<StaffId> staff{};   // whose home it is
};

struct Bed {
    DepartmentId department{};
    std::string room;
    std::string name;   // within the room
    bool is_monitored = false;
};

/// When somebody works: office hours, or one of the shifts in turn.
enum class Pattern : std::uint8_t { office, rotating };

struct StaffMember {
    PersonId person{};
    Role role{};
    DepartmentId home{};
    Employment employment{};
    Pattern pattern{};
    int offset = 0;       // into the rotation, in days
    std::string number;   // of the personnel office
    std::string login;
};

struct Hospital {
    Size size{};
    std::string name;
    std::string code;   // HL7's namespace for what it numbers
    std::string oid;    // the universal one, of its medical record numbers
    std::chrono::year_month_day first_day{};
    Town town;
    std::vector<Department> departments;
    std::vector<Bed> beds;
    std::vector<StaffMember> staff;

    const Department& at(DepartmentId id) const { return departments[place(id)]; }
    const Bed& at(BedId id) const { return beds[place(id)]; }
    const StaffMember& at(StaffId id) const { return staff[place(id)]; }
    const Person& person_of(StaffId id) const { return town.at(at(id).person); }
    std::vector<DepartmentId> departments_of(DepartmentKind kind) const;
};

/// The same for the same size and dice.
Hospital make_hospital(Size size, const Random& random, std::chrono::year_month_day first_day);

}   // namespace ward::lab
