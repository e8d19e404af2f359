// SPDX-License-Identifier: Apache-2.0
#include "fhir/path_parser.hpp"

#include <algorithm>
#include <array>

namespace ward::fhir {

namespace {

using Step = Path::Step;

constexpr std::size_t depth_max = 8;   // of parentheses

// The choice elements that the official expressions name; from the StructureDefinitions of R4. No type has,
// beside an element of such a name that is none, another one whose name only adds a type.
constexpr auto choice_elements = std::to_array<std::string_view>(
    {"abatement",   "code",       "collected", "created",    "deceased",  "definition", "due",   "effective",
     "event",       "identified", "item",      "medication", "occurred",  "occurrence", "onset", "performed",
     "probability", "scheduled",  "source",    "start",      "substance", "target",     "value"});

bool is_name_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

bool is_type_name(std::string_view name) {
    return !name.empty() && name.front() >= 'A' && name.front() <= 'Z';
}

Step member(std::string_view name) {
    Step step;
    step.name = name;
    step.is_choice = std::find(choice_elements.begin(), choice_elements.end(), name) != choice_elements.end();
    return step;
}

}   // namespace

tl::unexpected<Error> PathParser::unsupported(std::string_view what) const {
    return fail(Errc::malformed, "FHIRPath: " + std::string{what} + " before '" + std::string{rest_} + "'");
}

void PathParser::skip_spaces() { rest_.remove_prefix(std::min(rest_.find_first_not_of(' '), rest_.size())); }

bool PathParser::take(std::string_view token) {
    skip_spaces();
    if (!rest_.starts_with(token)) return false;
    const bool is_word = is_name_character(token.back());
    if (is_word && rest_.size() > token.size() && is_name_character(rest_[token.size()])) return false;
    rest_.remove_prefix(token.size());
    return true;
}

std::string_view PathParser::take_name() {
    skip_spaces();
    const auto end = std::find_if_not(rest_.begin(), rest_.end(), is_name_character);
    const auto name = rest_.substr(0, static_cast<std::size_t>(end - rest_.begin()));
    rest_.remove_prefix(name.size());
    return name;
}

Result<std::vector<PathParser::Parsed>> PathParser::parse() {
    std::vector<Parsed> operands;
    do {
        operands.push_back(TRY(operand()));
    } while (take("and"));
    skip_spaces();
    if (!rest_.empty()) return unsupported("something else");
    if (operands.size() > 1)
        for (const auto& parsed : operands)
            if (!parsed.is_test) return unsupported("a side of 'and' that is no condition");
    return operands;
}

Result<PathParser::Parsed> PathParser::operand() {
    Parsed parsed;
    exists_ = false;
    parsed.condition.branches = TRY(united());
    parsed.is_test = exists_;
    if (take("!=")) {
        parsed.is_test = true;
        if (!take("false")) return unsupported("a literal that is not 'false'");
        parsed.condition.differs_from = false;
    }
    return parsed;
}

Result<PathParser::Branches> PathParser::united() {
    Branches all;
    do {
        for (auto& branch : TRY(cast())) all.push_back(std::move(branch));
    } while (take("|"));
    return all;
}

// FHIRPath, section 6: `as` binds tighter than `|`.
Result<PathParser::Branches> PathParser::cast() {
    auto branches = TRY(term());
    if (take("as")) TRY(narrow(branches, take_name()));
    return branches;
}

Result<PathParser::Branches> PathParser::term() {
    Branches branches;
    if (take("(")) {
        if (++depth_ > depth_max) return unsupported("too many parentheses");
        branches = TRY(united());
        --depth_;
        if (!take(")")) return unsupported("')' expected");
    } else {
        const auto name = take_name();
        if (name.empty()) return unsupported("a name expected");
        if (!is_type_name(name)) {
            branches.push_back({member(name)});
        } else if (name == type_ || name == "Resource" || name == "DomainResource") {
            branches.emplace_back();
        }
    }
    TRY(postfix(branches));
    return branches;
}

Result<> PathParser::postfix(Branches& branches) {
    for (;;) {
        if (take("[")) {
            TRY(index(branches));
        } else if (take(".")) {
            const auto name = take_name();
            if (name.empty()) return unsupported("a name expected");
            if (take("(")) {
                TRY(invoke(name, branches));
                if (!take(")")) return unsupported("')' expected");
            } else {
                for (auto& branch : branches) branch.push_back(member(name));
            }
        } else {
            return {};
        }
    }
}

Result<> PathParser::invoke(std::string_view name, Branches& branches) {
    if (name == "as") return narrow(branches, take_name());
    if (name == "where") return where(branches);
    if (name != "exists") return unsupported("an unknown function");
    exists_ = true;
    return {};
}

Result<> PathParser::where(Branches& branches) {
    Step step;
    const auto name = take_name();
    if (name == "resolve") {
        if (!take("(") || !take(")") || !take("is")) return unsupported("'resolve() is' expected");
        step.kind = Step::Kind::where_resolves;
        step.text = take_name();
    } else {
        if (name.empty() || !take("=") || !take("'")) return unsupported("a comparison with a text expected");
        step.kind = Step::Kind::where_equals;
        step.name = name;
        const auto end = rest_.find('\'');
        if (end == std::string_view::npos) return unsupported("a text does not end");
        step.text = rest_.substr(0, end);
        rest_.remove_prefix(end + 1);
    }
    for (auto& branch : branches) branch.push_back(step);
    return {};
}

Result<> PathParser::index(Branches& branches) {
    std::size_t number = 0;
    constexpr std::size_t number_max = 1000;
    const auto digits = take_name();
    for (const char c : digits) {
        if (c < '0' || c > '9' || number > number_max) return unsupported("a number expected");
        number = number * 10 + static_cast<std::size_t>(c - '0');
    }
    if (digits.empty() || !take("]")) return unsupported("a number expected");
    for (auto& branch : branches) {
        if (branch.empty() || branch.back().kind != Step::Kind::member)
            return unsupported("no element to index");
        branch.back().index = number;
        branch.back().is_choice = false;
    }
    return {};
}

// In JSON the type of a choice element is part of its name: `value as dateTime` is `valueDateTime`.
Result<> PathParser::narrow(Branches& branches, std::string_view type) const {
    if (type.empty()) return unsupported("a type expected");
    for (auto& branch : branches) {
        if (branch.empty() || !branch.back().is_choice) return unsupported("'as' on what is no choice");
        auto& step = branch.back();
        step.is_choice = false;
        step.text = type;
        if (step.text.front() >= 'a') step.text.front() = static_cast<char>(step.text.front() - 'a' + 'A');
        step.name += step.text;
    }
    return {};
}

}   // namespace ward::fhir
