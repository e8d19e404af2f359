// SPDX-License-Identifier: Apache-2.0
#include "protocol/carescape/carescape.hpp"

#include "event/carescape.hpp"
#include "protocol/bed_test.hpp"

namespace ward::protocol::carescape {
namespace {

using event::Carescape;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

std::string padded(std::string text, std::size_t size) {
    text.resize(size);
    return text;
}
// Laid out as the manual says; no capture of it is public.
std::string time_message(const std::string& location) {
    return std::string(6, '\1') + hex("0a010203") + std::string(14, '\0') + padded(location, 13) +
           std::string(23, '\0') + hex("ee9a1f80");
}
std::string discovery(const std::string& location) {
    return hex("0a01020300010000") + padded("TELE", 12) + padded(location, 16) + padded("HADDAD", 40);
}

TEST(Carescape, ATimeMessageSaysWhereItsNodeStands) {
    Bed talk{open_time_session()};
    talk.client(time_message("ICU|BED4"));
    EXPECT_EQ(talk.one<Carescape>().message, "time");
    EXPECT_EQ(talk.one<Carescape>().unit, "ICU");
    EXPECT_EQ(talk.one<Carescape>().bed, "BED4");
    EXPECT_EQ(to_text(talk.one<Carescape>().node), "10.1.2.3");
}

TEST(Carescape, ADiscoveryIsToldAgainWhenTheBedChanges) {
    Bed talk{open_discovery_session()};
    talk.client(discovery("ICU|BED4")).client(discovery("ICU|BED4")).client(discovery("ICU|BED5"));
    ASSERT_EQ(talk.all<Carescape>().size(), 2u);
    EXPECT_EQ(talk.all<Carescape>()[1]->bed, "BED5");
    EXPECT_THAT(talk.json(), Not(HasSubstr("HADDAD")));
}

TEST(Carescape, ANameIsNoBed) {
    Bed talk{open_discovery_session()};
    talk.client(discovery("SMITH|JOHN")).client(hex("00") + "SMITH|JOHN" + discovery("ICU|BED4"));
    EXPECT_EQ(talk.one<Carescape>().bed, "BED4");
    EXPECT_THAT(talk.json(), Not(HasSubstr("SMITH")));
}

TEST(Carescape, GarbageIsNoMessage) {
    Bed talk{open_time_session()};
    talk.client("too short").client(time_message("no location"));
    EXPECT_THAT(talk.all<Carescape>(), IsEmpty());
    EXPECT_EQ(talk.out.violation, "CARESCAPE time without location");
}

TEST(Carescape, NeedsItsPort) {
    const auto time = [](std::string_view first) { return probe_time(as_bytes(first), Side::client); };
    const auto found = [](std::string_view first) { return probe_discovery(as_bytes(first), Side::client); };
    EXPECT_EQ(time(time_message("ICU|BED4")), Verdict::unsure);
    EXPECT_EQ(time(time_message("TOOLONGUNIT|B")), Verdict::no);
    EXPECT_EQ(time(time_message("ICU|BED4") + "x"), Verdict::no);
    EXPECT_EQ(found(discovery("ICU|BED4")), Verdict::unsure);
    EXPECT_EQ(found(discovery("ICU BED4")), Verdict::no);
    EXPECT_EQ(found("CEF:0|vendor-of-something|product-of-something|1.0|100"), Verdict::no);
}

}   // namespace
}   // namespace ward::protocol::carescape
