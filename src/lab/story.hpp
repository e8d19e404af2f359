// SPDX-License-Identifier: Apache-2.0
// The one story that all feeds tell: what the hospital knows by now, and what happens next.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "lab/agenda.hpp"
#include "lab/catalogue.hpp"
#include "lab/dice.hpp"
#include "lab/edge/outsiders.hpp"
#include "lab/hospital.hpp"
#include "lab/mail/letter.hpp"
#include "lab/network.hpp"
#include "lab/network_use.hpp"
#include "lab/roster.hpp"

namespace ward::lab {

enum class PatientId : std::uint32_t {};
enum class EncounterId : std::uint32_t {};
enum class OrderId : std::uint32_t {};
enum class AppointmentId : std::uint32_t {};

struct Patient {
    PersonId person{};
    std::string mrn;
    std::optional<PatientId> merged_into{};
};

enum class EncounterClass : std::uint8_t { emergency, inpatient, outpatient };

struct Encounter {
    PatientId patient{};
    EncounterClass kind{};
    std::string number;
    const Illness* illness = nullptr;
    DepartmentId department{};
    std::optional<BedId> bed{};
    StaffId attending{};
    Moment began{};
    std::optional<Moment> ended{};
    double severity = 0;   // 0 to 1
};

enum class OrderKind : std::uint8_t { laboratory, imaging, medicine };

struct Order {
    EncounterId encounter{};
    OrderKind kind{};
    int what = 0;   // in the catalogue's list of that kind
    std::string placer;
    std::string filler;
    StaffId by{};
    Moment placed{};
    std::vector<double> values{};   // of a panel's quantities, once they are known
    bool is_done = false;
};

struct Appointment {
    PatientId patient{};
    DepartmentId clinic{};
    StaffId with{};
    const Illness* illness = nullptr;
    Moment at{};
    std::string number;
};

// What happens. Each is told once, at its moment, when the state above is as it is from then on.

struct PatientChanged {
    enum class What : std::uint8_t { added, updated, merged } what{};
    PatientId patient{};
    std::optional<PatientId> other{};   // whom a merge makes part of `patient`
};

struct StayChanged {
    enum class What : std::uint8_t { registered, admitted, transferred, discharged } what{};
    EncounterId encounter{};
    std::optional<BedId> from{};
};

struct OrderPlaced {
    OrderId order{};
};

/// The patient was at the modality, which sends the pictures soon.
struct StudyTaken {
    OrderId order{};
};

struct ResultFiled {
    OrderId order{};
    bool is_correction = false;   // another was filed before
};

struct VitalsTaken {
    EncounterId encounter{};
    std::array<double, 6> values{};      // as vital_signs() lists them
    std::optional<DeviceId> monitor{};   // none: by hand
};

/// What a pump tells of what it gives.
struct InfusionTold {
    EncounterId encounter{};
    DeviceId pump{};
    int medicine = 0;     // in the catalogue's list
    double rate = 0;      // ml an hour
    double infused = 0;   // ml, since it began
};

struct NoteFiled {
    enum class What : std::uint8_t { admission, progress, discharge, report } what{};
    EncounterId encounter{};
    std::string number;
    std::size_t document_bytes = 0;   // of a page that was scanned, where there is one
};

struct AppointmentChanged {
    enum class What : std::uint8_t { booked, moved, cancelled } what{};
    AppointmentId appointment{};
};

enum class Screen : std::uint8_t {
    summary,
    demographics,
    results,
    notes,
    orders,
    medicines,
    images,
    schedule,
    billing
};
enum class Doing : std::uint8_t { search, view, change, print, export_chart };

/// Why somebody may look: HL7 v3 PurposeOfUse.
enum class Purpose : std::uint8_t { treatment, operations, payment, emergency };

struct ChartOpened {
    PatientId patient{};
    std::optional<EncounterId> encounter{};   // none: nobody was treated on account of it
    Screen screen{};
    Doing doing{};
    Purpose purpose{};
    DeviceId workstation{};
    std::string reason;   // of glass that was broken
    bool is_refused = false;
};

struct SessionChanged {
    enum class What : std::uint8_t { opened, closed, refused } what{};
    DeviceId workstation{};
};

/// To somebody, or from somebody outside: at the moment when the hospital's server took it.
struct MailSent {
    Letter letter;
    std::vector<StaffId> readers{};     // of the staff
    std::optional<PatientId> about{};   // whom it was written to, or who wrote it
};

/// On a share of the file server.
struct FileTouched {
    enum class Action : std::uint8_t { read, write, create, rename, remove } action{};
    std::string user;    // a login, or a program's account
    DeviceId host{};     // from where
    DeviceId server{};   // that has the share
    std::string share;
    std::string path;
    std::string new_path{};   // of what is renamed
    std::uint64_t bytes_read = 0;
    std::uint64_t bytes_written = 0;
    double entropy = 0;                   // bits a byte, of what was written
    std::optional<PatientId> patient{};   // whose document it is
};

/// A correction with these values, of which the laboratory knows nothing.
struct ForgedResult {
    OrderId order{};
    std::vector<double> values{};
};

/// What no reader of HL7 expects.
struct OddMessage {
    enum class How : std::uint8_t {
        huge,
        cut,
        no_header,
        odd_separators,
        many_segments,
        control_codes
    } how{};
    EncounterId encounter{};   // of which it tells
};

/// An HL7 message from a machine that is not the system under whose name it comes. Nothing of it is so.
struct MessageForged {
    DeviceId from{};
    std::variant<PatientChanged, ForgedResult, OddMessage> what;
};

/// What a system sends comes from this machine from now on, over connections of their own: a stand-in, or the
/// system itself.
struct SystemMoved {
    DeviceId system{};
    DeviceId to{};
    bool is_over = false;   // all is as it was
};

/// An entry of the audit trail of which something is broken on the way: it is in no other form of the trail.
struct EntryBroken {
    enum class How : std::uint8_t {
        cut,
        short_count,
        long_count,
        no_count,
        not_utf8,
        very_long,
        noise
    } how{};
    DeviceId workstation{};
};

using Happening = std::variant<PatientChanged, StayChanged, OrderPlaced, StudyTaken, ResultFiled, VitalsTaken,
                               InfusionTold, NoteFiled, AppointmentChanged, ChartOpened, SessionChanged,
                               MailSent, FileTouched, NetworkUsed, MessageForged, SystemMoved, EntryBroken>;

struct Act {
    std::uint64_t number = 0;   // from 1, in the order of time
    Moment at{};
    std::optional<StaffId> by{};   // none: a device
    Happening what;
    std::uint32_t label = 0;   // of the scenario's step that it belongs to; 0: of none
};

class Story;

/// Sees all that happens, in the order of time.
class Witness {
public:
    virtual ~Witness() = default;
    virtual void see(const Act& act, const Story& story) = 0;
};

/// State, time and dice. What changes it tells of it by tell(), right after.
class Story {
public:
    Story(Size size, std::uint64_t seed, std::chrono::year_month_day first_day);
    Story(const Story&) = delete;
    Story& operator=(const Story&) = delete;

    const Hospital& hospital() const { return hospital_; }
    const Network& network() const { return network_; }
    const Outsiders& outsiders() const { return outsiders_; }
    const Random& random() const { return random_; }
    Dice dice(std::string_view part) const { return {agenda_, random_.stream(part)}; }
    Roster& roster() { return roster_; }
    Agenda& agenda() { return agenda_; }
    Moment begin() const { return begin_; }
    Moment now() const { return agenda_.now(); }

    const Patient& at(PatientId id) const { return patients_[place(id)]; }
    const Encounter& at(EncounterId id) const { return encounters_[place(id)]; }
    const Order& at(OrderId id) const { return orders_[place(id)]; }
    const Appointment& at(AppointmentId id) const { return appointments_[place(id)]; }
    Patient& at(PatientId id) { return patients_[place(id)]; }
    Encounter& at(EncounterId id) { return encounters_[place(id)]; }
    Order& at(OrderId id) { return orders_[place(id)]; }
    Appointment& at(AppointmentId id) { return appointments_[place(id)]; }
    std::size_t patients() const { return patients_.size(); }
    std::size_t encounters() const { return encounters_.size(); }
    std::size_t orders() const { return orders_.size(); }
    const Person& person_of(PatientId id) const { return hospital_.town.at(at(id).person); }

    /// The patient that a person is here, if they ever were one.
    std::optional<PatientId> patient_of(PersonId person) const;

    PatientId add_patient(PersonId person);
    /// Somebody who is a patient already, registered again by mistake.
    PatientId add_second_patient(PersonId person);
    DeviceId plug_in(Device device);   // in its VLAN, with an address there unless it has one
    void carry(DeviceId device, Vlan vlan, Address address);   // to another place
    EncounterId add(Encounter encounter);                      // gets its number
    OrderId add(Order order);                                  // gets its numbers
    AppointmentId add(Appointment appointment);                // gets its number
    std::string next_note() { return std::to_string(days_before_ * 100'000 + ++notes_); }

    void add_witness(Witness& witness) { witnesses_.push_back(&witness); }
    void tell(std::optional<StaffId> by, Happening what, std::uint32_t label = 0);

private:
    void register_people(Random random);

    Hospital hospital_;   // the same on each day
    Network network_;
    Outsiders outsiders_;
    Random random_;   // of these days
    Roster roster_;
    Moment begin_;
    Agenda agenda_;
    std::uint64_t days_before_;
    std::uint64_t twins_ = 0;
    std::vector<std::uint32_t> numbers_;   // of each person, from 0, in an order of chance
    std::vector<Patient> patients_;
    std::vector<Encounter> encounters_;
    std::vector<Order> orders_;
    std::vector<Appointment> appointments_;
    std::vector<std::optional<PatientId>> patient_of_;   // of each person
    std::vector<Witness*> witnesses_;
    std::uint64_t acts_ = 0;
    std::uint64_t notes_ = 0;
};

}   // namespace ward::lab
