// SPDX-License-Identifier: Apache-2.0
#include "vault/known_consents.hpp"

#include <algorithm>

#include "vault/sealer.hpp"

namespace ward::vault {

Result<Consents> KnownConsents::of(const std::string& patient, store::Database& reader) {
    static const auto nothing = std::make_shared<const std::vector<policy::Consent>>();
    static const auto type = *fhir::resource_type("Consent");
    const auto keys = TRY(sealer_.existing_keys(sealer_.pseudonyms().owner_of_patient(patient)));
    if (!keys) return nothing;
    const Records records{reader};
    auto seqs = TRY(records.with_token(type_token(keys->tokens, type), limits_.stored_max));
    if (seqs.empty()) return nothing;
    if (seqs.size() > static_cast<std::size_t>(limits_.stored_max)) return Consents{};
    if (auto consents = known(patient, keys, seqs)) return consents;
    auto consents = TRY(read(patient, records, seqs));
    keep(patient, {keys, std::move(seqs), consents});
    return consents;
}

Result<Consents> KnownConsents::read(const std::string& patient, const Records& records,
                                     const std::vector<std::int64_t>& seqs) const {
    std::vector<policy::Consent> consents;
    for (const auto seq : seqs) {
        const auto row = TRY(records.at(seq));
        if (!row) return fail(Errc::corrupt, "the index names a row that is gone");
        const auto body = TRY(sealer_.open(*row));
        if (std::ranges::find(body.patients, patient) == body.patients.end()) continue;
        const json::Limits limits{.bytes_max = BodyLimits{}.json_bytes_max};
        const auto document = TRY(json::Document::parse(body.json.reveal(), limits));
        if (auto consent = policy::read_consent(document.root())) consents.push_back(*std::move(consent));
    }
    if (consents.size() > limits_.active_max) return Consents{};
    return std::make_shared<const std::vector<policy::Consent>>(std::move(consents));
}

Consents KnownConsents::known(const std::string& patient, const SharedKeys& keys,
                              const std::vector<std::int64_t>& seqs) const {
    const Lock lock{mutex_};
    const auto found = known_.find(patient);
    if (found == known_.end() || found->second.keys.lock() != keys || found->second.seqs != seqs)
        return nullptr;
    return found->second.consents;
}

void KnownConsents::keep(const std::string& patient, Known known) {
    const Lock lock{mutex_};
    if (known_.size() >= limits_.patients_max) known_.clear();   // they are only read again
    known_[patient] = std::move(known);
}

void KnownConsents::forget_idle() {
    const Lock lock{mutex_};
    std::erase_if(known_, [](const auto& entry) { return entry.second.keys.expired(); });
}

}   // namespace ward::vault
