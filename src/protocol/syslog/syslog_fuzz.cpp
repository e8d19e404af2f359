// SPDX-License-Identifier: Apache-2.0
#include "protocol/session_fuzz.hpp"
#include "protocol/syslog/syslog.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* input, std::size_t size) {
    using namespace ward::protocol;
    const auto bytes = std::as_bytes(std::span{input, size});
    fuzz_session(bytes, syslog::open_stream, syslog::probe_stream);
    fuzz_session(bytes, syslog::open_datagrams, syslog::probe_datagram);
    return 0;
}
