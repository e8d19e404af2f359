// SPDX-License-Identifier: Apache-2.0
#include "vault/version.hpp"

#include <algorithm>

#include "crypto/hash.hpp"
#include "wire/wire_reader.hpp"

namespace ward::vault {
namespace {

constexpr std::uint8_t leaf_kind_version = 1;

/// The fixed-width part of a row, in one order for sealing and for hashing.
void append_row_head(Buffer& bytes, const Version& version) {
    append(bytes, version.owner.value);
    append(bytes, version.key.value);
    append(bytes, version.record.value);
    append_big_endian(bytes, static_cast<std::uint64_t>(version.number));
    append_big_endian(bytes, version.type);
    append_big_endian(bytes, static_cast<std::uint8_t>(version.change));
    append_big_endian(bytes, static_cast<std::uint64_t>(version.time.time_since_epoch().count()));
}

}   // namespace

Buffer row_binding(const Version& version) {
    Buffer context;
    context.reserve(96);
    append(context, as_bytes("ward record v1"));
    append_row_head(context, version);
    return context;
}

Buffer encode_tokens(const std::vector<Token>& tokens) {
    Buffer bytes;
    bytes.reserve(1 + tokens.size() * sizeof(Token));
    append_big_endian(bytes, index_key_version);
    for (const auto token : tokens) append_big_endian(bytes, static_cast<std::uint64_t>(token));
    return bytes;
}

Result<std::vector<Token>> decode_tokens(Bytes bytes) {
    WireReader in{bytes};
    if (in.u8() != index_key_version || in.remaining() % sizeof(Token) != 0)
        return fail(Errc::corrupt, "row: index tokens are malformed");
    std::vector<Token> tokens(in.remaining() / sizeof(Token));
    for (auto& token : tokens) token = static_cast<Token>(in.u64());
    if (!std::ranges::is_sorted(tokens)) return fail(Errc::corrupt, "row: index tokens are out of order");
    return tokens;
}

Buffer leaf_of(const Version& version) {
    Buffer head;
    head.reserve(128);
    append(head, as_bytes("ward row v1"));
    append_row_head(head, version);
    append_big_endian(head, static_cast<std::uint32_t>(version.sealed.size()));
    crypto::Sha256 row;
    row.update(head).update(version.sealed).update(encode_tokens(version.tokens));

    Buffer leaf;
    leaf.reserve(leaf_bytes);
    append_big_endian(leaf, leaf_kind_version);
    append(leaf, version.commitment);
    append(leaf, row.finish());
    return leaf;
}

}   // namespace ward::vault
