// SPDX-License-Identifier: Apache-2.0
#include "lab/scenario/mail_deeds.hpp"

#include <gmock/gmock.h>
#include <map>
#include <set>

#include "lab/mail/correspondence.hpp"
#include "lab/scenario/director.hpp"

namespace ward::lab {
namespace {

using namespace std::chrono;
using ::testing::EndsWith;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

constexpr std::string_view ours = "ashmere.example";

class PhishingWave : public ::testing::Test {
protected:
    PhishingWave() : scenario_{scenario_named("phishing-wave").value()}, truth_{scenario_} {
        Story story{Size::small, 7, 2026y / 3 / 2};
        struct Letters final : Witness {
            explicit Letters(PhishingWave& test) : test_(test) {}
            void see(const Act& act, const Story&) override {
                const auto* sent = std::get_if<MailSent>(&act.what);
                if (sent == nullptr) return;
                test_.all_.insert(sent->letter.id);
                if (act.label == 0) return;
                test_.of_[test_.scenario_.steps[act.label - 1].id].push_back(*sent);
            }
            PhishingWave& test_;
        } letters{*this};
        story.add_witness(letters);
        story.add_witness(truth_);
        const auto end = story.begin() + days{2};
        Care care{story, end};
        Post post{story};
        Correspondence correspondence{story, post, end};
        Cabinet cabinet{story};
        Edges edges{story, post, care.desk(), cabinet, end};
        Director director{story, care, post, cabinet, edges, scenario_, truth_};
        EXPECT_TRUE(director.begin());
        care.begin();
        correspondence.begin();
        story.agenda().run_until(end);
    }
    /// Those of a step that came from outside.
    std::vector<Letter> from_outside(const std::string& step) const {
        std::vector<Letter> letters;
        for (const auto& one : of_.at(step))
            if (one.letter.checks) letters.push_back(one.letter);
        return letters;
    }

    Scenario scenario_;
    Truth truth_;
    std::map<std::string, std::vector<MailSent>> of_;
    std::set<std::string> all_;
};

TEST_F(PhishingWave, ComesFromDomainsThatLookLikeOurs) {
    for (const std::string step : {"password-page", "qr-code"})
        for (const auto& letter : from_outside(step)) {
            EXPECT_NE(domain_of(letter.from), ours);
            EXPECT_THAT(domain_of(letter.from), EndsWith(".example"));
            EXPECT_EQ(letter.from.name, "IT Service Desk");
        }
    EXPECT_THAT(from_outside("password-page"), SizeIs(18));
    for (const auto& one : of_["password-notice"]) EXPECT_EQ(domain_of(one.letter.from), ours);
}

TEST_F(PhishingWave, ACodeToScanIsAttached) {
    for (const auto& letter : from_outside("qr-code")) {
        ASSERT_THAT(letter.attachments, SizeIs(1));
        EXPECT_EQ(letter.attachments.front().type, "image/png");
    }
}

TEST_F(PhishingWave, AReplyChainGoesOnInAThreadThatIsThereAndLeadsElsewhere) {
    const auto letters = from_outside("reply-chain");
    EXPECT_THAT(letters, Not(IsEmpty()));
    for (const auto& letter : letters) {
        EXPECT_THAT(letter.references, Not(IsEmpty()));
        for (const auto& id : letter.references) EXPECT_TRUE(all_.contains(id));
        const auto at = letter.text.find("https://");
        ASSERT_NE(at, std::string::npos);
        const auto host = letter.text.substr(at + 8, letter.text.find_first_of("/ \n", at + 8) - at - 8);
        EXPECT_THAT(host, Not(EndsWith(domain_of(letter.from))));
    }
}

TEST_F(PhishingWave, SomeAnswer) {
    EXPECT_EQ(of_["password-page"].size() - from_outside("password-page").size(), 2U);
}

TEST_F(PhishingWave, AFirmThatMovesWritesFromBothDomains) {
    std::set<std::string> domains;
    for (const auto& letter : from_outside("new-domain")) domains.insert(domain_of(letter.from));
    EXPECT_THAT(domains, SizeIs(2));
}

TEST_F(PhishingWave, TheTruthNamesLettersReadersAndDomains) {
    for (const auto& deed : truth_.deeds()) {
        EXPECT_TRUE(deed.came_to_pass);
        EXPECT_EQ(deed.events.size(), of_[scenario_.steps[deed.label - 1].id].size());
        EXPECT_THAT(deed.people, Not(IsEmpty()));
    }
    EXPECT_EQ(truth_.deeds()[1].systems.size(), 1U);
}

}   // namespace
}   // namespace ward::lab
