// SPDX-License-Identifier: Apache-2.0
#include "sensor/listener.hpp"

#include <algorithm>

#include "core/log.hpp"
#include "event/statistics.hpp"

namespace ward::sensor {
namespace {

constexpr std::chrono::milliseconds patience{100};
constexpr std::size_t text_bytes = std::size_t{64} << 10;   // handed over at once
constexpr std::chrono::seconds text_age_max{1};
/// Packets arrive in blocks, so the clock runs ahead of them a little.
constexpr std::chrono::seconds clock_lead{2};
constexpr std::chrono::minutes losses_told_every{1};

devices::InventoryLimits bounded(const ListenerOptions& options) {
    auto limits = options.devices;
    limits.memory_max = std::min(limits.memory_max, options.memory_max / 8);
    return limits;
}

}   // namespace

/// What one thread owns: its ring, its flows, its text.
class Listener::Lane {
public:
    Lane(Listener& listener, std::unique_ptr<capture::Ring> ring, std::uint64_t index, std::uint64_t lanes,
         const EngineLimits& limits, const wire::FragmentLimits& fragments)
        : listener_(listener),
          ring_(std::move(ring)),
          index_(index),
          lanes_(lanes),
          unwrapper_(fragments),
          engine_(limits, &listener.options_.pseudonymise,
                  [this](event::Event&& event) { tell(std::move(event)); }),
          began_(listener.clock_.now()),
          counted_(began_),
          handed_over_(began_) {}

    void run() {
        bool down = false;
        while (!listener_.stopping_.load(std::memory_order_relaxed)) {
            const auto taken = ring_->take(patience, [this](const wire::Frame& frame) {
                unwrapper_.frame(
                    frame, number_++ * lanes_ + index_ + 1,
                    [this](const Sighting& packet) { engine_.packet(packet); },
                    [this](event::Event&& event) { tell(std::move(event)); });
            });
            if (!taken && taken.error().code == Errc::not_found) {
                listener_.end_hearing(taken.error());
                break;
            }
            if (!taken && !down) log::warn("no capture", {{"reason", taken.error().what}});
            down = !taken;
            keep_time();
        }
        engine_.finish();
        tell_statistics(listener_.clock_.now());
        hand_over();
    }

    ListenerCounts counts() const {
        return {kernel_.frames, kernel_.dropped, engine_.counts().packets, events_, 0};
    }

private:
    void tell(event::Event&& event) {
        listener_.format_(text_, event);
        ++events_;
        told_.push_back(std::move(event));
        if (text_.size() >= text_bytes) hand_over();
    }

    void keep_time() {
        const auto now = listener_.clock_.now();
        engine_.advance(now - clock_lead);
        if (now - counted_ >= listener_.options_.statistics_every) tell_statistics(now);
        if (now - handed_over_ >= text_age_max) hand_over();
    }

    void tell_statistics(Time now) {
        counted_ = now;
        const auto fresh = ring_->counts();
        kernel_.frames += fresh.frames;
        kernel_.dropped += fresh.dropped;
        if (fresh.dropped > 0) log::warn("packets dropped", {{"thread", index_}, {"count", fresh.dropped}});
        const auto& flows = engine_.counts();
        const auto& frames = unwrapper_.counts();
        const auto& fragments = unwrapper_.fragment_counts();
        event::Statistics told;
        told.thread = index_;
        told.uptime = static_cast<std::uint64_t>(
            std::chrono::duration_cast<std::chrono::seconds>(now - began_).count());
        told.kernel_packets = kernel_.frames;
        told.kernel_drops = kernel_.dropped;
        told.packets = flows.packets;
        told.bytes = frames.bytes;
        told.cut = frames.cut;
        told.undecodable = frames.undecodable;
        told.unknown_link = frames.unknown_link;
        told.fragments_given_up = fragments.timed_out + fragments.evicted;
        told.flows = flows.flows;
        told.flows_evicted = flows.flows_evicted;
        told.events_lost = listener_.lost_;
        told.memory = flows.memory_peak;
        tell({now, 0, {}, told});
    }

    void hand_over() {
        handed_over_ = listener_.clock_.now();
        if (!text_.empty()) listener_.hand_over(std::exchange(text_, {}), std::exchange(told_, {}));
    }

    Listener& listener_;
    std::unique_ptr<capture::Ring> ring_;
    std::uint64_t index_;
    std::uint64_t lanes_;
    Unwrapper unwrapper_;
    std::string text_;
    std::vector<event::Event> told_;   // those in the text
    std::uint64_t events_ = 0;
    std::uint64_t number_ = 0;
    capture::RingCounts kernel_;
    Engine engine_;
    Time began_;
    Time counted_;
    Time handed_over_;
};

Listener::Listener(ListenerOptions options, std::vector<std::unique_ptr<capture::Ring>> rings, Format format,
                   Write write, const Clock& clock)
    : options_(std::move(options)),
      format_(std::move(format)),
      write_(std::move(write)),
      clock_(clock),
      inventory_(bounded(options_), std::move(options_.makers)),
      devices_told_(clock.now()),
      writer_(std::make_unique<TaskQueue>(1U, options_.texts_max)) {
    // Twice, because what is told of the devices takes as much as the inventory.
    const auto reserve = std::min(memory_reserve, options_.memory_max / 4) + 2 * bounded(options_).memory_max;
    EngineLimits limits;
    const auto count = std::max<std::size_t>(rings.size(), 1);
    std::size_t shared = 0;
    for (const auto& ring : rings) shared += ring->memory();
    limits.flows.memory_max = (options_.memory_max - std::min(reserve + shared, options_.memory_max)) / count;
    wire::FragmentLimits fragments;
    fragments.bytes_max = std::max(fragments.bytes_max / count, std::size_t{1} << 20);
    for (auto& ring : rings)
        lanes_.push_back(
            std::make_unique<Lane>(*this, std::move(ring), lanes_.size(), count, limits, fragments));
}

Listener::~Listener() { stop(); }

void Listener::start() {
    for (const auto& lane : lanes_) threads_.emplace_back([&one = *lane] { one.run(); });
}

void Listener::hand_over(std::string text, std::vector<event::Event> events) {
    const auto count = events.size();
    auto task = [this, text = std::move(text), events = std::move(events)] {
        write(text, events.size());
        for (const auto& event : events) inventory_.observe(event);
        if (clock_.now() - devices_told_ >= options_.devices_every) tell_devices();
    };
    // Packets do not wait; at the end there are none any more.
    if (stopping_) return writer_->submit_when_there_is_room(std::move(task));
    if (!writer_->submit(std::move(task))) lose(count, "the output is too slow", slowness_told_);
}

void Listener::write(std::string_view text, std::size_t events) {
    const auto written = write_(text);
    if (!written) lose(events, written.error().what, refusal_told_);
}

void Listener::end_hearing(const Error& reason) {
    if (!stopping_.exchange(true)) options_.deaf(reason);
}

/// Each reason is told at once, and then once a minute.
void Listener::lose(std::size_t events, std::string_view reason, Told& told) {
    const auto lost = lost_ += events;
    const auto now = clock_.now();
    auto before = told.load();
    if (now - before >= losses_told_every && told.compare_exchange_strong(before, now))
        log::error("events are lost", {{"reason", reason}, {"since_start", lost}});
}

void Listener::tell_devices() {
    devices_told_ = clock_.now();
    const auto forgotten = inventory_.counts().forgotten();
    if (forgotten > forgotten_)
        log::warn("devices are forgotten", {{"count", forgotten - forgotten_}, {"since_start", forgotten}});
    forgotten_ = forgotten;
    const auto news = inventory_.announce(devices_told_);
    std::string text;
    for (const auto& event : news) format_(text, event);
    news_ += news.size();
    if (!text.empty()) write(text, news.size());
}

ListenerCounts Listener::stop() {
    stopping_ = true;
    threads_.clear();
    if (writer_ != nullptr) {
        writer_.reset();
        tell_devices();
    }
    ListenerCounts all;
    all.events = news_;
    for (const auto& lane : lanes_) {
        const auto one = lane->counts();
        all.kernel_packets += one.kernel_packets;
        all.kernel_drops += one.kernel_drops;
        all.packets += one.packets;
        all.events += one.events;
    }
    all.events_lost = lost_;
    all.devices_forgotten = forgotten_;
    return all;
}

}   // namespace ward::sensor
