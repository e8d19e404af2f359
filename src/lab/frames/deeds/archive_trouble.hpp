// SPDX-License-Identifier: Apache-2.0
// Associations with an archive in which something is not as DICOM has it: what programs do that try out what
// it can bear, and what old or hurried machines do.
#pragma once

#include "lab/frames/devices/dicom_call.hpp"
#include "lab/frames/office/wires.hpp"

namespace ward::lab {

/// Borrows the wires.
class ArchiveTrouble {
public:
    ArchiveTrouble(Wires& wires, std::string title, Random random)
        : wires_(wires), title_(std::move(title)), random_(random) {}

    void make(ArchiveDisturbed::How how, const Device& from, Moment at);

private:
    void say_nothing_right(ArchiveDisturbed::How how, TcpLine& line, Moment at);
    void time_out(DicomCall call);
    void be_odd(DicomCall call);

    Wires& wires_;
    std::string title_;
    Random random_;
};

}   // namespace ward::lab
