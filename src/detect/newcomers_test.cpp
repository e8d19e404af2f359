// SPDX-License-Identifier: Apache-2.0
#include "detect/newcomers.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace ward::detect {
namespace {

using namespace std::chrono_literals;

class ANewcomer : public ::testing::Test {
protected:
    static constexpr Time begin{std::chrono::sys_days{std::chrono::year{2026} / 3 / 2}};

    void see(std::chrono::seconds since, std::string_view client, std::string_view type = "ntp",
             std::string_view own = "{}") {
        std::string time;
        event::append_text(time, begin + since);
        auto document = json::Document::parse(fmt::format(
            R"({{"timestamp":"{}","event_type":"{}","src_ip":"{}","src_port":1,"dest_ip":"10.0.0.10",)"
            R"("dest_port":2,"proto":"UDP","{}":{}}})",
            time, type, client, type, own));
        ASSERT_TRUE(document.has_value()) << document.error().what;
        newcomers_.see(read_eve(*document).value());
    }
    void lend(std::chrono::seconds since, std::string_view address, std::string_view card) {
        see(since, "10.0.0.1", "dhcp",
            fmt::format(R"({{"dhcp_type":"ack","assigned_ip":"{}","client_mac":"{}"}})", address, card));
    }
    bool is_new(std::string_view host, std::chrono::seconds since) {
        return newcomers_.is_new(*parse_ip_address(host), begin + since);
    }
    Newcomers newcomers_;
};

TEST_F(ANewcomer, IsNobodyWhoWasThereAtTheBeginning) {
    see(0h, "10.0.0.5");
    see(8h, "10.0.0.5");
    EXPECT_FALSE(is_new("10.0.0.5", 8h));
    EXPECT_FALSE(is_new("10.0.0.6", 8h)) << "never seen";
}

TEST_F(ANewcomer, IsNewForADay) {
    see(0h, "10.0.0.5");
    see(8h, "10.0.0.6");
    EXPECT_TRUE(is_new("10.0.0.6", 9h));
    EXPECT_FALSE(is_new("10.0.0.6", 33h));
}

TEST_F(ANewcomer, MayHaveAnAddressThatWasAnothers) {
    lend(0h, "10.0.0.5", "02:00:00:00:00:01");
    lend(9h, "10.0.0.5", "02:00:00:00:00:02");
    EXPECT_TRUE(is_new("10.0.0.5", 9h));
}

TEST_F(ANewcomer, IsNobodyWhoHasGotAnotherAddress) {
    lend(0h, "10.0.0.5", "02:00:00:00:00:01");
    lend(1h, "10.0.0.6", "02:00:00:00:00:02");
    lend(9h, "10.0.0.6", "02:00:00:00:00:01");
    EXPECT_FALSE(is_new("10.0.0.6", 9h));
    lend(10h, "10.0.0.7", "02:00:00:00:00:01");
    EXPECT_FALSE(is_new("10.0.0.7", 10h));
}

TEST_F(ANewcomer, IsNobodyBeforeTheOthersAreKnown) {
    see(0h, "10.0.0.5");
    EXPECT_FALSE(newcomers_.has_learned(Time{begin + 5h}));
    EXPECT_TRUE(newcomers_.has_learned(Time{begin + 6h}));
}

}   // namespace
}   // namespace ward::detect
