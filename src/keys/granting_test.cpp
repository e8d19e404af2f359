// SPDX-License-Identifier: Apache-2.0
#include "keys/granting.hpp"

#include <string>

#include "crypto/sign.hpp"
#include "keys/grant_wire.hpp"
#include "keys/keeper_fixture_test.hpp"

namespace ward::keys {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view passphrase = "an invented passphrase";

GrantTerms some_terms(std::int64_t owners = 3, std::chrono::hours lasting = 2h) {
    return {.id = crypto::random_array<16>(),
            .user = "registry-export",
            .owners = owners,
            .lasting = lasting,
            .reason = "Yearly transfer to the registry"};
}

struct Person {
    std::string name;
    crypto::SigningKey key = crypto::SigningKey::generate().value();
};

Buffer signed_by(const Person& person, GrantAct act, std::string_view text) {
    Buffer payload;
    append(payload, person.key.sign(as_bytes(signed_message(act, text))).value);
    append(payload, as_bytes(text));
    return payload;
}

class GrantingTest : public testing::Test {
protected:
    void SetUp() override { open(noon); }

    void open(Time now) {
        keeper_.reset();
        keeper_.emplace(opened_keeper(folder_.path(), now));
    }

    Result<Buffer> enroll(const Person& person, Time now, std::string_view tried = passphrase) {
        Buffer payload;
        append(payload, person.key.public_key().value);
        append(payload, person.key.sign(as_bytes(signed_message(GrantAct::enroll, person.name))).value);
        append(payload, as_bytes(tried));
        return ask(*keeper_, {.op = Op::enroll_operator, .name = person.name, .payload = payload}, now);
    }

    Result<Buffer> act(Op op, const Person& person, Bytes payload, Time now) {
        return ask(*keeper_, {.op = op, .name = person.name, .payload = payload}, now);
    }
    Result<Buffer> request(const Person& person, const GrantTerms& terms, Time now) {
        return act(Op::request_grant, person, signed_by(person, GrantAct::request, grant_text(terms)), now);
    }
    Result<Buffer> approve(const Person& person, const GrantTerms& terms, Time now) {
        return act(Op::approve_grant, person, signed_by(person, GrantAct::approve, grant_text(terms)), now);
    }
    Result<Buffer> end(const Person& person, const GrantTerms& terms, Time now) {
        return act(Op::end_grant, person, signed_by(person, GrantAct::end, grant_text(terms)), now);
    }
    Result<Buffer> unwrap_under(const GrantTerms& terms, const Made& made, Time now) {
        return ask(*keeper_,
                   {.op = Op::unwrap_granted, .owner = made.owner, .key = made.id, .payload = terms.id}, now);
    }

    /// Two people who count from `later_` on.
    void enroll_both() {
        EXPECT_TRUE(enroll(amal_, noon));
        EXPECT_TRUE(enroll(bruno_, noon));
    }
    void grant(const GrantTerms& terms) {
        enroll_both();
        EXPECT_TRUE(request(amal_, terms, later_));
        EXPECT_TRUE(approve(bruno_, terms, later_));
    }

    std::vector<GrantEvent> events(Time now) {
        std::vector<GrantEvent> all;
        for (std::uint64_t number = 0;;) {
            std::array<std::byte, 8> bytes{};
            WireWriter{bytes}.integer(number);
            const auto reply = ask(*keeper_, {.op = Op::grant_event, .payload = bytes}, now).value();
            WireReader fields{reply};
            const auto event = decode_event(fields).value();
            if (!event) return all;
            number = event->number;
            all.push_back(*event);
        }
    }

    static Errc refusal(const Result<Buffer>& reply) {
        EXPECT_FALSE(reply);
        return reply ? Errc::unavailable : reply.error().code;
    }

    const Person amal_{"amal"};
    const Person bruno_{"bruno"};
    const Time later_ = noon + 24h;
    const ScratchFolder folder_;
    std::optional<Keeper> keeper_;
};

TEST_F(GrantingTest, TwoPeopleLetMoreChartsBeOpenedThanTheBudget) {
    std::vector<Made> charts;
    for (int i = 0; i < 40; ++i) charts.push_back(make_key(*keeper_, noon));   // the burst is 20
    const auto terms = some_terms(40);
    grant(terms);
    for (const auto& chart : charts)
        EXPECT_EQ(unwrap_under(terms, chart, later_ + 90min).value(), chart.data_key);
    EXPECT_EQ(keeper_->status(later_ + 90min)->owners_left, 20u) << "care's own budget is as it was";
}

TEST_F(GrantingTest, OnePersonIsNotTwo) {
    const auto terms = some_terms();
    enroll_both();
    const auto chart = make_key(*keeper_, noon);
    EXPECT_EQ(refusal(unwrap_under(terms, chart, later_)), Errc::denied) << "nobody asked";
    ASSERT_TRUE(request(amal_, terms, later_));
    EXPECT_EQ(refusal(unwrap_under(terms, chart, later_)), Errc::denied) << "nobody approved";
    EXPECT_EQ(refusal(approve(amal_, terms, later_)), Errc::denied);
    const Person disguised{"bruno", crypto::SigningKey::generate().value()};
    EXPECT_EQ(refusal(approve(disguised, terms, later_)), Errc::denied) << "the key is another one";
    const auto reused = signed_by(bruno_, GrantAct::request, grant_text(terms));
    EXPECT_EQ(refusal(act(Op::approve_grant, bruno_, reused, later_)), Errc::denied)
        << "a signature for another act";
    EXPECT_EQ(refusal(unwrap_under(terms, chart, later_)), Errc::denied);
    EXPECT_TRUE(approve(bruno_, terms, later_));
    EXPECT_TRUE(unwrap_under(terms, chart, later_));
    EXPECT_EQ(refusal(approve(bruno_, terms, later_)), Errc::conflict) << "once";
}

TEST_F(GrantingTest, APersonHasOneNameAndOneKey) {
    ASSERT_TRUE(enroll(amal_, noon));
    Person twin{"bruno"};
    Buffer payload;
    append(payload, amal_.key.public_key().value);
    append(payload, amal_.key.sign(as_bytes(signed_message(GrantAct::enroll, "bruno"))).value);
    append(payload, as_bytes(passphrase));
    EXPECT_EQ(refusal(ask(*keeper_, {.op = Op::enroll_operator, .name = "bruno", .payload = payload}, noon)),
              Errc::conflict);
    EXPECT_EQ(refusal(enroll({"amal"}, noon)), Errc::conflict);
}

TEST_F(GrantingTest, EnrolmentNeedsThePassphraseAndTheKey) {
    EXPECT_EQ(refusal(enroll(amal_, noon, "another passphrase")), Errc::denied);
    EXPECT_EQ(refusal(enroll(amal_, noon + 1s)), Errc::limit_exceeded) << "no quick guesses";
    EXPECT_TRUE(enroll(amal_, noon + 11s));
    Buffer payload;
    append(payload, bruno_.key.public_key().value);
    append(payload, amal_.key.sign(as_bytes(signed_message(GrantAct::enroll, "bruno"))).value);
    append(payload, as_bytes(passphrase));
    EXPECT_EQ(
        refusal(ask(*keeper_, {.op = Op::enroll_operator, .name = "bruno", .payload = payload}, noon + 30s)),
        Errc::denied)
        << "somebody else's key";
}

TEST_F(GrantingTest, AnOperatorCountsADayAfterHisEnrolment) {
    enroll_both();
    const auto terms = some_terms();
    EXPECT_EQ(refusal(request(amal_, terms, noon + 23h)), Errc::denied);
    EXPECT_EQ(refusal(request(amal_, terms, noon - 48h)), Errc::denied) << "though the clock was set back";
    EXPECT_TRUE(request(amal_, terms, noon + 24h));
}

TEST_F(GrantingTest, IsForSoManyOwnersAndSoLong) {
    const auto terms = some_terms(2, 1h);
    std::vector<Made> charts;
    for (int i = 0; i < 3; ++i) charts.push_back(make_key(*keeper_, noon));
    grant(terms);
    EXPECT_TRUE(unwrap_under(terms, charts[0], later_));
    EXPECT_TRUE(unwrap_under(terms, charts[1], later_));
    EXPECT_TRUE(unwrap_under(terms, charts[0], later_)) << "the same owner counts once";
    EXPECT_EQ(refusal(unwrap_under(terms, charts[2], later_)), Errc::limit_exceeded);
    EXPECT_TRUE(unwrap_under(terms, charts[1], later_ + 59min));
    EXPECT_EQ(refusal(unwrap_under(terms, charts[1], later_ + 60min)), Errc::denied);
}

TEST_F(GrantingTest, IsUsedOnce) {
    const auto terms = some_terms();
    grant(terms);
    ASSERT_TRUE(end(amal_, terms, later_ + 1min)) << "either of the two ends it";
    EXPECT_EQ(refusal(request(amal_, terms, later_ + 2min)), Errc::conflict);
    EXPECT_EQ(refusal(approve(bruno_, terms, later_ + 2min)), Errc::not_found);
}

TEST_F(GrantingTest, ThatNobodyApprovesEndsAfterADay) {
    enroll_both();
    const auto terms = some_terms();
    ASSERT_TRUE(request(amal_, terms, later_));
    EXPECT_EQ(refusal(approve(bruno_, terms, later_ + 24h)), Errc::not_found);
}

TEST_F(GrantingTest, CountsOnAfterARestart) {
    const auto terms = some_terms(2);
    std::vector<Made> charts;
    for (int i = 0; i < 3; ++i) charts.push_back(make_key(*keeper_, noon));
    grant(terms);
    EXPECT_TRUE(unwrap_under(terms, charts[0], later_));
    open(later_);
    EXPECT_TRUE(unwrap_under(terms, charts[0], later_)) << "the same owner counts once";
    EXPECT_TRUE(unwrap_under(terms, charts[1], later_));
    open(later_);
    EXPECT_TRUE(unwrap_under(terms, charts[0], later_));
    EXPECT_EQ(refusal(unwrap_under(terms, charts[2], later_)), Errc::limit_exceeded);
    ASSERT_TRUE(end(amal_, terms, later_));
    EXPECT_EQ(events(later_).back().opened, 2);
}

TEST_F(GrantingTest, TellsWhoDidWhatInOrder) {
    const auto terms = some_terms(3, 1h);
    const auto chart = make_key(*keeper_, noon);
    grant(terms);
    EXPECT_TRUE(unwrap_under(terms, chart, later_));
    const auto all = events(later_ + 61min);
    ASSERT_EQ(all.size(), 5u);
    EXPECT_EQ(all[0].act, GrantAct::enroll);
    EXPECT_EQ(all[1].who, "bruno");
    EXPECT_EQ(all[2].act, GrantAct::request);
    EXPECT_EQ(all[2].text, grant_text(terms));
    EXPECT_EQ(all[3].act, GrantAct::approve);
    EXPECT_EQ(all[3].who, "bruno");
    EXPECT_EQ(all[4].act, GrantAct::end);
    EXPECT_EQ(all[4].who, "") << "it ended by itself";
    EXPECT_EQ(all[4].opened, 1);
}

TEST_F(GrantingTest, AsManyAsAreOpenAreRefused) {
    enroll_both();
    for (std::size_t i = 0; i < GrantLimits{}.open_max; ++i)
        ASSERT_TRUE(request(amal_, some_terms(), later_));
    EXPECT_EQ(refusal(request(amal_, some_terms(), later_)), Errc::limit_exceeded);
}

TEST(Grant, HasOneSpelling) {
    const auto terms = some_terms();
    const auto text = grant_text(terms);
    EXPECT_EQ(parse_grant(text).value(), terms);
    EXPECT_FALSE(parse_grant(text + "\n"));
    EXPECT_FALSE(parse_grant(text.substr(0, text.size() - 1)));
    for (const auto& [from, to] : std::initializer_list<std::pair<std::string, std::string>>{
             {"owners 3", "owners 03"},
             {"owners 3", "owners 0"},
             {"owners 3", "owners 1000001"},
             {"owners 3", "owners -3"},
             {"hours 2", "hours 25"},
             {"hours 2", "hours 2 "},
             {"user registry-export", "user registry export"},
             {"user registry-export", "user "},
             {"reason Yearly", "reason \tYearly"},
             {"reason Yearly transfer to the registry", "reason " + std::string(201, 'x')},
             {"ward-grant-v1", "ward-grant-v2"}}) {
        auto changed = text;
        changed.replace(changed.find(from), from.size(), to);
        EXPECT_FALSE(parse_grant(changed)) << to;
    }
    auto upper = text;
    upper.replace(upper.find("id ") + 3, 1, "A");
    EXPECT_FALSE(parse_grant(upper));
}

}   // namespace
}   // namespace ward::keys
