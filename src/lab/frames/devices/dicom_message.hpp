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
// Study Root Query/Retrieve (PS3.4, annex C.6.2).
inline constexpr std::string_view study_root_find = "1.2.840.10008.5.1.4.1.2.2.1";
inline constexpr std::string_view study_root_move = "1.2.840.10008.5.1.4.1.2.2.2";
inline constexpr std::string_view study_root_get = "1.2.840.10008.5.1.4.1.2.2.3";

/// A presentation context: what one side would like to talk about, and in which transfer syntaxes; the first
/// is what the other takes.
struct Proposal {
    std::uint8_t id = 1;   // odd
    std::string_view abstract_syntax;
    std::vector<std::string_view> transfer_syntaxes;
    bool is_served = false;   // by who asks for the association: PS3.7, annex D.3.3.4
};

constexpr std::uint32_t archive_unit_bytes_max = 32'768;   // that an archive takes, whoever asks

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
/// By the service provider, for an unexpected unit or a wait that was too long: PS3.8, section 9.3.8.
enum class AbortReason : std::uint8_t { not_specified = 0, unexpected_unit = 2, invalid_value = 6 };
Buffer abort(AbortReason reason);

enum class Operation : std::uint16_t {
    store = 0x0001,
    get = 0x0010,
    find = 0x0020,
    move = 0x0021,
    echo = 0x0030
};
constexpr std::uint16_t response_bit = 0x8000;

/// How far a retrieval is (PS3.7, sections 9.1.3 and 9.1.4).
struct Retrieved {
    std::uint16_t remaining = 0;
    std::uint16_t completed = 0;
    std::uint16_t failed = 0;
};

struct Command {
    Operation operation{};
    std::string_view sop_class;
    std::string instance{};         // of a store
    std::uint16_t message_id = 0;   // of the request
    bool has_dataset = false;
    std::string destination{};   // of a move: the title of the entity that gets the images
    std::string originator{};    // of a store that belongs to a move: the title of the entity that asked
    std::optional<Retrieved> retrieved{};    // in responses to a move or get
    std::optional<std::uint16_t> status{};   // of a response; none: this is a request
};

/// In implicit little endian, as commands always are (PS3.7, section 6.3.1).
Buffer command_set(const Command& command);

enum class Fragment : std::uint8_t { dataset = 0, command = 1 };

/// P-DATA-TF units of at most `unit_bytes_max`.
Buffer message_units(std::uint8_t context, Fragment kind, Bytes message, std::size_t unit_bytes_max);

}   // namespace ward::lab::dicom
