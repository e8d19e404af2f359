// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>

#include "core/assert.hpp"
#include "jose/token.hpp"

// One property beside "no crash": what nobody signed is verified by no key, whatever the keys are.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace ward;
    const auto text = as_text(std::as_bytes(std::span{data, size}));
    const auto end = std::min(text.find('\n'), text.size());
    const auto keys = jose::KeySet::parse(text.substr(0, end));
    const auto token = jose::read_token(text.substr(std::min(end + 1, text.size())));
    if (!token) return 0;
    WARD_ASSERT(token->text.size() < jose::token_bytes_max && !token->signature.empty());
    (void)jose::check_claims(token->claims.root(), {.issuer = "i", .audience = "a", .now = Time{}});
    (void)jose::check_is_access_token(*token);
    if (keys) (void)jose::verify(*keys, *token);
    return 0;
}
