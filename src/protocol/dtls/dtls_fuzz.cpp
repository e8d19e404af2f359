// SPDX-License-Identifier: Apache-2.0
#include "protocol/dtls/dtls.hpp"
#include "protocol/session_fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* input, std::size_t size) {
    using namespace ward::protocol;
    fuzz_session(std::as_bytes(std::span{input, size}), dtls::open_session, dtls::probe);
    return 0;
}
