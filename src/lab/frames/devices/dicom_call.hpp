// SPDX-License-Identifier: Apache-2.0
// One DICOM association over TCP, from its request to its release.
#pragma once

#include "lab/frames/devices/dicom_dataset.hpp"
#include "lab/frames/devices/dicom_message.hpp"
#include "lab/frames/tcp_line.hpp"

namespace ward::lab {

inline constexpr std::uint16_t dicom_port = 104;   // IANA: acr-nema

namespace dicom {
// PS3.7, annex C; the last: PS3.4, C.4.2.1.5.
inline constexpr std::uint16_t success = 0x0000, pending = 0xff00, cannot_send = 0xa702;
}   // namespace dicom

class DicomCall {
public:
    DicomCall(TcpLine line, dicom::Association wanted, Random random, Moment at)
        : line_(line), wanted_(std::move(wanted)), random_(random), at_(at) {}

    /// Whether the other side takes it. Now and then it is too busy.
    bool begin();
    void ask(dicom::Command command, const dicom::Dataset* dataset, std::string_view instance = {});
    /// Of the last question.
    void answer(std::uint16_t status, const dicom::Dataset* dataset, double thinking_ms,
                std::optional<dicom::Retrieved> retrieved = {});
    /// The called side stores an image at the caller, which takes it: C-GET (PS3.7, section 9.1.3).
    void hand_over(std::string_view sop_class, std::string_view instance, const dicom::Dataset& image);
    void end();
    /// The called side has waited too long, or was told what it does not know.
    void abort(dicom::AbortReason reason, std::chrono::microseconds later);
    /// What is no message of DICOM, or a broken one.
    void say(Side side, const Buffer& bytes, std::chrono::microseconds later);

    void wait_until(Moment at) { at_ = std::max(at_, at); }
    Moment now() const { return at_; }

private:
    std::chrono::microseconds pause(double median_ms);
    void send(Side side, dicom::Command command, const dicom::Dataset* dataset,
              std::chrono::microseconds later);

    TcpLine line_;
    dicom::Association wanted_;
    Random random_;
    Moment at_;
    dicom::Command last_;
    std::uint8_t context_ = 1;
    std::uint16_t messages_ = 0;
};

}   // namespace ward::lab
