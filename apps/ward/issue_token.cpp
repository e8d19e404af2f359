// SPDX-License-Identifier: Apache-2.0
#include "apps/ward/issue_token.hpp"

#include <fmt/format.h>

#include "core/clock.hpp"
#include "keys/client.hpp"
#include "vault/identity.hpp"
#include "vault/startup.hpp"

namespace ward::cli {

Result<std::string> issue_token(const std::string& directory, const vault::TokenWish& wish) {
    const vault::VaultPaths paths{directory};
    keys::Client keys{paths.keys().socket()};
    const auto public_keys = keys.public_keys();
    if (!public_keys)
        return fail(public_keys.error().code,
                    fmt::format("no Ward runs on {} ({}); start it with: ward run --data {}", directory,
                                public_keys.error().what, directory));
    const auto issuer = TRY(vault::ledger_identity(paths, {}, public_keys->ledger));
    const auto text = TRY(vault::token_text(wish, issuer, SystemClock{}.now()));
    return vault::signed_token(text, TRY(keys.sign_token(text)));
}

/// "https://127.0.0.1:8443/fhir" → the parts that a client needs.
Result<http::ClientOptions> client_options(const vault::VaultPaths& paths) {
    const auto running = TRY(vault::find_running(paths));
    const std::string_view url = running.base_url;
    const auto host = url.find("://") + 3;
    const auto colon = url.rfind(':');
    http::ClientOptions options;
    options.host = url.substr(host, colon - host);
    options.port = static_cast<std::uint16_t>(std::stoi(std::string{url.substr(colon + 1)}));
    options.trusted_certificate_pem = TRY(vault::read_file(paths.certificate()));
    options.limits.response_timeout = std::chrono::minutes{10};   // a chart of many years in one transaction
    return options;
}

}   // namespace ward::cli
