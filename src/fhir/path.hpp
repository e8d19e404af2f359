// SPDX-License-Identifier: Apache-2.0
// The part of FHIRPath that the official search expressions use: paths, `|`, `as`, as(), where(x='y'),
// where(resolve() is T), exists(), an index, `and`, `!=`.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "json/document.hpp"

namespace ward::fhir {

/// A value that a path led to: a view into the resource, and what is known of its FHIR type.
struct NodeView {
    json::Value value;
    /// The type in the name of a choice element (`valueQuantity`: "Quantity"); empty where JSON does not
    /// tell.
    std::string_view type;
    /// For the result of a comparison, which is no value of the resource.
    bool computed_true = false;
};

namespace detail {
struct PathStep;
}

/// A compiled expression. Immutable; may be used from several threads.
class Path {
public:
    /// Compiles `expression` for resources of `type`: branches of a union that start at another type are
    /// dropped. Fails (Errc::malformed) on anything outside the subset.
    static Result<Path> compile(std::string_view expression, std::string_view type);

    Path(Path&&) noexcept;
    Path& operator=(Path&&) noexcept;
    ~Path();

    /// Appends what the expression selects in `resource`, in its order.
    void evaluate(json::Value resource, std::vector<NodeView>& out) const;

private:
    Path();
    std::vector<std::vector<detail::PathStep>> branches_;
};

}   // namespace ward::fhir
