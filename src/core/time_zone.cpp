// SPDX-License-Identifier: Apache-2.0
#include "core/time_zone.hpp"

#include <absl/time/time.h>
#include <fmt/format.h>

namespace ward {
namespace {

bool is_offset(std::string_view text) {
    const auto is_digit = [&](std::size_t at) { return text[at] >= '0' && text[at] <= '9'; };
    return text == "Z" || (text.size() == 6 && (text[0] == '+' || text[0] == '-') && is_digit(1) &&
                           is_digit(2) && text[3] == ':' && is_digit(4) && is_digit(5));
}

/// "UTC" and what absl reads as a file of any other name are left to the forms above.
bool is_place(std::string_view text) {
    constexpr std::string_view allowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/_+-";
    return text.find('/') != std::string_view::npos && text.front() != '/' &&
           text.find_first_not_of(allowed) == std::string_view::npos;
}

}   // namespace

class TimeZone::Place {
public:
    explicit Place(absl::TimeZone rules) : rules_(rules) {}

    std::chrono::seconds ahead(std::chrono::local_seconds shown) const {
        const auto at = rules_.At(absl::CivilSecond{1970} + shown.time_since_epoch().count());
        // Read as if the clock had been put forward already, a skipped hour is before the change.
        const bool is_skipped = at.kind == absl::TimeZone::TimeInfo::SKIPPED;
        return std::chrono::seconds{rules_.At(is_skipped ? at.post : at.pre).offset};
    }

private:
    absl::TimeZone rules_;
};

Result<TimeZone> TimeZone::parse(std::string_view text) {
    TimeZone zone;
    if (is_offset(text)) {
        zone.fixed_ = text;
        return zone;
    }
    absl::TimeZone rules;
    if (!is_place(text) || !absl::LoadTimeZone(std::string{text}, &rules))
        return fail(Errc::malformed,
                    fmt::format("'{}' is no time zone, such as Europe/Berlin or +01:00", text));
    zone.place_ = std::make_shared<const Place>(rules);
    return zone;
}

std::string TimeZone::offset_at(std::chrono::local_seconds shown) const {
    if (place_ == nullptr) return fixed_;
    const auto ahead = std::chrono::duration_cast<std::chrono::minutes>(place_->ahead(shown)).count();
    const auto size = ahead < 0 ? -ahead : ahead;
    return fmt::format("{}{:02}:{:02}", ahead < 0 ? '-' : '+', size / 60, size % 60);
}

}   // namespace ward
