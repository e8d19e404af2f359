// SPDX-License-Identifier: Apache-2.0
// A small hospital for tests: a real ward-keys server on a thread, a vault in a scratch folder, and a clock
// that tests move. Requests go through Dispatch, as the HTTP layer's do.
#pragma once

#include <functional>
#include <future>
#include <gtest/gtest.h>
#include <memory>
#include <string>
#include <sys/eventfd.h>
#include <thread>
#include <unistd.h>

#include "core/scratch_folder.hpp"
#include "keys/server.hpp"
#include "vault/charts.hpp"
#include "vault/dispatch.hpp"
#include "vault/startup.hpp"
#include "vault/verify.hpp"

namespace ward::vault {

/// ward-keys, on a thread of this process.
class KeysThread {
public:
    KeysThread(const std::filesystem::path& directory, const Clock& clock, keys::UnwrapLimits limits = {})
        : stop_(::eventfd(0, EFD_CLOEXEC)) {
        auto keeper = keys::Keeper::open({directory, limits, {1, 8}}, clock.now());
        WARD_ASSERT(keeper.has_value());
        keeper_ = std::make_unique<keys::Keeper>(*std::move(keeper));
        const auto passphrase = crypto::SecretBytes::copy_of(as_bytes("correct horse battery staple"));
        WARD_ASSERT(
            keeper_->unseal(*passphrase, keys::Keeper::KeyFile::made_if_nothing_is_wrapped).has_value());
        auto server =
            keys::Server::listen(*keeper_, clock, {keys::KeyPaths{directory}.socket(), ::geteuid()});
        WARD_ASSERT(server.has_value());
        thread_ = std::jthread{[this, server = std::make_shared<keys::Server>(*std::move(server))] {
            WARD_ASSERT(server->run(stop_).has_value());
        }};
    }
    ~KeysThread() {
        const std::uint64_t one = 1;
        WARD_ASSERT(::write(stop_, &one, sizeof(one)) == sizeof(one));
        thread_.join();
        ::close(stop_);
    }
    KeysThread(const KeysThread&) = delete;
    KeysThread& operator=(const KeysThread&) = delete;

private:
    int stop_;
    std::unique_ptr<keys::Keeper> keeper_;
    std::jthread thread_;
};

/// The start of all test clocks: 2026-11-22T09:00:00Z.
inline constexpr Time test_start =
    std::chrono::sys_days{std::chrono::year{2026} / 11 / 22} + std::chrono::hours{9};

class Hospital {
public:
    explicit Hospital(keys::UnwrapLimits limits = {})
        : keys_thread_(std::make_unique<KeysThread>(folder_.path(), clock_, limits)),
          keys_(paths().keys().socket()) {
        open();
    }

    VaultPaths paths() const { return VaultPaths{folder_.path()}; }
    ManualClock& clock() { return clock_; }
    Vault& vault() { return *vault_; }
    keys::Client& keys() { return keys_; }

    /// Stops the vault; its files can be looked at, or altered.
    void close() {
        dispatch_.reset();
        vault_.reset();
    }
    Result<> try_open() {
        const auto key = TRY(keys_.public_keys()).ledger;
        const auto origin = TRY(ledger_identity(paths(), "hospital.example", key));
        vault_ = TRY(
            Vault::open({folder_.path(), origin, "https://ward.example/fhir", violation_, facility_index_},
                        keys_, clock_));
        dispatch_ = std::make_unique<Dispatch>(*vault_, origin);
        return {};
    }
    void open() {
        const auto opened = try_open();
        WARD_ASSERT(opened.has_value());
    }

    /// What the vault answers. `path` is below the base and may have a query.
    http::Response ask(http::Method method, std::string_view path, const std::string& body = {},
                       const std::vector<http::Header>& headers = {}) {
        AskView ask;
        ask.method = method;
        ask.path = path.substr(0, path.find('?'));
        if (const auto query = path.find('?'); query != std::string_view::npos)
            ask.parameters = parse_form(path.substr(query + 1)).value();
        for (const auto& header : headers) {
            if (header.name == "If-Match") ask.if_match = header.value;
            if (header.name == "If-None-Match") ask.if_none_match = header.value;
            if (header.name == "If-None-Exist") ask.if_none_exist = header.value;
            if (header.name == "Prefer") ask.prefer = parse_preferences(header.value);
        }
        const auto document =
            json::Document::parse(body.empty() ? "null" : body, {.bytes_max = BodyLimits{}.json_bytes_max});
        const auto is_type = [](const http::Header& header) { return header.name == "Content-Type"; };
        const auto type = std::ranges::find_if(headers, is_type);
        const bool is_patch = type != headers.end() && type->value == "application/json-patch+json";
        (is_patch ? ask.patch : ask.resource) = document->root();
        const auto caller = this->caller();
        std::promise<http::Response> promise;
        dispatch_->perform(caller, ask,
                           [&promise](http::Response response) { promise.set_value(std::move(response)); });
        return promise.get_future().get();
    }
    http::Response get(std::string_view path) { return ask(http::Method::get, path); }
    http::Response post(std::string_view path, const std::string& body) {
        return ask(http::Method::post, path, body);
    }
    http::Response put(std::string_view path, const std::string& body) {
        return ask(http::Method::put, path, body);
    }
    http::Response patch(std::string_view path, const std::string& operations,
                         std::vector<http::Header> headers = {}) {
        headers.push_back({"Content-Type", "application/json-patch+json"});
        return ask(http::Method::patch, path, operations, headers);
    }
    http::Response remove(std::string_view path) { return ask(http::Method::del, path); }

    void set_violation(OnViolation violation) { violation_ = violation; }
    /// From the next open() on.
    void set_facility_index(std::vector<std::string> names) { facility_index_ = std::move(names); }
    void set_user(std::string user) { user_ = std::move(user); }
    void set_scope(std::string scope, std::string patient = {}) {
        scope_ = std::move(scope);
        patient_ = std::move(patient);
    }

    /// From now on the rules of the house count, for this caller: none of a policy if it is null.
    void set_house(std::shared_ptr<const policy::Policy> policy, policy::Actor actor) {
        house_ = {std::move(policy), std::move(actor)};
    }
    void set_no_house() { house_.reset(); }
    /// What is looked up in charts for the rules of the house may fail.
    void alter_questions(std::function<void(ChartQuestions&)> alter) { alter_questions_ = std::move(alter); }
    Caller caller() {
        Caller caller{user_, "tests", "192.0.2.7", {parse_scopes(scope_).value(), patient_}, clock_.now()};
        if (!house_) return caller;
        const auto& [policy, actor] = *house_;
        caller.user_id = actor.user;
        caller.client_id = actor.client;
        caller.purpose = actor.purpose;
        auto questions = questions_to(*vault_, actor, clock_.now());
        if (alter_questions_) alter_questions_(questions);
        auto rules = std::make_shared<HouseRules>(policy, actor, std::move(questions), clock_.now());
        caller.sight = Sight{parse_scopes(scope_).value(), patient_, std::move(rules)};
        return caller;
    }

    Result<VerifyReport> verify() { return vault::verify(paths(), {}); }

private:
    ScratchFolder folder_;
    ManualClock clock_{test_start};
    std::unique_ptr<KeysThread> keys_thread_;
    keys::Client keys_;
    std::unique_ptr<Vault> vault_;
    std::unique_ptr<Dispatch> dispatch_;
    OnViolation violation_ = OnViolation::refuse;
    std::vector<std::string> facility_index_;
    std::string user_ = "dr.who";
    std::string scope_ = "system/*.cruds";
    std::string patient_;
    std::optional<std::pair<std::shared_ptr<const policy::Policy>, policy::Actor>> house_;
    std::function<void(ChartQuestions&)> alter_questions_;
};

/// The ids of a searchset's entries, in its order.
inline std::vector<std::string> ids_in(const http::Response& response) {
    std::vector<std::string> ids;
    const auto bundle = json::Document::parse(response.body);
    for (const auto entry : (*bundle)["entry"].items()) ids.emplace_back(entry["resource"]["id"].text());
    return ids;
}

/// Something of a JSON text, such as text_at(body, {"issue", "0", ...}) without the effort.
inline std::string member(const http::Response& response, std::string_view name) {
    return std::string{(*json::Document::parse(response.body))[name].text()};
}

}   // namespace ward::vault
