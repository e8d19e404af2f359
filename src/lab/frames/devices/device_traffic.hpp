// SPDX-License-Identifier: Apache-2.0
// What medical devices and the building say on an ordinary day, as frames.
#pragma once

#include "lab/frames/devices/building_traffic.hpp"
#include "lab/frames/devices/fhir_traffic.hpp"
#include "lab/frames/devices/imaging_traffic.hpp"
#include "lab/frames/devices/laboratory_traffic.hpp"
#include "lab/frames/devices/monitor_traffic.hpp"

namespace ward::lab {

/// Borrows the tap and the story, on whose agenda it puts what happens by the clock.
class DeviceTraffic final : public Witness {
public:
    DeviceTraffic(Tap& tap, Story& story, TakeDicom take)
        : imaging_(tap, story, std::move(take)),
          laboratory_(tap, story),
          building_(tap, story),
          fhir_(tap, story),
          monitors_(tap, story) {}
    void see(const Act& act, const Story& story) override;

private:
    ImagingTraffic imaging_;
    LaboratoryTraffic laboratory_;
    BuildingTraffic building_;
    FhirTraffic fhir_;
    MonitorTraffic monitors_;
};

}   // namespace ward::lab
