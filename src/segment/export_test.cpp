// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "segment/matrix.hpp"
#include "segment/nftables.hpp"
#include "segment/story_test.hpp"

namespace ward::segment {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr auto plan_text = R"(
version = 1
[[zone]]
name = "offices"
networks = "10.20.0.0/16, fd00::/64"
about = "desks | chairs"
[[zone]]
name = "order-entry"
networks = "10.20.1.0/24"
[[allow]]
from = "offices"
to = "order-entry"
protocol = "tcp"
ports = "443, 444-450, 80"
[[allow]]
from = "any"
to = "order-entry"
protocol = "udp"
ports = "53"
[[allow]]
from = "offices"
to = "offices"
protocol = "tcp"
ports = "22"
)";

constexpr auto with_roles = R"(
version = 1
[[zone]]
name = "offices"
networks = "10.20.0.0/16"
[[zone]]
name = "pumps"
networks = "10.20.9.9"
roles = "infusion pump"
)";

Borders borders(std::string_view text) { return Borders{read_plan(text, "plan").value()}; }

TEST(AMatrix, HasARowForWhoSpeaksAndAColumnForWhoIsSpokenTo) {
    const auto text = matrix_markdown(borders(plan_text));
    EXPECT_THAT(text, HasSubstr("| offices | 10.20.0.0/16, fd00::/64 | desks \\| chairs |\n"));
    EXPECT_THAT(text,
                HasSubstr("| from \\ to | offices | order-entry | outside |\n| --- | --- | --- | --- |\n"
                          "| offices | tcp 22 | tcp 80, 443-450; udp 53 | |\n"
                          "| order-entry | | udp 53 | |\n| outside | | | |\n"));
}

TEST(AMatrix, IsASpreadsheetToo) {
    EXPECT_EQ(matrix_csv(borders(plan_text)),
              "from,offices,order-entry,outside\r\noffices,tcp 22,\"tcp 80, 443-450; udp 53\",\r\n"
              "order-entry,,udp 53,\r\noutside,,,\r\n");
}

TEST(Rules, HaveASetForEachZoneAndDropTheRest) {
    const auto text = nftables(borders(plan_text), {}, Enforcement::drop).value();
    EXPECT_THAT(text,
                HasSubstr("set zone_offices_v4 {\n\t\ttype ipv4_addr\n\t\tflags interval\n\t\telements = {\n"
                          "\t\t\t10.20.0.0-10.20.0.255,\n\t\t\t10.20.2.0-10.20.255.255,\n"));
    EXPECT_THAT(text, HasSubstr("set zone_order_entry_v4 {"));
    EXPECT_THAT(text, HasSubstr("policy drop;\n\t\tct state established,related counter accept\n"));
    EXPECT_THAT(
        text,
        HasSubstr("ip saddr @zone_offices_v4 ip daddr @zone_order_entry_v4 tcp dport { 443, 444-450, 80 } "
                  "counter accept\n"));
    EXPECT_THAT(
        text,
        HasSubstr("ip6 saddr @zone_offices_v6 ip6 daddr @zone_offices_v6 tcp dport 22 counter accept\n"));
    EXPECT_THAT(
        text, HasSubstr("ip saddr @zone_any_v4 ip daddr @zone_order_entry_v4 udp dport 53 counter accept\n"));
    EXPECT_THAT(text,
                HasSubstr("set zone_any_v4 {\n\t\ttype ipv4_addr\n\t\tflags interval\n\t\telements = {\n"
                          "\t\t\t10.20.0.0-10.20.255.255,\n"));
    EXPECT_THAT(text, Not(HasSubstr("zone_order_entry_v6"))) << "it has no such address";
    EXPECT_THAT(text, HasSubstr("counter name \"outside_plan\"\n"));
    EXPECT_THAT(nftables(borders(plan_text), {}, Enforcement::count).value(), HasSubstr("policy accept;"));
}

TEST(Rules, NeedAddressesForRoles) {
    const auto plan = borders(with_roles);
    const auto none = nftables(plan, {}, Enforcement::drop);
    ASSERT_FALSE(none);
    EXPECT_EQ(none.error().code, Errc::not_found);
    EXPECT_THAT(none.error().what, HasSubstr("zone pumps has roles"));
    Placing placing;
    Story story{[&](const Seen& seen) { placing.see(seen); }};
    story.device("10.20.3.3", "infusion pump");
    story.device("10.20.3.4", "infusion pump");
    story.device("10.20.3.4", "printer");
    story.device("10.20.9.9", "infusion pump");
    const auto text = nftables(plan, placing.placed(plan), Enforcement::drop).value();
    EXPECT_THAT(text, HasSubstr("\t\t\t10.20.0.0-10.20.3.2,\n\t\t\t10.20.3.4-10.20.9.8,\n"));
    EXPECT_THAT(text, HasSubstr("zone_pumps_v4 {\n\t\ttype ipv4_addr\n\t\tflags interval\n\t\telements = {\n"
                                "\t\t\t10.20.3.3,\n\t\t\t10.20.9.9,\n"));
}

}   // namespace
}   // namespace ward::segment
