// SPDX-License-Identifier: Apache-2.0
#include "fhir/bundle.hpp"

#include <algorithm>
#include <array>
#include <unordered_map>

namespace ward::fhir {

namespace {

struct MethodName {
    std::string_view name;
    Method method;
};

constexpr auto methods = std::to_array<MethodName>({{"GET", Method::get},
                                                    {"HEAD", Method::head},
                                                    {"POST", Method::post},
                                                    {"PUT", Method::put},
                                                    {"PATCH", Method::patch},
                                                    {"DELETE", Method::remove}});

std::string_view take_segment(std::string_view& path) {
    const auto segment = path.substr(0, path.find('/'));
    path.remove_prefix(std::min(segment.size() + 1, path.size()));
    return segment;
}

bool is_operation(std::string_view segment) {
    return segment == "_history" || segment == "_search" || (segment.size() > 1 && segment.front() == '$');
}

/// Reads one entry; the Issues that it gives name the entry.
class EntryReader {
public:
    EntryReader(std::size_t index, json::Value source, const BundleLimits& limits)
        : source_(source), limits_(limits) {
        entry_.index = index;
    }

    Checked<> read() {
        const auto request = source_["request"];
        if (!request.is_object()) return wrong(IssueType::required, "no request", "request");
        const auto* known = std::find_if(methods.begin(), methods.end(), [&](const MethodName& method) {
            return method.name == request["method"].text();
        });
        if (known == methods.end()) return wrong(IssueType::value, "no HTTP verb", "request.method");
        entry_.method = known->method;
        entry_.full_url = source_["fullUrl"].text();
        entry_.resource = source_["resource"];
        entry_.url = request["url"].text();
        // R4's own bundle-request-simplesummary writes "/Patient/example" and means it below the base.
        if (entry_.url.starts_with('/')) entry_.url.remove_prefix(1);
        entry_.if_none_exist = request["ifNoneExist"].text();
        entry_.if_match = request["ifMatch"].text();
        entry_.if_none_match = request["ifNoneMatch"].text();
        TRY(split_url());
        return check();
    }

    EntryView finish() { return std::move(entry_); }

private:
    tl::unexpected<Issue> wrong(IssueType type, std::string what, std::string_view element) const {
        const auto place = "Bundle.entry[" + std::to_string(entry_.index) + "]";
        return refuse(type, place + ": " + std::move(what), place + "." + std::string{element});
    }
    tl::unexpected<Issue> bad_url(std::string what) const {
        return wrong(IssueType::value, std::move(what), "request.url");
    }

    // R4, http.html#general: [type]/[id]/_history/[vid], each part with its `_` or `$` alternatives.
    Checked<> split_url() {
        if (entry_.url.empty()) return wrong(IssueType::required, "no url", "request.url");
        if (entry_.url.size() > limits_.url_bytes_max) return bad_url("the url is too long");
        const auto question = entry_.url.find('?');
        if (question != std::string_view::npos) entry_.query = entry_.url.substr(question + 1);
        auto path = entry_.url.substr(0, question);
        const auto first = take_segment(path);
        if (first == "metadata" || is_operation(first)) {
            entry_.operation = first;
        } else {
            entry_.type = resource_type(first);
            if (!entry_.type) return bad_url("the url does not start with a resource type");
            TRY(split_instance(path));
        }
        if (!path.empty()) return bad_url("the url has too many parts");
        return {};
    }

    Checked<> split_instance(std::string_view& path) {
        auto segment = take_segment(path);
        if (!segment.empty() && !is_operation(segment)) {
            if (!is_id(segment)) return bad_url("no valid id in the url");
            entry_.id = segment;
            segment = take_segment(path);
        }
        if (segment.empty()) return {};
        if (!is_operation(segment)) return bad_url("the url has too many parts");
        entry_.operation = segment;
        if (segment != "_history" || entry_.id.empty()) return {};
        entry_.version = take_segment(path);
        if (!entry_.version.empty() && !is_id(entry_.version)) return bad_url("no valid version in the url");
        return {};
    }

    Checked<> check() const {
        const bool is_call = entry_.operation.starts_with('$');
        switch (entry_.method) {
            case Method::get:
            case Method::head: return {};
            case Method::post:
                if (is_call) return {};
                if (!entry_.type || !entry_.id.empty() || !entry_.operation.empty() || !entry_.query.empty())
                    return bad_url("POST needs a resource type alone");
                return check_resource();
            case Method::put:
                TRY(check_target());
                TRY(check_resource());
                if (!entry_.id.empty() && entry_.resource["id"].text() != entry_.id)
                    return wrong(IssueType::value, "the id is not that of the url", "resource.id");
                return {};
            case Method::patch:
            case Method::remove: return check_target();
        }
        return {};
    }

    Checked<> check_target() const {
        if (!entry_.type || !entry_.operation.empty())
            return bad_url("this method needs Type/id or Type?search");
        if (entry_.id.empty() == entry_.query.empty()) return bad_url("needs either an id or a search");
        return {};
    }

    Checked<> check_resource() const {
        if (!entry_.resource.is_object()) return wrong(IssueType::required, "no resource", "resource");
        if (resource_type(entry_.resource["resourceType"].text()) != entry_.type)
            return wrong(IssueType::value, "the resource is not of the url's type", "resource.resourceType");
        return {};
    }

    json::Value source_;
    const BundleLimits& limits_;
    EntryView entry_;
};

// R4, http.html#trules: "If any resource identities overlap in steps 1-3, then the transaction SHALL fail";
// and bundle.html, bdl-7: a fullUrl stands once, or references to it would mean two things.
Checked<> refuse_overlaps(const BundleView& bundle) {
    std::unordered_map<std::string, std::size_t> seen;
    const auto once = [&](std::string key, std::size_t index) -> Checked<> {
        const auto [earlier, fresh] = seen.emplace(std::move(key), index);
        if (fresh) return {};
        return refuse(IssueType::duplicate,
                      "entries " + std::to_string(earlier->second) + " and " + std::to_string(index) +
                          " of the transaction are about the same resource",
                      "Bundle.entry[" + std::to_string(index) + "]");
    };
    for (const auto& entry : bundle.entries) {
        const bool changes =
            entry.method == Method::put || entry.method == Method::patch || entry.method == Method::remove;
        if (changes && entry.type && !entry.id.empty())
            TRY(once(std::string{name_of(*entry.type)} + "/" + std::string{entry.id}, entry.index));
        if (!entry.full_url.empty() && entry.method != Method::get && entry.method != Method::head)
            TRY(once("fullUrl " + std::string{entry.full_url}, entry.index));
    }
    return {};
}

int rank_of(Method method) {
    switch (method) {
        case Method::remove: return 0;
        case Method::post: return 1;
        case Method::put:
        case Method::patch: return 2;
        case Method::get:
        case Method::head: return 3;
    }
    return 3;
}

}   // namespace

std::string_view name_of(Method method) {
    const auto* known = std::find_if(methods.begin(), methods.end(),
                                     [&](const MethodName& name) { return name.method == method; });
    return known->name;
}

Checked<BundleView> parse_bundle(json::Value bundle, const BundleLimits& limits) {
    if (bundle["resourceType"].text() != "Bundle")
        return refuse(IssueType::structure, "not a Bundle", "resourceType");
    BundleView view;
    const auto type = bundle["type"].text();
    if (type != "batch" && type != "transaction")
        return refuse(IssueType::value, "only a Bundle of type batch or transaction is carried out",
                      "Bundle.type");
    view.type = type == "batch" ? BundleType::batch : BundleType::transaction;
    const auto entries = bundle["entry"];
    if (entries.exists() && !entries.is_array())
        return refuse(IssueType::structure, "entry is no array", "Bundle.entry");
    if (entries.size() > limits.entries_max)
        return refuse(IssueType::too_costly, "the Bundle has too many entries", "Bundle.entry");
    view.entries.reserve(entries.size());
    for (const auto item : entries.items()) {
        EntryReader reader{view.entries.size(), item, limits};
        auto read = reader.read();
        if (!read && view.type == BundleType::transaction) return tl::unexpected(std::move(read).error());
        view.entries.push_back(reader.finish());
        if (!read) view.entries.back().issue = std::move(read).error();
    }
    if (view.type == BundleType::transaction) TRY(refuse_overlaps(view));
    return view;
}

std::vector<std::size_t> transaction_order(const BundleView& bundle) {
    std::vector<std::size_t> order(bundle.entries.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return rank_of(bundle.entries[a].method) < rank_of(bundle.entries[b].method);
    });
    return order;
}

}   // namespace ward::fhir
