// SPDX-License-Identifier: Apache-2.0
#include "notify/notice.hpp"

#include "crypto/hash.hpp"

namespace ward::notify {

std::string_view name(What what) {
    switch (what) {
        case What::opened: return "new";
        case What::risen: return "risen";
        case What::escalated: return "escalated";
        case What::paging: return "paging";
        case What::test: return "test";
    }
    return "";
}

std::string make_id(std::initializer_list<std::string_view> parts) {
    crypto::Sha256 hash;
    for (const auto part : parts)
        hash.update(as_bytes(std::to_string(part.size()) + ":")).update(as_bytes(part));
    return to_hex(Bytes{hash.finish()}.first(16));
}

Notice test_notice(Time now) {
    Notice notice{.what = What::test,
                  .sentence = "This is a test. Nothing happened, and nothing needs to be done.",
                  .at = now,
                  .harmless_if = "It is harmless."};
    notice.id = make_id({"test", to_instant(now)});
    notice.thread = notice.id;
    return notice;
}

std::string headline(const Notice& notice) {
    const auto number = std::to_string(notice.in_case);
    switch (notice.what) {
        case What::opened: return "Case " + number + " is new";
        case What::risen: return "Case " + number + " has become worse";
        case What::escalated: return "Nobody answered case " + number;
        case What::paging: return "The same was found at " + std::to_string(notice.sites.size()) + " sites";
        case What::test: return "A test message";
    }
    return "";
}

std::string joined(const std::vector<std::string>& words, std::string_view between) {
    std::string out;
    for (const auto& word : words) {
        if (!out.empty()) out += between;
        out += word;
    }
    return out;
}

}   // namespace ward::notify
