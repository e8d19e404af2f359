// SPDX-License-Identifier: Apache-2.0
#include "foreign/table.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "core/text.hpp"
#include "event/fields.hpp"
#include "protocol/http/target.hpp"
#include "protocol/products.hpp"
#include "protocol/smb/names.hpp"
#include "protocol/uri.hpp"

namespace ward::foreign {
namespace {

/// Not within a character of UTF-8.
std::string_view cut(std::string_view text) {
    if (text.size() <= text_bytes_max) return text;
    auto end = text_bytes_max;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U) --end;
    return text.substr(0, end);
}

/// RFC 4514: "C=GB, O=Ashmere, CN=pump7.ashmere.example". A common name and a unit that have not the form of
/// a machine's may be a person's.
std::string subject_of(std::string_view text, How how) {
    std::string told;
    while (!text.empty()) {
        const auto part = trimmed(take_until(text, ','));
        const auto type = part.substr(0, part.find('='));
        if (type.size() == part.size()) continue;
        const bool names_anybody = type != "C" && type != "O" && (type != "OU" || how == How::subject);
        const bool is_told = !names_anybody || (how == How::subject && (type == "CN" || type == "OU") &&
                                                protocol::names_machine(part.substr(type.size() + 1)));
        if (is_told) told += (told.empty() ? "" : ", ") + std::string{part};
    }
    return told;
}

std::string told_of(std::string_view text, How how) {
    const protocol::Output no_key;   // pseudonyms are left out
    switch (how) {
        case How::lower: return lowered(text);
        case How::host_name: return std::string{text.substr(0, text.size() - (text.ends_with('.') ? 1 : 0))};
        case How::url: return protocol::http::template_of(protocol::http::split_target(text));
        case How::uri: return protocol::uri_template(text);
        case How::products: return protocol::products_of(text);
        case How::realm_machine: text = text.substr(0, text.rfind('/')); [[fallthrough]];
        case How::machine:
            return text.ends_with('$') || text.find('/') != std::string_view::npos ? std::string{text} : "";
        case How::subject:
        case How::organisation: return subject_of(text, how);
        case How::share: return protocol::smb::share_name(text, no_key);
        case How::same:
        case How::is_there:
        case How::file: break;
    }
    return std::string{text};
}

bool is_scalar(json::Value value) {
    return value.exists() && value.kind() != json::Kind::null && !value.is_object() && !value.is_array() &&
           !(value.is_string() && is_blank(value.text()));
}

void write_scalar(json::Writer& writer, json::Value value, How how) {
    if (value.is_string())
        writer.string(told_of(cut(value.text()), how));
    else
        writer.value(value);
}

bool can_be_told(json::Value value, How how) {
    if (how == How::is_there) return value.exists();
    if (how == How::same && value.is_array()) return std::ranges::any_of(value.items(), is_scalar);
    if (!is_scalar(value)) return false;
    return how == How::same || (value.is_string() && !told_of(cut(value.text()), how).empty());
}

void write_file(json::Writer& writer, std::string_view path) {
    const protocol::Output no_key;
    event::Fields fields{writer};
    writer.begin_object();
    protocol::smb::describe(path, no_key).fields(fields);
    writer.end_object();
}

void write_value(json::Writer& writer, json::Value value, How how) {
    if (how == How::is_there) {
        writer.boolean(true);
    } else if (how == How::file) {
        write_file(writer, cut(value.text()));
    } else if (value.is_array()) {
        writer.begin_array();
        std::size_t told = 0;
        for (const auto element : value.items())
            if (is_scalar(element) && told++ < elements_max) write_scalar(writer, element, how);
        writer.end_array();
    } else {
        write_scalar(writer, value, how);
    }
}

/// The objects that are open within the one that is written.
class Path {
public:
    explicit Path(json::Writer& writer) : writer_(writer) {}
    void close() { enter({}); }
    /// Closes and opens objects until those of `path` are open, and returns its last name.
    std::string_view lead_to(std::string_view path) {
        const auto slash = path.rfind('/');
        enter(slash == std::string_view::npos ? std::string_view{} : path.substr(0, slash));
        return path.substr(slash + 1);
    }

private:
    void enter(std::string_view objects) {
        std::vector<std::string_view> wanted;
        while (!objects.empty()) wanted.push_back(take_until(objects, '/'));
        const auto same = std::ranges::mismatch(open_, wanted);
        const auto kept = static_cast<std::size_t>(same.in1 - open_.begin());
        for (; open_.size() > kept; open_.pop_back()) writer_.end_object();
        for (std::size_t i = kept; i < wanted.size(); ++i) {
            writer_.key(wanted[i]).begin_object();
            open_.push_back(wanted[i]);
        }
    }

    json::Writer& writer_;
    std::vector<std::string_view> open_;
};

}   // namespace

json::Value find(json::Value from, std::string_view path) {
    while (!path.empty()) from = from[take_until(path, '/')];
    return from;
}

bool is_blank(std::string_view text) {
    return text.empty() || text == "<empty>" || text == "<none>" || text == "(empty)" || text == "-";
}

void write_fields(json::Writer& writer, json::Value own, std::span<const Field> fields) {
    Path path{writer};
    for (const auto& field : fields) {
        const auto value = find(own, field.from);
        if (!can_be_told(value, field.how)) continue;
        writer.key(path.lead_to(field.to));
        write_value(writer, value, field.how);
    }
    path.close();
}

}   // namespace ward::foreign
