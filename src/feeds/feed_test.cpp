// SPDX-License-Identifier: Apache-2.0
#include "feeds/feed.hpp"

#include <gmock/gmock.h>

namespace ward::feeds {
namespace {

TEST(Feed, IsANameAnAddressAndWhatIsSpecialAboutIt) {
    const auto plain = parse_feed("adt 127.0.0.1:2575");
    ASSERT_TRUE(plain);
    EXPECT_EQ(plain->feed.name, "adt");
    EXPECT_EQ(plain->feed.listen, "127.0.0.1:2575");
    EXPECT_EQ(plain->link, Link::plain);
    const auto full =
        parse_feed(" lab  [::1]:2576 mutual=/etc/ward/lab.pem charset=8859/6 zone=+03:00 silent=15 ");
    ASSERT_TRUE(full) << full.error().what;
    EXPECT_EQ(full->link, Link::mutual_tls);
    EXPECT_EQ(full->clients_file, "/etc/ward/lab.pem");
    EXPECT_EQ(full->feed.charset, "8859/6");
    EXPECT_EQ(full->feed.zone.offset_at({}), "+03:00");
    EXPECT_EQ(full->feed.silent_after, std::chrono::minutes{15});
    EXPECT_EQ(parse_feed("x 1.2.3.4:1 tls")->link, Link::tls);
    EXPECT_EQ(parse_feed("x 1.2.3.4:1 mutual=a.pem tls")->link, Link::mutual_tls);
}

TEST(Feed, SaysWhatIsWrongWithIt) {
    for (const auto* text : {"", "adt", "adt localhost", "ADT 127.0.0.1:2575", "a/b 127.0.0.1:1"})
        EXPECT_FALSE(parse_feed(text)) << text;
    for (const auto* word : {"ssl", "mutual=", "charset=KLINGON", "zone=3", "silent=0", "silent=soon"}) {
        const auto feed = parse_feed(std::string{"adt 127.0.0.1:2575 "} + word);
        ASSERT_FALSE(feed) << word;
        EXPECT_THAT(feed.error().what, testing::HasSubstr(word));
    }
    EXPECT_THAT(parse_feed("adt 127.0.0.1:2575 zone=+0100").error().what, testing::HasSubstr("zone=+01:00"));
}

}   // namespace
}   // namespace ward::feeds
