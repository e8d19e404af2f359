// SPDX-License-Identifier: Apache-2.0
// What a resource is found by: the values that its search parameters select.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "fhir/date.hpp"
#include "fhir/decimal.hpp"
#include "fhir/search_parameters.hpp"
#include "json/document.hpp"

namespace ward::fhir {

/// A Coding, Identifier, ContactPoint, code, boolean, id or string (R4, search.html#token).
struct TokenValue {
    /// `implied`: a code or boolean, whose system the specification knows and the resource does not say.
    enum class System : std::uint8_t { none, named, implied };

    System system_kind = System::none;
    std::string system;   // empty unless named
    std::string code;     // of an Identifier or ContactPoint its value; may be empty if there is a system

    bool operator==(const TokenValue&) const = default;
};

struct StringValue {
    std::string text;         // as it is in the resource
    std::string normalised;   // see normalise()

    bool operator==(const StringValue&) const = default;
};

struct DateValue {
    DateInterval interval;

    bool operator==(const DateValue&) const = default;
};

/// What a Reference or canonical says: a relative reference fills `type` and `id`, any other literal one
/// `url`; `version` stands beside either; a logical one fills the identifier.
struct ReferenceValue {
    std::string type;
    std::string id;
    std::string url;
    std::string version;
    std::string identifier_system;
    std::string identifier_value;

    bool operator==(const ReferenceValue&) const = default;
};

struct NumberValue {
    DecimalInterval interval;
};

/// A Quantity or what is made of it: with its comparator, a Range, Money (whose system is that of
/// currencies).
struct QuantityValue {
    DecimalInterval interval;
    std::string system;
    std::string code;
    std::string unit;
};

struct UriValue {
    std::string uri;

    bool operator==(const UriValue&) const = default;
};

using Value =
    std::variant<TokenValue, StringValue, DateValue, ReferenceValue, NumberValue, QuantityValue, UriValue>;

struct IndexedValue {
    const SearchParameter* parameter = nullptr;   // from the table, so never gone
    Value value;
};

/// What of an element is compared (R4, search.html#modifiers).
enum class Aspect : std::uint8_t {
    value,
    presence,         // :missing
    text,             // :text, what stands beside a code, an identifier or a reference
    identifier,       // :identifier, of a reference
    type_and_value,   // :of-type, of an identifier
};

/// For each part of a composite, the values that stand together.
using CompositeValue = std::vector<std::vector<Value>>;

struct ValueLimits {
    std::size_t values_max = 20'000;   // of one resource; more is Errc::limit_exceeded
};

/// True if index_values() gives this parameter's values: numbers, quantities and composites are compared
/// after opening only.
bool is_indexed(const SearchParameter& parameter);

/// The values of all indexed parameters of the type, in the order of the table. A part that does not have
/// the form its parameter asks for (a date that is none) yields nothing.
Result<std::vector<IndexedValue>> index_values(ResourceType type, json::Value resource,
                                               ValueLimits limits = {});

/// The values of one parameter, appended; what index_values() is made of. `parameter` is of that type and no
/// composite. As Aspect::text they are strings, as Aspect::identifier tokens.
void values_of(ResourceType type, const SearchParameter& parameter, json::Value resource,
               std::vector<IndexedValue>& out, Aspect aspect = Aspect::value);

/// The values of a composite parameter; of an identifier, its type's codings and its value.
std::vector<CompositeValue> composites_of(ResourceType type, const SearchParameter& parameter,
                                          json::Value resource);

/// True if the parameter's expression leads anywhere.
bool is_present(ResourceType type, const SearchParameter& parameter, json::Value resource);

/// For comparing strings as R4, search.html#string asks: lower case, Latin letters without their accents,
/// combining marks removed, white space runs as one space, ends trimmed. Scripts without case stay as they
/// are. Composed and decomposed spellings of Latin text become the same; those of other scripts may not.
std::string normalise(std::string_view text);

/// Reads a literal reference: "Patient/p1", "Patient/p1/_history/3", a URL, "urn:uuid:…", "url|version".
ReferenceValue parse_reference(std::string_view text);

}   // namespace ward::fhir
