// SPDX-License-Identifier: Apache-2.0
// What the hospital's computers say to each other on an ordinary day, beside the messages to Ward.
#pragma once

#include "lab/frames/office/browsing.hpp"
#include "lab/frames/office/housekeeping.hpp"
#include "lab/frames/office/mail_traffic.hpp"
#include "lab/frames/office/record_sessions.hpp"
#include "lab/frames/office/rounds.hpp"
#include "lab/frames/office/sign_ins.hpp"

namespace ward::lab {

/// Borrows the office; puts on its story's agenda what machines do by themselves.
class OfficeTraffic final : public Witness {
public:
    explicit OfficeTraffic(Office& office);
    OfficeTraffic(const OfficeTraffic&) = delete;
    OfficeTraffic& operator=(const OfficeTraffic&) = delete;

    void see(const Act& act, const Story& story) override;

private:
    std::uint32_t label_of(const Act& act, DeviceId at) const;

    Wires& wires_;
    Shares& shares_;
    Rounds rounds_;
    RecordSessions record_;
    Browsing browsing_;
    SignIns sign_ins_;
    Housekeeping housekeeping_;
    MailTraffic mail_;
};

}   // namespace ward::lab
