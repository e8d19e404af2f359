// SPDX-License-Identifier: Apache-2.0
// The key-encryption key on disk, sealed by a passphrase. docs/formats/key-file.md.
#pragma once

#include <filesystem>

#include "core/bytes.hpp"
#include "core/result.hpp"
#include "crypto/password.hpp"
#include "crypto/secret.hpp"

namespace ward::keys {

/// Makes a new key-encryption key and its file, complete and on disk before this returns, readable by its
/// owner only. Errc::conflict when there is a file: a key is never replaced.
Result<crypto::SecretBytes> create_key_file(const std::filesystem::path& path,
                                            const crypto::SecretBytes& passphrase,
                                            crypto::Argon2Cost cost = {});

/// Errc::denied for a wrong passphrase, Errc::corrupt for a file that is not as it was written,
/// Errc::not_found without one.
Result<crypto::SecretBytes> open_key_file(const std::filesystem::path& path,
                                          const crypto::SecretBytes& passphrase);

/// The same on the bytes of a file.
Result<crypto::SecretBytes> open_key(Bytes file, const crypto::SecretBytes& passphrase);

/// What an open file holds up to its end, without the line end that editors and `echo` leave.
Result<crypto::SecretBytes> read_passphrase(int fd);

}   // namespace ward::keys
