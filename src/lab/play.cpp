// SPDX-License-Identifier: Apache-2.0
#include "lab/play.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <poll.h>

#include "lab/feeds/hl7_feed.hpp"

namespace ward::lab {
namespace {

using namespace std::chrono;
using WallClock = steady_clock;

/// Waits for the moment at which something of the story is due.
class Pace {
public:
    Pace(Moment begin, double speed) : begin_(begin), speed_(speed) {}

    void wait_for(Moment due) const {
        if (speed_ == 0) return;
        const duration<double> after{duration_cast<duration<double>>(due - begin_) / speed_};
        for (;;) {
            const auto left = ceil<milliseconds>(started_ + after - WallClock::now());
            if (left.count() <= 0) return;
            ::poll(nullptr, 0, static_cast<int>(std::min<std::int64_t>(left.count(), 60'000)));
        }
    }

private:
    Moment begin_;
    double speed_;
    WallClock::time_point started_ = WallClock::now();
};

}   // namespace

Result<Played> play(const PlayWish& wish) {
    Days hospital{wish};
    auto& story = hospital.story();
    auto& truth = hospital.truth();
    const auto end = hospital.end();
    std::deque<Hl7Message> due;
    Hl7Feed feed{story, [&](Hl7Message message) {
                     truth.see(message);
                     due.push_back(std::move(message));
                 }};
    story.add_witness(truth);
    story.add_witness(feed);
    TRY(hospital.begin());

    Played played;
    std::map<DeviceId, MllpLine> lines;   // each system has a connection of its own
    const Pace pace{story.begin(), wish.speed};
    for (auto minute = story.begin() + minutes{1}; minute <= end; minute += minutes{1}) {
        story.agenda().run_until(minute);
        for (; !due.empty(); due.pop_front()) {
            const auto& message = due.front();
            pace.wait_for(message.at);
            auto& line = lines.try_emplace(message.from, wish.receiver, wish.patience).first->second;
            const auto code = TRY(line.send(message.text));
            ++played.sent;
            if (code != "AA") ++played.refused;
        }
        if (wish.progress) wish.progress(minute, end);
    }
    played.truth = hospital.truth_json();
    return played;
}

}   // namespace ward::lab
