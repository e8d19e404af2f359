// SPDX-License-Identifier: Apache-2.0
#include "keys/grant_wire.hpp"

#include <chrono>

namespace ward::keys {
namespace {

void put_text(std::string_view text, WireWriter& target) {
    target.integer(static_cast<std::uint16_t>(text.size()));
    target.put(as_bytes(text));
}

std::string take_text(WireReader& fields) { return std::string{as_text(fields.take(fields.u16()))}; }

void put_number(std::int64_t number, WireWriter& target) {
    target.integer(static_cast<std::uint64_t>(number));
}
std::int64_t take_number(WireReader& fields) { return static_cast<std::int64_t>(fields.u64()); }

void put_time(Time time, WireWriter& target) { put_number(time.time_since_epoch().count(), target); }
Time take_time(WireReader& fields) { return Time{std::chrono::milliseconds{take_number(fields)}}; }

}   // namespace

void encode_grant(const KeptGrant& grant, WireWriter& target) {
    put_time(grant.requested, target);
    put_time(grant.approved, target);
    put_number(grant.opened, target);
    put_text(grant.requester, target);
    put_text(grant.approver, target);
    put_text(grant_text(grant.terms), target);
}

Result<std::optional<KeptGrant>> decode_grant(WireReader& fields) {
    if (fields.remaining() == 0) return std::optional<KeptGrant>{};
    KeptGrant grant;
    grant.requested = take_time(fields);
    grant.approved = take_time(fields);
    grant.opened = take_number(fields);
    grant.requester = take_text(fields);
    grant.approver = take_text(fields);
    grant.terms = TRY(parse_grant(take_text(fields)));
    return std::optional{std::move(grant)};
}

void encode_event(const GrantEvent& event, WireWriter& target) {
    target.integer(event.number);
    put_number(event.at_ms, target);
    target.integer(static_cast<std::uint8_t>(event.act));
    put_number(event.opened, target);
    put_text(event.who, target);
    put_text(event.text, target);
}

Result<std::optional<GrantEvent>> decode_event(WireReader& fields) {
    if (fields.remaining() == 0) return std::optional<GrantEvent>{};
    GrantEvent event;
    event.number = fields.u64();
    event.at_ms = take_number(fields);
    event.act = static_cast<GrantAct>(fields.u8());
    event.opened = take_number(fields);
    event.who = take_text(fields);
    event.text = take_text(fields);
    if (event.act < GrantAct::enroll || event.act > GrantAct::end)
        return fail(Errc::malformed, "ward-keys told of an unknown act");
    return std::optional{std::move(event)};
}

}   // namespace ward::keys
