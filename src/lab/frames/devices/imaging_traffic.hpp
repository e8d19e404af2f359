// SPDX-License-Identifier: Apache-2.0
// What modalities say to the archive, which keeps their worklist too: DICOM over TCP.
#pragma once

#include <functional>
#include <set>

#include "lab/frames/devices/archive_traffic.hpp"

namespace ward::lab {

/// One instance as a file of PS3.10.
struct DicomFile {
    std::string name;
    Buffer bytes;
};
using TakeDicom = std::function<void(const DicomFile&)>;

/// Borrows all of them. Of one study in ten, `take` gets the instances.
class ImagingTraffic {
public:
    ImagingTraffic(Tap& tap, Story& story, ArchiveTraffic& archive, TakeDicom take);
    void see(const Act& act);

private:
    struct Room {
        DeviceId device{};
        std::string_view modality;
        dicom::Machine machine;
    };

    DicomCall call(const Room& room, std::string_view sop_class, Moment at);
    void echo(std::size_t room);
    void look_for_work(std::size_t room);
    void query(const Room& room);
    void store(OrderId order, std::size_t room, Moment taken);
    std::optional<std::size_t> room_for(OrderId order);
    int site_of(OrderId order) const;

    Tap& tap_;
    Story& story_;
    ArchiveTraffic& archive_;
    Dice random_;
    TakeDicom take_;
    std::vector<Room> rooms_;
    std::set<OrderId> wanted_;   // pictures that were not taken yet
    std::uint64_t studies_ = 0;
};

}   // namespace ward::lab
