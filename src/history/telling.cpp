// SPDX-License-Identifier: Apache-2.0
#include "history/telling.hpp"

#include <array>

#include "core/utf8.hpp"
#include "history/scalar.hpp"

namespace ward::history {
namespace {

struct Told {
    std::string_view type;
    std::array<std::string_view, 4> paths;   // within the member of that name
};

constexpr std::array told{
    Told{"dns", {"rrtype", "rrname", "rcode", "answers.rdata"}},
    Told{"tls", {"version", "sni", "subject", "ja4"}},
    Told{"http", {"http_method", "hostname", "url", "status"}},
    Told{"smb", {"command", "share", "file.path", "status"}},
    Told{"krb5", {"msg_type", "cname", "sname", "error_code"}},
    Told{"flow", {"state", "bytes_toserver", "bytes_toclient", "violation"}},
    Told{"hl7", {"message_type", "patient", "control_id", "acknowledgement"}},
    Told{"dicom", {"kind", "command", "calling", "called"}},
    Told{"dhcp", {"dhcp_type", "client_mac", "assigned_ip", "hostname"}},
    Told{"ldap", {"operation", "user", "filter_attributes", "result"}},
    Told{"anomaly", {"type", "event", "", ""}},
    Told{"alert", {"signature", "", "", ""}},
    Told{"device", {"what", "name", "addresses", "role"}},
};

constexpr std::size_t words_max = 4;
constexpr std::size_t word_bytes_max = 80;

/// What a control character, or one that turns the direction of text around, would do is not done.
bool is_harmless(char32_t c) {
    return c >= 0x20 && !(c >= 0x7F && c <= 0x9F) && !(c >= 0x200B && c <= 0x200F) &&
           !(c >= 0x2028 && c <= 0x202E) && !(c >= 0x2060 && c <= 0x206F) && c != 0xFEFF;
}

void append_word(std::string& out, json::Value value) {
    const auto text = value.is_string() ? value.text() : value.raw();
    if (!text.empty()) out += " " + harmless(text.substr(0, word_bytes_max));
}

void append_end(std::string& out, json::Value address, json::Value port) {
    if (!address.is_string()) return;
    append_word(out, address);
    if (port.exists()) out += ":" + harmless(port.raw());
}

void append_told(std::string& out, std::string_view type, json::Value own) {
    for (const auto& row : told)
        if (row.type == type) {
            for (const auto path : row.paths)
                if (!path.empty())
                    each_value(own, path, [&](json::Value value) {
                        append_word(out, value);
                        return false;
                    });
            return;
        }
    std::size_t words = 0;
    for (const auto& [key, raw_key, value] : own.members())
        if (value.is_string() && words < words_max) {
            append_word(out, value);
            ++words;
        }
}

}   // namespace

std::string harmless(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        auto rest = text;
        const auto c = take_code_point(rest);
        if (!c) rest = text.substr(1);
        if (c && is_harmless(*c))
            out += text.substr(0, text.size() - rest.size());
        else
            out += '?';
        text = rest;
    }
    return out;
}

std::string telling(std::string_view line) {
    const auto event = json::Document::parse(std::string{line});
    if (!event) return harmless(line);
    const auto root = event->root();
    const auto type = root["event_type"].text();
    std::string out = harmless(root["timestamp"].text());
    append_word(out, root["event_type"]);
    append_end(out, root["src_ip"], root["src_port"]);
    if (root["dest_ip"].is_string()) out += " ->";
    append_end(out, root["dest_ip"], root["dest_port"]);
    append_told(out, type, root[type]);
    return out;
}

}   // namespace ward::history
