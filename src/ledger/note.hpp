// SPDX-License-Identifier: Apache-2.0
// C2SP signed-note: text that is signed by one or more keys. Ed25519 is the one algorithm that Ward verifies.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/bytes.hpp"
#include "core/result.hpp"
#include "crypto/sign.hpp"

namespace ward::ledger {

struct NoteLimits {
    std::size_t note_bytes_max = 256 * 1'024;
    std::size_t signatures_max = 64;   // the specification wants at least 16
};

struct NoteSignature {
    std::string name;
    std::uint32_t key_id = 0;
    Buffer bytes;
    bool operator==(const NoteSignature&) const = default;
};

struct Note {
    std::string text;   // with its last newline
    std::vector<NoteSignature> signatures;
};

/// Strict: there is one way to write a note.
Result<Note> parse_note(std::string_view note);
std::string format_note(const Note& note);

/// A public key, with the name that it signs under.
struct VerifierKey {
    std::string name;
    std::uint32_t id = 0;
    crypto::PublicKey key;
    bool operator==(const VerifierKey&) const = default;
};

/// Not empty, valid UTF-8, no spaces, no plus sign.
bool is_key_name(std::string_view name);

VerifierKey make_verifier_key(std::string name, const crypto::PublicKey& key);

/// `name+id+base64`. The id must be the hash of the rest.
Result<VerifierKey> parse_verifier_key(std::string_view vkey);
std::string format_verifier_key(const VerifierKey& key);

/// The note's text, with one signature, as a note.
std::string sign_note(std::string_view text, const VerifierKey& key, const crypto::Signature& signature);

/// Errc::denied unless `key` signed the note. Signatures of other keys are ignored; a wrong one of this key
/// is not, even beside a right one.
Result<> verify_note(const Note& note, const VerifierKey& key);

}   // namespace ward::ledger
