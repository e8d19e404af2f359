// SPDX-License-Identifier: Apache-2.0
// What the archive is asked for: by radiologists and wards that look at images, and by whoever knows how.
#pragma once

#include <deque>

#include "lab/frames/devices/dicom_call.hpp"
#include "lab/frames/devices/dicom_query.hpp"
#include "lab/frames/office/wires.hpp"

namespace ward::lab {

/// A program that reads images, at some machine.
struct Reader {
    const Device& device;
    std::string title;        // of its application entity
    std::uint16_t port = 0;   // where it takes images
};
/// The one that a machine has, the same each day.
Reader reader_at(const Device& device, const Random& random);

enum class Retrieval : std::uint8_t { none, move, get };

/// Borrows the wires, whose label its conversations get.
class ArchiveTraffic {
public:
    explicit ArchiveTraffic(Wires& wires) : wires_(wires), random_(wires.story().dice("archive traffic")) {}

    void see(const Act& act);
    /// It has a study from now on, of which these were the pictures.
    void keep(OrderId order, dicom::Study study, const dicom::Machine& machine);

    /// C-FIND over all that was kept or may have been before; at most so many answers. Returns when it is
    /// done.
    Moment search(const Reader& reader, const dicom::StudyKeys& keys, int answers_max, Moment at);
    /// The number of one who has a study there, or nothing.
    std::string some_patient(int site);
    /// A search by patient, then one study by C-MOVE or C-GET: to the reader, or by a move to another one.
    Moment fetch(const Reader& reader, const Reader& target, Retrieval way, Moment at);

private:
    struct Kept {
        OrderId order{};
        PatientId patient{};
        int site = 0;
        dicom::Study study;
        dicom::Machine machine;
    };

    void open(const ChartOpened& opened, Moment at);
    const Kept* any_at(int site);
    Moment find(const Reader& reader, const dicom::StudyKeys& keys, const std::vector<dicom::Study>& found,
                Moment at);
    Moment retrieve(const Reader& reader, const Reader& target, Retrieval way, const Kept& kept, Moment at);
    Moment move(const Reader& reader, const Reader& target, const Kept& kept, Moment at);
    Moment get(const Reader& reader, const Kept& kept, Moment at);
    DicomCall call(const Device& from, const Device& to, std::uint16_t port, dicom::Association wanted,
                   Moment at);
    dicom::Dataset image_of(const Kept& kept, int number) const;

    Wires& wires_;
    Dice random_;
    std::deque<Kept> kept_;
};

}   // namespace ward::lab
