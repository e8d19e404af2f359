// SPDX-License-Identifier: Apache-2.0
// What modalities and archives say: protocol data units (PS3.8, section 9.3) and commands (PS3.7, annex E).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/bytes.hpp"

namespace ward::lab::dicom {

inline constexpr std::string_view verification = "1.2.840.10008.1.1";
inline constexpr std::string_view modality_worklist_find = "1.2.840.10008.5.1.4.31";

/// A presentation context: what one side would like to talk about, and in which transfer syntaxes; the first
/// is what the other takes.
struct Proposal {
    std::uint8_t id = 1;   // odd
    std::string_view abstract_syntax;
    std::vector<std::string_view> transfer_syntaxes;
};

struct Association {
    std::string called;   // application entity titles, at most 16 characters
    std::string calling;
    std::vector<Proposal> contexts;
    std::uint32_t unit_bytes_max = 16'384;   // that the sender of this takes
};

Buffer associate_request(const Association& wanted);
Buffer associate_accept(const Association& wanted);
/// Temporary congestion, or an unknown title: PS3.8, section 9.3.4.
Buffer associate_reject();
Buffer release_request();
Buffer release_response();

enum class Operation : std::uint16_t { store = 0x0001, find = 0x0020, echo = 0x0030 };
constexpr std::uint16_t response_bit = 0x8000;

struct Command {
    Operation operation{};
    std::string_view sop_class;
    std::string_view instance{};    // of a store
    std::uint16_t message_id = 0;   // of the request
    bool has_dataset = false;
    std::optional<std::uint16_t> status{};   // of a response; none: this is a request
};

/// In implicit little endian, as commands always are (PS3.7, section 6.3.1).
Buffer command_set(const Command& command);

enum class Fragment : std::uint8_t { dataset = 0, command = 1 };

/// P-DATA-TF units of at most `unit_bytes_max`.
Buffer message_units(std::uint8_t context, Fragment kind, Bytes message, std::size_t unit_bytes_max);

}   // namespace ward::lab::dicom
