// SPDX-License-Identifier: Apache-2.0
// From a FHIR request to its answer: route, permission, interaction, audit, commit. Nothing is answered
// before its audit is on disk.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "fhir/bundle.hpp"
#include "http/message.hpp"
#include "json/document.hpp"
#include "vault/answer.hpp"
#include "vault/exchange.hpp"
#include "vault/exports.hpp"
#include "vault/prefer.hpp"
#include "vault/vault.hpp"

namespace ward::vault {

/// A request as FHIR sees it, whether it came alone or in a Bundle. A view: the caller keeps the resource's
/// document.
struct AskView {
    http::Method method = http::Method::get;
    std::string path;   // below the base, without slashes at its ends
    std::vector<FormField> parameters;
    std::string if_match;
    std::string if_none_match;
    std::string if_none_exist;
    Preferences prefer;
    json::Value resource;
    json::Value patch;   // a JSON Patch
};

/// Where an AskView leads.
struct Route {
    fhir::Interaction interaction = fhir::Interaction::other;
    fhir::ResourceType type{};
    std::string id;
    std::int64_t version = 0;
    std::string compartment;
    std::string operation;   // with its dollar, if the interaction is one; "_export": of one that was started
    ExportOf export_of = ExportOf::system;
    std::optional<std::size_t> file;   // of an export, whose id is `id`

    bool is_of_export() const { return operation == "$export" || operation == "_export"; }
    /// An interaction with the one resource that the address' parameters find.
    bool is_conditional() const;
};

/// Refuses an address or method that this server does not know.
fhir::Checked<Route> find_route(const AskView& ask);

/// Callable from several threads.
class Dispatch {
public:
    Dispatch(Vault& vault, std::string site) : vault_(vault), site_(std::move(site)), exports_(vault) {}

    /// Reads are answered from the writer's thread once their audit is committed; what writes waits for its
    /// commit here.
    void perform(const Caller& caller, const AskView& ask, Send send);

    /// Answers with what was done elsewhere, audited like everything else.
    void tell(const Caller& caller, const AuditTrail& trail, fhir::Checked<Reply> outcome, Send send) {
        conclude(caller, trail, std::move(outcome), std::move(send));
    }

    /// Answers with `issue`, audited like everything else.
    void refuse(const Caller& caller, const AskView& ask, fhir::Issue issue, Send send);

private:
    static constexpr int attempts_max = 16;   // of a change that others overtake

    fhir::Checked<Reply> interact(const Caller& caller, const AskView& ask, const Route& route,
                                  AuditTrail& trail);
    fhir::Checked<Reply> change(const Caller& caller, const AskView& ask, const Route& route,
                                AuditTrail& trail);
    fhir::Checked<Reply> operate(const Caller& caller, const AskView& ask, const Route& route,
                                 AuditTrail& trail);
    fhir::Checked<Reply> start_export(const Caller& caller, const AskView& ask, const Route& route,
                                      AuditTrail& trail);
    fhir::Checked<Reply> read_only(const Caller& caller, const AskView& ask, const Route& route,
                                   AuditTrail& trail);

    http::Response bundle(const Caller& caller, const AskView& ask);
    http::Response transaction(const Caller& caller, const fhir::BundleView& bundle,
                               const Preferences& prefer);
    http::Response batch(const Caller& caller, const fhir::BundleView& bundle, const Preferences& prefer);
    http::Response perform_and_wait(const Caller& caller, const fhir::EntryView& entry,
                                    const Preferences& prefer);

    Result<> add_audit(const Caller& caller, const AuditTrail& trail, const fhir::Issue* issue,
                       ChangeSet& changes);
    Result<NewVersion> audit_event(const std::string& id, const Caller& caller, const AuditTrail& trail,
                                   const fhir::Issue* issue);
    void conclude(const Caller& caller, const AuditTrail& trail, fhir::Checked<Reply> outcome, Send send);
    std::optional<http::Response> conclude_and_wait(const Caller& caller, const AuditTrail& trail,
                                                    fhir::Checked<Reply> outcome);

    Vault& vault_;
    std::string site_;
    Exports exports_;
};

}   // namespace ward::vault
