// SPDX-License-Identifier: Apache-2.0
#include "fhir/rewrite.hpp"

#include <algorithm>
#include <array>

#include "fhir/values.hpp"
#include "json/writer.hpp"

namespace ward::fhir {

namespace {

// The names under which R4's StructureDefinitions have an element of type uri, url, oid or uuid, sorted.
constexpr auto uri_elements = std::to_array<std::string_view>({
    "address",
    "authority",
    "authorizationUrl",
    "code",
    "contentReference",
    "defaultValueOid",
    "defaultValueUri",
    "defaultValueUrl",
    "defaultValueUuid",
    "definition",
    "definitionUri",
    "derivedFromUri",
    "detail",
    "endpoint",
    "eventUri",
    "fixedOid",
    "fixedUri",
    "fixedUrl",
    "fixedUuid",
    "identifier",
    "implicitRules",
    "instantiates",
    "instantiatesUri",
    "issuer",
    "jurisdiction",
    "link",
    "location",
    "moduleUri",
    "nameUrl",
    "onlineInformation",
    "patternOid",
    "patternUri",
    "patternUrl",
    "patternUuid",
    "policy",
    "property",
    "protocol",
    "reference",
    "relativePath",
    "rendering",
    "source",
    "sourceUri",
    "system",
    "target",
    "targetUri",
    "type",
    "uri",
    "url",
    "valueOid",
    "valueUri",
    "valueUrl",
    "valueUuid",
});

// A Reference may hold any link. Elsewhere only placeholders count: a canonical resource's own `url`, or a
// code's `system`, may well be the address under which a transaction names a resource, and must stay what it
// is.
bool is_link(std::string_view key, std::string_view text) {
    if (key == "reference") return true;
    return text.starts_with("urn:") && std::binary_search(uri_elements.begin(), uri_elements.end(), key);
}

bool is_narrative(std::string_view key, std::string_view text) {
    return key == "div" && text.starts_with("<div");
}

/// What stands in a href or src attribute of narrative, from `position` on.
struct Attribute {
    std::size_t begin = std::string_view::npos;
    std::size_t size = 0;
};

Attribute next_link_attribute(std::string_view xhtml, std::size_t position) {
    while ((position = xhtml.find_first_of("hs", position)) != std::string_view::npos) {
        const auto rest = xhtml.substr(position);
        const std::size_t name = rest.starts_with("href=") ? 5 : rest.starts_with("src=") ? 4 : 0;
        const bool preceded =
            position > 0 && std::string_view{" \t\r\n"}.find(xhtml[position - 1]) != std::string::npos;
        const char quote = name > 0 && rest.size() > name ? rest[name] : '\0';
        ++position;
        if (!preceded || (quote != '"' && quote != '\'')) continue;
        const auto begin = position + name;
        const auto end = xhtml.find(quote, begin);
        if (end != std::string_view::npos) return {begin, end - begin};
    }
    return {};
}

/// The narrative with its links mapped; nothing if none of them is.
std::optional<std::string> map_narrative(std::string_view xhtml, const LinkMap& links) {
    std::string out;
    std::size_t copied = 0;
    auto attribute = next_link_attribute(xhtml, 0);
    for (; attribute.begin != std::string_view::npos;
         attribute = next_link_attribute(xhtml, attribute.begin + attribute.size)) {
        const auto mapped = links(xhtml.substr(attribute.begin, attribute.size));
        if (!mapped) continue;
        out += xhtml.substr(copied, attribute.begin - copied);
        out += *mapped;
        copied = attribute.begin + attribute.size;
    }
    if (copied == 0) return std::nullopt;
    out += xhtml.substr(copied);
    return out;
}

/// Appends values, their links mapped.
class LinkWriter {
public:
    LinkWriter(std::string& out, const EditsView& edits)
        : out_(out), links_(edits.links), home_(edits.home) {}

    void member(const json::Member& member) {
        out_ += member.raw_key;
        out_ += ':';
        value(member.key, member.value);
    }

    // `key` is the name of the member that the value is, or is in an array of.
    void value(std::string_view key, json::Value value) {
        if (links_ == nullptr && home_.empty()) return json::append_value(out_, value);
        switch (value.kind()) {
            case json::Kind::object: return object(value);
            case json::Kind::array: return array(key, value);
            case json::Kind::string: return string(key, value);
            default: return json::append_value(out_, value);
        }
    }

private:
    void object(json::Value value) {
        out_ += '{';
        bool comma = false;
        for (const auto& each : value.members()) {
            if (comma) out_ += ',';
            comma = true;
            member(each);
        }
        out_ += '}';
    }

    void array(std::string_view key, json::Value items) {
        out_ += '[';
        bool comma = false;
        for (const auto item : items.items()) {
            if (comma) out_ += ',';
            comma = true;
            value(key, item);
        }
        out_ += ']';
    }

    void string(std::string_view key, json::Value value) {
        const auto text = value.text();
        std::optional<std::string> mapped;
        if (links_ != nullptr && is_link(key, text))
            mapped = (*links_)(text);
        else if (links_ != nullptr && is_narrative(key, text))
            mapped = map_narrative(text, *links_);
        if (!mapped && key == "reference") mapped = relative(text);
        if (mapped)
            json::append_string(out_, *mapped);
        else
            out_ += value.raw();
    }

    std::optional<std::string> relative(std::string_view text) const {
        if (home_.empty() || !text.starts_with(home_) || !text.substr(home_.size()).starts_with('/'))
            return std::nullopt;
        const auto rest = text.substr(home_.size() + 1);
        if (parse_reference(rest).type.empty()) return std::nullopt;
        return std::string{rest};
    }

    std::string& out_;
    const LinkMap* links_;
    std::string_view home_;
};

/// Whether a text of the resource may begin with the address: as it is, or spelled with escapes.
bool may_name(std::string_view json, std::string_view home) {
    return json.find(home) != std::string_view::npos || json.find("\\/") != std::string_view::npos ||
           json.find("\\u") != std::string_view::npos;
}

void write_meta(json::Value meta, const EditsView& edits, std::string& out) {
    json::Writer writer{out};
    writer.begin_object();
    writer.member_unless_empty("versionId", edits.version_id);
    writer.member_unless_empty("lastUpdated", edits.last_updated);
    for (const auto& [key, raw_key, value] : meta.members()) {
        if (key == "versionId" && !edits.version_id.empty()) continue;
        if (key == "lastUpdated" && !edits.last_updated.empty()) continue;
        if (key == "source" && !edits.source_dropped.empty() &&
            value.text().starts_with(edits.source_dropped))
            continue;
        std::string linked;
        LinkWriter{linked, edits}.value(key, value);
        writer.key(key).raw(linked);
    }
    writer.end_object();
}

}   // namespace

// The type, the id and the meta stand first, as in the specification's own examples.
void write_resource(json::Value resource, const EditsView& all_edits, std::string& out) {
    auto edits = all_edits;
    if (!edits.home.empty() && !may_name(resource.raw(), edits.home)) edits.home = {};
    const bool new_meta = !edits.version_id.empty() || !edits.last_updated.empty();
    LinkWriter linked{out, edits};
    out += '{';
    const auto separate = [&] {
        if (out.back() != '{') out += ',';
    };
    if (const auto type = resource["resourceType"]; type.exists()) {
        out += "\"resourceType\":";
        out += type.raw();
    }
    if (!edits.id.empty()) {
        separate();
        out += "\"id\":";
        json::append_string(out, edits.id);
    }
    if (new_meta) {
        separate();
        out += "\"meta\":";
        write_meta(resource["meta"], edits, out);
    }
    for (const auto& member : resource.members()) {
        if (member.key == "resourceType" || (member.key == "id" && !edits.id.empty()) ||
            (member.key == "meta" && new_meta))
            continue;
        separate();
        linked.member(member);
    }
    out += '}';
}

void for_each_link(json::Value resource, const std::function<void(std::string_view link)>& see) {
    std::string discarded;
    const LinkMap links = [&](std::string_view link) -> std::optional<std::string> {
        see(link);
        return std::nullopt;
    };
    write_resource(resource, {.id = {}, .version_id = {}, .last_updated = {}, .links = &links}, discarded);
}

}   // namespace ward::fhir
