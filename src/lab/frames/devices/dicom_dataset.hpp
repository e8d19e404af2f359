// SPDX-License-Identifier: Apache-2.0
// DICOM data sets in explicit little endian (PS3.5, section 7 and annex A.2), and files of them (PS3.10).
#pragma once

#include <string_view>

#include "core/bytes.hpp"

namespace ward::lab::dicom {

inline constexpr std::string_view explicit_little_endian = "1.2.840.10008.1.2.1";
inline constexpr std::string_view implicit_little_endian = "1.2.840.10008.1.2";
inline constexpr std::string_view implementation_class = "2.25.198023410077531216";
inline constexpr std::string_view implementation_version = "ASHMERE_1";

enum class Vr : std::uint8_t { ae, cs, da, ds, is, lo, pn, sh, tm, ui };

/// Elements in the order in which they are added, which has to be that of their tags.
class Dataset {
public:
    Dataset& text(std::uint32_t tag, Vr vr, std::string_view value);
    Dataset& number(std::uint32_t tag, std::uint16_t value);        // US
    Dataset& item(std::uint32_t tag, const Dataset& only);          // SQ
    Dataset& pixels(std::uint16_t bits_allocated, Bytes samples);   // 8: OB, 16: OW
    Bytes bytes() const { return bytes_; }

private:
    Buffer bytes_;
};

/// A file of one instance: preamble, prefix, file meta information, data set (PS3.10, section 7.1).
Buffer part10_file(std::string_view sop_class, std::string_view instance, std::string_view source,
                   const Dataset& dataset);

}   // namespace ward::lab::dicom
