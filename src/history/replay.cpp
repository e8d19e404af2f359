// SPDX-License-Identifier: Apache-2.0
#include "history/replay.hpp"

#include <algorithm>
#include <map>
#include <tuple>
#include <vector>

#include "history/day_reader.hpp"

namespace ward::history {
namespace {

struct Unseen {
    std::string publisher;
    std::uint64_t sequence = 0;
    std::int64_t microseconds = 0;   // once sorted: the latest of its publisher's until then
    std::string line;
    std::size_t turn = 0;
};

/// Which turn an event came in; those in none have the last.
class Order {
public:
    explicit Order(std::span<const Turn> turns) : none_(turns.size()) {
        for (std::size_t i = 0; i < turns.size(); ++i)
            turns_[turns[i].publisher].emplace(turns[i].last, std::pair{turns[i].first, i});
    }
    std::size_t turn_of(const std::string& publisher, std::uint64_t sequence) const {
        const auto all = turns_.find(publisher);
        if (all == turns_.end()) return none_;
        const auto turn = all->second.lower_bound(sequence);
        return turn == all->second.end() || sequence < turn->second.first ? none_ : turn->second.second;
    }

private:
    std::size_t none_;
    std::map<std::string, std::map<std::uint64_t, std::pair<std::uint64_t, std::size_t>>> turns_;
};

class Collection {
public:
    Collection(const Known& known, const Replay& wanted, ReplayLimits limits)
        : known_(known),
          since_(std::chrono::floor<std::chrono::microseconds>(wanted.since).time_since_epoch().count()),
          order_(wanted.order),
          limits_(limits) {}

    Result<> look_into(const std::filesystem::path& path) {
        auto reader = TRY(DayReader::open(path));
        std::vector<std::string> damage;
        for (const auto& stretch : TRY(reader.stretches(std::nullopt, damage))) {
            if (stretch.last < since_) continue;
            const auto block = reader.read(stretch);
            if (block)
                look_into(*block, reader);
            else
                passed_over_ += block_events_max;
        }
        return {};
    }

    /// In the order in which they are to be told.
    std::vector<Unseen> take() {
        std::ranges::sort(all_, {}, [](const Unseen& one) { return std::tie(one.publisher, one.sequence); });
        for (std::size_t i = 1; i < all_.size(); ++i)
            if (all_[i].publisher == all_[i - 1].publisher)
                all_[i].microseconds = std::max(all_[i].microseconds, all_[i - 1].microseconds);
        for (auto& one : all_) one.turn = order_.turn_of(one.publisher, one.sequence);
        std::ranges::stable_sort(all_, [](const Unseen& a, const Unseen& b) {
            return a.turn != b.turn ? a.turn < b.turn : a.microseconds < b.microseconds;
        });
        return std::move(all_);
    }
    std::uint64_t passed_over() const { return passed_over_; }

private:
    void look_into(const Block& block, const DayReader& reader) {
        std::size_t begin = 0;
        for (const auto& mark : block.marks) {
            const auto line = std::string_view{block.lines}.substr(begin, mark.line_bytes);
            begin += mark.line_bytes;
            if (mark.microseconds < since_) continue;
            auto publisher = reader.publisher(mark.publisher);
            const auto known = known_.find(publisher);
            if (known != known_.end() && mark.sequence <= known->second) continue;
            if (bytes_ + line.size() > limits_.bytes_max) {
                ++passed_over_;
                continue;
            }
            bytes_ += line.size();
            all_.push_back({std::move(publisher), mark.sequence, mark.microseconds, std::string{line}});
        }
    }

    const Known& known_;
    std::int64_t since_;
    Order order_;
    ReplayLimits limits_;
    std::vector<Unseen> all_;
    std::size_t bytes_ = 0;
    std::uint64_t passed_over_ = 0;
};

}   // namespace

Result<Replayed> replay(const std::filesystem::path& folder, Known& known, const Replay& wanted,
                        FunctionRef<void(std::string_view line)> tell, ReplayLimits limits) {
    Collection unseen{known, wanted, limits};
    Replayed replayed;
    for (const auto day : TRY(days_in(folder))) {
        if (day + std::chrono::days{1} <= wanted.since) continue;
        const auto path = day_path(folder, day);
        const auto looked = unseen.look_into(path);
        if (!looked && looked.error().code != Errc::not_found)
            replayed.damage.push_back(path.filename().string() + ": " + looked.error().what);
    }
    for (const auto& one : unseen.take()) {
        tell(one.line);
        auto& highest = known[one.publisher];
        highest = std::max(highest, one.sequence);
        ++replayed.events;
    }
    replayed.passed_over = unseen.passed_over();
    return replayed;
}

}   // namespace ward::history
