// SPDX-License-Identifier: Apache-2.0
#include "devices/evidence.hpp"

#include <gmock/gmock.h>

#include "devices/words.hpp"

namespace ward::devices {
namespace {

using enum Attribute;
using testing::ElementsAre;

Time at(int second) {
    return Time{std::chrono::sys_days{std::chrono::year{2026} / 1 / 31}} + std::chrono::seconds{second};
}

Evidence line(std::string value, std::string_view source, std::uint8_t confidence, int second = 0,
              Attribute attribute = model) {
    return {attribute, std::move(value), source, confidence, at(second), at(second), 1};
}

TEST(Dossier, TheSameSourceSayingTheSameIsOneLineThatCounts) {
    Dossier dossier;
    dossier.add(line("MX800", "intellivue system", 85, 5));
    dossier.add(line("MX800", "intellivue system", 85, 9));
    dossier.add(line("MX800", "intellivue system", 85, 2));

    ASSERT_EQ(dossier.lines().size(), 1u);
    EXPECT_EQ(dossier.lines()[0].count, 3u);
    EXPECT_EQ(dossier.lines()[0].first, at(2));
    EXPECT_EQ(dossier.lines()[0].last, at(9));
}

TEST(Dossier, IndependentSourcesMakeAValueMoreCredibleRepetitionDoesNot) {
    Dossier once;
    once.add(line("MX800", "intellivue system", 80));
    for (int i = 0; i < 1000; ++i) once.add(line("MX800", "intellivue system", 80));
    EXPECT_EQ(once.beliefs(model)[0].confidence, 80);

    Dossier twice;
    twice.add(line("MX800", "intellivue system", 80));
    twice.add(line("mx800", "wsd metadata", 50));
    ASSERT_EQ(twice.beliefs(model).size(), 1u);
    EXPECT_EQ(twice.beliefs(model)[0].confidence, 90);
    EXPECT_EQ(twice.beliefs(model)[0].value, "MX800");
}

TEST(Dossier, NothingIsCertain) {
    Dossier dossier;
    for (const auto source : {"a", "b", "c", "d"}) dossier.add(line("MX800", source, 95));
    EXPECT_EQ(dossier.beliefs(model)[0].confidence, 99);
}

TEST(Dossier, WhatDisagreesStaysSideBySideTheMostCredibleFirst) {
    Dossier dossier;
    dossier.add(line("MX700", "http user agent", 50));
    dossier.add(line("MX800", "intellivue system", 85));
    EXPECT_EQ(dossier.best(model), "MX800");
    EXPECT_EQ(dossier.beliefs(model)[1].value, "MX700");
    EXPECT_EQ(dossier.best(serial), "");
}

TEST(Dossier, OfTooManyValuesTheWeakestGoesAndThenTheOldest) {
    Dossier dossier;
    dossier.add(line("weak", "a", 10, 1000));
    dossier.add(line("old", "a", 50, 1));
    for (std::size_t i = 2; i < Dossier::values_max; ++i) dossier.add(line(std::to_string(i), "a", 50, 100));
    dossier.add(line("other attribute", "a", 1, 1, serial));
    EXPECT_EQ(dossier.dropped(), 0u);

    dossier.add(line("new", "a", 50, 200));
    dossier.add(line("newer", "a", 50, 300));
    dossier.add(line("too weak", "a", 20, 400));

    EXPECT_EQ(dossier.dropped(), 3u);
    const auto kept = dossier.beliefs(model);
    EXPECT_EQ(kept.size(), Dossier::values_max);
    const auto is_kept = [&](std::string_view value) {
        return std::ranges::count(kept, value, &Belief::value) > 0;
    };
    EXPECT_TRUE(is_kept("new") && is_kept("newer"));
    EXPECT_FALSE(is_kept("weak") || is_kept("old") || is_kept("too weak"));
    EXPECT_EQ(dossier.best(serial), "other attribute");
}

TEST(Dossier, ALongValueIsCut) {
    Dossier dossier;
    dossier.add(line(std::string(1000, 'x'), "a", 10));
    EXPECT_EQ(dossier.lines()[0].value.size(), Dossier::text_max);
}

TEST(Words, NameMakersAsWordsOfTheirOwn) {
    EXPECT_EQ(maker_in("CN=IntelliVue MX800, O=Philips Medizin Systeme"), "Philips");
    EXPECT_EQ(maker_in("O=B. Braun Melsungen AG"), "B. Braun");
    EXPECT_EQ(maker_in("cocaxis.example"), "");
    EXPECT_EQ(maker_in(""), "");
}

TEST(Words, NameTheNarrowestSystem) {
    EXPECT_EQ(operating_system_in("Mozilla/5.0 (Linux; Android 9; SM-T510)"), "Android");
    EXPECT_EQ(operating_system_in("Mozilla/5.0 (iPhone; CPU iPhone OS 15_0 like Mac OS X)"), "iOS");
    EXPECT_EQ(operating_system_in("Mozilla/5.0 (Windows NT 6.1; WOW64)"), "Windows 7");
    EXPECT_EQ(operating_system_in("OpenSSH_6.6.1p1 Ubuntu-2ubuntu2"), "Linux Ubuntu");
    EXPECT_EQ(operating_system_in("curl/7.88"), "");
}

TEST(Words, KnowWhichSystemsPassForEachOther) {
    EXPECT_EQ(system_family("Windows 10.0.17763"), system_family("Windows 7"));
    EXPECT_EQ(system_family("Android"), system_family("Linux Ubuntu"));
    EXPECT_EQ(system_family("iOS"), system_family("macOS"));
    EXPECT_NE(system_family("VxWorks"), system_family("QNX"));
}

TEST(Words, NameRoles) {
    EXPECT_EQ(role_in("infusion-pump/3.2 (model SP-70; SN 4711)"), "infusion pump");
    EXPECT_EQ(role_in("HP LaserJet 4250"), "printer");
    EXPECT_EQ(role_in("Cisco IOS Software, C2960 Software"), "network gear");
    EXPECT_EQ(role_in("bumpy"), "");
}

TEST(Words, ReadAUserAgent) {
    const auto pump = product_in("infusion-pump/3.2 (model SP-70; SN 4711)");
    EXPECT_EQ(pump.software, "infusion-pump 3.2");
    EXPECT_EQ(pump.model, "SP-70");
    EXPECT_EQ(pump.serial, "4711");
    EXPECT_EQ(product_in("curl/7.88.1").software, "curl 7.88.1");
    EXPECT_EQ(product_in("Mozilla/5.0 (X11; Linux x86_64) Firefox/115.0").software, "");
    EXPECT_EQ(product_in("odd (model").model, "");
}

TEST(Words, TakeAHostsOwnName) {
    EXPECT_EQ(host_of("WARD10-PC<20>"), "WARD10-PC");
    EXPECT_EQ(host_of("ct1.radiology.hospital.example"), "ct1");
    EXPECT_EQ(host_of("[192.0.2.7]"), "");
    EXPECT_EQ(host_of("localhost"), "");
    EXPECT_EQ(host_of("00000000-0000-4000-8000-02005e005301"), "");
}

TEST(Words, ReadAddresses) {
    EXPECT_EQ(to_text(v4_in("10.20.5.10")), "10.20.5.10");
    for (const auto text : {"10.20.5", "10.20.5.256", "10.20.5.10.1", "10..5.1", "a.b.c.d", ""})
        EXPECT_EQ(v4_in(text), IpAddress{}) << text;
}

}   // namespace
}   // namespace ward::devices
