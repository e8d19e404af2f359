// SPDX-License-Identifier: Apache-2.0
// What a scenario does to medical devices and their servers, as frames: with what speaks to them on any day.
#pragma once

#include "lab/frames/devices/device_traffic.hpp"
#include "lab/frames/office/office.hpp"
#include "lab/frames/office/rounds.hpp"

namespace ward::lab {

/// Borrows the office and the devices.
class DeviceDeedTraffic final : public Witness {
public:
    DeviceDeedTraffic(Office& office, DeviceTraffic& devices)
        : office_(office),
          devices_(devices),
          rounds_(office.wires, office.resolver),
          random_(office.wires.story().dice("device deed traffic")) {}
    DeviceDeedTraffic(const DeviceDeedTraffic&) = delete;
    DeviceDeedTraffic& operator=(const DeviceDeedTraffic&) = delete;

    void see(const Act& act, const Story& story) override;

private:
    void show(const PluggedIn& use, DeviceId from);
    void show(const PumpStarted& use, DeviceId from);
    void show(const PumpsSought& use, DeviceId from);
    void show(const PumpSpokenTo& use, DeviceId from);
    void show(const GatewayMoved& use, DeviceId from);
    void show(const LibraryMoved& use, DeviceId from);
    void show(const ArchiveSearched& use, DeviceId from);
    void show(const StudyFetched& use, DeviceId from);
    void show(const ArchiveDisturbed& use, DeviceId from);

    Office& office_;
    DeviceTraffic& devices_;
    Rounds rounds_;   // of which only the first words of a machine are used
    Dice random_;
};

}   // namespace ward::lab
