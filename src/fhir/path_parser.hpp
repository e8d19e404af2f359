// SPDX-License-Identifier: Apache-2.0
// The grammar behind Path::compile(); only path.cpp uses it.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "fhir/path.hpp"

namespace ward::fhir {

/// A view of the expression, read once from left to right.
class PathParser {
public:
    PathParser(std::string_view expression, std::string_view type) : rest_(expression), type_(type) {}

    struct Parsed {
        Path::Condition condition;
        bool is_test = false;   // exists() or `!=`: it is a condition and not a selection
    };

    /// The operands of `and`, mostly one.
    Result<std::vector<Parsed>> parse();

private:
    using Branches = std::vector<Path::Steps>;

    Result<Parsed> operand();
    Result<Branches> united();
    Result<Branches> cast();
    Result<Branches> term();
    Result<> postfix(Branches& branches);
    Result<> invoke(std::string_view name, Branches& branches);
    Result<> where(Branches& branches);
    Result<> index(Branches& branches);
    Result<> narrow(Branches& branches, std::string_view type) const;

    void skip_spaces();
    bool take(std::string_view token);
    std::string_view take_name();
    tl::unexpected<Error> unsupported(std::string_view what) const;

    std::string_view rest_;
    std::string_view type_;
    bool exists_ = false;
    std::size_t depth_ = 0;
};

}   // namespace ward::fhir
