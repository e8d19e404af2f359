// SPDX-License-Identifier: Apache-2.0
#include "protocol/carescape/carescape.hpp"
#include "protocol/session_fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* input, std::size_t size) {
    using namespace ward::protocol;
    const auto bytes = std::as_bytes(std::span{input, size});
    fuzz_session(bytes, carescape::open_time_session, carescape::probe_time);
    fuzz_session(bytes, carescape::open_discovery_session, carescape::probe_discovery);
    return 0;
}
