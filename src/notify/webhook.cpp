// SPDX-License-Identifier: Apache-2.0
#include "json/writer.hpp"
#include "notify/format.hpp"

namespace ward::notify {
namespace {

void list(json::Writer& writer, std::string_view key, const std::vector<std::string>& words) {
    if (words.empty()) return;
    writer.key(key).begin_array();
    for (const auto& word : words) writer.string(word);
    writer.end_array();
}

void append(json::Writer& writer, const Notice& notice) {
    writer.begin_object().member("id", notice.id).member("what", name(notice.what));
    if (notice.what != What::test) writer.key("case").number(notice.in_case);
    writer.member("thread", notice.thread);
    writer.key("level").number(notice.level);
    writer.key("risk").number(notice.risk);
    writer.key("pages").boolean(notice.pages());
    writer.member("at", to_instant(notice.at)).member("sentence", notice.sentence);
    list(writer, "kinds", notice.kinds);
    list(writer, "machines", notice.machines);
    writer.member_unless_empty("harmless_if", notice.harmless_if);
    writer.member_unless_empty("indicator", notice.indicator);
    list(writer, "sites", notice.sites);
    writer.end_object();
}

}   // namespace

std::string to_webhook(const Message& message) {
    std::string out;
    json::Writer writer{out};
    writer.begin_object().key("version").number(1).member("message", message.id);
    writer.member("made", to_instant(message.made)).key("notices").begin_array();
    for (const auto& notice : message.notices) append(writer, notice);
    writer.end_array().end_object();
    return out;
}

}   // namespace ward::notify
