// SPDX-License-Identifier: Apache-2.0
// One statement a line, in words: docs/formats/policy.md has the grammar.
#include <algorithm>
#include <charconv>
#include <fmt/format.h>

#include "core/text.hpp"
#include "core/utf8.hpp"
#include "fhir/query.hpp"
#include "policy/policy.hpp"

namespace ward::policy {
namespace {

constexpr std::string_view first_line = "ward policy 1";
constexpr std::string_view me = "{me}";

/// The words of a line; a comma is a word of its own.
std::vector<std::string_view> words_of(std::string_view line) {
    std::vector<std::string_view> words;
    while (!line.empty()) {
        if (line.front() == ' ' || line.front() == '\t') {
            line.remove_prefix(1);
            continue;
        }
        const auto end = line.front() == ',' ? 1 : std::min(line.find_first_of(" \t,"), line.size());
        words.push_back(line.substr(0, end));
        line.remove_prefix(end);
    }
    return words;
}

bool is_name(std::string_view word) {
    return !word.empty() && word.size() <= 128 && word != "," && is_utf8(word);
}

/// Whether what the search finds is about the user. It would be about everybody if another value did as well,
/// or if it were about all but the user.
bool names_the_user(const std::vector<FormField>& criteria) {
    const auto has_me = [](const FormField& field) { return field.value.find(me) != std::string::npos; };
    const auto is_me = [](const FormField& field) {
        return field.value == me && field.name.find(":not") == std::string::npos;
    };
    return std::ranges::any_of(criteria, has_me) &&
           std::ranges::all_of(criteria, [&](const auto& field) { return !has_me(field) || is_me(field); });
}

}   // namespace

/// Reads one file, statement by statement.
class Reader {
public:
    explicit Reader(Limits limits) : limits_(limits) {}

    Result<Policy> read(std::string_view text) {
        if (text.size() > limits_.text_bytes_max) return fail(Errc::limit_exceeded, "the policy is too long");
        bool begun = false;
        while (!text.empty()) {
            ++line_;
            const auto end = std::min(text.find('\n'), text.size());
            auto line = text.substr(0, end);
            text.remove_prefix(std::min(end + 1, text.size()));
            line = trimmed(line.substr(0, line.find('#')));
            if (line.empty()) continue;
            if (!begun && line != first_line) return wrong("the first line is: ward policy 1");
            if (begun) TRY(statement(line));
            begun = true;
        }
        if (!begun) return fail(Errc::malformed, "the policy is empty; its first line is: ward policy 1");
        for (const auto& rule : policy_.rules_) {
            line_ = rule.line;
            const bool known = std::ranges::find(policy_.relations_, rule.relation, &Relation::name) !=
                               policy_.relations_.end();
            if (rule.whom == Whom::related && !known)
                return wrong(fmt::format("no relation '{}' is defined", rule.relation));
        }
        return std::move(policy_);
    }

private:
    tl::unexpected<Error> wrong(std::string_view what) const {
        return fail(Errc::malformed, fmt::format("line {}: {}", line_, what));
    }

    std::string_view peek() const { return next_ < words_.size() ? words_[next_] : std::string_view{}; }
    std::string_view take() { return next_ < words_.size() ? words_[next_++] : std::string_view{}; }
    bool take_if(std::string_view word) {
        if (peek() != word || next_ == words_.size()) return false;
        ++next_;
        return true;
    }
    Result<> expect(std::string_view phrase) {
        for (const auto word : words_of(phrase))
            if (!take_if(word)) return wrong(fmt::format("expected '{}'", phrase));
        return {};
    }
    Result<> expect_end() const {
        if (next_ == words_.size()) return {};
        return wrong("there is more than a statement on this line");
    }

    Result<> statement(std::string_view line) {
        if (++statements_ > limits_.statements_max) return fail(Errc::limit_exceeded, "too many statements");
        text_ = line;
        words_ = words_of(line);
        next_ = 0;
        if (take_if("relation")) return relation(line);
        const auto subject = TRY(this->subject());
        TRY(expect("may"));
        if (take_if("break")) return glass(subject);
        if (take_if("review")) {
            TRY(expect("broken glass"));
            policy_.review_rules_.push_back({subject, text_});
            return expect_end();
        }
        return rule(subject);
    }

    Result<Subject> subject() {
        Subject subject;
        const auto kind = take();
        if (kind == "anyone") return subject;
        if (kind == "role")
            subject.kind = Subject::Kind::role;
        else if (kind == "user")
            subject.kind = Subject::Kind::user;
        else if (kind == "client")
            subject.kind = Subject::Kind::client;
        else
            return wrong("a statement begins with role, user, client, anyone or relation");
        const auto name = take();
        if (!is_name(name)) return wrong(fmt::format("{} needs a name", kind));
        subject.name = name;
        return subject;
    }

    /// Words with commas between them.
    template <class Each>
    Result<> list(const Each& each) {
        std::size_t count = 0;
        do {
            if (++count > limits_.list_max) return wrong("the list is too long");
            TRY(each(take()));
        } while (take_if(","));
        return {};
    }

    Result<> rule(const Subject& subject) {
        Rule rule{subject, 0, {}, {}, {}, {}, line_, text_};
        TRY(list([&](std::string_view word) -> Result<> {
            const auto action = action_named(word);
            if (!action)
                return wrong(
                    "expected read, search, create, update, delete, export, break the glass or review "
                    "broken glass");
            rule.actions = static_cast<std::uint8_t>(rule.actions | static_cast<std::uint8_t>(*action));
            return {};
        }));
        if (!take_if("everything"))
            TRY(list([&](std::string_view word) -> Result<> {
                const auto type = fhir::resource_type(word);
                if (!type)
                    return wrong("expected 'everything' or names of resource types, with commas between");
                rule.types.push_back(*type);
                return {};
            }));
        TRY(whom(rule));
        if (take_if("for")) TRY(purposes(rule.purposes));
        TRY(expect_end());
        policy_.rules_.push_back(std::move(rule));
        return {};
    }

    Result<> whom(Rule& rule) {
        TRY(expect("of"));
        const auto word = take();
        if (word == "any" && take_if("patient"))
            rule.whom = Whom::any_patient;
        else if (word == "no" && take_if("patient"))
            rule.whom = Whom::no_patient;
        else if (word == "themselves")
            rule.whom = Whom::themselves;
        else if (word == "patients" && is_name(peek())) {
            rule.whom = Whom::related;
            rule.relation = take();
        } else
            return wrong("expected 'any patient', 'no patient', 'themselves' or 'patients RELATION'");
        return {};
    }

    Result<> purposes(std::vector<std::string>& purposes) {
        return list([&](std::string_view word) -> Result<> {
            if (!is_purpose(word)) return wrong("a purpose is a code of v3-PurposeOfUse, such as TREAT");
            purposes.emplace_back(word);
            return {};
        });
    }

    Result<std::int64_t> number(std::int64_t most) {
        const auto word = take();
        std::int64_t value = 0;
        const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
        if (word.empty() || error != std::errc{} || end != word.data() + word.size() || value < 1 ||
            value > most)
            return wrong(fmt::format("expected a number from 1 to {}", most));
        return value;
    }

    Result<> glass(const Subject& subject) {
        constexpr std::int64_t hours_max = 31 * 24;
        GlassRule rule;
        rule.subject = subject;
        rule.text = text_;
        TRY(expect("the glass for"));
        TRY(purposes(rule.purposes));
        TRY(expect("during"));
        rule.lasts = std::chrono::minutes{TRY(number(glass_lasts_max.count()))};
        TRY(expect("minutes with review within"));
        rule.review_within = std::chrono::hours{TRY(number(hours_max))};
        TRY(expect("hours"));
        policy_.glass_rules_.push_back(std::move(rule));
        return expect_end();
    }

    /// relation NAME is TYPE?PARAMETER=VALUE&…
    Result<> relation(std::string_view line) {
        const auto name = take();
        if (!is_name(name)) return wrong("relation needs a name");
        TRY(expect("is"));
        if (next_ >= words_.size()) return wrong("expected a search, such as CareTeam?participant={me}");
        // The search may have commas, so it is the rest of the line.
        const auto search = line.substr(static_cast<std::size_t>(words_[next_].data() - line.data()));
        const auto question = search.find('?');
        const auto type = fhir::resource_type(search.substr(0, question));
        if (question == std::string_view::npos || !type || !fhir::in_patient_compartment(*type))
            return wrong("expected a search in a patient's chart, such as CareTeam?participant={me}");
        auto criteria = parse_form(search.substr(question + 1));
        if (!criteria || !names_the_user(*criteria) || search.find(' ') != std::string_view::npos)
            return wrong("a relation is a search that names the user as {me}, with no other value beside it");
        Relation relation{std::string{name}, *type, *std::move(criteria)};
        const auto query = fhir::parse_query(relation.type, criteria_of(relation, "Practitioner/x"));
        if (!query) return wrong(query.error().diagnostics);
        policy_.relations_.push_back(std::move(relation));
        return {};
    }

    Limits limits_;
    Policy policy_;
    std::size_t line_ = 0;
    std::size_t statements_ = 0;
    std::string text_;
    std::vector<std::string_view> words_;
    std::size_t next_ = 0;
};

std::vector<FormField> criteria_of(const Relation& relation, std::string_view user) {
    auto criteria = relation.criteria;
    for (auto& [name, value] : criteria)
        if (value == me) value = user;
    return criteria;
}

Result<Policy> Policy::parse(std::string_view text, Limits limits) { return Reader{limits}.read(text); }

}   // namespace ward::policy
