// SPDX-License-Identifier: Apache-2.0
#include <tuple>

#include "core/assert.hpp"
#include "protocol/ntlm/ntlm.hpp"

// A token may be wrapped: what stands before it does not change what it says. What is kept of it is short.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* input, std::size_t size) {
    using namespace ward::protocol;
    constexpr std::size_t kept_max = 260;
    const auto token = std::as_bytes(std::span{input, size});
    ward::Buffer wrapped{std::byte{0x60}, std::byte{0x30}};
    ward::append(wrapped, token);
    const auto names = ntlm::read_names(token, Output{});
    const auto same = ntlm::read_names(wrapped, Output{});
    WARD_ASSERT(names.has_value() == same.has_value());
    static_cast<void>(ntlm::has_kerberos_ticket(token));
    if (!names) return 0;
    const auto texts = [](const ward::event::NtlmNames& of) {
        return std::tie(of.domain, of.host, of.dns_domain, of.dns_host, of.dns_forest, of.version);
    };
    WARD_ASSERT(texts(*names) == texts(*same));
    for (const auto* text : {&names->domain, &names->host, &names->dns_domain, &names->dns_host})
        WARD_ASSERT(text->size() <= kept_max);
    return 0;
}
