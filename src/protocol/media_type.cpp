// SPDX-License-Identifier: Apache-2.0
#include "protocol/media_type.hpp"

#include <algorithm>
#include <array>

#include "protocol/text.hpp"

namespace ward::protocol {

std::string media_type(std::string_view content_type) {
    // IANA, Media Types.
    constexpr std::array<std::string_view, 11> types{"application", "audio", "chemical", "example",
                                                     "font",        "image", "message",  "model",
                                                     "multipart",   "text",  "video"};
    constexpr std::size_t subtype_max = 96;
    const auto whole = trimmed(content_type.substr(0, content_type.find(';')));
    auto subtype = whole;
    const auto type = take_until(subtype, '/');
    const bool known =
        std::ranges::any_of(types, [&](std::string_view one) { return equal_ignoring_case(type, one); });
    const bool named =
        !subtype.empty() && subtype.size() <= subtype_max && std::ranges::all_of(subtype, [](char c) {
            return is_letter(c) || is_digit(c) ||
                   std::string_view{"!#$&-^_.+"}.find(c) != std::string_view::npos;
        });
    return known && named ? lowered(whole) : std::string{};
}

}   // namespace ward::protocol
