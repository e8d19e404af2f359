// SPDX-License-Identifier: Apache-2.0
#include "protocol/krb5/krb5.hpp"
#include "protocol/session_fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* input, std::size_t size) {
    using namespace ward::protocol;
    const auto bytes = std::as_bytes(std::span{input, size});
    fuzz_session(bytes, krb5::open_tcp_session, krb5::probe_tcp);
    fuzz_session(bytes, krb5::open_udp_session, krb5::probe_udp);
    return 0;
}
