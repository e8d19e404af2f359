// SPDX-License-Identifier: Apache-2.0
#include "vault/cursor.hpp"

#include "crypto/seal.hpp"
#include "wire/wire_reader.hpp"

namespace ward::vault {
namespace {

constexpr std::string_view context = "ward cursor v3";
constexpr std::size_t parameters_max = 256;

void append_text(Buffer& bytes, std::string_view text) {
    append_big_endian(bytes, static_cast<std::uint32_t>(text.size()));
    append(bytes, as_bytes(text));
}

std::string take_text(WireReader& in) {
    const std::size_t size = in.u32();
    return std::string{as_text(in.take(size))};
}

}   // namespace

Result<std::string> seal_cursor(const crypto::SecretBytes& key, const Cursor& cursor) {
    Buffer bytes;
    append_big_endian(bytes, static_cast<std::uint64_t>(cursor.place.position));
    append_text(bytes, cursor.path);
    append_text(bytes, cursor.caller);
    append_big_endian(bytes, static_cast<std::uint32_t>(cursor.parameters.size()));
    for (const auto& [name, value] : cursor.parameters) {
        append_text(bytes, name);
        append_text(bytes, value);
    }
    append_big_endian(bytes, static_cast<std::uint32_t>(cursor.place.keys.size()));
    for (const auto& each : cursor.place.keys) {
        append_big_endian(bytes, static_cast<std::uint8_t>(each.has_value()));
        append_text(bytes, each.value_or(std::string{}));
    }
    return to_base64url(TRY(crypto::seal(key, as_bytes(context), bytes)));
}

Result<Cursor> open_cursor(const crypto::SecretBytes& key, std::string_view text) {
    const auto sealed = from_base64url(text);
    const auto bytes = sealed ? crypto::open(key, as_bytes(context), *sealed) : Result<Buffer>{Buffer{}};
    if (!bytes || bytes->empty()) return fail(Errc::malformed, "not a page of this server");
    WireReader in{*bytes};
    Cursor cursor;
    cursor.place.position = static_cast<std::int64_t>(in.u64());
    cursor.path = take_text(in);
    cursor.caller = take_text(in);
    const std::size_t count = in.u32();
    if (count > parameters_max) return fail(Errc::malformed, "not a page of this server");
    for (std::size_t i = 0; i < count; ++i) {
        auto name = take_text(in);
        cursor.parameters.emplace_back(std::move(name), take_text(in));
    }
    const std::size_t keys = in.u32();
    if (keys > parameters_max) return fail(Errc::malformed, "not a page of this server");
    for (std::size_t i = 0; i < keys; ++i) {
        const bool has_value = in.u8() != 0;
        auto sorted_by = take_text(in);
        cursor.place.keys.push_back(has_value ? std::optional{std::move(sorted_by)} : std::nullopt);
    }
    if (in.truncated() || in.remaining() != 0) return fail(Errc::malformed, "not a page of this server");
    return cursor;
}

}   // namespace ward::vault
