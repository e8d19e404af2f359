// SPDX-License-Identifier: Apache-2.0
// What a scenario does by vendors' remote access, and what machines call afterwards.
#pragma once

#include <map>

#include "lab/edge/vendor_routine.hpp"
#include "lab/scenario/cast.hpp"

namespace ward::lab {

/// Borrows the story and the routine.
class VendorDeeds {
public:
    VendorDeeds(Story& story, VendorRoutine& routine)
        : story_(story), routine_(routine), dice_(story.dice("vendor deeds")) {}

    /// Somebody with a vendor's access comes in at a site, or at one after the other.
    Result<> visit(const Cast& cast);
    /// Machines begin to call a site outside that nobody called before.
    Result<> call_new_site(const Cast& cast);

private:
    struct Part {   // what steps of the same `as` share
        std::optional<VendorId> vendor{};
        std::optional<Address> from{};
        std::string host{};
        std::map<int, std::vector<DeviceId>> machines{};   // that were visited, at each site
    };
    struct Calls {
        DeviceId machine{};
        std::string host;
        double seconds_apart = 0;
        double sent = 0;
        double received = 0;
        int left = 0;
        std::uint32_t label = 0;
    };

    Part& part_of(const Cast& cast);
    Result<std::vector<int>> sites_of(const Cast& cast) const;
    std::vector<DeviceId> any_machines(int site, std::size_t count);
    void call_again(Calls calls);

    Story& story_;
    VendorRoutine& routine_;
    Dice dice_;
    std::map<std::string, Part, std::less<>> parts_{};
};

}   // namespace ward::lab
