// SPDX-License-Identifier: Apache-2.0
// From the cases at the desk to what people are told: docs/formats/notices.md.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "desk/standing.hpp"
#include "notify/notice.hpp"
#include "notify/sites.hpp"

namespace ward::notify {

/// What is to be told, without the words of its finding.
struct Draft {
    Notice notice{};
    std::int64_t finding = 0;   // whose words it gets
};

struct News {
    std::vector<Draft> drafts{};
    Told told{};   // of the cases of which that changes
};

/// Compares how cases stand with what was told of them. It remembers only who was seen at which site, which
/// the same findings make again after a restart, with the same ids of what they page.
class Telling {
public:
    explicit Telling(Sites sites, desk::DeskLimits limits = {}) : sites_(std::move(sites)), limits_(limits) {}

    News take(const desk::Book& book, desk::Time now, const Told& told);

private:
    void tell_sites(const desk::Book& book, std::span<const desk::Standing> standings, News& news);

    Sites sites_;
    desk::DeskLimits limits_;
    Sightings sightings_;
    std::int64_t seen_ = 0;   // the last finding of sightings_
};

/// `words` is what a finding says: docs/formats/findings.md from `severity` on.
void add_words(Notice& notice, std::string_view words);

/// The same for all that is told of that case.
std::string thread_of(const desk::Book& book, std::int64_t in_case);

}   // namespace ward::notify
