// SPDX-License-Identifier: Apache-2.0
#include "vault/granted_keys.hpp"

namespace ward::vault {
namespace {

fhir::Issue issue_of_grant(const Error& error) {
    using fhir::IssueType;
    if (error.code == Errc::denied) return {IssueType::forbidden, "the grant of this export is over", {}};
    if (error.code == Errc::limit_exceeded)
        return {IssueType::forbidden, "the grant of this export allows no more charts", {}};
    return issue_of(error);
}

}   // namespace

fhir::Checked<SharedKeys> GrantedKeys::unlock(const OwnerId& owner, const KeyId& key) {
    if (const auto kept = kept_.find(owner); kept != kept_.end() && kept->second->id == key)
        return kept->second;
    const auto data_key = vault_.keys().unwrap_granted(owner.value, key.value, grant_);
    if (!data_key) return tl::unexpected(issue_of_grant(data_key.error()));
    auto keys = std::make_shared<const OwnerKeys>(TRY_CHECKED(derive_keys(*data_key, owner, key)));
    if (kept_.size() >= kept_max) kept_.clear();
    kept_[owner] = keys;
    return keys;
}

fhir::Checked<> GrantedKeys::lend_chart(const std::string& patient) {
    const auto owner = vault_.sealer().pseudonyms().owner_of_patient(patient);
    if (vault_.keyring().in_use(owner)) return {};
    const auto key = TRY_CHECKED(vault_.sealer().key_id(owner));
    if (!key) return {};   // nothing was ever stored about this patient
    vault_.keyring().lend(owner, TRY(unlock(owner, *key)));
    return {};
}

fhir::Checked<Body> GrantedKeys::open(const StoredVersion& row) {
    const auto keys = TRY(unlock(row.version.owner, row.version.key));
    return TRY_CHECKED(open_body(keys->record_key, row_binding(row.version), row.version.sealed));
}

}   // namespace ward::vault
