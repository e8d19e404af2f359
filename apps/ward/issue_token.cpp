// SPDX-License-Identifier: Apache-2.0
#include "apps/ward/issue_token.hpp"

#include <fmt/format.h>

#include "core/clock.hpp"
#include "keys/client.hpp"
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

}   // namespace ward::cli
