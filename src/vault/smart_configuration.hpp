// SPDX-License-Identifier: Apache-2.0
// What apps are told of how to get a token.
#pragma once

#include <string>
#include <string_view>

#include "vault/provider.hpp"

namespace ward::vault {

struct TokenSources {
    std::string_view issuer{};                // the provider
    const Provider::Offer* offer = nullptr;   // null: there is no provider
    std::string_view token_url{};             // for registered systems; empty: there are none
};

/// SMART App Launch 2.2, "Conformance": the body of .well-known/smart-configuration. Apps get their tokens
/// from the provider, so what they can ask for is what the provider says that it offers.
std::string smart_configuration(const TokenSources& sources);

}   // namespace ward::vault
