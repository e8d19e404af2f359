// SPDX-License-Identifier: Apache-2.0
#include "protocol/fhir/body.hpp"

#include <algorithm>
#include <array>

#include "protocol/fhir/fhir.hpp"
#include "protocol/text.hpp"
#include "protocol/xml_tags.hpp"

namespace ward::protocol::fhir {
namespace {

// FHIR R4, Patient, RelatedPerson and Person: the elements that name someone.
constexpr std::array<std::string_view, 6> identifying{"family",  "given",   "birthDate",
                                                      "telecom", "address", "photo"};

/// Of FHIR: 4.0.1.
bool is_version(std::string_view text) {
    return text.size() <= 8 && text.find_first_not_of("0123456789.") == std::string_view::npos;
}

/// Takes what JSON and XML have in common: an element, its value, and how deep it lies in the resource.
class Collector {
public:
    explicit Collector(Resource& resource) : resource_(resource) {}

    void resource(std::string_view type, bool outermost) {
        if (outermost && is_resource_type(type)) resource_.type = type;
        person_ = person_ || type == "Patient" || type == "RelatedPerson" || type == "Person";
    }
    void element(std::string_view name, std::string_view value, std::size_t depth) {
        if (depth == 1) {
            if (name == "type" && resource_.type == "Bundle") resource_.bundle_type = clipped(value, 64);
            if (name == "fhirVersion" && is_version(value)) resource_.fhir_version = value;
            if (name == "total") resource_.total = number(value);
        }
        if (name == "reference") return refer(value);
        items_ += std::ranges::find(identifying, name) != identifying.end() ? 1U : 0U;
    }
    void entry() { ++resource_.entries; }
    void end() { resource_.patient_items += person_ ? items_ : 0; }

private:
    void refer(std::string_view reference) {
        constexpr std::string_view type = "Patient/";
        const auto at = reference.rfind(type);
        if (at == std::string_view::npos || (at > 0 && reference[at - 1] != '/')) return;
        ++resource_.patient_items;
        reference.remove_prefix(at + type.size());
        if (resource_.patient.empty()) resource_.patient = clipped(take_until(reference, '/'), 64);
    }

    Resource& resource_;
    std::uint32_t items_ = 0;
    bool person_ = false;
};

/// Goes from string to string: what lies between is short, and most of a resource is strings.
void read_json(std::string_view text, Collector& collector) {
    std::size_t depth = 0;
    std::string_view key;
    std::string_view member;   // of the outermost object
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char c = text[at];
        if (c == '{' || c == '[') {
            // {"entry":[{…},{…}]}: what opens at depth 2 is an entry.
            if (c == '{' && depth == 2 && member == "entry") collector.entry();
            if (c == '{' && depth > 1 && (key == "telecom" || key == "address" || key == "photo"))
                collector.element(key, {}, depth);
            ++depth;
        } else if (c == '}' || c == ']') {
            if (depth == 0) return;
            --depth;
        } else if (c == '"') {
            const auto begin = at + 1;
            auto end = text.find('"', begin);
            while (end != std::string_view::npos && text[end - 1] == '\\') {
                const auto slashes = end - 1 - text.substr(0, end).find_last_not_of('\\');
                if (slashes % 2 == 0) break;
                end = text.find('"', end + 1);
            }
            if (end == std::string_view::npos) return;
            const auto string = text.substr(begin, end - begin);
            at = end;
            const auto next = text.find_first_not_of(" \t\r\n", end + 1);
            if (next != std::string_view::npos && text[next] == ':') {
                key = string;
                if (depth == 1) member = key;
                at = next;
            } else if (key == "resourceType") {
                collector.resource(string, depth == 1);
            } else {
                collector.element(key, string, depth);
            }
        } else if (depth == 1 && c >= '0' && c <= '9') {
            const auto end = std::min(text.find_first_not_of("0123456789", at), text.size());
            if (end < text.size()) collector.element(key, text.substr(at, end - at), depth);
            at = end - 1;
        }
    }
}

void read_xml(std::string_view text, Collector& collector) {
    XmlTags tags{text};
    std::size_t depth = 0;
    bool contained = false;   // what opens next is a resource
    while (const auto tag = tags.next()) {
        if (tag->kind == XmlTag::Kind::end) {
            depth -= depth > 0 ? 1 : 0;
            continue;
        }
        if (depth == 0 || contained) {
            collector.resource(tag->name, depth == 0);
        } else {
            if (tag->name == "entry" && depth == 1) collector.entry();
            collector.element(tag->name, tag->attribute("value"), depth);
        }
        contained = tag->name == "resource" || tag->name == "contained";
        if (tag->kind == XmlTag::Kind::begin) ++depth;
    }
}

}   // namespace

Resource read_resource(std::string_view text) {
    Resource resource;
    Collector collector{resource};
    // A byte order mark may stand first.
    const auto begin = text.find_first_of("{<");
    if (begin == std::string_view::npos || begin > 8) return resource;
    if (text[begin] == '{') {
        read_json(text.substr(begin), collector);
        if (!resource.type.empty()) resource.format = "json";
    } else {
        if (text.find("http://hl7.org/fhir") == std::string_view::npos) return resource;
        resource.format = "xml";
        read_xml(text.substr(begin), collector);
    }
    collector.end();
    return resource;
}

}   // namespace ward::protocol::fhir
