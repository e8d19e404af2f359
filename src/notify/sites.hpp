// SPDX-License-Identifier: Apache-2.0
// Where machines are, and what was seen at more than one place.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/address.hpp"
#include "core/clock.hpp"
#include "core/lru_map.hpp"
#include "core/result.hpp"

namespace ward::notify {

/// The hospital's sites, by their networks.
class Sites {
public:
    /// Each a name without spaces and its networks: "north 10.1.0.0/16 10.2.0.0/16". Errc::malformed.
    static Result<Sites> parse(std::span<const std::string> texts);

    /// The name of the site with the narrowest network that the address is in; else the network around it:
    /// /16, or /48 of IPv6.
    std::string site_of(const IpAddress& address) const;
    /// One's own: in a site, or private.
    bool is_inside(const IpAddress& address) const;

private:
    struct Network {
        IpAddress address{};
        unsigned bits = 0;
        std::string site{};
    };
    const Network* network_of(const IpAddress& address) const;

    std::vector<Network> networks_;
};

/// Of a finding of a kind that tells of somebody outside, who that is: names first, then addresses.
std::vector<std::string> indicators_of(std::string_view kind, std::span<const std::string> systems,
                                       const Sites& sites);

/// Which sites have met which indicators.
class Sightings {
public:
    struct Limits {
        std::chrono::hours together{30 *
                                    24};   // two that are further apart have nothing to do with each other
        std::size_t indicators_max = 50'000;
        std::size_t sites_max = 256;   // of one indicator; what comes later is as known
    };
    Sightings() : Sightings(Limits{}) {}
    explicit Sightings(Limits limits) : limits_(limits), seen_(limits.indicators_max) {}

    /// The sites that have met it lately, in order, if there are at least two and this one is new among them.
    std::vector<std::string> see(const std::string& indicator, const std::string& site, Time at);

private:
    Limits limits_;
    LruMap<std::string, std::map<std::string, Time>> seen_;   // the last time at each site
};

}   // namespace ward::notify
