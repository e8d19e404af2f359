// SPDX-License-Identifier: Apache-2.0
// A DCE/RPC call or bind, with its answer.
#pragma once

#include "event/ntlm.hpp"

namespace ward::event {

struct DcerpcInterface {
    std::string uuid;
    std::string version;                   // 3.0
    std::string_view name;                 // of those that are known: svcctl
    std::optional<std::uint16_t> result;   // of the bind: 0 is accepted

    template <class Visitor>
    void fields(Visitor&& visit) const {
        visit("uuid", uuid);
        visit("version", version);
        visit("name", name);
        visit("ack_result", result);
    }
};

struct Dcerpc {
    static constexpr std::string_view event_type = "dcerpc";

    std::string_view request;    // C706, 12.6.3: REQUEST, BIND, ALTER_CONTEXT
    std::string_view response;   // RESPONSE, FAULT, BINDACK …; UNREPLIED where none was seen
    std::uint32_t call_id = 0;
    std::string pipe;   // of SMB
    std::vector<DcerpcInterface> interfaces;
    std::optional<std::uint16_t> opnum;
    std::string_view operation;
    std::uint64_t request_bytes = 0;   // of all fragments
    std::uint64_t response_bytes = 0;
    std::string fault;       // nca status, hexadecimal
    std::string_view auth;   // NTLMSSP, SPNEGO, Kerberos, Netlogon
    bool sealed = false;     // packet privacy: arguments are encrypted
    std::optional<NtlmNames> ntlmssp;
    std::optional<std::int64_t> latency_us;

    template <class Visitor>
    void fields(Visitor&& visit) const {
        visit("request", request);
        visit("response", response);
        visit("call_id", call_id);
        visit("named_pipe", pipe);
        visit("interfaces", interfaces);
        visit("opnum", opnum);
        visit("operation", operation);
        visit("request_bytes", request_bytes);
        visit("response_bytes", response_bytes);
        visit("fault", fault);
        visit("auth", auth);
        if (sealed) visit("sealed", sealed);
        visit("ntlmssp", ntlmssp);
        visit("latency_us", latency_us);
    }
};

}   // namespace ward::event
