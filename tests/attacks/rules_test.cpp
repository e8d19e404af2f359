// SPDX-License-Identifier: Apache-2.0
// Who may, as operators see it: `ward policy`, `ward glass` and `ward grant` on a Ward that runs.
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/scratch_folder.hpp"
#include "tests/attacks/attack.hpp"
#include "tests/running_ward.hpp"

namespace ward::attacks {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr auto rules = R"(ward policy 1
relation in-care is Encounter?participant={me}&status=in-progress
role physician may read, search everything of patients in-care for TREAT
role physician may break the glass for BTG during 60 minutes with review within 24 hours
role privacy-officer may review broken glass
role registrar may read, search, create, update everything of any patient
role registrar may read, search, create, update everything of no patient
role registry may export everything of any patient for PUBHLTH
)";

class Rules : public testing::Test {
protected:
    Rules() { std::ofstream{folder_ / "policy"} << rules; }

    /// `ward WORDS`, on no data directory.
    Ran say(std::vector<std::string> words) const {
        words.insert(words.begin(), (programs_folder() / "ward").string());
        return Program{words, folder_ / "log"}.finish();
    }
    std::string policy() const { return (folder_ / "policy").string(); }
    std::string log() const { return read_whole(folder_ / "log"); }

    const ScratchFolder folder_;
};

TEST_F(Rules, APolicyIsCheckedAndExplained) {
    EXPECT_THAT(say({"policy", "check", policy()}).output, HasSubstr("rules 4, relations 1"));
    const auto ask = [&](std::vector<std::string> more) {
        more.insert(more.begin(), {"policy", "explain", policy(), "--type", "Observation"});
        return say(more);
    };
    EXPECT_THAT(ask({"--role", "physician", "--purpose", "TREAT"}).output,
                StartsWith("line 3: role physician"));
    const auto no_purpose = ask({"--role", "physician"});
    EXPECT_EQ(no_purpose.exit, 1);
    EXPECT_THAT(no_purpose.output, HasSubstr("with --purpose TREAT line 3 would"));
    EXPECT_THAT(ask({"--role", "physican"}).output, HasSubstr("no rule speaks of the role physican"));
    EXPECT_THAT(ask({"--role", "privacy-officer"}).output, Not(HasSubstr("no rule speaks")));
    EXPECT_EQ(ask({"--role", "physician", "--purpose", "TRAET"}).exit, 1);
    EXPECT_THAT(log(), HasSubstr("--purpose TRAET: no code"));
    std::ofstream{folder_ / "policy", std::ios::app} << "role nurse may red Observation of any patient\n";
    EXPECT_EQ(say({"policy", "check", policy()}).exit, 1);
    EXPECT_THAT(log(), HasSubstr("line 9: expected read, search,"));
}

/// A Ward under that policy.
class RunningRules : public Rules {
protected:
    void SetUp() override {
        make_cheap_key_file(folder_ / "ward");
        std::ofstream{folder_ / "ward.toml"}
            << fmt::format("[access]\npolicy_file = \"{}\"\n[keys]\n{}", policy(), key_settings());
        auto started = RunningWard::start({.programs = programs_folder(),
                                           .folder = folder_ / "ward",
                                           .log = folder_ / "log",
                                           .arguments = {"--config", (folder_ / "ward.toml").string()}});
        ASSERT_TRUE(started) << started.error().what << log();
        ward_ = *std::move(started);
    }

    virtual std::string key_settings() const { return {}; }

    /// As the user of this role.
    http::Response ask(const std::string& role, const std::string& purpose, http::Method method,
                       const std::string& path, const std::string& body = {},
                       std::vector<http::Header> headers = {}) {
        auto token =
            ward_->run({"token", "--scope", "user/*.cruds system/*.r", "--user", "u-" + role, "--role", role,
                        "--fhir-user", "Practitioner/" + role, "--purpose", purpose});
        while (token.output.ends_with('\n')) token.output.pop_back();
        auto client = ward_->connect();
        return RunningWard::send(*client, token.output, method, path, body, std::move(headers)).value();
    }
    static std::string parameters(std::string_view parts) {
        return fmt::format(R"({{"resourceType":"Parameters","parameter":[{}]}})", parts);
    }

    std::unique_ptr<RunningWard> ward_;
};

TEST_F(RunningRules, GlassIsBrokenListedAndReviewed) {
    using enum http::Method;
    ASSERT_EQ(ask("registrar", "TREAT", put, "/Patient/p1", R"({"resourceType":"Patient","id":"p1"})").status,
              201);
    EXPECT_EQ(ask("physician", "BTG", get, "/Patient/p1").status, 403);
    EXPECT_EQ(ask("physician", "TREAT", get, "/Patient/p1").status, 404);
    const auto broken = ask("physician", "BTG", post, "/Patient/p1/$break-glass",
                            parameters(R"({"name":"purpose","valueCode":"BTG"},
        {"name":"reason","valueString":"unconscious, allergies unknown"})"));
    ASSERT_EQ(broken.status, 201) << broken.body;
    EXPECT_EQ(ask("physician", "BTG", get, "/Patient/p1").status, 200);

    EXPECT_EQ(ward_->run({"glass", "--user", "o.okafor"}).exit, 1);
    EXPECT_THAT(log(), HasSubstr("--role names who reviews broken glass"));
    const auto list = [&] {
        const auto ran = ward_->run({"glass", "--user", "o.okafor", "--role", "privacy-officer"});
        EXPECT_EQ(ran.exit, 0);
        return ran.output;
    };
    EXPECT_THAT(list(), HasSubstr("u-physician  BTG for Patient/p1  review due"));
    EXPECT_THAT(list(), HasSubstr("unconscious, allergies unknown"));
    const auto event = std::string{(*json::Document::parse(broken.body))["id"].text()};
    const auto reviewed = ask("privacy-officer", "TREAT", post, "/AuditEvent/" + event + "/$review",
                              parameters(R"({"name":"finding","valueCode":"appropriate"})"));
    EXPECT_EQ(reviewed.status, 201) << reviewed.body;
    EXPECT_THAT(list(), HasSubstr("review appropriate"));
    EXPECT_THAT(list(), HasSubstr("1 emergency overrides, 0 with an overdue review"));
}

/// What `ward grant` says to whoever has a key of their own.
class RunningGrants : public RunningRules {
protected:
    Ran grant(const std::string& name, std::vector<std::string> words) {
        const auto passphrase = (folder_ / (name + ".pass")).string();
        std::ofstream{passphrase} << name << " has a passphrase\n";
        words.insert(words.begin(), "grant");
        words.insert(words.end(), {"--as", name, "--key", key_of(name), "--passphrase-file", passphrase});
        return ward_->run(words);
    }
    std::string key_of(const std::string& name) const { return (folder_ / (name + ".key")).string(); }
    Ran enroll(const std::string& name) {
        return grant(name, {"enroll", "--ward-passphrase-file", (folder_ / "ward" / "passphrase").string()});
    }
    Ran request(const std::string& name) {
        return grant(name, {"request", "--user", "u-registry", "--charts", "5", "--hours", "1", "--reason",
                            "a transfer"});
    }
};

TEST_F(RunningGrants, SomebodyNewIsRefusedAndToldWhy) {
    EXPECT_EQ(grant("amal", {"enroll", "--ward-passphrase-file", policy()}).exit, 1);
    EXPECT_THAT(log(), HasSubstr("the passphrase is not that of Ward"));
    EXPECT_FALSE(std::filesystem::exists(key_of("amal"))) << "it would be nobody's";
}

TEST_F(RunningGrants, WaitForPeopleWhoAreKnownForADay) {
    ASSERT_EQ(enroll("amal").exit, 0) << log();
    const auto made = read_whole(key_of("amal"));
    EXPECT_EQ(enroll("amal").exit, 1);
    EXPECT_EQ(read_whole(key_of("amal")), made) << "a key that is there is kept";
    EXPECT_EQ(request("amal").exit, 1);
    EXPECT_THAT(log(), HasSubstr("'amal' must have been enrolled with this key, and for a day"));
    EXPECT_THAT(ward_->run({"grant", "list"}).output, HasSubstr("no grant waits or is active"));
    ward_->stop();
    EXPECT_EQ(ward_->run({"grant", "list"}).exit, 1);
    EXPECT_THAT(log(), HasSubstr("start it with: ward run"));
}

/// Operators sign at once.
class RunningExports : public RunningGrants {
protected:
    std::string key_settings() const override { return "operator_wait_hours = 0\n"; }
    void store(const std::string& path, const std::string& members) {
        const auto slash = path.find('/');
        const auto body = fmt::format(R"({{"resourceType":"{}","id":"{}"{}}})", path.substr(0, slash),
                                      path.substr(slash + 1), members);
        EXPECT_EQ(ask("registrar", "TREAT", http::Method::put, "/" + path, body).status, 201) << path;
    }
    http::Response start() {
        return ask("registry", "PUBHLTH", http::Method::get, "/Patient/$export?_type=Patient", {},
                   {{"Prefer", "respond-async"}});
    }
    http::Response fetch(std::string_view url) {
        return ask("registry", "PUBHLTH", http::Method::get, std::string{url.substr(url.find("/_export/"))});
    }
};

TEST_F(RunningExports, OpenWhatTwoPeopleAllowedButNotWhoDenied) {
    for (const auto* id : {"p1", "p2", "p3"}) store(fmt::format("Patient/{}", id), "");
    store("Consent/c1", R"(,"status":"active","scope":{"coding":[{"code":"patient-privacy"}]},
        "category":[{"text":"privacy"}],"patient":{"reference":"Patient/p1"},
        "provision":{"type":"deny","action":[{"coding":[{"code":"disclose"}]}]})");
    ward_->stop();
    ASSERT_TRUE(ward_->begin_again());   // no chart is open
    EXPECT_EQ(ask("registrar", "TREAT", http::Method::get, "/Patient/p1").status, 200) << "care goes on";

    ASSERT_EQ(enroll("amal").exit, 0) << log();
    ASSERT_EQ(enroll("bruno").exit, 0) << log();
    EXPECT_EQ(start().status, 403);
    auto id = request("amal").output;
    while (id.ends_with('\n')) id.pop_back();
    EXPECT_EQ(grant("amal", {"approve", id}).exit, 1) << "it takes two";
    EXPECT_EQ(start().status, 403);
    EXPECT_THAT(grant("bruno", {"approve", id}).output, HasSubstr("approved"));
    EXPECT_EQ(
        ask("registrar", "TREAT", http::Method::get, "/Patient/$export", {}, {{"Prefer", "respond-async"}})
            .status,
        403)
        << "who may read may not export";

    const auto started = start();
    ASSERT_EQ(started.status, 202) << started.body;
    auto done = fetch(started.header("Content-Location"));
    while (done.status == 202) done = fetch(started.header("Content-Location"));
    ASSERT_EQ(done.status, 200) << done.body;
    const auto manifest = json::Document::parse(done.body);
    ASSERT_EQ((*manifest)["output"].size(), 1u);
    const auto file = fetch((*manifest)["output"].items().begin().operator*()["url"].text()).body;
    EXPECT_THAT(file, HasSubstr(R"("id":"p2")"));
    EXPECT_THAT(file, HasSubstr(R"("id":"p3")"));
    EXPECT_THAT(file, Not(HasSubstr(R"("id":"p1")")));
    EXPECT_THAT(grant("bruno", {"end", id}).output, HasSubstr("3 opened"));
    EXPECT_EQ(start().status, 403);
}

}   // namespace
}   // namespace ward::attacks
