// SPDX-License-Identifier: Apache-2.0
#include "vault/identity.hpp"

#include <algorithm>
#include <cctype>
#include <fmt/format.h>
#include <fstream>
#include <iterator>

#include "core/durable_file.hpp"
#include "crypto/hash.hpp"

namespace ward::vault {
namespace {

/// The secret is named after its certificate, so that a lost certificate never meets another one's key.
std::string secret_name(std::string_view certificate_pem) {
    return "tls-" + to_hex(crypto::sha256(as_bytes(certificate_pem))).substr(0, 24);
}

bool is_address(std::string_view name) {
    return name.find(':') != std::string_view::npos || std::ranges::all_of(name, [](char c) {
               return c == '.' || std::isdigit(static_cast<unsigned char>(c)) != 0;
           });
}

Result<http::TlsIdentity> make_identity(const VaultPaths& paths, keys::Client& keys,
                                        const std::vector<std::string>& names, Time now) {
    http::SelfSigned wish;
    wish.not_before = now - std::chrono::hours{1};   // clients' clocks differ
    for (const auto& name : names) (is_address(name) ? wish.addresses : wish.host_names).push_back(name);
    auto identity = TRY(http::make_self_signed(wish));
    const auto key = TRY(crypto::SecretBytes::copy_of(identity.key.reveal()));
    // The key is safe before the certificate is there.
    TRY(keys.secret(secret_name(identity.certificate_pem), key));
    TRY(write_file(paths.certificate(), identity.certificate_pem));
    return identity;
}

}   // namespace

Result<std::string> read_file(const std::filesystem::path& path) {
    std::ifstream file{path, std::ios::binary};
    if (!file) return fail(Errc::not_found, fmt::format("cannot read {}", path.string()));
    return std::string{std::istreambuf_iterator<char>{file}, {}};
}

Result<> write_file(const std::filesystem::path& path, std::string_view text) {
    return write_durably(path, as_bytes(text), Readable::by_all, Existing::replace);
}

Result<http::TlsIdentity> load_or_make_identity(const VaultPaths& paths, keys::Client& keys,
                                                const std::vector<std::string>& names, Time now) {
    auto certificate = read_file(paths.certificate());
    if (!certificate) return make_identity(paths, keys, names, now);
    const auto key = TRY(keys.secret(secret_name(*certificate)));
    return http::TlsIdentity{*std::move(certificate), http::PrivateKey{key.reveal()}};
}

}   // namespace ward::vault
