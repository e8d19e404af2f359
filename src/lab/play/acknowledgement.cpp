// SPDX-License-Identifier: Apache-2.0
#include "lab/play/acknowledgement.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <fmt/format.h>
#include <optional>
#include <string>

#include "core/text.hpp"

namespace ward::lab {
namespace {

struct ErrorName {
    std::uint64_t code;
    std::string_view name;
};

// HL7 table 0357.
constexpr auto error_names = std::to_array<ErrorName>({{100, "segment sequence error"},
                                                       {101, "required field missing"},
                                                       {102, "data type error"},
                                                       {103, "table value not found"},
                                                       {104, "value too long"},
                                                       {198, "non-conformant cardinality"},
                                                       {199, "other HL7 error"},
                                                       {200, "unsupported message type"},
                                                       {201, "unsupported event code"},
                                                       {202, "unsupported processing id"},
                                                       {203, "unsupported version id"},
                                                       {204, "unknown key identifier"},
                                                       {205, "duplicate key identifier"},
                                                       {206, "application record locked"},
                                                       {207, "application error"}});

/// What stands in place `number` (from 0) between separators.
std::string_view piece(std::string_view text, char separator, std::size_t number) {
    for (; number > 0; --number) take_until(text, separator);
    return take_until(text, separator);
}

/// The first segment of that name, none if there is none.
std::string_view segment_of(std::string_view text, std::string_view name) {
    while (!text.empty())
        if (const auto segment = take_until(text, '\r'); segment.starts_with(name)) return segment;
    return {};
}

/// "MSH-9" of a place such as MSH^1^9 (ERL); none of what is no place.
std::string place_of(std::string_view location, char component) {
    const auto segment = piece(location, component, 0);
    const bool is_name = segment.size() == 3 && std::ranges::all_of(segment, [](char c) {
                             return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
                         });
    if (!is_name) return {};
    const auto field = number(piece(location, component, 2));
    return field ? fmt::format(" at {}-{}", segment, *field) : fmt::format(" at {}", segment);
}

std::string reason_of(std::string_view text, char field, char component) {
    const auto error = segment_of(text, "ERR");
    const auto old =
        piece(error, field, 1);   // ERR-1, before 2.5: the place, and the code in its fourth part
    const auto said = piece(piece(error, field, 3), component, 0);
    const auto code = number(said.empty() ? piece(piece(old, component, 3), '&', 0) : said);
    auto place = place_of(said.empty() ? old : piece(error, field, 2), component);
    const auto* const known = std::ranges::find(error_names, code.value_or(0), &ErrorName::code);
    if (known == error_names.end()) return place;
    return fmt::format(" {} {}{}", known->code, known->name, place);
}

}   // namespace

Result<Answer> read_acknowledgement(std::string_view text, std::string_view control_id) {
    const auto no = [](std::string_view why) { return fail(Errc::malformed, std::string{why}); };
    if (!text.starts_with("MSH") || text.size() < 5) return no("what came back is no HL7 message");
    const char field = text[3], component = text[4];
    const auto msa = segment_of(text, "MSA");
    const auto code = piece(msa, field, 1);
    const bool is_code = code.size() == 2 && (code[0] == 'A' || code[0] == 'C') &&
                         std::string_view{"AER"}.find(code[1]) != std::string_view::npos;
    if (!is_code) return no("what came back is no acknowledgement: it has no code in MSA-1");
    if (piece(msa, field, 2) != control_id)
        return no(fmt::format("the acknowledgement is of another message: MSA-2 is not '{}'", control_id));
    if (code[1] == 'A') return Answer{.is_taken = true};
    return Answer{.why = std::string{code} + reason_of(text, field, component)};
}

}   // namespace ward::lab
