// SPDX-License-Identifier: Apache-2.0
#include "desk/desk.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "desk/pattern.hpp"
#include "desk/tables.hpp"
#include "event/fields.hpp"
#include "watch/cases.hpp"

namespace ward::desk {
namespace {

constexpr std::chrono::seconds log_patience{2};   // with who reads: findings wait meanwhile

std::optional<std::int64_t> integer_of(const std::optional<Time>& time) {
    return time ? std::optional{to_integer(*time)} : std::nullopt;
}

std::string words_of(const detect::Finding& finding) {
    std::string out;
    json::Writer writer{out};
    event::Fields fields{writer};
    writer.begin_object();
    finding.fields(fields);
    writer.end_object();
    return out;
}

/// Nothing, or that there is no such case. What was joined to another has its number still.
Result<std::int64_t> root_of(const Book& book, std::int64_t in_case) {
    const auto root = book.root_of(in_case);
    if (!std::ranges::any_of(book.findings, [&](const auto& one) { return one.in_case == root; }))
        return fail(Errc::not_found, fmt::format("there is no case {}", in_case));
    return root;
}

Result<> add_case(store::Database& database, std::int64_t number, const CaseRow& row) {
    auto insert =
        TRY(database.prepare("INSERT INTO case_row (number, opened, shown, told) VALUES (?, ?, ?, ?)"));
    return insert.run(number, to_integer(row.opened), integer_of(row.shown), integer_of(row.told));
}

Result<> add_join(store::Database& database, const Join& join) {
    auto insert = TRY(database.prepare(
        "INSERT INTO case_join (from_case, into_case, made, made_by, why) VALUES (?, ?, ?, ?, ?)"));
    return insert.run(join.from, join.into, to_integer(join.at), join.by, join.why);
}

Result<> add_step(store::Database& database, const StepRow& step) {
    auto insert = TRY(database.prepare(
        "INSERT INTO step (in_case, what, level, made, made_by, why) VALUES (?, ?, ?, ?, ?, ?)"));
    return insert.run(step.in_case, static_cast<int>(step.what), step.level, to_integer(step.at), step.by,
                      step.why);
}

Result<> show(store::Database& database, std::int64_t in_case, Time shown, Time now) {
    auto update =
        TRY(database.prepare("UPDATE case_row SET shown = ?, told = ? WHERE number = ? AND shown IS NULL"));
    return update.run(to_integer(shown), to_integer(now), in_case);
}

Result<> add_finding(store::Database& database, const KeptFinding& row, const std::string& systems,
                     const std::string& words) {
    auto insert =
        TRY(database.prepare("INSERT INTO finding (number, kind, concluded, systems, severity, confidence,"
                             " takes_over, own_case, kept, told) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"));
    return insert.run(row.number, row.kind, to_integer(row.at), systems, static_cast<int>(row.severity),
                      row.confidence, row.takes_over ? 1 : 0, row.own_case, to_integer(row.kept), words);
}

Result<> add_verdict(store::Database& database, const Verdict& verdict) {
    auto insert = TRY(
        database.prepare("INSERT INTO verdict (number, in_case, finding, said, reason, made_by, made, since,"
                         " until) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"));
    TRY(insert.run(verdict.number, verdict.in_case, verdict.finding, static_cast<int>(verdict.said),
                   verdict.reason, verdict.by, to_integer(verdict.at), to_integer(verdict.since),
                   to_integer(verdict.until)));
    auto add =
        TRY(database.prepare("INSERT INTO verdict_pattern (verdict, kind, who, whom) VALUES (?, ?, ?, ?)"));
    for (const auto& pattern : verdict.patterns)
        TRY(add.run(verdict.number, pattern.kind, pattern.who, pattern.whom));
    return {};
}

constexpr std::string_view by_verdict = "INSERT INTO finding_verdict (finding, verdict) VALUES (?, ?)";
constexpr std::string_view by_declaration =
    "INSERT INTO finding_declaration (finding, declaration) VALUES (?, ?)";

Result<> add_mark(store::Database& database, std::string_view sql, std::int64_t finding,
                  std::int64_t number) {
    auto insert = TRY(database.prepare(sql));
    return insert.run(finding, number);
}

}   // namespace

struct Desk::Memory {
    std::int64_t version = 0;    // of the database, as others change it
    Book book{};                 // without findings
    std::int64_t findings = 0;   // the last number
    watch::Cases cases;
};

Desk::Desk(store::Database database, DeskLimits limits) : database_(std::move(database)), limits_(limits) {}
Desk::Desk(Desk&&) noexcept = default;
Desk& Desk::operator=(Desk&&) noexcept = default;
Desk::~Desk() = default;

Result<Desk> Desk::open(const std::filesystem::path& folder, DeskLimits limits) {
    auto database = TRY(store::Database::open(folder / file_name, store::Mode::read_write_create));
    TRY(store::migrate(database, "desk", desk_migrations()));
    TRY(store::check_schema(database, "desk", desk_migrations()));
    return Desk{std::move(database), limits};
}

Result<Desk> Desk::open_existing(const std::filesystem::path& folder, DeskLimits limits) {
    std::error_code error;
    if (!std::filesystem::exists(folder / file_name, error))
        return fail(Errc::not_found, folder.string() + ": no cases were kept here");
    return open(folder, limits);
}

Result<Desk> Desk::open_to_read(const std::filesystem::path& folder, DeskLimits limits) {
    std::error_code error;
    if (!std::filesystem::exists(folder / file_name, error))
        return fail(Errc::not_found, folder.string() + ": no cases were kept here");
    auto database = TRY(store::Database::open(folder / file_name, store::Mode::read_only));
    TRY(store::check_schema(database, "desk", desk_migrations()));
    return Desk{std::move(database), limits};
}

Result<Book> Desk::book() {
    const auto snapshot = TRY(store::Transaction::begin(database_, store::Transaction::Access::read));
    return load(database_);
}

Result<std::string> Desk::words(std::int64_t finding) {
    auto row = TRY(database_.prepare("SELECT told FROM finding WHERE number = ?"));
    TRY(row.bind(finding));
    if (!TRY(row.step())) return fail(Errc::not_found, fmt::format("there is no finding {}", finding));
    return std::string{row.text(0)};
}

Result<std::int64_t> Desk::version() {
    auto row = TRY(database_.prepare("PRAGMA data_version"));
    TRY(row.step());
    return row.integer(0);
}

/// What others changed since, a person's verdict or split for example, is read again.
Result<> Desk::remember() {
    const auto seen = TRY(version());
    if (memory_ && memory_->version == seen) return {};
    auto book = TRY(load(database_));
    memory_ = std::make_unique<Memory>(
        Memory{.version = seen, .findings = book.given.finding, .cases = watch::Cases{limits_.cases}});
    const auto newest = book.newest();
    for (const auto& finding : book.findings) {
        if (*newest - finding.at > limits_.cases.shown_apart_max) continue;
        memory_->cases.restore(as_found(finding), risk_of(book, finding, limits_),
                               {.in_case = static_cast<std::size_t>(finding.in_case),
                                .shown = book.cases[finding.in_case].shown});
    }
    memory_->cases.reserve(static_cast<std::size_t>(book.given.in_case));
    book.findings.clear();
    memory_->book = std::move(book);
    return {};
}

/// As change(), but what is remembered of the tables is wrong afterwards.
template <class Change>
std::invoke_result_t<Change, const Book&> Desk::change(Change&& change) {
    memory_.reset();
    auto transaction = TRY(store::Transaction::begin(database_));
    const auto book = TRY(load(database_));
    auto changed = change(book);
    if (changed) TRY(transaction.commit());
    return changed;
}

Result<Desk::Counts> Desk::keep(std::span<const detect::Finding> findings, Time now) {
    Counts counts;
    const auto keep_all = [&]() -> Result<> {
        auto transaction = TRY(store::Transaction::begin(database_));
        TRY(remember());
        for (std::size_t i = 0; i < findings.size(); ++i)
            if (const auto placed = TRY(keep_one(findings[i], now, counts)))
                counts.placed.push_back({i, static_cast<std::int64_t>(placed->in_case), placed->risk});
        return transaction.commit();
    };
    const auto kept = keep_all();
    if (kept) return counts;
    memory_.reset();   // it may know of what was not stored
    return tl::unexpected(kept.error());
}

Result<std::optional<watch::Cases::Placed>> Desk::keep_one(const detect::Finding& finding, Time now,
                                                           Counts& counts) {
    const auto systems = to_json(finding.systems);
    {
        auto known =
            TRY(database_.prepare("SELECT 1 FROM finding WHERE kind = ? AND concluded = ? AND systems = ?"));
        TRY(known.bind(finding.kind, to_integer(finding.at), systems));
        if (TRY(known.step())) {
            ++counts.repeated;
            return std::nullopt;
        }
    }
    KeptFinding row{.number = ++memory_->findings,
                    .kind = std::string{finding.kind},
                    .at = finding.at,
                    .systems = finding.systems,
                    .severity = finding.severity,
                    .confidence = finding.confidence,
                    .takes_over = finding.takes_over,
                    .kept = now};
    for (const auto& verdict : memory_->book.verdicts)
        if (covers(verdict, row)) row.verdicts.push_back(verdict.number);
    for (const auto& declaration : memory_->book.declarations)
        if (explains(declaration, row)) row.declarations.push_back(declaration.number);
    const auto placed = memory_->cases.add(finding, risk_of(memory_->book, row, limits_));
    row.own_case = row.in_case = static_cast<std::int64_t>(placed.in_case);
    if (placed.is_new) TRY(add_case(database_, row.own_case, {.opened = finding.at}));
    TRY(add_finding(database_, row, systems, words_of(finding)));
    for (const auto joined : placed.joined)
        TRY(add_join(database_, {.from = static_cast<std::int64_t>(joined),
                                 .into = row.own_case,
                                 .at = now,
                                 .by = "ward",
                                 .why = fmt::format("finding {} is of both", row.number)}));
    if (placed.is_shown) TRY(show(database_, row.own_case, finding.at, now));
    for (const auto number : row.verdicts) TRY(add_mark(database_, by_verdict, row.number, number));
    for (const auto number : row.declarations) TRY(add_mark(database_, by_declaration, row.number, number));
    ++counts.added;
    if (effect_of(memory_->book, row).is_explained()) ++counts.explained;
    return placed;
}

Result<> Desk::acknowledge(std::int64_t in_case, const std::string& by, const std::string& why, Time now) {
    TRY(check_text(by, "who looks at it (--by)", limits_));
    if (!why.empty()) TRY(check_text(why, "a reason (--reason)", limits_));
    return change([&](const Book& book) -> Result<> {
        const auto root = TRY(root_of(book, in_case));
        return add_step(database_,
                        {.in_case = root, .what = Step::acknowledged, .at = now, .by = by, .why = why});
    });
}

Result<std::int64_t> Desk::split(std::int64_t in_case, std::int64_t finding, const std::string& by,
                                 const std::string& why, Time now) {
    TRY(check_text(by, "who splits it (--by)", limits_));
    TRY(check_text(why, "a reason (--reason)", limits_));
    return change([&](const Book& book) -> Result<std::int64_t> {
        const auto root = TRY(root_of(book, in_case));
        const auto one = std::ranges::find(book.findings, finding, &KeptFinding::number);
        if (one == book.findings.end() || one->in_case != root)
            return fail(Errc::not_found, fmt::format("case {} has no finding {}", in_case, finding));
        if (std::ranges::count(book.findings, root, &KeptFinding::in_case) == 1)
            return fail(Errc::conflict, fmt::format("finding {} is all that case {} has", finding, root));
        const auto made = book.given.in_case + 1;
        const auto& from = book.cases.at(root);
        TRY(add_case(database_, made, {.opened = one->at, .shown = from.shown, .told = from.told}));
        auto insert =
            TRY(database_.prepare("INSERT INTO case_split (finding, from_case, into_case, made, made_by, why)"
                                  " VALUES (?, ?, ?, ?, ?, ?)"));
        TRY(insert.run(finding, root, made, to_integer(now), by, why));
        return made;
    });
}

Result<std::int64_t> Desk::join(std::int64_t one, std::int64_t other, const std::string& by,
                                const std::string& why, Time now) {
    TRY(check_text(by, "who joins them (--by)", limits_));
    TRY(check_text(why, "a reason (--reason)", limits_));
    return change([&](const Book& book) -> Result<std::int64_t> {
        const auto first = TRY(root_of(book, one));
        const auto second = TRY(root_of(book, other));
        if (first == second) return fail(Errc::conflict, fmt::format("{} and {} are one case", one, other));
        const auto into = std::min(first, second);
        TRY(add_join(database_,
                     {.from = std::max(first, second), .into = into, .at = now, .by = by, .why = why}));
        return into;
    });
}

Result<Desk::Outcome> Desk::preview(const Opinion& opinion, Time now) {
    const auto kept = TRY(book());
    Outcome said{.verdict = TRY(weigh(kept, opinion, now, limits_))};
    said.changed = changed_by(kept, said.verdict);
    return said;
}

Result<Desk::Outcome> Desk::say(const Opinion& opinion, Time now) {
    TRY(check_text(opinion.reason, "a reason (--reason)", limits_));
    TRY(check_text(opinion.by, "who says so (--by)", limits_));
    return change([&](const Book& book) -> Result<Outcome> {
        Outcome said{.verdict = TRY(weigh(book, opinion, now, limits_))};
        said.changed = changed_by(book, said.verdict);
        TRY(add_verdict(database_, said.verdict));
        for (const auto& finding : book.findings)
            if (covers(said.verdict, finding))
                TRY(add_mark(database_, by_verdict, finding.number, said.verdict.number));
        if (opinion.said == Said::true_attack)
            TRY(show(database_, book.root_of(opinion.in_case), *book.newest(), now));
        return said;
    });
}

Result<std::vector<std::int64_t>> Desk::declare(Declaration& declaration, Time now) {
    TRY(check(declaration, limits_));
    return change([&](const Book& book) -> Result<std::vector<std::int64_t>> {
        declaration.number = book.given.declaration + 1;
        declaration.at = now;
        auto insert = TRY(database_.prepare(
            "INSERT INTO declaration (number, what, host, kinds, since, until, reason, made_by, made)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"));
        TRY(insert.run(declaration.number, static_cast<int>(declaration.what), declaration.host,
                       to_json(declaration.kinds), to_integer(declaration.from),
                       to_integer(declaration.until), declaration.reason, declaration.by, to_integer(now)));
        for (const auto& finding : book.findings)
            if (explains(declaration, finding))
                TRY(add_mark(database_, by_declaration, finding.number, declaration.number));
        return changed_by(book, declaration);
    });
}

Result<> Desk::end(std::int64_t declaration, const std::string& by, const std::string& why, Time now) {
    TRY(check_text(by, "who ends it (--by)", limits_));
    TRY(check_text(why, "a reason (--reason)", limits_));
    return change([&](const Book& book) -> Result<> {
        const auto one = std::ranges::find(book.declarations, declaration, &Declaration::number);
        if (one == book.declarations.end())
            return fail(Errc::not_found, fmt::format("there is no declaration {}", declaration));
        if (one->until <= now) return fail(Errc::conflict, "it is over already");
        auto insert = TRY(database_.prepare(
            "INSERT INTO declaration_end (declaration, made, made_by, why) VALUES (?, ?, ?, ?)"));
        return insert.run(declaration, to_integer(now), by, why);
    });
}

Result<std::vector<Due>> Desk::escalate(Time now) {
    // Mostly there are none, and nobody has to wait for that.
    if (due(stand(TRY(book()), now, limits_), now, limits_).empty()) return std::vector<Due>{};
    return change([&](const Book& book) -> Result<std::vector<Due>> {
        auto all = due(stand(book, now, limits_), now, limits_);
        for (const auto& one : all)
            TRY(add_step(database_, {.in_case = one.in_case,
                                     .what = Step::escalated,
                                     .level = one.level,
                                     .at = now,
                                     .by = "ward",
                                     .why = "nobody answered"}));
        return all;
    });
}

Result<Desk::Forgotten> Desk::forget(Time now, std::chrono::days kept) {
    auto forgotten = change([&](const Book& book) -> Result<Forgotten> {
        const auto gone = leaving(book, now, kept, limits_);
        const Forgotten count{.cases = gone.cases.size(),
                              .findings = gone.findings.size(),
                              .sayings = gone.verdicts.size() + gone.declarations.size()};
        if (count.cases + count.findings + count.sayings == 0) return count;
        TRY(keep_given(database_, book.given));
        TRY(remove(database_, gone));
        return count;
    });
    if (!forgotten) return forgotten;
    // What is gone is in the log still. Where somebody reads for so long, it goes the next day.
    const auto emptied = database_.empty_log(log_patience);
    if (!emptied && emptied.error().code != Errc::unavailable) return tl::unexpected(emptied.error());
    return forgotten;
}

}   // namespace ward::desk
