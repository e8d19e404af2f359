// SPDX-License-Identifier: Apache-2.0
#include "vault/merges.hpp"

#include <algorithm>

namespace ward::vault {
namespace {

// Merges of merges that are followed; a longer chain is no merging but a mistake.
constexpr std::size_t merges_max = 16;

}   // namespace

std::string merged_into(json::Value patient) {
    constexpr std::string_view prefix = "Patient/";
    for (const auto link : patient["link"].items()) {
        const auto reference = link["other"]["reference"].text();
        if (link["type"].text() == "replaced-by" && reference.starts_with(prefix))
            return std::string{reference.substr(prefix.size())};
    }
    return {};
}

Result<std::vector<std::string>> merges_of(Sealer& sealer, const Records& records, std::string patient) {
    std::vector<std::string> merges{std::move(patient)};
    while (merges.size() <= merges_max) {
        const auto record =
            sealer.pseudonyms().record(fhir::number_of(fhir::ResourceType::patient), merges.back());
        const auto row = TRY(records.current(record));
        if (!is_there(row)) return merges;
        const auto body = TRY(sealer.open(*row));
        const json::Limits limits{.bytes_max = BodyLimits{}.json_bytes_max};
        const auto document = TRY(json::Document::parse(body.json.reveal(), limits));
        auto next = merged_into(document.root());
        if (next.empty()) return merges;
        merges.push_back(std::move(next));
    }
    return fail(Errc::malformed, "merges of patients go in a circle, or too far");
}

Result<std::string> surviving(Sealer& sealer, const Records& records, std::string patient) {
    return TRY(merges_of(sealer, records, std::move(patient))).back();
}

Result<> add_surviving(Sealer& sealer, const Records& records, std::vector<std::string>& patients) {
    for (std::size_t i = 0, named = patients.size(); i < named; ++i) {
        auto now = TRY(surviving(sealer, records, patients.at(i)));
        if (std::ranges::find(patients, now) == patients.end()) patients.push_back(std::move(now));
    }
    return {};
}

}   // namespace ward::vault
