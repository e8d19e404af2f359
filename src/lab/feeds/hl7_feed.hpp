// SPDX-License-Identifier: Apache-2.0
// What the hospital's systems send each other as HL7 v2.5.1.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "lab/story.hpp"

namespace ward::lab {

struct Hl7Message {
    Moment at{};
    DeviceId from{};          // the system that sends it
    std::string_view type;    // "ADT^A01"
    std::string control_id;   // MSH-10
    std::string text;         // segments, each ended by CR; UTF-8
    std::uint64_t act = 0;
    std::uint32_t label = 0;
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
    void send(const Act& act, const Story& story, Letter letter);
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

    TakeHl7 take_;
    std::string first_day_;   // in control ids, so that those of another day are others
    std::uint64_t sent_ = 0;
};

}   // namespace ward::lab
