// SPDX-License-Identifier: Apache-2.0
#include "apps/ward-watch/known.hpp"

#include <cstdio>
#include <fmt/format.h>

#include "apps/ward-watch/keep.hpp"
#include "core/output.hpp"
#include "history/known.hpp"
#include "history/telling.hpp"

namespace ward::watch {
namespace {

/// 2026-03-02 10:20:00
std::string minute(std::string_view instant) {
    auto text = std::string{instant.substr(0, 16)};
    if (text.size() > 10) text[10] = ' ';
    return text;
}

std::string first_of(json::Value list) {
    std::string text;
    for (const auto one : list.items()) {
        if (text.empty())
            text = one.text();
        else
            return fmt::format("{} +{}", text, list.size() - 1);
    }
    return text;
}

std::string row_of(history::Kind kind, json::Value one) {
    const auto last = minute(one["last"].text()), first = minute(one["first"].text());
    if (kind == history::Kind::person)
        return fmt::format("{:32}  {:16}  {:16}  {}", one["name"].text(), first, last,
                           first_of(one["hosts"]));
    return fmt::format("{:24} {:18} {:22} {:14} {:16}  {:16}  {} {}", one["name"].text(),
                       first_of(one["addresses"]), one["role"].text(), one["criticality"].text(), first, last,
                       one["manufacturer"].text(), one["model"].text());
}

std::string heading_of(history::Kind kind) {
    if (kind == history::Kind::person)
        return fmt::format("{:32}  {:16}  {:16}  {}\n", "account", "first seen", "last seen", "where");
    return fmt::format("{:24} {:18} {:22} {:14} {:16}  {:16}  {}\n", "name", "address", "role", "criticality",
                       "first seen", "last seen", "make");
}

Result<> write_known(const EventsOptions& options, history::Kind kind) {
    const auto filter = history::parse_filter(options.query);
    if (!filter) return fail(Errc::malformed, "the query, " + filter.error().what);
    TRY(confine_to({.read = {}, .read_write = {options.folder}}));
    auto output = TRY(Output::open(""));
    const auto page = TRY(history::find_known(options.folder, kind, *filter, options.limit));
    std::string text;
    if (!options.json && !page.all.empty()) text = heading_of(kind);
    for (const auto& one : page.all) {
        const auto document = json::Document::parse(one.json);
        text += options.json ? one.json + "\n" : history::harmless(row_of(kind, document->root())) + "\n";
    }
    TRY(output.write(text));
    TRY(output.close());
    if (page.more) fmt::print(stderr, "there are more: --limit {}\n", options.limit * 10);
    return {};
}

}   // namespace

Result<> write_devices(const EventsOptions& options) { return write_known(options, history::Kind::device); }

Result<> write_people(const EventsOptions& options) { return write_known(options, history::Kind::person); }

}   // namespace ward::watch
