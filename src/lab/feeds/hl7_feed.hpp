// SPDX-License-Identifier: Apache-2.0
// What the hospital's systems send each other as HL7 v2.5.1.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "lab/story.hpp"

namespace ward::lab {

struct Hl7Message {
    Moment at{};
    DeviceId from{};          // the system that sends it
    std::string_view type;    // "ADT^A01"
    std::string control_id;   // MSH-10; empty where it has none
    std::string text;         // segments, each ended by CR; UTF-8
    std::uint64_t act = 0;
    std::uint32_t label = 0;
    bool has_own_line = false;   // not over the connection that its system keeps
    bool is_cut = false;         // what carries it ends within it
    bool is_refused = false;     // acknowledged by AR
};

/// Not called again for the same act. The message is the callee's to keep.
using TakeHl7 = std::function<void(Hl7Message)>;

/// For one story, whose systems it knows by their devices.
class Hl7Feed final : public Witness {
public:
    Hl7Feed(const Story& story, TakeHl7 take);
    void see(const Act& act, const Story& story) override;

private:
    /// A system that sends, as MSH-3 calls it.
    enum class Sender : std::uint8_t { record, laboratory, radiology, monitors, pumps };

    struct Letter;
    struct Values;
    void send(const Act& act, const Story& story, Letter letter);
    void send_result(const Act& act, const Story& story, const Values& values);
    void tell(const Act& act, const Story& story, const PatientChanged& what);
    void tell(const Act& act, const Story& story, const StayChanged& what);
    void tell(const Act& act, const Story& story, const OrderPlaced& what);
    void tell(const Act&, const Story&, const StudyTaken&) {}
    void tell(const Act& act, const Story& story, const ResultFiled& what);
    void tell(const Act& act, const Story& story, const VitalsTaken& what);
    void tell(const Act& act, const Story& story, const InfusionTold& what);
    void tell(const Act& act, const Story& story, const NoteFiled& what);
    void tell(const Act& act, const Story& story, const AppointmentChanged& what);
    void tell(const Act&, const Story&, const ChartOpened&) {}
    void tell(const Act&, const Story&, const SessionChanged&) {}
    void tell(const Act&, const Story&, const MailSent&) {}
    void tell(const Act&, const Story&, const FileTouched&) {}
    void tell(const Act&, const Story&, const NetworkUsed&) {}
    void tell(const Act& act, const Story& story, const MessageForged& what);
    void tell(const Act& act, const Story& story, const SystemMoved& what);
    void tell(const Act&, const Story&, const EntryBroken&) {}
    void send_odd(const Act& act, const Story& story, const OddMessage& what);

    TakeHl7 take_;
    std::string first_day_;   // in control ids, so that those of another day are others
    std::uint64_t sent_ = 0;
    struct Move {
        DeviceId to{};
        std::uint32_t label = 0;
    };
    std::map<DeviceId, Move> moved_;   // systems whose messages come from elsewhere
    std::optional<DeviceId> forger_;   // of the act that is told
};

}   // namespace ward::lab
