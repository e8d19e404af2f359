// SPDX-License-Identifier: Apache-2.0
#include "protocol/uri.hpp"

#include <algorithm>
#include <array>

#include "protocol/http/path.hpp"
#include "protocol/http/target.hpp"
#include "protocol/text.hpp"

namespace ward::protocol {
namespace {

bool is_hexadecimal(char c) { return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'f'); }

/// RFC 9562, section 4.
bool is_uuid(std::string_view text) {
    if (text.size() != 36) return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash ? text[i] != '-' : !is_hexadecimal(text[i])) return false;
    }
    return true;
}

/// X.660: a first arc of 0 to 2, no zero before a number. Fewer than five arcs may be a date.
bool is_oid(std::string_view text) {
    constexpr int arcs_min = 5;
    if (text.empty() || text.front() > '2') return false;
    int arcs = 0;
    while (!text.empty()) {
        const auto arc = take_until(text, '.');
        const bool is_number = !arc.empty() && std::ranges::all_of(arc, is_digit);
        if (!is_number || (arc.size() > 1 && arc.front() == '0') || (arcs == 0 && arc.size() > 1))
            return false;
        ++arcs;
    }
    return arcs >= arcs_min;
}

/// Twelve hexadecimal digits, not all of them decimal: other numbers are as long.
bool is_mac(std::string_view text) {
    return text.size() == 12 && std::ranges::all_of(text, is_hexadecimal) &&
           std::ranges::any_of(text, is_letter);
}

/// What stands between two colons or slashes. Devices put their MAC behind what they are.
std::string part_of(std::string_view part, bool is_last) {
    constexpr std::size_t version_max = 2;
    const bool is_version = is_last && part.size() <= version_max && std::ranges::all_of(part, is_digit);
    if (is_version || is_uuid(part) || is_oid(part) || is_mac(part)) return std::string{part};
    const auto dash = part.rfind('-');
    if (dash == std::string_view::npos || !is_mac(part.substr(dash + 1))) return http::segment_template(part);
    return http::segment_template(part.substr(0, dash)) + std::string{part.substr(dash)};
}

std::string parts_of(std::string_view uri) {
    std::string out;
    while (!uri.empty() && out.size() < field_text_max) {
        const auto end = std::min(uri.find_first_of(":/"), uri.size());
        out += part_of(uri.substr(0, end), end == uri.size());
        if (end < uri.size()) out += uri[end];
        uri.remove_prefix(std::min(end + 1, uri.size()));
    }
    return out;
}

}   // namespace

std::string uri_template(std::string_view uri) {
    constexpr std::array schemes{"http", "https",    "ldap",   "ldaps", "onvif",
                                 "rtsp", "soap.udp", "spiffe", "ws",    "wss"};
    const auto target = http::split_target(uri);
    if (target.authority.empty()) return parts_of(uri.substr(0, uri.find('?')));
    const auto scheme = uri.substr(0, uri.find(':'));
    const bool is_known =
        std::ranges::any_of(schemes, [&](std::string_view one) { return equal_ignoring_case(scheme, one); });
    return std::string{is_known ? scheme : "{id}"} + "://" +
           (http::is_authority(target.authority) ? clipped(target.authority) : "{id}") +
           http::template_of(target);
}

}   // namespace ward::protocol
