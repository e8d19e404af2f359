// SPDX-License-Identifier: Apache-2.0
// By how much clocks on a wall are ahead of UTC.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "core/result.hpp"

namespace ward {

/// A value; the default is UTC.
class TimeZone {
public:
    TimeZone() = default;

    /// `Z`, `+hh:mm` or `-hh:mm`, or a place in the IANA's database, such as Europe/Berlin, whose rules are
    /// read from the system's files now and never again. Errc::malformed for anything else.
    static Result<TimeZone> parse(std::string_view text);

    /// When a clock there shows this: `Z` or `±hh:mm`. Of an hour that is shown twice, the first one; of one
    /// that is skipped, what holds before it.
    std::string offset_at(std::chrono::local_seconds shown) const;

private:
    class Place;

    std::string fixed_ = "Z";
    std::shared_ptr<const Place> place_;   // null: `fixed_` always
};

}   // namespace ward
