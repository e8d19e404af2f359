// SPDX-License-Identifier: Apache-2.0
// Reads the head of a data set while it streams by: PS3.5, chapter 7 and annex A.
#pragma once

#include "core/bytes.hpp"
#include "event/dicom.hpp"

namespace ward::protocol::dicom {

enum class Encoding : std::uint8_t { unknown, implicit_little, explicit_little, explicit_big, deflated };
Encoding encoding_of(std::string_view transfer_syntax);

/// An object describes its equipment in its first groups. Of an identifier each element is a key, also inside
/// of sequences.
enum class Purpose : std::uint8_t { object, identifier };

struct DatasetFindings {
    event::DicomDevice device;
    event::DicomQuery query;
    std::vector<std::string_view> patient_fields;
    std::string patient_id;
    std::string identity_removed;
    std::string burned_in_annotation;
};

/// One data set, in pieces of any size. Keeps the few values of DatasetFindings and one element's header.
class DatasetReader {
public:
    DatasetReader(Encoding encoding, Purpose purpose) : encoding_(encoding), purpose_(purpose) {}

    /// Returns how many bytes nobody looks at, because nothing more is wanted.
    std::size_t feed(Bytes bytes);
    bool is_done() const noexcept { return done_; }
    bool is_deflated() const noexcept { return encoding_ == Encoding::deflated; }
    bool is_readable() const noexcept { return !broken_ && !is_deflated(); }
    /// It did not follow its transfer syntax, and was read up to there.
    bool is_broken() const noexcept { return broken_; }
    void stop() noexcept { done_ = true; }

    DatasetFindings findings;

private:
    struct Header {
        std::uint32_t tag = 0;
        std::uint32_t length = 0;
        bool is_sequence = false;
        bool is_unknown = false;   // VR UN
    };
    bool collect_header(Bytes& bytes);
    std::size_t header_size() const;
    Header read_header() const;
    void element(const Header& header);
    void leave_sequence();
    void value();
    void key(const Header& header);
    void give_up() noexcept { done_ = broken_ = true; }

    Encoding encoding_;
    Purpose purpose_;
    bool done_ = false;
    bool broken_ = false;
    std::uint8_t header_filled_ = 0;
    std::array<std::byte, 12> header_{};
    std::uint32_t tag_ = 0;              // of the value that is being read
    std::uint32_t last_tag_ = 0;         // at the outermost level
    std::uint32_t skip_ = 0;             // bytes of a value that nobody wants
    std::uint32_t value_left_ = 0;       // bytes of a value that is wanted
    std::uint32_t depth_ = 0;            // of sequences without a length
    std::uint32_t implicit_depth_ = 0;   // PS3.5, 6.2.2: inside of an UN without a length, where it began
    std::string value_;
};

}   // namespace ward::protocol::dicom
