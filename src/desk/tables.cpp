// SPDX-License-Identifier: Apache-2.0
#include "desk/tables.hpp"

#include <algorithm>
#include <array>

#include "json/writer.hpp"

namespace ward::desk {
namespace {

constexpr std::array migrations{store::Migration{"the first tables", R"(
CREATE TABLE case_row (
    number {integer} PRIMARY KEY,
    opened {integer} NOT NULL,
    shown {integer},
    told {integer}
){strict};
CREATE TABLE finding (
    number {integer} PRIMARY KEY,
    kind TEXT NOT NULL,
    concluded {integer} NOT NULL,
    systems TEXT NOT NULL,
    severity {integer} NOT NULL,
    confidence {integer} NOT NULL,
    takes_over {integer} NOT NULL,
    own_case {integer} NOT NULL REFERENCES case_row (number),
    kept {integer} NOT NULL,
    told TEXT NOT NULL,
    UNIQUE (kind, concluded, systems)
){strict};
CREATE TABLE case_join (
    number {integer} PRIMARY KEY,
    from_case {integer} NOT NULL REFERENCES case_row (number),
    into_case {integer} NOT NULL REFERENCES case_row (number),
    made {integer} NOT NULL,
    made_by TEXT NOT NULL,
    why TEXT NOT NULL
){strict};
CREATE TABLE case_split (
    number {integer} PRIMARY KEY,
    finding {integer} NOT NULL REFERENCES finding (number),
    from_case {integer} NOT NULL REFERENCES case_row (number),
    into_case {integer} NOT NULL REFERENCES case_row (number),
    made {integer} NOT NULL,
    made_by TEXT NOT NULL,
    why TEXT NOT NULL
){strict};
CREATE TABLE step (
    number {integer} PRIMARY KEY,
    in_case {integer} NOT NULL REFERENCES case_row (number),
    what {integer} NOT NULL,
    level {integer} NOT NULL,
    made {integer} NOT NULL,
    made_by TEXT NOT NULL,
    why TEXT NOT NULL
){strict};
CREATE TABLE verdict (
    number {integer} PRIMARY KEY,
    in_case {integer} NOT NULL REFERENCES case_row (number),
    finding {integer} REFERENCES finding (number),
    said {integer} NOT NULL,
    reason TEXT NOT NULL,
    made_by TEXT NOT NULL,
    made {integer} NOT NULL,
    since {integer} NOT NULL,
    until {integer} NOT NULL
){strict};
CREATE TABLE verdict_pattern (
    verdict {integer} NOT NULL REFERENCES verdict (number),
    kind TEXT NOT NULL,
    who TEXT NOT NULL,
    whom TEXT NOT NULL,
    PRIMARY KEY (verdict, kind, who, whom)
){clustered};
CREATE TABLE declaration (
    number {integer} PRIMARY KEY,
    what {integer} NOT NULL,
    host TEXT NOT NULL,
    kinds TEXT NOT NULL,
    since {integer} NOT NULL,
    until {integer} NOT NULL,
    reason TEXT NOT NULL,
    made_by TEXT NOT NULL,
    made {integer} NOT NULL
){strict};
CREATE TABLE declaration_end (
    declaration {integer} PRIMARY KEY REFERENCES declaration (number),
    made {integer} NOT NULL,
    made_by TEXT NOT NULL,
    why TEXT NOT NULL
){strict};
CREATE TABLE finding_verdict (
    finding {integer} NOT NULL REFERENCES finding (number),
    verdict {integer} NOT NULL REFERENCES verdict (number),
    PRIMARY KEY (finding, verdict)
){clustered};
CREATE TABLE finding_declaration (
    finding {integer} NOT NULL REFERENCES finding (number),
    declaration {integer} NOT NULL REFERENCES declaration (number),
    PRIMARY KEY (finding, declaration)
){clustered};
)"},
                                store::Migration{"numbers of what is kept no more", R"(
CREATE TABLE given (what TEXT PRIMARY KEY, last {integer} NOT NULL){clustered};
CREATE INDEX finding_case ON finding (own_case);
)"}};

tl::unexpected<Error> torn(std::string_view what) {
    return fail(Errc::corrupt, "desk.db: " + std::string{what} + " is none that was written");
}

std::optional<Time> optional_time(const store::Statement& row, int column) {
    if (row.is_null(column)) return std::nullopt;
    return to_time(row.integer(column));
}

template <class Enum>
Enum enum_of(const store::Statement& row, int column) {
    return static_cast<Enum>(row.integer(column));
}

Result<> load_cases(store::Database& database, Book& book) {
    auto row = TRY(database.prepare("SELECT number, opened, shown, told FROM case_row ORDER BY number"));
    while (TRY(row.step())) {
        book.given.in_case = row.integer(0);
        book.cases[book.given.in_case] = {
            .opened = to_time(row.integer(1)), .shown = optional_time(row, 2), .told = optional_time(row, 3)};
    }
    return {};
}

Result<> load_findings(store::Database& database, Book& book) {
    auto row =
        TRY(database.prepare("SELECT number, kind, concluded, systems, severity, confidence, takes_over,"
                             " own_case, kept FROM finding ORDER BY number"));
    while (TRY(row.step())) {
        KeptFinding finding{.number = row.integer(0),
                            .kind = std::string{row.text(1)},
                            .at = to_time(row.integer(2)),
                            .severity = enum_of<detect::Severity>(row, 4),
                            .confidence = static_cast<int>(row.integer(5)),
                            .takes_over = row.integer(6) != 0,
                            .own_case = row.integer(7),
                            .kept = to_time(row.integer(8))};
        finding.systems = TRY(parse_names(row.text(3)));
        if (finding.systems.empty()) return torn("a finding");
        book.given.finding = finding.number;
        book.findings.push_back(std::move(finding));
    }
    return {};
}

Result<> load_moves(store::Database& database, Book& book) {
    auto join = TRY(
        database.prepare("SELECT from_case, into_case, made, made_by, why FROM case_join ORDER BY number"));
    while (TRY(join.step()))
        book.joins.push_back({.from = join.integer(0),
                              .into = join.integer(1),
                              .at = to_time(join.integer(2)),
                              .by = std::string{join.text(3)},
                              .why = std::string{join.text(4)}});
    auto split = TRY(database.prepare(
        "SELECT finding, from_case, into_case, made, made_by, why FROM case_split ORDER BY number"));
    while (TRY(split.step())) {
        if (book.find_finding(split.integer(0)) == nullptr) return torn("a split");
        book.splits.push_back({.finding = split.integer(0),
                               .from = split.integer(1),
                               .into = split.integer(2),
                               .at = to_time(split.integer(3)),
                               .by = std::string{split.text(4)},
                               .why = std::string{split.text(5)}});
    }
    auto step =
        TRY(database.prepare("SELECT in_case, what, level, made, made_by, why FROM step ORDER BY number"));
    while (TRY(step.step()))
        book.steps.push_back({.in_case = step.integer(0),
                              .what = enum_of<Step>(step, 1),
                              .level = static_cast<int>(step.integer(2)),
                              .at = to_time(step.integer(3)),
                              .by = std::string{step.text(4)},
                              .why = std::string{step.text(5)}});
    return {};
}

Result<> load_verdicts(store::Database& database, Book& book) {
    auto row =
        TRY(database.prepare("SELECT number, in_case, finding, said, reason, made_by, made, since, until"
                             " FROM verdict ORDER BY number"));
    while (TRY(row.step())) {
        Verdict verdict{.number = row.integer(0),
                        .in_case = row.integer(1),
                        .said = enum_of<Said>(row, 3),
                        .reason = std::string{row.text(4)},
                        .by = std::string{row.text(5)},
                        .at = to_time(row.integer(6)),
                        .since = to_time(row.integer(7)),
                        .until = to_time(row.integer(8))};
        if (!row.is_null(2)) verdict.finding = row.integer(2);
        if (verdict.finding && book.find_finding(*verdict.finding) == nullptr) return torn("a verdict");
        book.given.verdict = verdict.number;
        book.verdicts.push_back(std::move(verdict));
    }
    auto pattern =
        TRY(database.prepare("SELECT verdict, kind, who, whom FROM verdict_pattern"
                             " ORDER BY verdict, kind, who, whom"));
    while (TRY(pattern.step())) {
        auto* verdict = book.find_verdict(pattern.integer(0));
        if (verdict == nullptr) return torn("a verdict's pattern");
        verdict->patterns.push_back({.kind = std::string{pattern.text(1)},
                                     .who = std::string{pattern.text(2)},
                                     .whom = std::string{pattern.text(3)}});
    }
    return {};
}

Result<> load_declarations(store::Database& database, Book& book) {
    auto row = TRY(database.prepare(
        "SELECT number, what, host, kinds, since, until, reason, declared.made_by, declared.made,"
        " ended.made FROM declaration AS declared LEFT JOIN declaration_end AS ended"
        " ON ended.declaration = declared.number ORDER BY number"));
    while (TRY(row.step())) {
        Declaration declaration{.number = row.integer(0),
                                .what = enum_of<Declared>(row, 1),
                                .host = std::string{row.text(2)},
                                .from = to_time(row.integer(4)),
                                .until = to_time(row.integer(5)),
                                .reason = std::string{row.text(6)},
                                .by = std::string{row.text(7)},
                                .at = to_time(row.integer(8))};
        declaration.kinds = TRY(parse_names(row.text(3)));
        if (const auto ended = optional_time(row, 9)) declaration.until = std::min(declaration.until, *ended);
        book.given.declaration = declaration.number;
        book.declarations.push_back(std::move(declaration));
    }
    return {};
}

/// What covers which finding, told to `add`.
template <class Add>
Result<> load_marks(store::Database& database, Book& book, std::string_view sql, Add&& add) {
    auto row = TRY(database.prepare(sql));
    while (TRY(row.step())) {
        auto* finding = book.find_finding(row.integer(0));
        if (finding == nullptr) return torn("a mark");
        add(*finding, row.integer(1));
    }
    return {};
}

/// Each by the name that its rows' table has.
template <class Given, class Visitor>
void visit_given(Given& given, Visitor&& visit) {
    visit("finding", given.finding);
    visit("case_row", given.in_case);
    visit("verdict", given.verdict);
    visit("declaration", given.declaration);
}

Result<> load_given(store::Database& database, Book& book) {
    auto row = TRY(database.prepare("SELECT what, last FROM given"));
    while (TRY(row.step()))
        visit_given(book.given, [&](std::string_view what, std::int64_t& last) {
            if (row.text(0) == what) last = std::max(last, row.integer(1));
        });
    return {};
}

Result<> remove_rows(store::Database& database, std::string_view sql, const std::set<std::int64_t>& numbers) {
    auto remove = TRY(database.prepare(sql));
    for (const auto number : numbers) TRY(remove.run(number));
    return {};
}

}   // namespace

std::span<const store::Migration> desk_migrations() { return migrations; }

std::string to_json(const std::vector<std::string>& names) {
    std::string out;
    json::Writer writer{out};
    writer.begin_array();
    for (const auto& name : names) writer.string(name);
    writer.end_array();
    return out;
}

Result<std::vector<std::string>> parse_names(std::string_view text) {
    const auto document = TRY(json::Document::parse(std::string{text}));
    std::vector<std::string> names;
    for (const auto name : document.root().items()) names.emplace_back(name.text());
    return names;
}

Result<Book> load(store::Database& database) {
    Book book;
    TRY(load_cases(database, book));
    TRY(load_findings(database, book));
    TRY(load_moves(database, book));
    TRY(load_verdicts(database, book));
    TRY(load_declarations(database, book));
    TRY(load_marks(database, book, "SELECT finding, verdict FROM finding_verdict ORDER BY finding, verdict",
                   [](KeptFinding& finding, std::int64_t number) { finding.verdicts.push_back(number); }));
    TRY(load_marks(
        database, book, "SELECT finding, declaration FROM finding_declaration ORDER BY finding, declaration",
        [](KeptFinding& finding, std::int64_t number) { finding.declarations.push_back(number); }));
    TRY(load_given(database, book));
    book.settle();
    return book;
}

Result<> remove(store::Database& database, const Leaving& leaving) {
    TRY(remove_rows(database, "DELETE FROM finding_verdict WHERE finding = ?", leaving.findings));
    TRY(remove_rows(database, "DELETE FROM finding_declaration WHERE finding = ?", leaving.findings));
    TRY(remove_rows(database, "DELETE FROM case_split WHERE finding = ?", leaving.findings));
    TRY(remove_rows(database, "DELETE FROM verdict_pattern WHERE verdict = ?", leaving.verdicts));
    TRY(remove_rows(database, "DELETE FROM verdict WHERE number = ?", leaving.verdicts));
    TRY(remove_rows(database, "DELETE FROM finding WHERE number = ?", leaving.findings));
    TRY(remove_rows(database, "DELETE FROM step WHERE in_case = ?", leaving.cases));
    TRY(remove_rows(database, "DELETE FROM case_join WHERE from_case = ?", leaving.cases));
    TRY(remove_rows(database, "DELETE FROM case_row WHERE number = ?", leaving.cases));
    TRY(remove_rows(database, "DELETE FROM declaration_end WHERE declaration = ?", leaving.declarations));
    return remove_rows(database, "DELETE FROM declaration WHERE number = ?", leaving.declarations);
}

Result<> keep_given(store::Database& database, const Given& given) {
    Result<> kept;
    visit_given(given, [&](std::string_view what, std::int64_t last) {
        auto put = database.prepare(
            "INSERT INTO given (what, last) VALUES (?, ?) ON CONFLICT (what) DO UPDATE SET last = "
            "excluded.last");
        if (kept) kept = put ? put->run(what, last) : tl::unexpected(put.error());
    });
    return kept;
}

}   // namespace ward::desk
