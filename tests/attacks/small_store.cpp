// SPDX-License-Identifier: Apache-2.0
#include "tests/attacks/small_store.hpp"

#include <fmt/format.h>
#include <future>
#include <sys/eventfd.h>
#include <unistd.h>

#include "core/assert.hpp"
#include "vault/scope.hpp"
#include "vault/startup.hpp"

namespace ward::attacks {
namespace {

namespace fs = std::filesystem;

constexpr Time noon = std::chrono::sys_days{std::chrono::year{2026} / 3 / 4} + std::chrono::hours{12};

std::string patient(std::string_view id, int turn) {
    return fmt::format(R"({{"resourceType":"Patient","id":"{0}","birthDate":"19{1}-03-09",)"
                       R"("identifier":[{{"system":"urn:example:mrn","value":"MRN-{0}"}}],)"
                       R"("name":[{{"family":"Invented","given":["{0}"]}}]}})",
                       id, 50 + turn);
}

std::string observation(std::string_view id, std::string_view patient, int turn) {
    return fmt::format(
        R"({{"resourceType":"Observation","id":"{}","status":"final","code":{{"coding":[{{"system":)"
        R"("http://loinc.org","code":"2339-0"}}]}},"subject":{{"reference":"Patient/{}"}},)"
        R"("effectiveDateTime":"2026-03-04T05:06:{:02}Z","valueQuantity":{{"value":{}}}}})",
        id, patient, turn, turn);
}

/// Stores, and notes what must be read from now on.
class Writer {
public:
    Writer(OpenedStore& store, std::vector<KnownAnswer>& answers) : store_(store), answers_(answers) {}

    void put(const std::string& path, const std::string& body) {
        const auto stored = store_.ask(http::Method::put, path, body);
        WARD_ASSERT(stored.status == 200 || stored.status == 201);
        note({path, 200, stored.body}, stored.header("ETag"));
    }
    void remove(const std::string& path) {
        const auto removed = store_.ask(http::Method::del, path);
        WARD_ASSERT(removed.status == 204);
        note({path, 410, store_.ask(http::Method::get, path).body}, removed.header("ETag"));
    }

private:
    void note(KnownAnswer answer, std::string_view etag) {
        const auto version = etag.substr(3, etag.size() - 4);   // W/"1"
        std::erase_if(answers_, [&](const KnownAnswer& known) { return known.path == answer.path; });
        answers_.push_back(answer);
        answer.path += fmt::format("/_history/{}", version);
        answers_.push_back(std::move(answer));
    }

    OpenedStore& store_;
    std::vector<KnownAnswer>& answers_;
};

void fill(Writer& writer, int first, int last, int turn) {
    for (int i = first; i < last; ++i) {
        const auto id = fmt::format("p{}", i);
        writer.put("Patient/" + id, patient(id, turn));
        for (int k = 0; k < 3; ++k) {
            const auto observed = fmt::format("{}-o{}", id, k);
            writer.put("Observation/" + observed, observation(observed, id, turn * 3 + k));
        }
    }
    writer.put("Practitioner/dr",
               R"({"resourceType":"Practitioner","id":"dr","name":[{"family":"Invented"}]})");
    writer.remove(fmt::format("Observation/p{}-o0", first));
}

void copy_store(const fs::path& source, const fs::path& target) {
    fs::copy(source, target, fs::copy_options::recursive);
    fs::remove_all(target / "run");
}

}   // namespace

OpenedStore::OpenedStore(fs::path directory)
    : directory_(std::move(directory)), clock_(noon), stop_(::eventfd(0, EFD_CLOEXEC)) {}

OpenedStore::~OpenedStore() {
    dispatch_.reset();
    vault_.reset();
    WARD_ASSERT(::eventfd_write(stop_.get(), 1) == 0);
}

Result<std::unique_ptr<OpenedStore>> OpenedStore::open(const fs::path& directory,
                                                       vault::OnViolation violation) {
    auto store = std::make_unique<OpenedStore>(directory);
    TRY(store->open_parts(violation));
    return store;
}

Result<> OpenedStore::open_parts(vault::OnViolation violation) {
    const vault::VaultPaths paths{directory_};
    auto keeper = TRY(keys::Keeper::open({directory_, {}, {1, 8}}, clock_.now()));
    keeper_ = std::make_unique<keys::Keeper>(std::move(keeper));
    const auto passphrase = TRY(crypto::SecretBytes::copy_of(as_bytes("correct horse battery staple")));
    TRY(keeper_->unseal(passphrase, keys::Keeper::KeyFile::made_if_nothing_is_wrapped));
    server_ = std::make_unique<keys::Server>(
        TRY(keys::Server::listen(*keeper_, clock_, {paths.keys().socket(), ::geteuid()})));
    serving_ = std::jthread{[this] { WARD_ASSERT(server_->run(stop_.get()).has_value()); }};
    keys_.emplace(paths.keys().socket());
    const auto key = TRY(keys_->public_keys()).ledger;
    const auto origin = TRY(vault::ledger_identity(paths, "hospital.example", key));
    vault_ =
        TRY(vault::Vault::open({directory_, origin, "https://ward.example/fhir", violation}, *keys_, clock_));
    dispatch_ = std::make_unique<vault::Dispatch>(*vault_, origin);
    return {};
}

http::Response OpenedStore::ask(http::Method method, std::string_view path, const std::string& body) {
    const auto document = json::Document::parse(body.empty() ? "null" : body);
    vault::AskView ask;
    ask.method = method;
    ask.path = path;
    ask.resource = document->root();
    const vault::Caller caller{"dr.who", "tests", "192.0.2.7",
                               vault::Sight{vault::parse_scopes("system/*.cruds").value()}, clock_.now()};
    std::promise<http::Response> promise;
    dispatch_->perform(caller, ask, [&](http::Response answer) { promise.set_value(std::move(answer)); });
    return promise.get_future().get();
}

SmallStore::SmallStore(fs::path folder) : folder_(std::move(folder)) {
    {
        auto opened = OpenedStore::open(now());
        WARD_ASSERT(opened.has_value());
        Writer writer{**opened, answers_};
        fill(writer, 0, 5, 0);
        fill(writer, 0, 2, 1);
        const auto known = answers_;   // entries of the audit trail fill the ledger's first tile
        for (int round = 0; round < 3; ++round)
            for (const auto& answer : known) (*opened)->ask(http::Method::get, answer.path);
    }
    copy_store(now(), yesterday());
    {
        auto opened = OpenedStore::open(now());
        WARD_ASSERT(opened.has_value());
        Writer writer{**opened, answers_};
        fill(writer, 4, 7, 2);
    }
    fs::remove_all(now() / "run");
}

}   // namespace ward::attacks
