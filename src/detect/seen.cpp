// SPDX-License-Identifier: Apache-2.0
#include "detect/seen.hpp"

namespace ward::detect {
namespace {

Result<IpAddress> address_in(json::Value event, std::string_view key) {
    const auto value = event[key];
    if (!value.exists()) return IpAddress{};
    if (const auto address = parse_ip_address(value.text())) return *address;
    return fail(Errc::malformed, std::string{key} + " is no address");
}

}   // namespace

std::chrono::minutes Seen::local_time_at(Time time) const noexcept {
    const auto local = time + utc_offset;
    return std::chrono::floor<std::chrono::minutes>(local - std::chrono::floor<std::chrono::days>(local));
}

std::uint64_t count_of(json::Value value) noexcept {
    constexpr double exact_max = 9'007'199'254'740'992;   // 2^53
    const auto number = value.number().value_or(0);
    return number >= 0 && number <= exact_max ? static_cast<std::uint64_t>(number) : 0;
}

Result<Seen> read_eve(const json::Document& event) {
    const auto root = event.root();
    const auto time = event::parse_local_timestamp(root["timestamp"].text());
    if (!time) return fail(Errc::malformed, "timestamp is no time");
    Seen seen{.at = time->at,
              .now = time->at,
              .type = root["event_type"].text(),
              .utc_offset = time->utc_offset,
              .whole = root};
    if (seen.type.empty()) return fail(Errc::malformed, "there is no event_type");
    seen.client = TRY(address_in(root, "src_ip"));
    seen.server = TRY(address_in(root, "dest_ip"));
    const auto port = count_of(root["dest_port"]);
    seen.server_port = port <= 65'535 ? static_cast<std::uint16_t>(port) : std::uint16_t{0};
    seen.protocol = root["app_proto"].text();
    seen.flow_id = count_of(root["flow_id"]);
    seen.own = root[seen.type];
    return seen;
}

}   // namespace ward::detect
