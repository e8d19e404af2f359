// SPDX-License-Identifier: Apache-2.0
// The part of Dispatch that carries out Bundles (R4, http.html#transaction).
#include <fmt/format.h>

#include "fhir/outcome.hpp"
#include "vault/answer.hpp"
#include "vault/bundle_writer.hpp"
#include "vault/dispatch.hpp"
#include "vault/patching.hpp"
#include "vault/transaction.hpp"

namespace ward::vault {
namespace {

using fhir::Checked;
using fhir::Interaction;
using fhir::IssueType;

constexpr std::size_t batch_entries_max = 2'000;                  // each waits for a commit of its own
constexpr std::size_t answer_bytes_max = std::size_t{64} << 20;   // of a Bundle's answers together
const fhir::Issue too_long_answer{
    IssueType::too_costly, "the answers are too long together; ask for this one alone", {}};

}   // namespace

http::Response Dispatch::bundle(const Caller& caller, const AskView& ask) {
    const auto bundle = fhir::parse_bundle(ask.resource);
    if (!bundle) return wait_for([&](Send send) { refuse(caller, ask, bundle.error(), std::move(send)); });
    return bundle->type == fhir::BundleType::batch ? batch(caller, *bundle, ask.prefer)
                                                   : transaction(caller, *bundle, ask.prefer);
}

http::Response Dispatch::transaction(const Caller& caller, const fhir::BundleView& bundle,
                                     const Preferences& prefer) {
    AuditTrail trail;
    for (int attempt = 0; attempt < attempts_max; ++attempt) {
        trail = {};
        trail.interaction = Interaction::transaction;
        auto prepared = prepare_transaction(vault_, caller, bundle, prefer, trail);
        Checked<Reply> outcome = Reply{};
        if (prepared)
            outcome->changes = std::move(prepared->changes);
        else
            outcome = tl::unexpected(prepared.error());
        auto response = conclude_and_wait(caller, trail, std::move(outcome));
        if (!response) continue;
        if (!prepared || response->status != 200) return *std::move(response);

        BundleWriter answer{vault_.base_url(), "transaction-response", caller.now};
        for (const auto& entry : bundle.entries) {
            const auto& done = prepared->outcomes[entry.index];
            if (done.status != 0) {
                const bool fits = answer.size() <= answer_bytes_max;
                const bool tells = prefer.returns == ReturnPreference::operation_outcome;
                answer.response({done.status, done.location, done.etag, done.last_modified,
                                 fits ? std::string_view{done.json} : std::string_view{},
                                 tells ? done_outcome() : std::string{}});
                continue;
            }
            if (answer.size() > answer_bytes_max) {
                answer.response({403, {}, {}, {}, {}, fhir::operation_outcome(too_long_answer)});
                continue;
            }
            const auto got = perform_and_wait(caller, entry, prefer);
            answer.response({got.status,
                             {},
                             got.header("ETag"),
                             {},
                             got.status < 400 ? got.body : std::string_view{},
                             got.status < 400 ? std::string_view{} : got.body});
        }
        return response_of(Reply{200, {}, answer.finish(), {}});
    }
    const fhir::Issue issue{IssueType::transient, "too many changes at once; try again", {}};
    return wait_for([&](Send send) { conclude(caller, trail, tl::unexpected(issue), std::move(send)); });
}

http::Response Dispatch::batch(const Caller& caller, const fhir::BundleView& bundle,
                               const Preferences& prefer) {
    BundleWriter answer{vault_.base_url(), "batch-response", caller.now};
    const auto prefix = vault_.base_url() + "/";
    if (bundle.entries.size() > batch_entries_max) {
        const fhir::Issue issue{
            IssueType::too_costly, fmt::format("a batch has at most {} entries", batch_entries_max), {}};
        AuditTrail trail;
        trail.interaction = Interaction::batch;
        return wait_for([&](Send send) { conclude(caller, trail, tl::unexpected(issue), std::move(send)); });
    }
    for (const auto& entry : bundle.entries) {
        if (answer.size() > answer_bytes_max) {
            answer.response({403, {}, {}, {}, {}, fhir::operation_outcome(too_long_answer)});
            continue;
        }
        const auto done = perform_and_wait(caller, entry, prefer);
        auto location = done.header("Location");
        if (location.starts_with(prefix)) location.remove_prefix(prefix.size());
        const bool failed = done.status >= 400;
        const bool reads = entry.method == fhir::Method::get || !entry.operation.empty();
        const bool shows = !failed && (reads || prefer.returns == ReturnPreference::representation);
        const bool tells = failed || (!reads && prefer.returns == ReturnPreference::operation_outcome);
        answer.response({done.status,
                         location,
                         done.header("ETag"),
                         {},
                         shows ? done.body : std::string_view{},
                         tells ? done.body : std::string_view{}});
    }
    // Each entry was audited by itself; this tells that they came together.
    AuditTrail trail;
    trail.interaction = Interaction::batch;
    return wait_for([&](Send send) {
        conclude(caller, trail, Reply{200, {}, answer.finish(), {}}, std::move(send));
    });
}

http::Response Dispatch::perform_and_wait(const Caller& caller, const fhir::EntryView& entry,
                                          const Preferences& prefer) {
    AskView ask;
    ask.prefer = prefer;
    switch (entry.method) {
        case fhir::Method::get: ask.method = http::Method::get; break;
        case fhir::Method::head: ask.method = http::Method::head; break;
        case fhir::Method::post: ask.method = http::Method::post; break;
        case fhir::Method::put: ask.method = http::Method::put; break;
        case fhir::Method::patch: ask.method = http::Method::patch; break;
        case fhir::Method::remove: ask.method = http::Method::del; break;
    }
    ask.path = entry.url.substr(0, entry.url.find('?'));
    ask.if_match = entry.if_match;
    ask.if_none_match = entry.if_none_match;
    ask.if_none_exist = entry.if_none_exist;
    auto issue = entry.issue;
    std::optional<json::Document> patch;   // that a Binary holds
    if (entry.method != fhir::Method::patch) {
        ask.resource = entry.resource;
    } else if (auto read = patch_in_binary(entry.resource)) {
        ask.patch = patch.emplace(*std::move(read)).root();
    } else if (!issue) {
        issue = std::move(read).error();
    }
    auto parameters = parse_form(entry.query);
    if (!issue && !parameters) issue = fhir::Issue{IssueType::value, parameters.error().what, {}};
    if (!issue && ask.path.empty())
        issue = fhir::Issue{IssueType::not_supported, "a Bundle within a Bundle is not carried out", {}};
    if (issue) return wait_for([&](Send send) { refuse(caller, ask, *std::move(issue), std::move(send)); });
    ask.parameters = *std::move(parameters);
    return wait_for([&](Send send) { perform(caller, ask, std::move(send)); });
}

}   // namespace ward::vault
