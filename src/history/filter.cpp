// SPDX-License-Identifier: Apache-2.0
#include "history/filter.hpp"

#include <algorithm>

#include "core/text.hpp"
#include "core/utf8.hpp"
#include "history/indexed.hpp"

namespace ward::history {
namespace {

constexpr std::string_view blank = " \t\r\n";
constexpr std::string_view ends_word = " \t\r\n(),\"=!<>";
constexpr std::string_view ends_value = " \t\r\n(),\"";

std::vector<std::string> pieces_of(std::string_view raw) {
    std::vector<std::string> pieces(1);
    bool has_star = false;
    for (std::size_t i = 0; i < raw.size(); ++i) {
        if (raw[i] == '*') {
            has_star = true;
            pieces.emplace_back();
        } else {
            if (raw[i] == '\\' && i + 1 < raw.size()) ++i;
            pieces.back() += lower(raw[i]);
        }
    }
    return has_star ? pieces : std::vector<std::string>{};
}

std::string without_escapes(std::string_view raw) {
    std::string text;
    for (std::size_t i = 0; i < raw.size(); ++i) {
        if (raw[i] == '\\' && i + 1 < raw.size()) ++i;
        text += raw[i];
    }
    return text;
}

Wanted wanted(std::string_view raw) {
    Wanted value{.text = without_escapes(raw), .pieces = pieces_of(raw)};
    value.lower = lowered(value.text);
    value.number = canonical_number(value.text);
    if (value.number) value.size = std::strtod(value.number->c_str(), nullptr);
    value.time = event::parse_timestamp(value.text);
    value.address = parse_ip_address(value.text);
    value.prefix = parse_prefix(value.text);
    return value;
}

class Parser {
public:
    explicit Parser(std::string_view text) : text_(text) {}

    Result<Filter> whole() {
        skip_blanks();
        if (at_ == text_.size()) return Filter{};
        auto filter = TRY(any(0));
        if (at_ < text_.size()) return expected("`and`, `or` or the end");
        return filter;
    }

private:
    tl::unexpected<Error> expected(std::string_view what) const {
        auto found = at_ < text_.size() ? "`" + std::string{next_word()} + "`" : std::string{"the end"};
        return fail(Errc::malformed, "character " + std::to_string(at_ + 1) + ": " + std::string{what} +
                                         " expected, not " + std::move(found));
    }

    void skip_blanks() { at_ = std::min(text_.find_first_not_of(blank, at_), text_.size()); }

    std::string_view next_until(std::string_view ends) const {
        return text_.substr(at_, text_.find_first_of(ends, at_) - at_);
    }
    /// For an error: a character at least.
    std::string_view next_word() const {
        const auto word = next_until(ends_word);
        if (!word.empty()) return word;
        auto rest = text_.substr(at_);
        const auto before = rest;
        take_code_point(rest);
        return before.substr(0, std::max<std::size_t>(1, before.size() - rest.size()));
    }

    bool take_word(std::string_view word) {
        if (!equal_ignoring_case(next_until(ends_word), word)) return false;
        at_ += word.size();
        skip_blanks();
        return true;
    }
    bool take_sign(std::string_view sign) {
        if (!text_.substr(at_).starts_with(sign)) return false;
        at_ += sign.size();
        skip_blanks();
        return true;
    }

    Result<Filter> any(std::size_t depth) {
        return joined(Filter::Kind::any, "or", [&] { return all(depth); });
    }
    Result<Filter> all(std::size_t depth) {
        return joined(Filter::Kind::all, "and", [&] { return one(depth); });
    }

    template <class Part>
    Result<Filter> joined(Filter::Kind kind, std::string_view word, Part part) {
        auto first = TRY(part());
        if (!equal_ignoring_case(next_until(ends_word), word)) return first;
        Filter filter{.kind = kind};
        filter.parts.push_back(std::move(first));
        while (take_word(word)) filter.parts.push_back(TRY(part()));
        return filter;
    }

    Result<Filter> one(std::size_t depth) {
        if (depth >= FilterLimits::depth_max)
            return fail(Errc::limit_exceeded, "character " + std::to_string(at_ + 1) + ": nested too deeply");
        if (take_word("not")) return negated(TRY(one(depth + 1)));
        if (!take_sign("(")) return condition();
        auto inner = TRY(any(depth + 1));
        if (!take_sign(")")) return expected("`)`");
        return inner;
    }

    static Filter negated(Filter filter) {
        Filter none{.kind = Filter::Kind::none};
        none.parts.push_back(std::move(filter));
        return none;
    }

    Result<Filter> condition() {
        Filter filter{.kind = Filter::Kind::condition};
        filter.condition.paths = TRY(paths());
        const bool is_negated = take_word("not");
        if (take_word("in")) {
            TRY(list(filter.condition));
            return is_negated ? negated(std::move(filter)) : std::move(filter);
        }
        if (is_negated) return expected("`in`");
        if (take_sign("!=")) {
            filter.condition.wanted.push_back(TRY(value()));
            return negated(std::move(filter));
        }
        filter.condition.comparison = TRY(comparison());
        const auto begin = at_;
        filter.condition.wanted.push_back(TRY(value()));
        const auto& limit = filter.condition.wanted.front();
        if (filter.condition.comparison != Comparison::equal && !limit.size && !limit.time) {
            at_ = begin;
            return expected("a number or a time");
        }
        return filter;
    }

    Result<Comparison> comparison() {
        if (take_sign("=")) return Comparison::equal;
        if (take_sign("<=")) return Comparison::at_most;
        if (take_sign("<")) return Comparison::less;
        if (take_sign(">=")) return Comparison::at_least;
        if (take_sign(">")) return Comparison::more;
        return expected("=, !=, <, <=, >, >= or `in`");
    }

    Result<std::vector<std::string>> paths() {
        const auto name = next_until(ends_word);
        constexpr std::string_view letters =
            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-@";
        const bool is_name = !name.empty() && name.find_first_not_of(letters) == std::string_view::npos &&
                             name.front() != '.' && name.back() != '.' &&
                             name.find("..") == std::string_view::npos;
        for (const auto* const word : {"and", "or", "not", "in"})
            if (!is_name || equal_ignoring_case(name, word)) return expected("the name of a field");
        at_ += name.size();
        skip_blanks();
        const auto several = std::ranges::find(several_fields(), name, &Several::name);
        if (several == several_fields().end()) return std::vector<std::string>{std::string{name}};
        return std::vector<std::string>{several->paths.begin(), several->paths.end()};
    }

    Result<> list(Condition& condition) {
        if (!take_sign("(")) return expected("`(`");
        do condition.wanted.push_back(TRY(value()));
        while (take_sign(","));
        return take_sign(")") ? Result<>{} : expected("`,` or `)`");
    }

    Result<Wanted> value() {
        if (++values_ > FilterLimits::conditions_max)
            return fail(Errc::limit_exceeded, "character " + std::to_string(at_ + 1) + ": too many values");
        if (text_.substr(at_).starts_with('"')) return quoted();
        const auto raw = next_until(ends_value);
        if (raw.empty()) return expected("a value");
        at_ += raw.size();
        skip_blanks();
        return wanted(raw);
    }

    Result<Wanted> quoted() {
        auto end = at_ + 1;
        while (end < text_.size() && text_[end] != '"') end += text_[end] == '\\' ? 2U : 1U;
        if (end >= text_.size())
            return fail(Errc::malformed, "character " + std::to_string(at_ + 1) + ": a quote does not end");
        const auto raw = text_.substr(at_ + 1, end - at_ - 1);
        at_ = end + 1;
        skip_blanks();
        return wanted(raw);
    }

    std::string_view text_;
    std::size_t at_ = 0;
    std::size_t values_ = 0;
};

}   // namespace

Result<Filter> parse_filter(std::string_view text) {
    if (text.size() > FilterLimits::bytes_max) return fail(Errc::limit_exceeded, "the query is too long");
    if (!is_utf8(text)) return fail(Errc::malformed, "the query is not UTF-8");
    return Parser{text}.whole();
}

}   // namespace ward::history
