// SPDX-License-Identifier: Apache-2.0
// A map of a segment as a table: which field, by which data type, to which place.
#pragma once

#include <initializer_list>
#include <span>
#include <string_view>

#include "fhir/v2/build.hpp"
#include "fhir/v2/codes.hpp"

namespace ward::fhir::v2 {

struct Row;

/// Where a value stands and where it goes.
struct Source {
    Build& build;
    const Segment& segment;
    const Row& row;
    std::size_t repetition = 0;

    void miss(UnmappedReason reason) const;
};

/// Writes what `element`, one repetition, says to `place`. What it cannot, it reports to the source.
using Convert = void (*)(const Source& source, Element element, Place place);

/// A member that is the same for each value of the row, in the innermost array's element.
struct Fixed {
    enum class Wins : std::uint8_t { always, never };   // against what the message says
    std::string_view name;
    std::string_view json;
    Wins wins = Wins::always;
};

enum class Takes : std::uint8_t { repetitions, field };

struct Row {
    std::size_t field;
    /// None: the field is known, and says nothing that FHIR holds (set ids, what another field repeats).
    Convert convert = nullptr;
    /// Each repetition goes to an element of its own where it has a `[]`; otherwise the first one counts.
    std::string_view path = {};
    Fixed fixed = {};
    const Codes* codes = nullptr;
    std::size_t unless = 0;             // only where that field has no value
    Takes takes = Takes::repetitions;   // one call for each, or one for all
};

/// Fills `root` with what the rows say of the segment's fields. Says nothing of fields without a row.
void apply(Build& build, const Segment& segment, std::span<const Row> rows, Place root);
/// The same into a resource, whose elements may be cleared.
void apply(Build& build, const Segment& segment, std::span<const Row> rows, Growing& resource);

/// What `codes` makes of a field's code, in small letters too; null for none. A code that it has not is
/// listed.
const CodeEntry* translated(Build& build, const Segment& segment, std::size_t field, const Codes& codes);

/// Lists the fields with a value and without a row in any of the tables.
void miss_unknown_fields(Build& build, const Segment& segment,
                         std::initializer_list<std::span<const Row>> tables);

}   // namespace ward::fhir::v2
