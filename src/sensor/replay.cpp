// SPDX-License-Identifier: Apache-2.0
#include "sensor/replay.hpp"

#include <algorithm>
#include <barrier>
#include <thread>

#include "capture/file_reader.hpp"

namespace ward::sensor {
namespace {

constexpr std::size_t partitions = 8;
constexpr std::size_t write_bytes = std::size_t{256} << 10;
constexpr std::size_t round_bytes_max = std::size_t{4}
                                        << 20;   // of packets that are dealt before threads run
constexpr std::chrono::minutes devices_told_every{10};

EngineLimits limits_of(const ReplayOptions& options) {
    EngineLimits limits;
    const auto reserve = std::min(memory_reserve, options.memory_max / 4);
    limits.flows.memory_max = (options.memory_max - reserve) / partitions;
    return limits;
}

/// A packet that waits for its thread: where its bytes stand in the partition's buffer.
struct Waiting {
    Sighting packet;
    std::size_t payload = 0;
    std::size_t payload_size = 0;
    std::size_t options_size = 0;
};

struct Line {
    std::uint64_t packet;   // during which it was told
    std::size_t end;        // in the text
};

}   // namespace

/// What one thread owns at a time.
struct Replay::Partition {
    Partition(Replay& replay, const EngineLimits& limits)
        : engine(limits, &replay.options_.pseudonymise,
                 [this, &replay](event::Event&& event) { replay.take(*this, std::move(event)); }) {}

    void process() {
        for (auto& [packet, payload, payload_size, options_size] : waiting) {
            packet.segment.payload = Bytes{bytes}.subspan(payload, payload_size);
            if (packet.segment.tcp)
                packet.segment.tcp->options = Bytes{bytes}.subspan(payload + payload_size, options_size);
            now = packet.number;
            engine.packet(packet);
        }
        waiting.clear();
        bytes.clear();
    }

    void clear_told() {
        lines.clear();
        observed.clear();
        text.clear();
    }

    std::string text;           // with threads, the events of this round
    std::string* out = &text;   // with one thread, the replay's own text
    std::vector<Line> lines;
    std::vector<event::Event> observed;   // those of the lines, if somebody wants them
    std::uint64_t now = 0;
    std::vector<Waiting> waiting;
    Buffer bytes;
    std::map<std::string_view, std::uint64_t> events;
    Engine engine;
};

/// Threads that run a round together: the reader deals, all process, the reader merges.
class Replay::Crew {
public:
    Crew(unsigned threads, std::vector<std::unique_ptr<Partition>>& all)
        : partitions_(all), begin_(threads + 1), end_(threads + 1) {
        for (unsigned i = 0; i < threads; ++i)
            threads_.emplace_back([this, i, threads] {
                for (;;) {
                    begin_.arrive_and_wait();
                    if (stopping_) return;
                    for (std::size_t p = i; p < partitions_.size(); p += threads) partitions_[p]->process();
                    end_.arrive_and_wait();
                }
            });
    }
    ~Crew() {
        stopping_ = true;
        begin_.arrive_and_wait();
    }
    Crew(const Crew&) = delete;
    Crew& operator=(const Crew&) = delete;

    void run() {
        begin_.arrive_and_wait();
        end_.arrive_and_wait();
    }

private:
    std::vector<std::unique_ptr<Partition>>& partitions_;
    bool stopping_ = false;   // written before begin_, read after it
    std::barrier<> begin_;
    std::barrier<> end_;
    std::vector<std::jthread> threads_;
};

Replay::Replay(ReplayOptions options, Format format, Write write)
    : options_(std::move(options)), format_(std::move(format)), write_(std::move(write)) {
    for (std::size_t i = 0; i < partitions; ++i) {
        partitions_.push_back(std::make_unique<Partition>(*this, limits_of(options_)));
        if (options_.threads <= 1) partitions_.back()->out = &text_;
    }
    if (options_.threads > 1)
        crew_ = std::make_unique<Crew>(std::min<unsigned>(options_.threads, partitions), partitions_);
}

Replay::~Replay() = default;

void Replay::take(Partition& partition, event::Event&& event) {
    format_(*partition.out, event);
    ++partition.events[event.what.type()];
    if (crew_ == nullptr) return observe(event);
    partition.lines.push_back({partition.now, partition.text.size()});
    if (options_.inventory != nullptr) partition.observed.push_back(std::move(event));
}

void Replay::observe(const event::Event& event) {
    if (options_.inventory == nullptr) return;
    options_.inventory->observe(event);
    latest_ = std::max(latest_, event.at);
    if (devices_told_ == event::Time::min()) devices_told_ = latest_;
    if (latest_ - devices_told_ >= devices_told_every) tell_devices();
}

void Replay::tell_devices() {
    devices_told_ = latest_;
    for (const auto& event : options_.inventory->announce(latest_)) {
        format_(text_, event);
        ++news_;
    }
}

void Replay::deal(const Sighting& packet) {
    // Both directions and all connections of two hosts belong together.
    const auto [low, high] = std::minmax(packet.ip.source, packet.ip.target);
    auto& partition = *partitions_[FlowKeyHash{}({low, high}) % partitions];
    if (crew_ == nullptr) return partition.engine.packet(packet);
    Waiting waiting{packet, partition.bytes.size(), packet.segment.payload.size(), 0};
    append(partition.bytes, packet.segment.payload);
    if (packet.segment.tcp) {
        waiting.options_size = packet.segment.tcp->options.size();
        append(partition.bytes, packet.segment.tcp->options);
    }
    round_bytes_ += waiting.payload_size + sizeof waiting;
    partition.waiting.push_back(waiting);
}

/// Lets the threads process what was dealt, and joins their events by packet: no packet belongs to two.
void Replay::flush_round() {
    if (crew_ == nullptr) return;
    crew_->run();
    round_bytes_ = 0;
    struct Piece {
        std::uint64_t packet;
        std::string_view text;
        const event::Event* event;   // if somebody wants it
    };
    std::vector<Piece> pieces;
    for (const auto& partition : partitions_) {
        std::size_t begin = 0;
        for (std::size_t i = 0; i < partition->lines.size(); ++i) {
            const auto& line = partition->lines[i];
            pieces.push_back({line.packet, std::string_view{partition->text}.substr(begin, line.end - begin),
                              partition->observed.empty() ? nullptr : &partition->observed[i]});
            begin = line.end;
        }
    }
    std::ranges::stable_sort(pieces, {}, &Piece::packet);
    for (const auto& piece : pieces) {
        text_ += piece.text;
        if (piece.event != nullptr) observe(*piece.event);
    }
    for (const auto& partition : partitions_) partition->clear_told();
}

Result<> Replay::write_out() {
    if (text_.empty()) return {};
    auto written = write_(text_);
    text_.clear();
    return written;
}

Result<> Replay::read(const std::string& path) {
    went_back_ = {};
    const auto pause = [this] {
        flush_round();
        return write_out();
    };
    const auto came = [this](std::size_t bytes) {
        bytes_ += bytes;
        if (options_.progress) options_.progress(bytes_, frames_);
    };
    auto reader = TRY(capture::FileReader::open(path, {options_.stop, pause, came}));
    wire::Frame frame;
    bool begun = false;
    const auto packets = [this](const Sighting& packet) { deal(packet); };
    // ARP belongs to no partition; with threads it keeps its place among the others by its packet.
    const auto claims = [this](event::Event&& event) {
        auto& partition = *partitions_.front();
        partition.now = event.packet;
        take(partition, std::move(event));
    };
    for (;;) {
        const auto more = reader.next(frame);
        const bool ended = !more || !*more;
        if (!ended && !std::exchange(begun, true)) went_back_ = std::max(ended_at_ - frame.at, went_back_);
        if (!ended) unwrapper_.frame(frame, ++frames_, packets, claims);
        if (ended || round_bytes_ >= round_bytes_max) flush_round();
        if (ended || text_.size() >= write_bytes) TRY(write_out());
        if (ended && begun) ended_at_ = std::max(ended_at_, frame.at);
        if (!more) return tl::unexpected(more.error());
        if (ended) return {};
    }
}

Result<> Replay::finish() {
    flush_round();
    for (const auto& partition : partitions_) {
        partition->engine.finish();
        if (crew_ != nullptr) {
            text_ += partition->text;
            for (const auto& event : partition->observed) observe(event);
            partition->clear_told();
            partition->text = {};
        }
        // What is told of all flows at once takes more memory than the flows.
        TRY(write_out());
        text_ = {};
    }
    if (options_.inventory != nullptr) tell_devices();
    return write_out();
}

ReplayCounts Replay::counts() const {
    ReplayCounts all;
    all.unwrap = unwrapper_.counts();
    all.fragments = unwrapper_.fragment_counts();
    for (const auto& partition : partitions_) {
        const auto one = partition->engine.counts();
        all.engine.packets += one.packets;
        all.engine.flows += one.flows;
        all.engine.flows_evicted += one.flows_evicted;
        all.engine.memory_peak += one.memory_peak;
        for (const auto& [type, count] : partition->events) all.events[std::string{type}] += count;
    }
    if (news_ > 0) all.events[std::string{event::DeviceNews::event_type}] = news_;
    return all;
}

}   // namespace ward::sensor
