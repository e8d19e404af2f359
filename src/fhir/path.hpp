// SPDX-License-Identifier: Apache-2.0
// The part of FHIRPath that the official search expressions use: paths, `|`, `as`, as(), where(x='y'),
// where(resolve() is T), exists(), an index, `and`, `!=`.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "json/document.hpp"

namespace ward::fhir {

/// What a path led to: a view into the resource, with what is known of its FHIR type.
struct NodeView {
    json::Value value;
    /// The type in the name of a choice element (`valueQuantity`: "Quantity"); empty where JSON does not
    /// tell.
    std::string_view type;
    /// The result of a condition, which is no value of the resource.
    std::optional<bool> computed;
};

/// A compiled expression. Immutable; may be used from several threads.
class Path {
public:
    /// Compiles `expression` for resources of `type`: branches of a union that start at another type are
    /// dropped. Fails (Errc::malformed) on anything outside the subset.
    static Result<Path> compile(std::string_view expression, std::string_view type);

    /// Appends what the expression selects in `resource`, in its order.
    void evaluate(json::Value resource, std::vector<NodeView>& out) const;

    struct Step {
        enum class Kind : std::uint8_t { member, where_equals, where_resolves };

        Kind kind = Kind::member;
        bool is_choice = false;             // of a member: value[x]
        std::optional<std::size_t> index;   // of a member: the one element
        std::string name;                   // of a member or where_equals: the member's name
        std::string text;   // the text it equals, or the type; of a member after `as`: its type
    };
    using Steps = std::vector<Step>;

    /// One side of an `and`: the path leads somewhere, and not to this literal.
    struct Condition {
        std::vector<Steps> branches;
        std::optional<bool> differs_from;
    };

private:
    std::vector<Steps> branches_;
    std::vector<Condition> conditions_;   // if there are any, they are the whole expression
};

}   // namespace ward::fhir
