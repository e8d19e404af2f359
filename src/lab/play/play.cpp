// SPDX-License-Identifier: Apache-2.0
#include "lab/play/play.hpp"

#include "lab/play/player.hpp"

namespace ward::lab {
namespace {

Result<> send_all(const PlayWish& wish, Days& days, Player& player, bool& is_stopped) {
    using std::chrono::minutes;
    auto& story = days.story();
    const Pace pace{story.begin(), wish.speed, wish.stop};
    for (auto minute = story.begin() + minutes{1}; minute <= days.end() && !is_stopped;
         minute += minutes{1}) {
        story.agenda().run_until(minute);
        TRY(player.send_until(minute, pace));
        if (wish.progress) wish.progress(minute, days.end());
        is_stopped = minute < days.end() && pace.is_stopped();
    }
    return player.finish();
}

}   // namespace

Result<Played> play(const PlayWish& wish) {
    std::optional<http::TlsRole> role;
    if (!wish.trusted_pem.empty()) role = TRY(http::TlsRole::client(wish.trusted_pem));
    std::optional<FrameSocket> socket;
    if (!wish.interface.empty()) socket = TRY(FrameSocket::open(wish.interface));
    Days days{wish};
    Player player{wish, days, std::move(role), std::move(socket)};
    days.story().add_witness(player.witness());
    TRY(days.begin());
    bool is_stopped = false;
    const auto sent = send_all(wish, days, player, is_stopped);
    auto played = player.played();
    played.is_stopped = is_stopped;
    if (!sent) played.failure = sent.error();
    played.truth = days.truth_json();
    return played;
}

}   // namespace ward::lab
