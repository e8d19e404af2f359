// SPDX-License-Identifier: Apache-2.0
#include "history/known.hpp"

#include "history/files.hpp"
#include "json/writer.hpp"

namespace ward::history {
namespace {

std::string instant(std::int64_t microseconds) {
    std::string text;
    event::append_text(text, event::Time{std::chrono::microseconds{microseconds}});
    return text;
}

constexpr const char* device_query = "SELECT id, first, last, about FROM device ORDER BY last DESC, id";
constexpr const char* person_query = "SELECT name, first, last, hosts FROM person ORDER BY last DESC, name";

std::string json_of(Kind kind, const store::Statement& row) {
    std::string json;
    json::Writer writer{json};
    writer.begin_object();
    if (kind == Kind::person) writer.member("name", row.text(0));
    writer.member("first", instant(row.integer(1))).member("last", instant(row.integer(2)));
    if (kind == Kind::person) {
        writer.key("hosts").raw(row.text(3));
    } else if (const auto about = json::Document::parse(std::string{row.text(3)})) {
        for (const auto member : about->root().members())
            if (member.key != "what" && member.key != "first" && member.key != "last")
                writer.key(member.key).value(member.value);
    }
    writer.end_object();
    return json;
}

}   // namespace

Result<KnownPage> find_known(const std::filesystem::path& folder, Kind kind, const Filter& filter,
                             std::size_t limit) {
    std::error_code error;
    if (!std::filesystem::exists(state_path(folder), error))
        return fail(Errc::not_found, folder.string() + ": no events are stored there");
    auto database = TRY(store::Database::open(state_path(folder), store::Mode::read_only));
    const auto moment = TRY(store::Transaction::begin(database, store::Transaction::Access::read));
    KnownPage page;
    auto query = TRY(database.prepare(kind == Kind::device ? device_query : person_query));
    while (TRY(query.step())) {
        auto json = json_of(kind, query);
        const auto document = json::Document::parse(json);
        if (!document || !filter.matches(document->root())) continue;
        if (page.all.size() == limit) {
            page.more = true;
            break;
        }
        page.all.push_back({std::string{query.text(0)}, std::move(json)});
    }
    return page;
}

}   // namespace ward::history
