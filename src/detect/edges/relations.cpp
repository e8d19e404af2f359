// SPDX-License-Identifier: Apache-2.0
#include "detect/edges/relations.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <fmt/format.h>

namespace ward::detect {
namespace {

constexpr std::uint16_t lent_ports = 32'768;   // where systems begin to lend ports to clients

bool is_one_of(std::string_view type, std::initializer_list<std::string_view> types) {
    return std::ranges::find(types, type) != types.end();
}

}   // namespace

Actor actor_of(const IpAddress& host) {
    return {host.words(), host.is_v4() ? Actor::Type::host_v4 : Actor::Type::host_v6};
}

std::optional<Actor> actor_of_account(std::string_view pseudonym) {
    constexpr std::size_t digits = 16;
    Actor actor{.type = Actor::Type::account};
    if (pseudonym.size() != 2 * digits) return std::nullopt;
    for (std::size_t i = 0; i < 2; ++i) {
        const auto* begin = pseudonym.data() + i * digits;
        const auto read = std::from_chars(begin, begin + digits, actor.words[i], 16);
        if (read.ec != std::errc{} || read.ptr != begin + digits) return std::nullopt;
    }
    return actor;
}

std::string to_text(const Actor& actor) {
    if (actor.is_account()) return fmt::format("{:016x}{:016x}", actor.words[0], actor.words[1]);
    IpAddress address{std::bit_cast<std::array<std::byte, 16>>(actor.words), IpAddress::Family::v4};
    if (actor.type == Actor::Type::host_v6) address.family = IpAddress::Family::v6;
    return ward::to_text(address);
}

std::string_view account_in(const Seen& seen) {
    if (is_one_of(seen.type, {"krb5", "ldap", "smb", "dcerpc", "http", "pgsql", "mysql"})) {
        const auto user = seen.text("user");
        return user.empty() ? seen.own["ntlmssp"]["user"].text() : user;
    }
    return {};
}

std::string_view patient_in(const Seen& seen) {
    if (is_one_of(seen.type, {"fhir", "hl7", "dicom", "astm", "atna"})) return seen.text("patient");
    return {};
}

std::optional<std::uint64_t> offered_in(const Seen& seen, std::uint64_t secret) {
    if (!seen.protocol.empty() && seen.protocol != "failed") return hash_of(seen.protocol, secret);
    if (seen.server_port == 0 || seen.server_port >= lent_ports) return std::nullopt;
    return folded(seen.server_port, 2, secret);
}

std::optional<std::uint64_t> share_of(const Seen& seen, std::uint64_t secret) {
    if (!seen.is("smb")) return std::nullopt;
    const auto share = seen.text("share");
    if (share.empty() || seen.text("share_type") == "PIPE") return std::nullopt;
    return folded(hash_of(share, secret), IpAddressHash{secret}(seen.server), secret);
}

std::uint64_t sign_in_of(const Seen& seen, std::uint64_t secret) {
    const auto service = seen.is("krb5") ? seen.text("sname") : std::string_view{};
    const auto client = IpAddressHash{secret}(seen.client);
    // A ticket for tickets says only where somebody sits.
    if (service.starts_with("krbtgt")) return folded(client, 3, secret);
    if (!service.empty()) return hash_of(service, secret);
    return folded(client, IpAddressHash{secret}(seen.server), secret);
}

}   // namespace ward::detect
