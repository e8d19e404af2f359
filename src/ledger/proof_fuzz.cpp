// SPDX-License-Identifier: Apache-2.0
#include "core/assert.hpp"
#include "ledger/proof.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace ward;
    using namespace ward::ledger;
    const auto text = as_text(std::as_bytes(std::span{data, size}));
    const auto proof = parse_proof(text);
    if (!proof) return 0;
    WARD_ASSERT(format_proof(*proof) == text);
    const auto nobody = make_verifier_key("nobody.example", crypto::PublicKey{});
    WARD_ASSERT(!verify_proof(*proof, {}, nobody));
    return 0;
}
