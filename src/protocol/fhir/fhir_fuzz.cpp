// SPDX-License-Identifier: Apache-2.0
#include "core/assert.hpp"
#include "core/bytes.hpp"
#include "protocol/fhir/body.hpp"

// A body may end anywhere: what its beginning holds is in the whole too. What is kept of it is short.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* input, std::size_t size) {
    using ward::protocol::fhir::read_resource;
    constexpr std::size_t kept_max = 64;
    const auto text = ward::as_text(std::as_bytes(std::span{input, size}));
    const auto whole = read_resource(text);
    WARD_ASSERT(whole.type.size() <= kept_max && whole.bundle_type.size() <= kept_max);
    WARD_ASSERT(whole.fhir_version.size() <= kept_max && whole.patient.size() <= kept_max);
    for (const auto part : {size / 3, size / 2})
        WARD_ASSERT(read_resource(text.substr(0, part)).entries <= whole.entries);
    return 0;
}
