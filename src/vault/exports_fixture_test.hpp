// SPDX-License-Identifier: Apache-2.0
// A hospital with three patients, a group, and two operators who sign grants.
#pragma once

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "crypto/random.hpp"
#include "vault/hospital_test.hpp"

namespace ward::vault {

class ExportsTest : public testing::Test {
protected:
    explicit ExportsTest(keys::UnwrapLimits limits = {}) : hospital_(limits) {}

    void SetUp() override {
        for (const auto* const name : {"amal", "bruno"}) {
            auto& key = keys_.emplace(name, crypto::SigningKey::generate().value()).first->second;
            const auto message = keys::signed_message(keys::GrantAct::enroll, name);
            const auto passphrase = crypto::SecretBytes::copy_of(as_bytes("correct horse battery staple"));
            ASSERT_TRUE(
                hospital_.keys().enroll({name, key.public_key(), key.sign(as_bytes(message))}, *passphrase));
        }
        hospital_.clock().advance(std::chrono::hours{24});
        for (const auto* const id : {"p1", "p2", "p3"}) {
            hospital_.put(fmt::format("Patient/{}", id),
                          fmt::format(R"({{"resourceType":"Patient","id":"{}"}})", id));
            hospital_.put(fmt::format("Observation/o-{}", id),
                          fmt::format(R"({{"resourceType":"Observation","id":"o-{0}","status":"final",
                              "code":{{"text":"x"}},"subject":{{"reference":"Patient/{0}"}},
                              "valueQuantity":{{"value":7.50}}}})",
                                      id));
        }
        hospital_.put("Organization/org", R"({"resourceType":"Organization","id":"org","name":"x"})");
        hospital_.put("Group/g1",
                      R"({"resourceType":"Group","id":"g1","type":"person","actual":true,"member":[
            {"entity":{"reference":"Patient/p1"}},{"entity":{"reference":"Patient/p2"},"inactive":true},
            {"entity":{"reference":"https://ward.example/fhir/Patient/p3"}}]})");
        hospital_.set_scope("system/*.rs");
    }

    void sign(keys::GrantAct act, const std::string& name, const std::string& text) {
        const auto signature = keys_.at(name).sign(as_bytes(keys::signed_message(act, text)));
        ASSERT_TRUE(hospital_.keys().act_on_grant({act, name, text, signature}));
    }
    std::string request_grant(std::int64_t owners = 100) {
        const auto text = keys::grant_text({.id = crypto::random_array<16>(),
                                            .user = "dr.who",
                                            .owners = owners,
                                            .lasting = std::chrono::hours{2},
                                            .reason = "A transfer"});
        sign(keys::GrantAct::request, "amal", text);
        return text;
    }
    std::string grant(std::int64_t owners = 100) {
        const auto text = request_grant(owners);
        sign(keys::GrantAct::approve, "bruno", text);
        return text;
    }

    /// From now on `dr.who` is under these rules; none: under consents alone.
    void keep_house(std::string_view rules) {
        std::shared_ptr<const policy::Policy> policy;
        if (!rules.empty())
            policy = std::make_shared<const policy::Policy>(
                policy::Policy::parse(fmt::format("ward policy 1\n{}", rules)).value());
        hospital_.set_house(policy, {.user = "dr.who",
                                     .client = "registry",
                                     .fhir_user = "Practitioner/who",
                                     .patient = {},
                                     .roles = {"registrar"},
                                     .purpose = "PUBHLTH"});
    }
    void consent(std::string_view patient, std::string_view provision) {
        hospital_.set_scope("system/*.cruds");
        const auto stored =
            hospital_.put(fmt::format("Consent/c-{}", patient),
                          fmt::format(R"({{"resourceType":"Consent","id":"c-{0}","status":"active",
                "scope":{{"coding":[{{"code":"patient-privacy"}}]}},"category":[{{"text":"privacy"}}],
                "patient":{{"reference":"Patient/{0}"}},"provision":{1}}})",
                                      patient, provision));
        ASSERT_EQ(stored.status, 201) << stored.body;
        hospital_.set_scope("system/*.rs");
    }

    http::Response start(const std::string& path) {
        return hospital_.ask(http::Method::get, path, {}, {{"Prefer", "respond-async"}});
    }
    /// The statuses of what is asked in one batch.
    std::vector<std::string> in_batch(const std::vector<std::string>& urls) {
        std::string entries;
        for (const auto& url : urls)
            entries += fmt::format(R"({}{{"request":{{"method":"GET","url":"{}"}}}})",
                                   entries.empty() ? "" : ",", url);
        const auto done =
            hospital_.ask(http::Method::post, "",
                          fmt::format(R"({{"resourceType":"Bundle","type":"batch","entry":[{}]}})", entries),
                          {{"Prefer", "respond-async"}});
        const auto answer = json::Document::parse(done.body);
        std::vector<std::string> statuses;
        for (const auto entry : (*answer)["entry"].items())
            statuses.emplace_back(entry["response"]["status"].text().substr(0, 3));
        return statuses;
    }
    static std::string path_of(std::string_view url) {
        return std::string{url.substr(std::string_view{"https://ward.example/fhir/"}.size())};
    }
    /// What becomes of an export: its status once it is not being planned any more.
    http::Response completed(const http::Response& started) {
        EXPECT_EQ(started.status, 202) << started.body;
        const auto place = path_of(started.header("Content-Location"));
        for (;;) {
            auto status = hospital_.get(place);
            if (status.status != 202) return status;
            EXPECT_THAT(status.header("X-Progress"), testing::Not(testing::IsEmpty()));
            EXPECT_THAT(status.header("Retry-After"), testing::Not(testing::IsEmpty()));
            std::this_thread::yield();
        }
    }
    std::vector<std::string> files(const http::Response& completed) {
        EXPECT_EQ(completed.status, 200) << completed.body;
        const auto manifest = json::Document::parse(completed.body);
        std::vector<std::string> urls;
        for (const auto output : (*manifest)["output"].items()) urls.push_back(path_of(output["url"].text()));
        return urls;
    }
    /// "Type/id" of each line of all files.
    std::multiset<std::string> exported(const http::Response& completed) {
        std::multiset<std::string> found;
        for (const auto& url : files(completed)) {
            const auto file = hospital_.get(url);
            EXPECT_EQ(file.status, 200) << file.body;
            EXPECT_EQ(file.header("Content-Type"), "application/fhir+ndjson");
            std::istringstream lines{file.body};
            for (std::string line; std::getline(lines, line);) {
                const auto resource = json::Document::parse(line);
                EXPECT_TRUE(resource);
                found.insert(
                    fmt::format("{}/{}", (*resource)["resourceType"].text(), (*resource)["id"].text()));
            }
        }
        return found;
    }

    /// The AuditEvents that there are, newest first, page after page.
    std::string trail() {
        std::string pages;
        for (std::string path = "AuditEvent/_history?_count=100"; !path.empty();) {
            const auto page = hospital_.get(path);
            EXPECT_EQ(page.status, 200) << page.body;
            pages += page.body;
            path.clear();
            const auto bundle = json::Document::parse(page.body);
            for (const auto link : (*bundle)["link"].items())
                if (link["relation"].text() == "next") path = path_of(link["url"].text());
        }
        return pages;
    }

    Hospital hospital_;
    std::map<std::string, crypto::SigningKey> keys_;
};

}   // namespace ward::vault
