// SPDX-License-Identifier: Apache-2.0
// Who looks at events goes on after being killed as if he had not been, whoever published them.
#include "apps/ward-watch/looking.hpp"

#include <fmt/format.h>
#include <fstream>
#include <gtest/gtest.h>

#include "core/scratch_folder.hpp"

namespace ward::watch {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::sys_days monday{std::chrono::year{2026} / 3 / 2};

/// Service tickets with a weak cipher, of one client, from one second of Monday on.
std::vector<std::string> roast(const std::string& client, int second, int count) {
    std::vector<std::string> lines;
    for (int i = second; i < second + count; ++i)
        lines.push_back(fmt::format(
            R"({{"timestamp":"2026-03-02T{:02}:{:02}:{:02}.000000+0000","flow_id":{},"event_type":"krb5",)"
            R"("src_ip":"{}","src_port":50000,"dest_ip":"10.0.0.1","dest_port":88,"proto":"TCP",)"
            R"("community_id":"1:{}","app_proto":"krb5","krb5":{{"msg_type":"KRB_TGS_REP",)"
            R"("sname":"http/{}","ticket_encryption":"rc4-hmac"}}}})",
            i / 3600, i / 60 % 60, i % 60, i, client, i, i));
    return lines;
}

/// A store, and who looks at what comes into it.
class Seat {
public:
    Seat() { sit_down(); }

    void take(const std::string& publisher, const std::vector<std::string>& lines) {
        const std::vector<std::string_view> views{lines.begin(), lines.end()};
        auto& next = next_[publisher];
        ASSERT_TRUE(history_->append({publisher, next + 1, views}));
        looking_->look(publisher, next + 1, views);
        next += lines.size();
    }
    /// Without a word.
    void die() {
        looking_.reset();
        history_.reset();
    }
    void sit_down() {
        history_.emplace(*history::History::open(folder_.path(), clock_));
        looking_.emplace(folder_.path());
        is_seated_ = looking_->go_on(*history_->watermarks()).has_value();
    }
    bool is_seated() const { return is_seated_; }
    Looking& looking() { return *looking_; }
    std::filesystem::path file(std::string_view name) const { return folder_.path() / name; }

    std::vector<std::string> told() {
        std::vector<std::string> all;
        for (const auto& one : looking_->take_news())
            all.push_back(
                fmt::format("{} {} {}", one.kind, one.systems.front(), one.at.time_since_epoch().count()));
        return all;
    }

private:
    ScratchFolder folder_;
    ManualClock clock_{monday + 12h};
    std::optional<history::History> history_;
    std::optional<Looking> looking_;
    std::map<std::string, std::uint64_t> next_;
    bool is_seated_ = false;
};

/// One publisher is a minute behind the other.
void take_first_half(Seat& seat) {
    seat.take("sensor", roast("10.0.1.7", 7'200, 8));
    seat.take("courier", roast("10.0.1.8", 7'150, 8));
}
void take_second_half(Seat& seat) {
    seat.take("sensor", roast("10.0.1.7", 7'300, 8));
    seat.take("courier", roast("10.0.1.8", 7'250, 8));
}

TEST(Looking, AgainAfterBeingKilledFindsTheSameAtTheSameTime) {
    Seat unbroken, killed;
    take_first_half(unbroken);
    take_second_half(unbroken);
    const auto wanted = unbroken.told();
    ASSERT_EQ(wanted.size(), 2U);
    ASSERT_TRUE(killed.looking().keep());
    take_first_half(killed);
    killed.die();
    killed.sit_down();
    take_second_half(killed);
    EXPECT_EQ(killed.told(), wanted);
    killed.die();   // before anything was kept
    killed.sit_down();
    EXPECT_EQ(killed.told(), wanted);
}

TEST(Looking, WhatWasStoredBeforeAnybodyLookedIsNotLookedAt) {
    Seat seat;
    seat.die();
    seat.sit_down();
    EXPECT_TRUE(seat.told().empty());
}

TEST(Looking, ADamagedStateIsPutAsideAndAllIsLearnedAnew) {
    Seat seat;
    take_first_half(seat);
    ASSERT_TRUE(seat.looking().keep());
    seat.die();
    std::ofstream{seat.file("watch.state"), std::ios::app} << "more";
    seat.sit_down();
    EXPECT_TRUE(seat.is_seated());
    EXPECT_TRUE(std::filesystem::exists(seat.file("watch.state.damaged")));
    take_second_half(seat);
    EXPECT_TRUE(seat.told().empty()) << "the first half is forgotten";
}

}   // namespace
}   // namespace ward::watch
