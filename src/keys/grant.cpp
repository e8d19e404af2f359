// SPDX-License-Identifier: Apache-2.0
#include "keys/grant.hpp"

#include <algorithm>

#include "core/text.hpp"
#include "core/utf8.hpp"

namespace ward::keys {
namespace {

constexpr std::string_view magic = "ward-grant-v1\n";

/// Takes "name value\n" off the text.
Result<std::string_view> take_line(std::string_view& text, std::string_view name) {
    const auto end = text.find('\n');
    if (end == std::string_view::npos || !text.starts_with(name) || text.size() <= name.size() ||
        text[name.size()] != ' ')
        return fail(Errc::malformed, "a grant has a line of " + std::string{name} + " here");
    const auto value = text.substr(name.size() + 1, end - name.size() - 1);
    text.remove_prefix(end + 1);
    return value;
}

/// A line with a decimal number without leading zeros.
Result<std::int64_t> take_count(std::string_view& text, std::string_view name, std::int64_t most) {
    const auto digits = TRY(take_line(text, name));
    const auto value = number(digits);
    if (!value || digits.front() == '0' || *value > static_cast<std::uint64_t>(most))
        return fail(Errc::malformed, "a grant's " + std::string{name} + " are out of range");
    return static_cast<std::int64_t>(*value);
}

}   // namespace

std::string grant_text(const GrantTerms& terms) {
    return std::string{magic} + "id " + to_hex(terms.id) + "\nuser " + terms.user + "\nowners " +
           std::to_string(terms.owners) + "\nhours " + std::to_string(terms.lasting.count()) + "\nreason " +
           terms.reason + "\n";
}

Result<GrantTerms> parse_grant(std::string_view text) {
    constexpr GrantLimits limits;
    const auto whole = text;
    if (!text.starts_with(magic)) return fail(Errc::malformed, "no grant");
    text.remove_prefix(magic.size());
    GrantTerms terms;
    const auto id = from_hex(TRY(take_line(text, "id")));
    if (!id || id->size() != terms.id.size()) return fail(Errc::malformed, "a grant's id has 32 digits");
    std::ranges::copy(*id, terms.id.begin());
    terms.user = TRY(take_line(text, "user"));
    terms.owners = TRY(take_count(text, "owners", limits.owners_max));
    terms.lasting = std::chrono::hours{TRY(take_count(text, "hours", limits.lasting_max.count()))};
    terms.reason = TRY(take_line(text, "reason"));
    if (terms.user.empty() || terms.user.size() > limits.user_bytes_max || !is_printable(terms.user) ||
        terms.user.find(' ') != std::string::npos)
        return fail(Errc::malformed, "a grant names a user, without spaces");
    if (terms.reason.empty() || terms.reason.size() > limits.reason_bytes_max || !is_printable(terms.reason))
        return fail(Errc::malformed, "a grant has a reason of one line");
    if (grant_text(terms) != whole) return fail(Errc::malformed, "a grant is spelled in another way");
    return terms;
}

std::string signed_message(GrantAct act, std::string_view text) {
    constexpr std::string_view names[] = {"enroll", "request", "approve", "end"};
    const auto name = names[static_cast<std::size_t>(act) - 1];
    return "ward-grant-" + std::string{name} + "-v1\n" + std::string{text};
}

}   // namespace ward::keys
