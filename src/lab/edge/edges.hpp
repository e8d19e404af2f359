// SPDX-License-Identifier: Apache-2.0
// Who comes in from outside, on an ordinary day.
#pragma once

#include "lab/edge/partner_routine.hpp"
#include "lab/edge/remote_work.hpp"
#include "lab/edge/vendor_routine.hpp"

namespace ward::lab {

/// Borrows all of them.
struct Edges {
    Edges(Story& story, Post& post, Desk& desk, Cabinet& cabinet, Moment end)
        : partners(story, post, end), vendors(story, end), remote_work(story, desk, cabinet, end) {}
    Edges(const Edges&) = delete;
    Edges& operator=(const Edges&) = delete;

    void begin() {
        partners.begin();
        vendors.begin();
        remote_work.begin();
    }

    PartnerRoutine partners;
    VendorRoutine vendors;
    RemoteWork remote_work;
};

}   // namespace ward::lab
