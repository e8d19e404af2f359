// SPDX-License-Identifier: Apache-2.0
#include "jose/key_set.hpp"

#include <algorithm>

namespace ward::jose {
namespace {

Buffer bytes_of(json::Value key, std::string_view name) {
    return from_base64url(key[name].text()).value_or(Buffer{});
}

Result<crypto::ForeignKey> foreign_key(json::Value key) {
    const auto type = key["kty"].text();
    if (type == "RSA") return crypto::ForeignKey::rsa(bytes_of(key, "n"), bytes_of(key, "e"));
    if (type != "EC") return fail(Errc::denied, "a kind of key that Ward does not use");
    const auto curve = key["crv"].text();
    if (curve == "P-256") return crypto::ForeignKey::p256(bytes_of(key, "x"), bytes_of(key, "y"));
    if (curve == "P-384") return crypto::ForeignKey::p384(bytes_of(key, "x"), bytes_of(key, "y"));
    return fail(Errc::denied, "a curve that Ward does not use");
}

/// RFC 7517, 4.2 and 4.3.
bool is_for_verifying(json::Value key) {
    if (key["use"].exists() && key["use"].text() != "sig") return false;
    if (!key["key_ops"].exists()) return true;
    const auto operations = key["key_ops"].items();
    return std::ranges::any_of(operations,
                               [](json::Value operation) { return operation.text() == "verify"; });
}

}   // namespace

std::optional<Algorithm> algorithm_named(std::string_view name) {
    if (name == "RS256") return Algorithm::rs256;
    if (name == "RS384") return Algorithm::rs384;
    if (name == "ES256") return Algorithm::es256;
    if (name == "ES384") return Algorithm::es384;
    return std::nullopt;
}

Result<KeySet> KeySet::parse(std::string_view text) {
    if (text.size() > text_bytes_max) return fail(Errc::limit_exceeded, "the key set is too long");
    const auto document = TRY(json::Document::parse(std::string{text}));
    return read(document.root());
}

Result<KeySet> KeySet::read(json::Value set) {
    if (!set["keys"].is_array()) return fail(Errc::malformed, "a key set has an array of keys");
    if (set["keys"].size() > keys_max) return fail(Errc::limit_exceeded, "too many keys");
    KeySet read;
    for (const auto key : set["keys"].items()) {
        if (!is_for_verifying(key)) continue;
        const auto only = algorithm_named(key["alg"].text());
        if (key["alg"].exists() && !only) continue;
        auto made = foreign_key(key);
        if (!made || (only && !made->can(*only))) continue;
        read.keys_.push_back({std::string{key["kid"].text()}, only, *std::move(made)});
    }
    return read;
}

bool KeySet::has(std::string_view id) const { return std::ranges::find(keys_, id, &Key::id) != keys_.end(); }

}   // namespace ward::jose
