// SPDX-License-Identifier: Apache-2.0
#include "vault/api.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <iterator>

#include "core/text.hpp"
#include "fhir/outcome.hpp"

namespace ward::vault {
namespace {

using fhir::Checked;
using fhir::IssueType;

constexpr std::string_view base_path = "/fhir";

/// Without its parameters, such as the character set.
std::string_view media_type(const http::Request& request) {
    const auto type = request.header("Content-Type");
    return trimmed(type.substr(0, type.find(';')));
}

/// A search takes a form; what changes something takes JSON alone.
bool is_search_form(const http::Request& request, std::string_view fhir_path) {
    return request.method == http::Method::post && fhir_path.ends_with("_search") &&
           equal_ignoring_case(media_type(request), "application/x-www-form-urlencoded");
}

/// The address below the base, without slashes at its ends.
Checked<std::string> fhir_path(std::string_view path) {
    if (!path.starts_with(base_path)) return fhir::refuse(IssueType::not_found, "FHIR is below /fhir");
    path.remove_prefix(base_path.size());
    if (!path.empty() && path.front() != '/')
        return fhir::refuse(IssueType::not_found, "FHIR is below /fhir");
    while (path.starts_with('/')) path.remove_prefix(1);
    while (path.ends_with('/')) path.remove_suffix(1);
    return std::string{path};
}

/// The form of a search; what stands in the address is there already.
Checked<> add_parameters(AskView& ask, const http::Request& request) {
    if (!is_search_form(request, ask.path)) return {};
    auto form = parse_form(request.body);
    if (!form) return fhir::refuse(IssueType::value, "the form is malformed");
    std::ranges::move(*form, std::back_inserter(ask.parameters));
    return {};
}

/// What the HTTP server refuses, as FHIR says it.
fhir::Issue issue_of_status(int status, std::string_view what) {
    const auto type = status == 413   ? IssueType::too_long
                      : status >= 500 ? IssueType::transient
                                      : IssueType::structure;
    return {type, std::string{what}, {}};
}

bool is_patch(const http::Request& request) {
    return equal_ignoring_case(media_type(request), "application/json-patch+json");
}

/// Bodies are JSON, but for the form of a search.
Checked<json::Document> body_of(http::Request& request, const json::Limits& limits) {
    const auto type = media_type(request);
    const bool is_json = is_patch(request) || type.empty() ||
                         equal_ignoring_case(type, "application/fhir+json") ||
                         equal_ignoring_case(type, "application/json");
    if (!is_json)
        return fhir::refuse(
            IssueType::not_supported,
            "only application/fhir+json is supported, for PATCH application/json-patch+json, and forms "
            "for _search",
            "Content-Type");
    auto document = json::Document::parse(std::move(request.body), limits);
    if (!document) return fhir::refuse(IssueType::structure, document.error().what);
    return *std::move(document);
}

/// A Bundle that is to be carried out, or a file of an export that is to be made.
struct Waiting {
    Caller caller;
    AskView ask;
    std::optional<json::Document> document;   // of ask.resource
    Send send;
};

/// What takes long, and must not keep the server's threads from others meanwhile.
bool takes_long(const AskView& ask) {
    return (ask.path.empty() && ask.resource.exists()) || ask.path.starts_with("_export/");
}

}   // namespace

/// What is not FHIR: how to get a token, and getting one. False for anything else.
bool Api::answer_about_tokens(const http::Request& request, Send& send) {
    if (request.path == "/fhir/.well-known/smart-configuration" ||
        request.path == "/.well-known/smart-configuration") {
        if (request.method != http::Method::get && request.method != http::Method::head) return false;
        // Anybody may know it, and it says nothing of any record: there is nothing to audit.
        send(door_.smart_configuration());
        return true;
    }
    if (request.path != "/token") return false;
    Caller caller;
    caller.now = vault_.clock().now();
    caller.address = request.peer_address;
    AuditTrail trail;
    auto reply = door_.issue_token(request, caller, trail);
    dispatch_.tell(caller, trail, std::move(reply), std::move(send));
    return true;
}

void Api::answer(http::Request request, http::Respond respond) {
    if (auto allowed = cross_origin_.preflight(request)) return respond(*std::move(allowed));
    const auto as_of = std::make_shared<std::string>();
    Send send{[respond = std::move(respond), as_of,
               for_pages = cross_origin_.headers_for(request)](http::Response response) mutable {
        if (!as_of->empty()) response.headers.push_back({"Ward-As-Of", *as_of});
        if (response.header("Access-Control-Allow-Origin").empty())
            std::ranges::move(for_pages, std::back_inserter(response.headers));
        respond(std::move(response));
    }};
    if (answer_about_tokens(request, send)) return;
    Caller caller;
    caller.now = vault_.clock().now();
    caller.address = request.peer_address;
    const auto admitted = door_.admit(request, caller);
    if (admitted && as_of_) *as_of = as_of_();
    AskView ask;
    ask.method = request.method;
    auto path = fhir_path(request.path);
    if (!path) return dispatch_.refuse(caller, ask, path.error(), std::move(send));
    ask.path = *std::move(path);
    ask.parameters = request.query;
    const bool open_to_all = ask.path == "metadata";
    if (!admitted && !open_to_all) return dispatch_.refuse(caller, ask, admitted.error(), std::move(send));
    if (const auto added = add_parameters(ask, request); !added)
        return dispatch_.refuse(caller, ask, added.error(), std::move(send));
    ask.if_match = request.header("If-Match");
    ask.if_none_match = request.header("If-None-Match");
    ask.if_none_exist = request.header("If-None-Exist");
    ask.prefer = parse_preferences(request.header("Prefer"));
    std::optional<json::Document> document;
    if (!request.body.empty() && !is_search_form(request, ask.path)) {
        auto read = body_of(request, limits_);
        if (!read) return dispatch_.refuse(caller, ask, read.error(), std::move(send));
        document = *std::move(read);
        (is_patch(request) ? ask.patch : ask.resource) = document->root();
    }
    if (!takes_long(ask)) return dispatch_.perform(caller, ask, std::move(send));
    auto waiting =
        std::make_shared<Waiting>(std::move(caller), std::move(ask), std::move(document), std::move(send));
    const auto perform = [this, waiting] {
        dispatch_.perform(waiting->caller, waiting->ask, std::move(waiting->send));
    };
    if (!long_tasks_.submit(perform))
        dispatch_.refuse(waiting->caller, waiting->ask,
                         {IssueType::transient, "too many bundles and exports at once", {}},
                         std::move(waiting->send));
}

void Api::note_refused(int status, std::string_view what, const std::string& peer_address,
                       UniqueFunction<void()> go_on) {
    Caller caller;
    caller.now = vault_.clock().now();
    caller.address = peer_address;
    dispatch_.refuse(caller, {}, issue_of_status(status, what),
                     [go_on = std::move(go_on)](const http::Response&) mutable { go_on(); });
}

http::ErrorBody Api::error_body() {
    return {"application/fhir+json;charset=utf-8", [](int status, std::string_view what) {
                return fhir::operation_outcome(issue_of_status(status, what));
            }};
}

}   // namespace ward::vault
