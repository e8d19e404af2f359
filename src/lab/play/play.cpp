// SPDX-License-Identifier: Apache-2.0
#include "lab/play/play.hpp"

#include <algorithm>
#include <map>
#include <poll.h>
#include <vector>

#include "lab/feeds/atna_sender.hpp"
#include "lab/frames/traffic.hpp"
#include "lab/play/fhir_line.hpp"
#include "lab/play/frame_socket.hpp"
#include "lab/play/mllp_line.hpp"
#include "lab/play/syslog_line.hpp"

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

/// Sends what it sees, each a little later: when the story has come to the end of the minute.
class Player final : public Witness {
public:
    Player(const PlayWish& wish, Days& days, std::optional<http::TlsRole> role,
           std::optional<FrameSocket> socket)
        : wish_(wish),
          role_(std::move(role)),
          manner_{role_ ? &*role_ : nullptr, wish.patience},
          socket_(std::move(socket)),
          truth_(days.truth()),
          atna_(days.story()),
          hl7_(days.story(), [this](Hl7Message message) { take(std::move(message)); }),
          fhir_(days.story(), [this](FhirTransaction transaction) { take(std::move(transaction)); }) {
        if (socket_)
            traffic_.emplace(
                days.story(), [this](const Frame& frame) { take(frame); }, [](const DicomFile&) {});
        if (wish.trail) trail_.emplace(*wish.trail, manner_);
        if (wish.resources)
            resources_.emplace(FhirAccess{*wish.resources, wish.trusted_pem, wish.token, wish.patience});
    }

    void see(const Act& act, const Story& story) override {
        truth_.see(act, story);
        if (traffic_) traffic_->see(act, story);
        hl7_.see(act, story);
        fhir_.see(act, story);
        const bool is_broken = std::holds_alternative<EntryBroken>(act.what);
        if (is_broken) truth_.note_entry(act.label, act.at, trail_bytes_);
        if (!is_broken && !is_audited(act)) return;
        auto entry = is_broken ? atna_broken(act, story) : atna_.frame(act, story);
        trail_bytes_ += entry.size();
        if (traffic_) traffic_->carry_audit(act, entry.size());
        if (trail_) due_.push_back({act.at, [this, entry = std::move(entry)] { return send_entry(entry); }});
    }

    /// All that was seen until then, in its time.
    Result<> send_until(Moment until, const Pace& pace) {
        if (traffic_) traffic_->pass(until);
        std::ranges::stable_sort(due_, {}, &Due::at);
        for (auto& one : due_) {
            pace.wait_for(one.at);
            TRY(one.send());
        }
        due_.clear();
        return {};
    }

    /// When all was sent.
    void finish() {
        if (trail_) trail_->finish();
    }

    Played played{};

private:
    struct Due {
        Moment at{};
        UniqueFunction<Result<>()> send;
    };

    void take(Hl7Message message) {
        truth_.see(message, message_bytes_);
        message_bytes_ += message.text.size() + 3;   // as it stands in a file, framed
        if (traffic_) traffic_->carry(message);
        // Not one that ends within a message, nor one that no acknowledgement can name.
        if (!wish_.messages || message.is_cut || message.control_id.empty()) return;
        const auto at = message.at;
        due_.push_back({at, [this, message = std::move(message)] { return send_message(message); }});
    }
    void take(FhirTransaction transaction) {
        if (traffic_) traffic_->carry(transaction);
        if (!resources_) return;
        const auto at = transaction.at;
        due_.push_back({at, [this, bundle = std::move(transaction.bundle)] { return send_bundle(bundle); }});
    }
    void take(const Frame& frame) {
        truth_.see(frame);
        due_.push_back({frame.at, [this, bytes = frame.bytes] { return send_frame(bytes); }});
    }

    Result<> send_message(const Hl7Message& message) {
        // Each system has a connection of its own.
        auto& line = lines_.try_emplace(message.from, *wish_.messages, manner_).first->second;
        const auto code = TRY(line.send(message.text));
        ++played.messages;
        if (code != "AA") ++played.refused;
        return {};
    }
    Result<> send_bundle(const std::string& bundle) {
        const auto status = TRY(resources_->send(bundle));
        ++played.transactions;
        if (status / 100 != 2) ++played.refused;
        return {};
    }
    Result<> send_entry(const std::string& entry) {
        TRY(trail_->send(entry));
        ++played.entries;
        return {};
    }
    Result<> send_frame(const Buffer& bytes) {
        TRY(socket_->send(bytes));
        ++played.frames;
        return {};
    }

    const PlayWish& wish_;
    std::optional<http::TlsRole> role_;
    Manner manner_;
    std::optional<FrameSocket> socket_;
    Truth& truth_;
    AtnaSender atna_;
    Hl7Feed hl7_;
    FhirFeed fhir_;
    std::optional<Traffic> traffic_{};
    std::map<DeviceId, MllpLine> lines_{};
    std::optional<SyslogLine> trail_{};
    std::optional<FhirLine> resources_{};
    std::vector<Due> due_{};
    std::uint64_t trail_bytes_ = 0;   // as files of them would have
    std::uint64_t message_bytes_ = 0;
};

}   // namespace

Result<Played> play(const PlayWish& wish) {
    std::optional<http::TlsRole> role;
    if (!wish.trusted_pem.empty()) role = TRY(http::TlsRole::client(wish.trusted_pem));
    std::optional<FrameSocket> socket;
    if (!wish.interface.empty()) socket = TRY(FrameSocket::open(wish.interface));
    Days days{wish};
    Player player{wish, days, std::move(role), std::move(socket)};
    auto& story = days.story();
    story.add_witness(player);
    TRY(days.begin());
    const Pace pace{story.begin(), wish.speed};
    for (auto minute = story.begin() + minutes{1}; minute <= days.end(); minute += minutes{1}) {
        story.agenda().run_until(minute);
        TRY(player.send_until(minute, pace));
        if (wish.progress) wish.progress(minute, days.end());
    }
    player.finish();
    player.played.truth = days.truth_json();
    return std::move(player.played);
}

}   // namespace ward::lab
