// SPDX-License-Identifier: Apache-2.0
#include "lab/frames/devices/device_traffic.hpp"

namespace ward::lab {

void DeviceTraffic::see(const Act& act, const Story&) {
    archive_.see(act);
    imaging_.see(act);
    laboratory_.see(act);
    fhir_.see(act);
    monitors_.see(act);
    pumps_.see(act);
}

}   // namespace ward::lab
