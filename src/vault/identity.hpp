// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "core/clock.hpp"
#include "core/result.hpp"
#include "http/tls_identity.hpp"
#include "keys/client.hpp"
#include "vault/vault.hpp"

namespace ward::vault {

/// The certificate in the data directory with its private key, which is kept sealed by ward-keys. Where there
/// is no certificate, one is made for `names`, host names and addresses, and signed by itself.
Result<http::TlsIdentity> load_or_make_identity(const VaultPaths& paths, keys::Client& keys,
                                                const std::vector<std::string>& names, Time now);

/// A file's text. Errc::not_found if there is none.
Result<std::string> read_file(const std::filesystem::path& path);

/// Writes a file so that it is there whole or not at all, even after a power cut.
Result<> write_file(const std::filesystem::path& path, std::string_view text);

}   // namespace ward::vault
