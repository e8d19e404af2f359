// SPDX-License-Identifier: Apache-2.0
#include "protocol/session_fuzz.hpp"
#include "protocol/stun/stun.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* input, std::size_t size) {
    using namespace ward::protocol;
    fuzz_session(std::as_bytes(std::span{input, size}), stun::open_session, stun::probe);
    return 0;
}
