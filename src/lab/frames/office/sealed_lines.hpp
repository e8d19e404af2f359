// SPDX-License-Identifier: Apache-2.0
// What systems tell Ward under TLS: the audit trail (RFC 5425) and FHIR. Each keeps its connection.
#pragma once

#include <map>
#include <memory>
#include <tuple>

#include "lab/frames/office/tls_session.hpp"

namespace ward::lab {

/// Borrows the wires.
class SealedLines {
public:
    explicit SealedLines(Wires& wires) : wires_(wires) {}

    static constexpr std::uint16_t syslog_port = 6'514, https_port = 8'443;

    /// So many bytes there; none comes back of what has no answer.
    void carry(DeviceId from, std::uint16_t port, std::size_t sent, std::size_t answered, Moment at);

private:
    Wires& wires_;
    // Each for one step of the scenario at most.
    std::map<std::tuple<DeviceId, std::uint16_t, std::uint32_t>, std::unique_ptr<TlsSession>> lines_{};
};

}   // namespace ward::lab
