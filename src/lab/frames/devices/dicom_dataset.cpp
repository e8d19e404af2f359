// SPDX-License-Identifier: Apache-2.0
#include "lab/frames/devices/dicom_dataset.hpp"

#include <array>

#include "wire/wire_reader.hpp"

namespace ward::lab::dicom {
namespace {

void append_tag(Buffer& out, std::uint32_t tag) {
    append_little_endian(out, static_cast<std::uint16_t>(tag >> 16U));
    append_little_endian(out, static_cast<std::uint16_t>(tag));
}

/// PS3.5, section 7.1.2: these have two bytes reserved and a length of four.
void append_long_head(Buffer& out, std::uint32_t tag, std::string_view vr, std::size_t size) {
    append_tag(out, tag);
    append(out, as_bytes(vr));
    append_little_endian<std::uint16_t>(out, 0);
    append_little_endian(out, static_cast<std::uint32_t>(size));
}

void append_short_head(Buffer& out, std::uint32_t tag, std::string_view vr, std::size_t size) {
    append_tag(out, tag);
    append(out, as_bytes(vr));
    append_little_endian(out, static_cast<std::uint16_t>(size));
}

}   // namespace

Dataset& Dataset::text(std::uint32_t tag, Vr vr, std::string_view value) {
    constexpr std::array<std::string_view, 10> names{"AE", "CS", "DA", "DS", "IS",
                                                     "LO", "PN", "SH", "TM", "UI"};
    append_short_head(bytes_, tag, names[static_cast<std::size_t>(vr)], value.size() + value.size() % 2);
    append(bytes_, as_bytes(value));
    // PS3.5, section 6.2: to an even length, with a zero byte behind an identifier.
    if (value.size() % 2 == 1) bytes_.push_back(vr == Vr::ui ? std::byte{0} : std::byte{' '});
    return *this;
}

Dataset& Dataset::number(std::uint32_t tag, std::uint16_t value) {
    append_short_head(bytes_, tag, "US", 2);
    append_little_endian(bytes_, value);
    return *this;
}

Dataset& Dataset::item(std::uint32_t tag, const Dataset& only) {
    append_long_head(bytes_, tag, "SQ", only.bytes_.size() + 8);
    append_tag(bytes_, 0xfffee000);
    append_little_endian(bytes_, static_cast<std::uint32_t>(only.bytes_.size()));
    append(bytes_, only.bytes_);
    return *this;
}

Dataset& Dataset::pixels(std::uint16_t bits_allocated, Bytes samples) {
    append_long_head(bytes_, 0x7fe00010, bits_allocated == 8 ? "OB" : "OW",
                     samples.size() + samples.size() % 2);
    append(bytes_, samples);
    if (samples.size() % 2 == 1) bytes_.push_back(std::byte{0});
    return *this;
}

Buffer part10_file(std::string_view sop_class, std::string_view instance, std::string_view source,
                   const Dataset& dataset) {
    Buffer version;
    append_long_head(version, 0x00020001, "OB", 2);
    append_little_endian<std::uint16_t>(version, 0x0100);   // 00 01
    Dataset meta;
    meta.text(0x00020002, Vr::ui, sop_class).text(0x00020003, Vr::ui, instance);
    meta.text(0x00020010, Vr::ui, explicit_little_endian).text(0x00020012, Vr::ui, implementation_class);
    meta.text(0x00020013, Vr::sh, implementation_version).text(0x00020016, Vr::ae, source);
    Buffer file(128);
    append(file, as_bytes("DICM"));
    append_short_head(file, 0x00020000, "UL", 4);
    append_little_endian(file, static_cast<std::uint32_t>(version.size() + meta.bytes().size()));
    append(file, version);
    append(file, meta.bytes());
    append(file, dataset.bytes());
    return file;
}

}   // namespace ward::lab::dicom
