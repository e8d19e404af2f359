// SPDX-License-Identifier: Apache-2.0
#include "fhir/subset.hpp"

#include <algorithm>

#include "fhir/summary_elements.hpp"
#include "json/writer.hpp"

namespace ward::fhir {

namespace {

// `value*` is valueQuantity, valueString…
bool is_named(std::string_view key, std::string_view name) {
    if (!name.ends_with('*')) return key == name;
    name.remove_suffix(1);
    return key.size() > name.size() && key.starts_with(name) && key[name.size()] >= 'A' &&
           key[name.size()] <= 'Z';
}

bool is_among(std::string_view key, std::string_view names) {
    while (!names.empty()) {
        const auto name = names.substr(0, names.find(' '));
        if (is_named(key, name)) return true;
        names.remove_prefix(std::min(name.size() + 1, names.size()));
    }
    return false;
}

const SummaryRow& row_of(ResourceType type) {
    const auto rows = summary_rows();
    return *std::lower_bound(rows.begin(), rows.end(), name_of(type),
                             [](const SummaryRow& row, std::string_view name) { return row.type < name; });
}

/// Decides which top elements stay.
class Selection {
public:
    explicit Selection(const Query& query) : query_(query), row_(row_of(query.type)) {}

    bool keeps(std::string_view key) const {
        if (key.starts_with('_')) key.remove_prefix(1);   // what JSON tells of a primitive beside it
        if (key == "resourceType" || key == "id" || key == "meta") return true;
        if (!query_.elements.empty() && !is_element(key)) return false;
        switch (query_.summary) {
            case Summary::yes: return is_among(key, row_.summary) || is_among(key, row_.mandatory);
            case Summary::text: return key == "text" || is_among(key, row_.mandatory);
            case Summary::data: return key != "text";
            case Summary::no:
            case Summary::count: return true;
        }
        return true;
    }

private:
    bool is_element(std::string_view key) const {
        return is_among(key, row_.mandatory) ||
               std::any_of(query_.elements.begin(), query_.elements.end(),
                           [&](const std::string& name) { return key == name || is_named(key, name + '*'); });
    }

    const Query& query_;
    const SummaryRow& row_;
};

// R4, search.html#summary: "Servers SHOULD mark them as incomplete by populating … the SUBSETTED tag".
void write_meta(json::Value meta, json::Writer& writer) {
    writer.begin_object();
    for (const auto& [key, raw_key, value] : meta.members())
        if (key != "tag") writer.key(key).value(value);
    writer.key("tag").begin_array();
    for (const auto tag : meta["tag"].items()) writer.value(tag);
    writer.begin_object().member("system", "http://terminology.hl7.org/CodeSystem/v3-ObservationValue");
    writer.member("code", "SUBSETTED").end_object().end_array().end_object();
}

}   // namespace

bool asks_for_part(const Query& query) {
    const bool summarises = query.summary != Summary::no && query.summary != Summary::count;
    return summarises || !query.elements.empty();
}

std::string part_of(const Query& query, json::Value resource) {
    const Selection selection{query};
    std::string out;
    json::Writer writer{out};
    writer.begin_object();
    for (const auto& [key, raw_key, value] : resource.members()) {
        if (!selection.keeps(key)) continue;
        writer.key(key);
        if (key == "meta")
            write_meta(value, writer);
        else
            writer.value(value);
    }
    writer.end_object();
    return out;
}

}   // namespace ward::fhir
