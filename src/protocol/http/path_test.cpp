// SPDX-License-Identifier: Apache-2.0
// The names in these paths are invented.
#include "protocol/http/path.hpp"

#include <gtest/gtest.h>

#include "protocol/http/target.hpp"

namespace ward::protocol::http {
namespace {

std::string url_of(std::string_view target) { return template_of(split_target(target)); }
void expect_whole(std::string_view target) { EXPECT_EQ(url_of(target), target); }

TEST(HttpPath, WhatProgramsAreCalledIsTold) {
    for (const auto* path : {"/",
                             "*",
                             "/index.html",
                             "/admin/login.php",
                             "/cgi-bin/setup.cgi",
                             "/.git/config",
                             "/.env",
                             "/Admin/Login.aspx",
                             "/WEB-INF/web.xml",
                             "/wp-login.php",
                             "/api/v1/devices",
                             "/gen.exe",
                             "/scripts/jquery-3.6.0.min.js",
                             "/styles/bootstrap-5.3.10.css",
                             "/owa/auth/logon.aspx",
                             "/GponForm/diag_Form",
                             "/HNAP1/",
                             "/page12",
                             "/patients/search",
                             "/users/login"})
        expect_whole(path);
}

TEST(HttpPath, HowAnAttackerLeavesAFolderIsTold) {
    for (const auto* path :
         {"/cgi-bin/.%2e/.%2E/bin/sh", "/cgi-bin/..%2f..%5cetc/passwd", "/..;/manager/html", "/./../api"})
        expect_whole(path);
    EXPECT_EQ(url_of("/..%2fzorbanek/..;zorbanek/x;/y"), "/..%2f{id}/../x/y");
}

TEST(HttpPath, FhirAndDicomwebKeepTheirTypesAndOperations) {
    EXPECT_EQ(url_of("/fhir/Patient/p1/_history/2?_count=20#x"), "/fhir/Patient/{id}/_history/{id}?_count");
    EXPECT_EQ(url_of("/fhir/Patient/p1/Observation"), "/fhir/Patient/{id}/Observation");
    EXPECT_EQ(url_of("/fhir/AllergyIntolerance/t1"), "/fhir/AllergyIntolerance/{id}");
    EXPECT_EQ(url_of("/fhir/Patient/$match"), "/fhir/Patient/$match");
    EXPECT_EQ(url_of("/fhir/Patient/$Zorbanek/quilithe"), "/fhir/Patient/${id}/{id}");
    for (const auto* path : {"/$everything-zorbanek", "/$summary-1953", "/$grant"})
        EXPECT_EQ(url_of(path), "/${id}");
    EXPECT_EQ(url_of("/fhir/Patient/p1/$everything"), "/fhir/Patient/{id}/$everything");
    EXPECT_EQ(url_of("/dicom-web/studies/1.2.840.1/series/x1"), "/dicom-web/studies/{id}/series/{id}");
}

TEST(HttpPath, OnlyKnownWordsAreToldWhereverTheyStand) {
    EXPECT_EQ(url_of("/zorbanek/quilithe"), "/{id}/{id}");
    EXPECT_EQ(url_of("/app/v1/zorbanek"), "/app/v1/{id}");
    EXPECT_EQ(url_of("/search/zorbanek-labs/Quilithe"), "/search/{id}/{id}");
    EXPECT_EQ(url_of("/patients/haddad;jsessionid=1/labs"), "/patients/{id}/labs");
    EXPECT_EQ(url_of("/patient-list/haddad"), "/patient-list/{id}");
    EXPECT_EQ(url_of("/patientHaddad/patientList"), "/{id}/patientList");
    EXPECT_EQ(url_of("/users/haddad/notes.php"), "/users/{id}/notes.php");
    EXPECT_EQ(url_of("/haddad.php/haddad.zorbanek"), "/{id}.php/{id}");
    EXPECT_EQ(url_of("/emr/Patient/4711/HADDAD"), "/emr/Patient/{id}/{id}");
    EXPECT_EQ(url_of("/patients/max-lang/Price_Grant"), "/patients/{id}/{id}");
    EXPECT_EQ(url_of("/app/550e8400-e29b-41d4-a716-446655440000/haddad/"), "/app/{id}/{id}/");
}

TEST(HttpPath, LettersAndShortCodesAreNoWords) {
    EXPECT_EQ(url_of("/v1/p1/r4/x-12/v2.1/v-12"), "/v1/{id}/r4/{id}/v2.1/{id}");
    EXPECT_EQ(url_of("/vb/va1/ra"), "/vb/{id}/{id}");
    EXPECT_EQ(url_of("/page/2/1/85"), "/page/{id}/{id}/{id}");
    EXPECT_EQ(url_of("/h-a-d-d-a-d/j.s/a/S_M/n.h.html"), "/{id}/{id}/a/{id}/{id}.html");
}

TEST(HttpPath, NamesAndNumbersAreToldNowhere) {
    for (const auto* path :
         {"/Zorbanek", "/HADDAD", "/Zorbanek%5EQuilithe", "/haddad,nadia", "/haddad+nadia", "/h\xc3\xa4ndel",
          "/%", "/4711", "/A12345", "/MR12345", "/1953.02.17", "/PID1001", "/19530217", "/a123", "/page123",
          "/n.haddad@rose.example", "/haddad%2fnadia"})
        EXPECT_EQ(url_of(path), "/{id}") << path;
    EXPECT_EQ(url_of("/labs/4711"), "/labs/{id}");
    EXPECT_EQ(url_of("/accession/A12345"), "/accession/{id}");
    EXPECT_EQ(url_of("/chart/MR12345"), "/chart/{id}");
    EXPECT_EQ(url_of("/episode/PID1001"), "/episode/{id}");
}

TEST(HttpPath, OfADocumentTheKindIsTold) {
    EXPECT_EQ(url_of("/chart/Haddad_Nadia.pdf"), "/chart/{id}.pdf");
    EXPECT_EQ(url_of("/app/report.docx"), "/app/{id}.docx");
    EXPECT_EQ(url_of("/chart/haddad19590307.bak?x=1"), "/chart/{id}.bak?x");
    EXPECT_EQ(url_of("/app/scan.haddad"), "/app/{id}");
}

TEST(HttpPath, OfAScriptOrAStyleAVersionIsToldAndNoDate) {
    EXPECT_EQ(url_of("/app/patient-1953.js/patient-19-53-2.css"), "/app/{id}.js/{id}.css");
    EXPECT_EQ(url_of("/app/patient-1-2-53.html"), "/app/{id}.html");
}

TEST(HttpPath, OfAQueryTheNamesOfKnownWordsAreTold) {
    EXPECT_EQ(url_of("/app?patientId=1&session_id=2&_count=3&q=4&_revinclude=5&includefield=6"),
              "/app?patientId&session_id&_count&q&_revinclude&includefield");
    EXPECT_EQ(url_of("/app?zorbanek=1&patientJohnZorbanek=2&name-zorbanek=3&=4"), "/app?*&*&*&*");
    EXPECT_EQ(url_of("/app/v2.1/app.js?v=3&lang=de&4711&4711=x&a%40b=1"), "/app/v2.1/app.js?v&lang&*&*&*");
    EXPECT_EQ(url_of("/app?id19530217=1&name&patient-name-patient-name-patient-name-patient-name=1"),
              "/app?*&*&*");
}

TEST(HttpPath, OfModifiersAndChainsOnlyKnownWordsAreTold) {
    EXPECT_EQ(url_of("/r4/Observation?patient.identifier=1&code:in=2&_has:Observation:patient:code=3"),
              "/r4/Observation?patient.identifier&code:in&_has:Observation:patient:code");
    EXPECT_EQ(
        url_of("/r4/Patient?name:Zorbanek=1&_has:Zorbanek:y=2&patient.zorbanek=3&p[Zorbanek]=4&x$zorbanek=5"),
        "/r4/Patient?*&*&*&*&*");
    EXPECT_EQ(url_of("/app?items[0][name]=x"), "/app?items[0][name]");
}

TEST(HttpPath, AnAuthorityIsAHostAndItsPort) {
    for (const char* text : {"his.example:443", "10.1.2.3", "[2001:db8::1]:443", "localhost"})
        EXPECT_TRUE(is_authority(text)) << text;
    for (const char* text : {"", ":443", "/patient/zorbanek", "a@b", "h:x", "h:70000", "[::1]x", "two words"})
        EXPECT_FALSE(is_authority(text)) << text;
}

TEST(HttpPath, ALongPathIsCut) {
    std::string many;
    for (int i = 0; i < 1000; ++i) many += "/api";
    EXPECT_LE(path_template(many, 256).size(), 256u + 8);
    std::string one = "/api";
    for (int i = 0; i < 1000; ++i) one += "-api";
    EXPECT_EQ(path_template(one, 256), "/{id}");
    EXPECT_EQ(path_template("/" + std::string(60'000, '.'), 256), "/{id}");
}

}   // namespace
}   // namespace ward::protocol::http
