// SPDX-License-Identifier: Apache-2.0
#include "vault/patching.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "vault/hospital_test.hpp"

namespace ward::vault {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const std::string weight = R"({"resourceType":"Observation","id":"o1","status":"preliminary",
  "code":{"text":"weight"},"subject":{"reference":"Patient/p1"},
  "valueQuantity":{"value":72.50,"unit":"kg"}})";

TEST(Patch, ChangesOnlyWhatItSays) {
    Hospital hospital;
    hospital.put("Observation/o1", weight);
    const auto patched = hospital.patch("Observation/o1", R"([
        {"op":"test","path":"/status","value":"preliminary"},
        {"op":"replace","path":"/status","value":"final"},
        {"op":"add","path":"/note","value":[{"text":"weighed again"}]}])");
    EXPECT_EQ(patched.status, 200);
    EXPECT_EQ(patched.header("ETag"), "W/\"2\"");
    const auto read = hospital.get("Observation/o1");
    EXPECT_EQ(read.body, patched.body);
    EXPECT_THAT(read.body, HasSubstr(R"("versionId":"2")"));
    EXPECT_THAT(read.body, HasSubstr(R"("status":"final")"));
    EXPECT_THAT(read.body, HasSubstr(R"("value":72.50)"));
    EXPECT_THAT(read.body, HasSubstr("weighed again"));
    EXPECT_EQ(ids_in(hospital.get("Observation?patient=p1&status=final")).size(), 1u) << "it is indexed anew";
}

TEST(Patch, WhoseTestDoesNotHoldIsUnprocessable) {
    Hospital hospital;
    hospital.put("Observation/o1", weight);
    const auto refused =
        hospital.patch("Observation/o1", R"([{"op":"replace","path":"/status","value":"final"},
                                             {"op":"test","path":"/code/text","value":"height"}])");
    EXPECT_EQ(refused.status, 422);
    EXPECT_THAT(refused.body, HasSubstr("operation 1 (test)"));
    EXPECT_THAT(refused.body, Not(HasSubstr("weight")));
    EXPECT_EQ(hospital.get("Observation/o1").header("ETag"), "W/\"1\"");
}

TEST(Patch, IsRefusedWhereItLeadsNowhereOrIsNone) {
    Hospital hospital;
    hospital.put("Observation/o1", weight);
    EXPECT_EQ(hospital.patch("Observation/o1", R"([{"op":"remove","path":"/note/0"}])").status, 422);
    EXPECT_EQ(hospital.patch("Observation/o1", R"([{"op":"spam","path":"/note"}])").status, 400);
    EXPECT_EQ(hospital.patch("Observation/o1", R"({"resourceType":"Parameters"})").status, 400);
    const auto other = hospital.ask(http::Method::patch, "Observation/o1", weight);
    EXPECT_EQ(other.status, 415) << "a body of another media type is no patch";
    EXPECT_EQ(other.header("Accept-Patch"), "application/json-patch+json");
    EXPECT_EQ(hospital.patch("Observation/o2", R"([{"op":"remove","path":"/note"}])").status, 404);
    hospital.remove("Observation/o1");
    EXPECT_EQ(hospital.patch("Observation/o1", "[]").status, 410);
}

TEST(Patch, ChangesNeitherTypeNorIdAndNoAuditEvent) {
    Hospital hospital;
    hospital.put("Observation/o1", weight);
    EXPECT_EQ(hospital.patch("Observation/o1", R"([{"op":"replace","path":"/id","value":"o2"}])").status,
              422);
    EXPECT_EQ(hospital.patch("Observation/o1", R"([{"op":"replace","path":"/resourceType","value":"Basic"}])")
                  .status,
              422);
    EXPECT_EQ(hospital.patch("Observation/o1", R"([{"op":"replace","path":"","value":7}])").status, 422);
    const auto trail = ids_in(hospital.get("AuditEvent?patient=p1"));
    ASSERT_FALSE(trail.empty());
    EXPECT_EQ(hospital.patch("AuditEvent/" + trail.front(), R"([{"op":"remove","path":"/agent"}])").status,
              422);
}

TEST(Patch, ReplacesOnlyTheVersionThatItNames) {
    Hospital hospital;
    hospital.put("Observation/o1", weight);
    const std::string finalise = R"([{"op":"replace","path":"/status","value":"final"}])";
    EXPECT_EQ(hospital.patch("Observation/o1", finalise, {{"If-Match", "W/\"1\""}}).status, 200);
    EXPECT_EQ(hospital.patch("Observation/o1", finalise, {{"If-Match", "W/\"1\""}}).status, 412);
}

TEST(Patch, NeedsTheRightToReadWhatItTests) {
    Hospital hospital;
    hospital.put("Observation/o1", weight);
    hospital.set_scope("system/*.u");
    EXPECT_EQ(hospital.patch("Observation/o1", "[]").status, 403);
    hospital.set_scope("system/*.r");
    EXPECT_EQ(hospital.patch("Observation/o1", "[]").status, 403);
    hospital.set_scope("system/*.ru");
    EXPECT_EQ(hospital.patch("Observation/o1", "[]").status, 200);
    EXPECT_EQ(hospital.patch("Observation?patient=p1", "[]").status, 403) << "a condition needs a search";
}

TEST(Patch, ManyAtOnceAllCount) {
    Hospital hospital;
    hospital.put("Observation/o1", weight);
    hospital.patch("Observation/o1", R"([{"op":"add","path":"/note","value":[]}])");
    {
        std::vector<std::jthread> clients;
        for (int i = 0; i < 6; ++i)
            clients.emplace_back([&] {
                EXPECT_EQ(
                    hospital
                        .patch("Observation/o1", R"([{"op":"add","path":"/note/-","value":{"text":"x"}}])")
                        .status,
                    200);
            });
    }
    const auto read = json::Document::parse(hospital.get("Observation/o1").body);
    EXPECT_EQ((*read)["note"].size(), 6u);
}

std::string patch_entry(std::string_view url, std::string_view operations) {
    return fmt::format(R"({{"resource":{{"resourceType":"Binary","contentType":"application/json-patch+json",
        "data":"{}"}},"request":{{"method":"PATCH","url":"{}"}}}})",
                       to_base64(as_bytes(operations)), url);
}

TEST(Patch, IsABinaryInATransactionAndABatch) {
    Hospital hospital;
    hospital.put("Observation/o1", weight);
    const auto entry = patch_entry("Observation/o1", R"([{"op":"replace","path":"/status","value":"final"},
            {"op":"add","path":"/performer","value":[
              {"reference":"urn:uuid:6b5ae6a1-0f5b-4b0c-8b6e-4f8d8e6a7b11"}]}])");
    const std::string practitioner =
        R"({"fullUrl":"urn:uuid:6b5ae6a1-0f5b-4b0c-8b6e-4f8d8e6a7b11",
            "resource":{"resourceType":"Practitioner"},
            "request":{"method":"POST","url":"Practitioner"}})";
    const auto done =
        hospital.post("", fmt::format(R"({{"resourceType":"Bundle","type":"transaction","entry":[{},{}]}})",
                                      entry, practitioner));
    EXPECT_EQ(done.status, 200) << done.body;
    EXPECT_THAT(done.body, HasSubstr("Observation/o1/_history/2"));
    const auto read = hospital.get("Observation/o1").body;
    EXPECT_THAT(read, HasSubstr(R"("status":"final")"));
    EXPECT_THAT(read, HasSubstr(R"("performer":[{"reference":"Practitioner/)")) << "its links are mapped";

    const auto batch = hospital.post(
        "", fmt::format(R"({{"resourceType":"Bundle","type":"batch","entry":[{},{}]}})",
                        patch_entry("Observation/o1", R"([{"op":"remove","path":"/performer"}])"),
                        patch_entry("Observation/o1", R"([{"op":"remove","path":"/performer"}])")));
    EXPECT_THAT(batch.body, HasSubstr(R"("etag":"W/\"3\"")"));
    EXPECT_THAT(batch.body, HasSubstr("422"));
}

TEST(Patch, ThatFailsUndoesItsTransaction) {
    Hospital hospital;
    hospital.put("Observation/o1", weight);
    const auto done = hospital.post(
        "",
        fmt::format(R"({{"resourceType":"Bundle","type":"transaction","entry":[{},
            {{"resource":{{"resourceType":"Patient","id":"p9"}},
             "request":{{"method":"PUT","url":"Patient/p9"}}}}]}})",
                    patch_entry("Observation/o1", R"([{"op":"test","path":"/status","value":"final"}])")));
    EXPECT_EQ(done.status, 422) << done.body;
    EXPECT_EQ(hospital.get("Patient/p9").status, 404);
}

}   // namespace
}   // namespace ward::vault
