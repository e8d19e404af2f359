// SPDX-License-Identifier: Apache-2.0
#include "ledger/note.hpp"

#include <algorithm>
#include <array>

#include "core/utf8.hpp"
#include "crypto/hash.hpp"
#include "wire/wire_reader.hpp"

namespace ward::ledger {

namespace {

constexpr std::string_view signature_start = "\u2014 ";   // em dash, space
constexpr std::byte ed25519_type{0x01};
constexpr std::size_t key_id_bytes = 4;

tl::unexpected<Error> malformed(std::string what) {
    return fail(Errc::malformed, "note: " + std::move(what));
}

bool is_note_text(std::string_view text) {
    return std::ranges::none_of(text, [](unsigned char c) { return c < 0x20 && c != '\n'; }) && is_utf8(text);
}

Result<NoteSignature> parse_signature(std::string_view line) {
    if (!line.starts_with(signature_start)) return malformed("a signature line does not begin with a dash");
    line.remove_prefix(signature_start.size());
    const auto space = line.find(' ');
    const auto name = line.substr(0, space);
    if (space == std::string_view::npos || !is_key_name(name))
        return malformed("a signature has no key name");
    const auto bytes = from_base64(line.substr(space + 1));
    if (!bytes || bytes->size() <= key_id_bytes)
        return malformed("a signature is not base64 of enough bytes");
    WireReader reader{*bytes};
    const auto key_id = reader.u32();
    const auto rest = reader.take(reader.remaining());
    return NoteSignature{std::string{name}, key_id, {rest.begin(), rest.end()}};
}

std::uint32_t key_id(std::string_view name, const crypto::PublicKey& key) {
    constexpr std::array separator{std::byte{'\n'}, ed25519_type};
    const auto digest = crypto::Sha256{}.update(as_bytes(name)).update(separator).update(key.value).finish();
    return WireReader{digest}.u32();
}

}   // namespace

Result<Note> parse_note(std::string_view note) {
    const NoteLimits limits;
    if (note.size() > limits.note_bytes_max) return fail(Errc::limit_exceeded, "note: it is too long");
    if (!is_note_text(note)) return malformed("it has control characters or is not UTF-8");
    const auto split = note.rfind("\n\n");   // the last empty line
    if (split == std::string_view::npos) return malformed("no empty line comes before the signatures");
    Note parsed{.text = std::string{note.substr(0, split + 1)}, .signatures = {}};
    auto lines = note.substr(split + 2);
    if (lines.empty() || lines.back() != '\n') return malformed("it does not end with a signature line");
    while (!lines.empty()) {
        if (parsed.signatures.size() == limits.signatures_max)
            return fail(Errc::limit_exceeded, "note: it has too many signatures");
        const auto end = lines.find('\n');
        parsed.signatures.push_back(TRY(parse_signature(lines.substr(0, end))));
        lines.remove_prefix(end + 1);
    }
    return parsed;
}

std::string format_note(const Note& note) {
    std::string text = note.text + "\n";
    for (const auto& signature : note.signatures) {
        Buffer bytes;
        append_big_endian(bytes, signature.key_id);
        append(bytes, signature.bytes);
        text += signature_start;
        text += signature.name + " " + to_base64(bytes) + "\n";
    }
    return text;
}

bool is_key_name(std::string_view name) {
    if (name.empty()) return false;
    while (!name.empty()) {
        const auto code_point = take_code_point(name);
        if (!code_point || is_space(*code_point) || *code_point == '+' || *code_point < 0x20) return false;
    }
    return true;
}

VerifierKey make_verifier_key(std::string name, const crypto::PublicKey& key) {
    const auto id = key_id(name, key);
    return {std::move(name), id, key};
}

Result<VerifierKey> parse_verifier_key(std::string_view vkey) {
    const auto first = vkey.find('+');
    const auto second = first == std::string_view::npos ? first : vkey.find('+', first + 1);
    if (second == std::string_view::npos)
        return fail(Errc::malformed, "verifier key: it has not three parts");
    const auto name = vkey.substr(0, first);
    const auto material = from_base64(vkey.substr(second + 1));
    crypto::PublicKey key;
    if (!is_key_name(name)) return fail(Errc::malformed, "verifier key: the name is not one");
    if (!material || material->size() != 1 + key.value.size() || material->front() != ed25519_type)
        return fail(Errc::malformed, "verifier key: it is not an Ed25519 key");
    std::ranges::copy(Bytes{*material}.subspan(1), key.value.begin());
    auto parsed = make_verifier_key(std::string{name}, key);
    // This compares the id too, which has one spelling: lowercase.
    if (format_verifier_key(parsed) != vkey) return fail(Errc::malformed, "verifier key: the id is wrong");
    return parsed;
}

std::string format_verifier_key(const VerifierKey& key) {
    Buffer id;
    append_big_endian(id, key.id);
    Buffer material{ed25519_type};
    append(material, key.key.value);
    return key.name + "+" + to_hex(id) + "+" + to_base64(material);
}

std::string sign_note(std::string_view text, const VerifierKey& key, const crypto::Signature& signature) {
    NoteSignature line{key.name, key.id, {signature.value.begin(), signature.value.end()}};
    return format_note({.text = std::string{text}, .signatures = {std::move(line)}});
}

Result<> verify_note(const Note& note, const VerifierKey& key) {
    bool verified = false;
    for (const auto& line : note.signatures) {
        if (line.name != key.name || line.key_id != key.id) continue;
        crypto::Signature signature;
        if (line.bytes.size() != signature.value.size())
            return fail(Errc::denied, "note: the signature of " + key.name + " has a wrong length");
        std::ranges::copy(line.bytes, signature.value.begin());
        if (!crypto::verify(key.key, as_bytes(note.text), signature))
            return fail(Errc::denied, "note: the signature of " + key.name + " is wrong");
        verified = true;
    }
    if (!verified) return fail(Errc::denied, "note: " + key.name + " did not sign it with this key");
    return {};
}

}   // namespace ward::ledger
