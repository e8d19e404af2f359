// SPDX-License-Identifier: Apache-2.0
#include "protocol/ldap/ldap.hpp"
#include "protocol/session_fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* input, std::size_t size) {
    using namespace ward::protocol;
    const auto bytes = std::as_bytes(std::span{input, size});
    fuzz_session(bytes, ldap::open_tcp_session, ldap::probe_tcp);
    fuzz_session(bytes, ldap::open_udp_session, ldap::probe_udp);
    return 0;
}
