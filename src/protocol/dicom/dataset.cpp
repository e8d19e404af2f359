// SPDX-License-Identifier: Apache-2.0
#include "protocol/dicom/dataset.hpp"

#include <algorithm>

#include "protocol/dicom/associate.hpp"
#include "protocol/dicom/dicom.hpp"
#include "protocol/dicom/names.hpp"
#include "protocol/text.hpp"
#include "wire/wire_reader.hpp"

namespace ward::protocol::dicom {
namespace {

constexpr std::uint32_t undefined_length = 0xffffffff;
constexpr std::uint32_t item = 0xfffee000;
constexpr std::uint32_t sequence_end = 0xfffee0dd;

constexpr std::uint32_t query_level = 0x00080052;
constexpr std::uint32_t patient_id = 0x00100020;
// Burned-in annotation (0028,0301) is the last element of an object that is looked at.
constexpr std::uint32_t last_of_object = 0x00280301;
constexpr std::size_t value_max = 64;   // PS3.5, 6.2: of LO, UI and shorter ones

std::string* wanted(std::uint32_t tag, DatasetFindings& findings) {
    switch (tag) {
        case query_level: return &findings.query.level;
        case 0x00080060: return &findings.device.modality;
        case 0x00080070: return &findings.device.manufacturer;
        case 0x00080080: return &findings.device.institution;
        case 0x00081010: return &findings.device.station;
        case 0x00081040: return &findings.device.department;
        case 0x00081090: return &findings.device.model;
        case patient_id: return &findings.patient_id;
        case 0x00120062: return &findings.identity_removed;
        case 0x00181000: return &findings.device.serial;
        case 0x00181020: return &findings.device.software;
        case last_of_object: return &findings.burned_in_annotation;
        default: return nullptr;
    }
}

/// PS3.3 and PS3.4, C.6: what stands there otherwise may be anything.
bool may_tell(std::uint32_t tag, std::string_view value) {
    constexpr std::array<std::string_view, 6> levels{"PATIENT", "STUDY", "SERIES",
                                                     "IMAGE",   "FRAME", "WORKLIST"};
    if (tag == query_level) return std::ranges::find(levels, value) != levels.end();
    if (tag == 0x00120062 || tag == last_of_object) return value == "YES" || value == "NO";
    return true;
}

/// PS3.5, 7.1.2: these have two reserved bytes and a length of four.
bool has_long_length(std::string_view vr) {
    constexpr std::string_view kinds = "OBODOFOLOVOWSQSVUCUNURUTUV";
    for (std::size_t i = 0; i < kinds.size(); i += 2)
        if (kinds.substr(i, 2) == vr) return true;
    return false;
}

bool is_vr(std::string_view vr) {
    return vr.size() == 2 && vr[0] >= 'A' && vr[0] <= 'Z' && vr[1] >= 'A' && vr[1] <= 'Z';
}

}   // namespace

Encoding encoding_of(std::string_view transfer_syntax) {
    if (transfer_syntax.empty()) return Encoding::unknown;
    if (transfer_syntax == "1.2.840.10008.1.2") return Encoding::implicit_little;
    if (transfer_syntax == "1.2.840.10008.1.2.2") return Encoding::explicit_big;
    // PS3.5, A.5; and those of JPIP, whose pixels are elsewhere.
    constexpr std::array<std::string_view, 3> deflated{"1.2.840.10008.1.2.1.99", "1.2.840.10008.1.2.4.95",
                                                       "1.2.840.10008.1.2.4.205"};
    if (std::ranges::find(deflated, transfer_syntax) != deflated.end()) return Encoding::deflated;
    return Encoding::explicit_little;   // PS3.5, A.4: also of every compressed image
}

std::size_t DatasetReader::header_size() const {
    if (encoding_ == Encoding::implicit_little || implicit_depth_ != 0) return 8;
    if (header_[0] == std::byte{0xfe} && header_[1] == std::byte{0xff}) return 8;
    if (header_[0] == std::byte{0xff} && header_[1] == std::byte{0xfe}) return 8;
    return has_long_length(as_text(Bytes{header_}.subspan(4, 2))) ? 12 : 8;
}

bool DatasetReader::collect_header(Bytes& bytes) {
    for (;;) {
        const std::size_t wanted_size = header_filled_ < 8 ? 8 : header_size();
        const auto count = std::min(wanted_size - header_filled_, bytes.size());
        std::ranges::copy(bytes.first(count), header_.begin() + header_filled_);
        bytes = bytes.subspan(count);
        header_filled_ = static_cast<std::uint8_t>(header_filled_ + count);
        if (header_filled_ < wanted_size) return false;
        if (encoding_ == Encoding::unknown) {
            // The association was not seen, so the first element tells.
            const bool has_vr = is_vr(as_text(Bytes{header_}.subspan(4, 2)));
            encoding_ = has_vr ? Encoding::explicit_little : Encoding::implicit_little;
        }
        if (header_filled_ == header_size()) return true;
    }
}

DatasetReader::Header DatasetReader::read_header() const {
    const bool big = encoding_ == Encoding::explicit_big && implicit_depth_ == 0;
    WireReader in{Bytes{header_}.first(header_filled_)};
    const std::uint32_t group = big ? in.u16() : in.le16();
    Header header;
    header.tag = group << 16 | (big ? in.u16() : in.le16());
    if (group == 0xfffe || encoding_ == Encoding::implicit_little || implicit_depth_ != 0) {
        header.length = big ? in.u32() : in.le32();
        // Without a VR, a sequence is known by its keyword or by having no length.
        const auto* known = group != 0xfffe ? find_tag(header.tag) : nullptr;
        header.is_sequence =
            header.length == undefined_length || (known && known->keyword.ends_with("Sequence"));
        return header;
    }
    const auto vr = as_text(in.take(2));
    header.is_sequence = vr == "SQ";
    header.is_unknown = vr == "UN";
    if (header_filled_ == 12) {
        in.skip(2);
        header.length = big ? in.u32() : in.le32();
    } else {
        header.length = big ? in.u16() : in.le16();
    }
    return header;
}

void DatasetReader::leave_sequence() {
    if (depth_ == 0) return;
    if (implicit_depth_ == depth_) implicit_depth_ = 0;
    --depth_;
}

void DatasetReader::key(const Header& header) {
    const auto tag = header.tag;
    if ((tag & 0xffffU) == 0 || tag == 0x00080005 || tag == query_level) return;
    auto& query = findings.query;
    auto& keys = header.length != 0 ? query.matching : query.returning;
    if (query.matching.size() + query.returning.size() < limits.keys_max) keys.push_back(tag_name(tag));
}

void DatasetReader::element(const Header& header) {
    const bool delimits = header.tag >> 16 == 0xfffe;
    const bool keys = purpose_ == Purpose::identifier;
    if (delimits) {
        if (header.tag == sequence_end) leave_sequence();
        if (header.tag == item && header.length != undefined_length && !keys) skip_ = header.length;
        return;
    }
    const bool vr_missing = header_size() == 8 && encoding_ != Encoding::implicit_little &&
                            implicit_depth_ == 0 && !is_vr(as_text(Bytes{header_}.subspan(4, 2)));
    const bool outermost = depth_ == 0 && !keys;
    // PS3.5, 7.1: elements come in the order of their tags.
    if (vr_missing || (outermost && header.tag < last_tag_)) return give_up();
    if (outermost) last_tag_ = header.tag;
    if (outermost && header.tag > last_of_object) {
        done_ = true;
        return;
    }
    const auto* known = depth_ == 0 || keys ? find_tag(header.tag) : nullptr;
    if (known && known->identifies_patient && header.length != 0) {
        auto& found = findings.patient_fields;
        if (std::ranges::find(found, known->keyword) == found.end()) found.push_back(known->keyword);
    }
    if (header.length == undefined_length) {
        ++depth_;
        if (header.is_unknown && implicit_depth_ == 0) implicit_depth_ = depth_;
        return;
    }
    if (keys && header.is_sequence) return;   // its items' elements are keys too
    if (keys) key(header);
    const bool outside = depth_ == 0 || keys;
    if (outside && (wanted(header.tag, findings) != nullptr || keys)) {
        tag_ = header.tag;
        value_left_ = header.length;
        value_.clear();
        if (value_left_ == 0) value();
    } else {
        skip_ = header.length;
    }
}

void DatasetReader::value() {
    const auto text = unpadded(value_);
    const bool keys = purpose_ == Purpose::identifier;
    auto& wildcards = findings.query.wildcards;
    if (keys && text.find_first_of("*?") != std::string_view::npos && wildcards.size() < limits.keys_max)
        wildcards.push_back(tag_name(tag_));
    // A wildcard or a list is not one patient.
    if (tag_ == patient_id && text.find_first_of("*?\\") != std::string_view::npos) return;
    if (keys && tag_ != query_level && tag_ != patient_id) return;
    if (!may_tell(tag_, text)) return;
    if (auto* place = wanted(tag_, findings); place && place->empty()) *place = clipped(text, value_max);
}

std::size_t DatasetReader::feed(Bytes bytes) {
    done_ = done_ || is_deflated();
    while (!done_ && !bytes.empty()) {
        if (skip_ > 0) {
            const auto count = std::min<std::size_t>(skip_, bytes.size());
            skip_ -= static_cast<std::uint32_t>(count);
            bytes = bytes.subspan(count);
        } else if (value_left_ > 0) {
            const auto count = std::min<std::size_t>(value_left_, bytes.size());
            const auto room = value_max - std::min(value_max, value_.size());
            value_ += as_text(bytes.first(std::min(count, room)));
            value_left_ -= static_cast<std::uint32_t>(count);
            bytes = bytes.subspan(count);
            if (value_left_ == 0) value();
        } else if (collect_header(bytes)) {
            const auto header = read_header();
            element(header);
            header_filled_ = 0;
        }
    }
    return bytes.size();
}

}   // namespace ward::protocol::dicom
