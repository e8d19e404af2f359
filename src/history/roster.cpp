// SPDX-License-Identifier: Apache-2.0
#include "history/roster.hpp"

#include <algorithm>

#include "json/writer.hpp"

namespace ward::history {
namespace {

std::string text_of(json::Value value) {
    std::string text;
    json::append_value(text, value);
    return text;
}

std::vector<std::string> texts_in(std::string_view json) {
    std::vector<std::string> all;
    if (const auto document = json::Document::parse(std::string{json}))
        for (const auto one : document->root().items()) all.emplace_back(one.text());
    return all;
}

std::string json_of(const std::vector<std::string>& texts) {
    std::string json;
    json::Writer writer{json};
    writer.begin_array();
    for (const auto& text : texts) writer.string(text);
    writer.end_array();
    return json;
}

/// The pseudonym of who signed in, or asked for something.
std::string_view person_in(json::Value own) {
    const auto user = own["user"].text();
    return user.empty() ? own["ntlmssp"]["user"].text() : user;
}

}   // namespace

Result<> Roster::load(store::Database& database) {
    auto devices = TRY(database.prepare("SELECT id, first, last, about_at, about FROM device ORDER BY last"));
    while (TRY(devices.step())) {
        const std::string id{devices.text(0)};
        devices_.at(id) = {.seen = {devices.integer(1), devices.integer(2), devices.integer(2)},
                           .about = std::string{devices.text(4)},
                           .about_at = devices.integer(3)};
        if (const auto about = json::Document::parse(std::string{devices.text(4)}))
            note_addresses(id, about->root());
    }
    auto people = TRY(database.prepare("SELECT name, first, last, hosts FROM person ORDER BY last"));
    while (TRY(people.step()))
        people_.at(std::string{people.text(0)}) = {
            .seen = {people.integer(1), people.integer(2), people.integer(2)},
            .hosts = texts_in(people.text(3))};
    return {};
}

/// Whether it was not to be saved before, and is now.
bool Roster::see(Span& span, std::int64_t at) const {
    const bool is_new = span.last == 0;
    const bool is_earlier = is_new || at < span.first;
    span.first = is_earlier ? at : span.first;
    span.last = std::max(span.last, at);
    const auto told_every = std::chrono::microseconds{limits_.told_every}.count();
    if (span.is_changed || (!is_earlier && span.last - span.saved < told_every)) return false;
    span.is_changed = true;
    return true;
}

void Roster::note(json::Value event, std::int64_t at) {
    const auto type = event["event_type"].text();
    const auto own = event[type];
    if (type == "device") return note_device(own, at);
    const auto client = event["src_ip"].text();
    note_address(client, at);
    if (type == "flow" && own["bytes_toclient"].number().value_or(0) > 0)
        note_address(event["dest_ip"].text(), at);
    if (const auto name = person_in(own); !name.empty()) note_person(name, client, at);
}

void Roster::note_addresses(const std::string& id, json::Value about) {
    for (const auto address : about["addresses"].items())
        if (!address.text().empty()) addresses_.at(std::string{address.text()}) = id;
}

void Roster::note_device(json::Value about, std::int64_t at) {
    const std::string id{about["id"].text()};
    auto text = text_of(about);
    if (id.empty() || text.size() > limits_.about_bytes_max) return;
    auto& device = devices_.at(id);
    bool is_changed = see(device.seen, at);
    if (at >= device.about_at) {
        is_changed = is_changed || !device.seen.is_changed;
        device.seen.is_changed = true;
        device.about = std::move(text);
        device.about_at = at;
        note_addresses(id, about);
    }
    if (is_changed) changed_devices_.push_back(id);
}

void Roster::note_address(std::string_view address, std::int64_t at) {
    if (address.empty()) return;
    const auto* id = addresses_.find(std::string{address});
    auto* device = id ? devices_.find(*id) : nullptr;
    if (device && see(device->seen, at)) changed_devices_.push_back(*id);
}

void Roster::note_person(std::string_view name, std::string_view host, std::int64_t at) {
    const std::string key{name};
    auto& person = people_.at(key);
    bool is_changed = see(person.seen, at);
    if (!host.empty() && (person.hosts.empty() || person.hosts.back() != host)) {
        const bool is_known = std::erase(person.hosts, host) > 0;
        if (person.hosts.size() == limits_.hosts_max) person.hosts.erase(person.hosts.begin());
        person.hosts.emplace_back(host);
        is_changed = is_changed || (!is_known && !person.seen.is_changed);
        person.seen.is_changed = person.seen.is_changed || is_changed;
    }
    if (is_changed) changed_people_.push_back(key);
}

Result<> Roster::save(store::Database& database, const std::string& id, Device& device) {
    auto update = TRY(database.prepare(
        "INSERT INTO device (id, first, last, about_at, about) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET"
        " first = CASE WHEN device.first < excluded.first THEN device.first ELSE excluded.first END,"
        " last = excluded.last, about_at = excluded.about_at, about = excluded.about"));
    return update.run(id, device.seen.first, device.seen.last, device.about_at, device.about);
}

Result<> Roster::save(store::Database& database, const std::string& name, Person& person) {
    auto update = TRY(database.prepare(
        "INSERT INTO person (name, first, last, hosts) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (name) DO UPDATE SET"
        " first = CASE WHEN person.first < excluded.first THEN person.first ELSE excluded.first END,"
        " last = excluded.last, hosts = excluded.hosts"));
    return update.run(name, person.seen.first, person.seen.last, json_of(person.hosts));
}

Result<> Roster::save(store::Database& database) {
    const auto save_all = [&](auto& map, std::vector<std::string>& changed) -> Result<> {
        for (const auto& key : changed) {
            auto* one = map.find(key);
            if (!one) continue;   // there are more than it can hold
            TRY(save(database, key, *one));
            one->seen.saved = one->seen.last;
            one->seen.is_changed = false;
        }
        changed.clear();
        return {};
    };
    TRY(save_all(devices_, changed_devices_));
    return save_all(people_, changed_people_);
}

}   // namespace ward::history
