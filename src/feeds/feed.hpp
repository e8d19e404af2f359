// SPDX-License-Identifier: Apache-2.0
// What an operator says of a feed: a place where messages arrive, with a name.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "core/result.hpp"
#include "core/time_zone.hpp"

namespace ward::feeds {

struct Feed {
    std::string name;
    std::string listen;               // a numeric address and a port
    std::string charset = "8859/1";   // HL7 table 0211: of messages that name none and are not UTF-8
    TimeZone zone{};                  // of times that name none
    std::chrono::minutes silent_after{60};
};

/// Who may connect.
enum class Link { plain, tls, mutual_tls };

struct FeedWish {
    Feed feed;
    Link link = Link::plain;
    std::string clients_file;   // of mutual TLS: the certificates of clients, or of who signs them, in PEM
};

/// Reads "NAME ADDRESS:PORT [tls | mutual=FILE] [charset=NAME] [zone=ZONE] [silent=MINUTES]", reading the
/// rules of a zone that is a place. The error says which word is wrong.
Result<FeedWish> parse_feed(std::string_view text);

}   // namespace ward::feeds
