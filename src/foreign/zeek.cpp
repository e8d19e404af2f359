// SPDX-License-Identifier: Apache-2.0
#include "foreign/zeek.hpp"

#include <algorithm>
#include <optional>

#include "core/text.hpp"
#include "event/timestamp.hpp"
#include "foreign/zeek_tables.hpp"
#include "protocol/smb/names.hpp"

namespace ward::foreign {
namespace {

using zeek::Word;

const Word* word_of(std::span<const Word> words, std::string_view theirs) {
    const auto found = std::ranges::find(words, theirs, &Word::theirs);
    return found == words.end() ? nullptr : &*found;
}

/// Seconds, as JSON spells them: 1772413202.012920.
std::optional<std::chrono::nanoseconds> seconds_in(std::string_view text) {
    constexpr std::size_t digits = 9;
    constexpr std::uint64_t seconds_max = 7'258'118'399;   // the year 2199
    const auto whole = number(take_until(text, '.'));
    std::string fraction{text.substr(0, digits)};
    fraction.resize(digits, '0');
    const auto rest = number(fraction);
    if (!whole || !rest || *whole > seconds_max) return std::nullopt;
    return std::chrono::seconds{*whole} + std::chrono::nanoseconds{*rest};
}

std::optional<event::Time> time_in(json::Value ts) {
    if (ts.is_string()) return event::parse_timestamp(ts.text());
    const auto since = ts.number() ? seconds_in(ts.raw()) : std::nullopt;
    if (!since) return std::nullopt;
    return event::Time{*since};
}

/// FNV-1a, of 53 bits: the same text is the same conversation.
std::uint64_t flow_of(std::string_view uid) {
    std::uint64_t hash = 0xcbf29ce484222325U;
    for (const char c : uid) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
    return uid.empty() ? 0 : hash >> 11U;
}

std::string protocol_of(json::Value entry, const IpAddress& server) {
    const auto proto = entry["proto"].text();
    if (proto == "icmp") return server.is_v4() ? "ICMP" : "IPv6-ICMP";
    std::string upper{proto.substr(0, 16)};
    for (auto& c : upper) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - ('a' - 'A')) : c;
    return upper == "UNKNOWN_TRANSPORT" ? "" : upper;
}

/// `service` of conn.log: several with commas, as "gssapi,smb,dce_rpc".
std::string_view spoken_in(std::string_view services) {
    std::string_view last;
    while (!services.empty()) {
        const auto one = take_until(services, ',');
        const auto* const known = word_of(zeek::services, one);
        if (known == nullptr || !known->ours.empty()) last = known == nullptr ? one : known->ours;
    }
    return last;
}

std::optional<event::Time> end_of(json::Value entry, event::Time start) {
    const auto duration = entry["duration"];
    if (!duration.exists()) return start;
    const auto lasted = seconds_in(duration.raw());
    if (!lasted) return std::nullopt;
    return start + *lasted;
}

void write_flow(json::Writer& writer, json::Value entry, event::Time start, event::Time end) {
    const auto bytes = [&](std::string_view of_ip, std::string_view carried) {
        const auto counted = entry[of_ip].exists() ? entry[of_ip] : entry[carried];
        return static_cast<std::int64_t>(count_in(counted));
    };
    writer.key("bytes_toserver").number(bytes("orig_ip_bytes", "orig_bytes"));
    writer.key("bytes_toclient").number(bytes("resp_ip_bytes", "resp_bytes"));
    std::string text;
    event::append_text(text, start);
    writer.member("start", text);
    text.clear();
    event::append_text(text, end);
    writer.member("end", text);
    writer.key("age").number(std::chrono::duration_cast<std::chrono::seconds>(end - start).count());
    if (const auto* state = word_of(zeek::conn_states, entry["conn_state"].text()))
        writer.member("state", state->ours);
}

void write_answers(json::Writer& writer, json::Value entry) {
    const auto answers = entry["answers"];
    if (answers.size() == 0) return;
    writer.key("answers").begin_array();
    std::size_t told = 0;
    for (const auto answer : answers.items()) {
        const auto text = answer.text();
        if (is_blank(text) || told++ == elements_max) continue;
        const auto address = parse_ip_address(text);
        // A name in front of the address is an alias; Zeek does not say of what.
        writer.begin_object().member_unless_empty("rrname", entry["query"].text().substr(0, text_bytes_max));
        writer.member("rrtype", !address ? entry["qtype_name"].text().starts_with('A') ? "CNAME" : "OTHER"
                                : address->is_v4() ? "A"
                                                   : "AAAA");
        writer.member("rdata", text.substr(0, text_bytes_max)).end_object();
    }
    writer.end_array();
    writer.key("answer_count").number(static_cast<std::int64_t>(answers.size()));
}

void write_krb5(json::Writer& writer, json::Value entry) {
    const bool is_ticket = entry["request_type"].text() == "TGS";
    const auto success = entry["success"].boolean();
    if (success.has_value())
        writer.member("msg_type", !*success ? "KRB_ERROR" : is_ticket ? "KRB_TGS_REP" : "KRB_AS_REP");
    writer.member("request", is_ticket ? "KRB_TGS_REQ" : "KRB_AS_REQ");
}

void write_file(json::Writer& writer, std::string_view key, std::string_view path) {
    if (is_blank(path)) return;
    event::Fields fields{writer};
    fields(key, protocol::smb::describe(path.substr(0, text_bytes_max), {}));
}

void write_smb_file(json::Writer& writer, json::Value entry) {
    const auto* const action = word_of(zeek::smb_actions, entry["action"].text());
    if (action == nullptr) return;
    writer.member("command", action->ours);
    const auto name = entry["name"].text();
    if (action->theirs.starts_with("SMB::PIPE")) {
        writer.member("share_type", "PIPE");
        writer.member_unless_empty("named_pipe", protocol::smb::pipe_name(name));
        return;
    }
    const bool is_renamed = action->more == "renamed";
    write_file(writer, "file", is_renamed ? entry["prev_name"].text() : name);
    if (is_renamed) write_file(writer, "renamed_to", name);
    if (is_renamed || action->more == "deleted") writer.member("action", action->more);
    if (action->more != "read" && action->more != "written") return;
    // Zeek tells the file's size, and not how much of it crossed.
    writer.key("transfer").begin_object().key(action->more == "read" ? "reads" : "writes").number(1);
    writer.key(action->more == "read" ? "read_bytes" : "written_bytes");
    writer.number(static_cast<std::int64_t>(count_in(entry["size"]))).end_object();
}

void write_mapping(json::Writer& writer, json::Value entry) {
    writer.member("command", "SMB2_COMMAND_TREE_CONNECT");
    if (const auto* type = word_of(zeek::share_types, entry["share_type"].text()))
        writer.member("share_type", type->ours);
}

void write_call(json::Writer& writer, json::Value entry) {
    writer.member("request", "REQUEST").member("response", "RESPONSE");
    const auto name = entry["endpoint"].text();
    if (!is_blank(name)) {
        writer.key("interfaces").begin_array().begin_object();
        writer.member("name", name.substr(0, 64)).end_object().end_array();
    }
    writer.member_unless_empty("named_pipe", protocol::smb::pipe_name(entry["named_pipe"].text()));
}

/// Attributes of "(&(objectCategory=person)(cn=*))" (RFC 4515), and no value.
void write_filter(json::Writer& writer, std::string_view filter) {
    writer.key("filter_attributes").begin_array();
    std::size_t told = 0;
    filter = filter.substr(0, text_bytes_max);
    while (!filter.empty() && told < elements_max) {
        filter.remove_prefix(std::min(filter.find('('), filter.size()));
        filter.remove_prefix(filter.empty() ? 0 : 1);
        const auto name = filter.substr(0, filter.find_first_of("=<>~:()&|!*"));
        if (name.empty() || name.size() == filter.size() || filter[name.size()] == '(') continue;
        ++told;
        writer.string(name.substr(0, 64));
    }
    writer.end_array();
}

void write_ldap(json::Writer& writer, json::Value entry) {
    if (const auto* operation = word_of(zeek::ldap_operations, entry["opcode"].text())) {
        writer.member("operation", operation->ours);
        writer.member_unless_empty("authentication", operation->more);
    }
}

void write_search(json::Writer& writer, json::Value entry) {
    writer.member("operation", "search_request");
    if (const auto* scope = word_of(zeek::ldap_scopes, entry["scope"].text()))
        writer.member("scope", scope->ours);
    if (entry["filter"].is_string()) write_filter(writer, entry["filter"].text());
}

/// The messages of all that was said; the last one tells what came of it.
void write_dhcp(json::Writer& writer, json::Value entry) {
    std::string_view last;
    for (const auto type : entry["msg_types"].items()) last = type.text();
    if (!last.empty()) writer.member("dhcp_type", lowered(last.substr(0, 16)));
}

void write_content_types(json::Writer& writer, json::Value entry) {
    const auto first = [&](std::string_view key) {
        const auto types = entry[key];
        return types.size() > 0 ? (*types.items().begin()).text().substr(0, 128) : std::string_view{};
    };
    writer.member_unless_empty("http_content_type", first("resp_mime_types"));
    writer.member_unless_empty("request_content_type", first("orig_mime_types"));
}

struct More {
    std::string_view log;
    void (*write)(json::Writer&, json::Value entry);
};

constexpr std::array more{
    More{"dns", write_answers},         More{"kerberos", write_krb5}, More{"smb_files", write_smb_file},
    More{"smb_mapping", write_mapping}, More{"dce_rpc", write_call},  More{"ldap", write_ldap},
    More{"ldap_search", write_search},  More{"dhcp", write_dhcp},     More{"http", write_content_types}};

bool read_ends(json::Value entry, Envelope& envelope) {
    const bool is_notice = !entry["id.orig_h"].exists() && entry["src"].exists();
    const auto client = entry[is_notice ? "src" : entry["id.orig_h"].exists() ? "id.orig_h" : "host"];
    const auto server = entry[is_notice ? "dst" : "id.resp_h"];
    const auto from = parse_ip_address(client.text()), to = parse_ip_address(server.text());
    if ((client.exists() && !from) || (server.exists() && !to)) return false;
    if (from) envelope.client = {*from, port_in(entry["id.orig_p"]), {}};
    if (to) envelope.server = {*to, port_in(entry[is_notice ? "p" : "id.resp_p"]), {}};
    return true;
}

}   // namespace

bool is_zeek(json::Value entry) {
    return entry["ts"].exists() && !entry["event_type"].exists() && !entry["timestamp"].exists();
}

std::string_view log_of(std::string_view file) {
    file.remove_prefix(file.rfind('/') + 1);   // npos + 1 is 0
    return file.substr(0, file.find('.'));
}

Taken translate_zeek(json::Value entry, std::string_view log, std::string& out) {
    const auto path = entry["_path"].text();
    const auto* const kind = std::ranges::find(zeek::logs, path.empty() ? log : path, &zeek::Log::name);
    if (kind == zeek::logs.end()) return Taken::left_out;
    const auto start = time_in(entry["ts"]);
    const bool is_flow = kind->type == "flow";
    const auto end = start && is_flow ? end_of(entry, *start) : start;
    if (!end) return Taken::malformed;
    Envelope envelope{.at = *end,
                      .type = kind->type,
                      .told_by = "zeek",
                      .flow_id = flow_of(entry["uid"].text()),
                      .app_protocol = kind->app_protocol,
                      .community_id = entry["community_id"].text().substr(0, 64)};
    if (!read_ends(entry, envelope)) return Taken::malformed;
    envelope.protocol = protocol_of(entry, envelope.server.address);
    if (envelope.protocol.empty()) envelope.protocol = kind->transport;
    if (is_flow) envelope.app_protocol = spoken_in(entry["service"].text());
    append(
        out, envelope,
        [&](json::Writer& writer) {
            write_fields(writer, entry, kind->fields);
            if (is_flow) write_flow(writer, entry, *start, *end);
            const auto* const rest = std::ranges::find(more, kind->name, &More::log);
            if (rest != more.end()) rest->write(writer, entry);
        },
        [&](json::Writer& writer) {
            const auto* const state = word_of(zeek::conn_states, entry["conn_state"].text());
            if (!is_flow || envelope.protocol != "TCP" || state == nullptr) return;
            writer.key("tcp").begin_object().member("state", state->more).end_object();
        });
    return Taken::told;
}

}   // namespace ward::foreign
