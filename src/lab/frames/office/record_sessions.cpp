// SPDX-License-Identifier: Apache-2.0
#include "lab/frames/office/record_sessions.hpp"

namespace ward::lab {
namespace {

using namespace std::chrono_literals;

/// Bytes of an answer, packed, at the median.
double size_of(const ChartOpened& opened) {
    if (opened.is_refused) return 500;
    if (opened.doing == Doing::export_chart) return 40'000;
    if (opened.doing == Doing::change) return 800;
    switch (opened.screen) {
        case Screen::images: return 6'000;   // pictures come from the archive; these are their thumbnails
        case Screen::notes: return 1'900;
        case Screen::summary: return 2'400;
        case Screen::results: return 1'500;
        default: return 900;
    }
}

}   // namespace

void RecordSessions::begin() {
    wires_.story().agenda().in(5min, [this] {
        close_idle();
        begin();
    });
}

void RecordSessions::open_chart(const ChartOpened& opened, Moment at) {
    const auto& client = wires_.network().at(opened.workstation);
    auto& kept = kept_[opened.workstation];
    if (kept.session == nullptr) {
        const auto& server = wires_.server(DeviceKind::ehr_server, client.site);
        at = resolver_.find(client, server, at);
        kept.session = std::make_unique<TlsSession>(
            wires_, client, server,
            TlsWish{.host = wires_.full_name(server), .taste = taste_at(client.address)});
        at = kept.session->open(at);
    }
    for (int left = random_->chance(0.3) ? random_->between(2, 3) : 1; left > 0; --left) {
        const auto asked = static_cast<std::size_t>(random_->around(620, 1.5));
        const auto answered = static_cast<std::size_t>(random_->around(size_of(opened), 2.1)) + 120;
        at = kept.session->exchange(asked, answered, at) + milliseconds_of(random_->around(25, 2.5));
    }
    kept.until = at + seconds_of(random_->around(900, 1.6));
}

void RecordSessions::sign_off(DeviceId workstation, Moment at) {
    const auto found = kept_.find(workstation);
    if (found == kept_.end()) return;
    found->second.session->close(Side::client, at);
    kept_.erase(found);
}

void RecordSessions::close_idle() {
    const auto now = wires_.story().now();
    std::erase_if(kept_, [&](auto& entry) {
        if (entry.second.until > now) return false;
        // Servers lose patience first, for the most part.
        const auto delay = seconds_of(random_->uniform() * 240);
        entry.second.session->close(random_->chance(0.7) ? Side::server : Side::client, now + delay);
        return true;
    });
}

}   // namespace ward::lab
