// SPDX-License-Identifier: Apache-2.0
// What goes out to others: people who look at pages, programs that report home, a copy of the files at night.
#pragma once

#include "lab/frames/office/resolver.hpp"
#include "lab/frames/office/tls_session.hpp"

namespace ward::lab {

/// Borrows the wires and the resolver.
class Browsing {
public:
    Browsing(Wires& wires, Resolver& resolver)
        : wires_(wires), resolver_(resolver), random_(wires.story().dice("browsing")) {}

    /// Puts all of it on the story's agenda. Must stay where it is from then on.
    void begin();

private:
    struct Beat {
        DeviceId device{};
        std::string host;
        double seconds = 0;
        double factor = 1;
    };

    void plan_visit(DeviceId workstation, Moment after);
    void visit(const Device& client);
    Moment read_page(const Device& client, const std::string& host, Moment at);
    void beat(const Beat& beat);
    void begin_beats(DeviceId id, const Device& device);
    void plan_copy(DeviceId server, Moment night);
    void copy_part(DeviceId server, std::shared_ptr<TlsSession> session, int left);

    Wires& wires_;
    Resolver& resolver_;
    Dice random_;
};

}   // namespace ward::lab
