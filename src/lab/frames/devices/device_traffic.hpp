// SPDX-License-Identifier: Apache-2.0
// What medical devices and the building say on an ordinary day, as frames.
#pragma once

#include "lab/frames/devices/archive_traffic.hpp"
#include "lab/frames/devices/building_traffic.hpp"
#include "lab/frames/devices/fhir_traffic.hpp"
#include "lab/frames/devices/imaging_traffic.hpp"
#include "lab/frames/devices/laboratory_traffic.hpp"
#include "lab/frames/devices/monitor_traffic.hpp"
#include "lab/frames/devices/pump_traffic.hpp"

namespace ward::lab {

/// Borrows the wires, and their story, on whose agenda it puts what happens by the clock.
class DeviceTraffic final : public Witness {
public:
    DeviceTraffic(Wires& wires, TakeDicom take)
        : archive_(wires),
          imaging_(wires.tap(), wires.story(), archive_, std::move(take)),
          laboratory_(wires.tap(), wires.story()),
          building_(wires.tap(), wires.story()),
          fhir_(wires.tap(), wires.story()),
          monitors_(wires.tap(), wires.story()),
          pumps_(wires) {}
    DeviceTraffic(const DeviceTraffic&) = delete;
    DeviceTraffic& operator=(const DeviceTraffic&) = delete;

    void see(const Act& act, const Story& story) override;
    ArchiveTraffic& archive() { return archive_; }
    PumpTraffic& pumps() { return pumps_; }

private:
    ArchiveTraffic archive_;
    ImagingTraffic imaging_;
    LaboratoryTraffic laboratory_;
    BuildingTraffic building_;
    FhirTraffic fhir_;
    MonitorTraffic monitors_;
    PumpTraffic pumps_;
};

}   // namespace ward::lab
