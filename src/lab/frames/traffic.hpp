// SPDX-License-Identifier: Apache-2.0
// All that goes over the hospital's network, as frames in the order of time.
#pragma once

#include "lab/feeds/fhir_feed.hpp"
#include "lab/frames/deeds/deed_traffic.hpp"
#include "lab/frames/deeds/device_deed_traffic.hpp"
#include "lab/frames/devices/device_traffic.hpp"
#include "lab/frames/equipment/equipment_traffic.hpp"
#include "lab/frames/hl7_wire.hpp"
#include "lab/frames/office/office_traffic.hpp"
#include "lab/frames/office/sealed_lines.hpp"

namespace ward::lab {

/// Borrows the story, on whose agenda it puts what machines do by themselves.
class Traffic final : public Witness {
public:
    Traffic(Story& story, TakeFrame take, TakeDicom take_dicom);

    void see(const Act& act, const Story& story) override;
    // What is sent to Ward, as it is sent.
    void carry(const Hl7Message& message);
    void carry(const FhirTransaction& transaction);
    void carry_audit(const Act& act, std::size_t bytes);
    /// Hands on the frames that are earlier than `until`.
    void pass(Moment until) { tap_.pass(until); }

private:
    Tap tap_;
    Hl7Wire hl7_;
    Office office_;
    SealedLines sealed_;
    OfficeTraffic routine_;
    DeedTraffic deeds_;
    DeviceTraffic devices_;
    DeviceDeedTraffic device_deeds_;
    EquipmentTraffic equipment_;
};

}   // namespace ward::lab
