// SPDX-License-Identifier: Apache-2.0
// What crosses the hospital's edge by contract, as frames: partners' systems, vendors' technicians, and
// laptops at home.
#pragma once

#include <map>
#include <memory>
#include <variant>

#include "lab/frames/edge/ssh_session.hpp"
#include "lab/frames/office/office.hpp"
#include "lab/frames/office/tls_session.hpp"

namespace ward::lab {

/// Borrows the office. Must stay where it is once it has shown something.
class EdgeTraffic {
public:
    explicit EdgeTraffic(Office& office)
        : office_(office), random_(office.wires.story().dice("edge traffic")) {}
    EdgeTraffic(const EdgeTraffic&) = delete;
    EdgeTraffic& operator=(const EdgeTraffic&) = delete;

    void show(const TunnelChanged& use, DeviceId laptop, Moment at);
    void show(const PartnerCalled& use, DeviceId engine, Moment at);
    void show(const VendorCame& use, DeviceId gateway, Moment at);
    void show(const MachineWorkedOn& use, DeviceId from, Moment at);

private:
    using Session = std::variant<std::shared_ptr<TlsSession>, std::shared_ptr<SshSession>>;
    struct Work {
        Session session;
        Moment until{};
        double seconds_apart = 0;
        double answer = 0;   // bytes, around
    };

    Session session_by(RemoteWay way, std::string_view login, const Device& client, const Device& server,
                       Moment& at);
    std::shared_ptr<TlsSession> desktop(std::string_view login, const Device& client, const Device& server,
                                        Moment& at);
    void go_on(Work work);
    void keep_tunnel(DeviceId laptop, const std::shared_ptr<TlsSession>& session);

    Office& office_;
    Dice random_;
    std::map<DeviceId, std::shared_ptr<TlsSession>> tunnels_{};
};

}   // namespace ward::lab
