// SPDX-License-Identifier: Apache-2.0
#include "feeds/update.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "json/writer.hpp"
#include "vault/writing.hpp"

namespace ward::feeds {
namespace {

bool is_among(json::Value identifiers, json::Value identifier) {
    for (const auto other : identifiers.items())
        if (json::equal(other, identifier)) return true;
    return false;
}

bool is_among(const std::vector<std::string_view>& names, std::string_view name) {
    return std::ranges::find(names, name) != names.end();
}

class Update {
public:
    explicit Update(const UpdateView& view)
        : view_(view),
          source_(source_message(view.stored)),
          is_older_(source_.empty() ? view.is_superseded : source_ > view.message) {}

    std::string run() {
        writer_.begin_object();
        for (const auto& [key, raw_key, value] : view_.said.members()) {
            if (key == "meta") continue;
            write(key, value);
            if (key == "id") write_meta();
        }
        for (const auto& [key, raw_key, value] : view_.stored.members()) {
            if (key == "meta" || view_.said[key].exists()) continue;
            if (is_among(view_.cleared, key) && !is_older_) {
                changed_ = true;
                continue;
            }
            writer_.key(key).value(value);
        }
        writer_.end_object();
        return changed_ ? std::move(out_) : std::string{};
    }

private:
    /// The source is the newer of the two messages, or none; what else meta says stays.
    void write_meta() {
        writer_.key("meta").begin_object();
        for (const auto& [key, raw_key, value] : view_.stored["meta"].members())
            if (key != "source" && key != "versionId" && key != "lastUpdated") writer_.key(key).value(value);
        const auto source = is_older_ ? source_ : view_.message;
        if (!source.empty()) writer_.member("source", fmt::format("{}{}", vault::message_source, source));
        writer_.end_object();
    }

    void write(std::string_view key, json::Value said) {
        const auto stored = view_.stored[key];
        if (!stored.exists()) {
            changed_ = true;
            writer_.key(key).value(said);
        } else if (key == "identifier" && said.is_array() && stored.is_array()) {
            write_identifiers(stored, said);
        } else if (is_older_ || is_among(view_.assumed, key) || json::equal(stored, said)) {
            writer_.key(key).value(stored);
        } else {
            changed_ = true;
            writer_.key(key).value(said);
        }
    }

    /// Those of the newer message come first, and replace what was known of the same ones.
    void write_identifiers(json::Value stored, json::Value said) {
        const auto first = is_older_ ? stored : said;
        const auto second = is_older_ ? said : stored;
        writer_.key("identifier").begin_array();
        for (const auto identifier : first.items()) {
            if (!is_older_ && !is_among(stored, identifier)) changed_ = true;
            writer_.value(identifier);
        }
        for (const auto identifier : second.items()) {
            if (holds_identifier(first, identifier)) continue;
            if (is_older_) changed_ = true;
            writer_.value(identifier);
        }
        writer_.end_array();
    }

    const UpdateView& view_;
    std::string_view source_;
    bool is_older_;
    bool changed_ = false;
    std::string out_;
    json::Writer writer_{out_};
};

}   // namespace

bool holds_identifier(json::Value identifiers, json::Value identifier) {
    for (const auto other : identifiers.items())
        if (other["value"].text() == identifier["value"].text() &&
            other["system"].text() == identifier["system"].text())
            return true;
    return false;
}

std::string_view source_message(json::Value resource) {
    const auto source = resource["meta"]["source"].text();
    return source.starts_with(vault::message_source) ? source.substr(vault::message_source.size())
                                                     : std::string_view{};
}

std::string updated(const UpdateView& update) { return Update{update}.run(); }

}   // namespace ward::feeds
