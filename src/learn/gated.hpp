// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "learn/normals.hpp"
#include "learn/waiting.hpp"

namespace ward::learn {

/// A model that is not taught by an attacker: it learns only from rows that looked normal when they came and
/// still do a while later, and it can be set back to how it was at a date. Time is that of the rows.
template <Model M>
class Gated {
public:
    struct Settings {
        std::chrono::milliseconds delay = std::chrono::hours{6};
        std::chrono::milliseconds between_snapshots = std::chrono::hours{24};
        std::size_t snapshots = 14;
        std::size_t waiting = 16'384;    // rows
        std::size_t normals = 4096;      // scores
        std::size_t first_rows = 1024;   // learned from as they come: nothing is known yet
        /// The least p-value of a row to learn from. Such a hundredth of all normals stays unlearned.
        double learned = 0.01;
        /// The least p-value of a score that counts as one of a normal. If that were as much as `learned`,
        /// the normals would lose their tail again and again, and in the end all would be odd.
        double counted = 0.0001;
    };

    Gated(M model, Settings settings)
        : settings_(settings),
          model_(std::move(model)),
          normals_(settings.normals),
          waiting_(settings.waiting),
          snapshots_(settings.snapshots) {}

    std::size_t features() const { return model_.features(); }
    double score(Row row, Shares shares = {}) const { return model_.score(row, shares); }
    double p_value(Row row) const { return normals_.p_value(model_.score(row, {})); }

    /// Gives the row's p-value before anything is learned from it. Rows come in time order.
    double observe(Time at, Row row) {
        catch_up(at);
        const double odd = p_value(row);
        if (first_ < settings_.first_rows) {
            ++first_;
            model_.learn(row);
        } else {
            odd_share_ += ((odd < settings_.learned ? 1 : 0) - odd_share_) / 100;
            if (!may_wait(odd) || !waiting_.add(at, row)) ++held_back_;
        }
        return odd;
    }

    /// As it was at the newest snapshot of `at` or earlier; what waited to be learned is forgotten.
    Result<> roll_back(Time at) {
        const auto* state = snapshots_.roll_back(at);
        if (!state) return fail(Errc::not_found, "no snapshot of a model is that old");
        state::Reader in{*state};
        auto model = TRY(M::restore(in));
        normals_ = TRY(Normals::restore(in));
        TRY(in.finished());
        model_ = std::move(model);
        waiting_.clear();
        return {};
    }

    /// Rows that were never learned from, because they were odd or too many.
    std::uint64_t held_back() const { return held_back_; }
    std::size_t snapshots() const { return snapshots_.size(); }

    void save(state::Writer& out) const {
        out.tag(tag);
        out.count(static_cast<std::uint64_t>(settings_.delay.count()));
        out.count(static_cast<std::uint64_t>(settings_.between_snapshots.count()));
        out.count(settings_.first_rows);
        out.number(settings_.learned);
        out.number(settings_.counted);
        out.count(first_);
        out.count(held_back_);
        out.number(odd_share_);
        out.time(next_snapshot_);
        model_.save(out);
        normals_.save(out);
        waiting_.save(out);
        snapshots_.save(out);
    }

    static Result<Gated> restore(state::Reader& in) {
        in.tag(tag);
        Settings settings;
        settings.delay = std::chrono::milliseconds{in.count(0, milliseconds_max)};
        settings.between_snapshots = std::chrono::milliseconds{in.count(1, milliseconds_max)};
        settings.first_rows = in.count(0, std::uint64_t{1} << 32U);
        settings.learned = in.number(0, 1);
        settings.counted = in.number(0, 1);
        const auto first = in.count(0, settings.first_rows);
        const auto held_back = in.count(0, ~std::uint64_t{0});
        const auto odd_share = in.number(0, 1);
        const auto next_snapshot = in.time();
        Gated gated{TRY(M::restore(in)), settings};
        gated.normals_ = TRY(Normals::restore(in));
        gated.waiting_ = TRY(Waiting::restore(in, gated.features()));
        gated.snapshots_ = TRY(Snapshots::restore(in));
        gated.first_ = first;
        gated.held_back_ = held_back;
        gated.odd_share_ = odd_share;
        gated.next_snapshot_ = next_snapshot;
        return gated;
    }

private:
    static constexpr state::Tag tag{{'G', 'A', 'T', 'E'}, 1};
    static constexpr std::uint64_t milliseconds_max = 86'400'000ULL * 3660;

    void catch_up(Time now) {
        for (auto row = waiting_.next(now - settings_.delay); !row.empty();
             row = waiting_.next(now - settings_.delay))
            learn(row, p_value(row));
        if (now < next_snapshot_) return;
        state::Writer out;
        model_.save(out);
        normals_.save(out);
        snapshots_.add(now, out.state());
        next_snapshot_ = now + settings_.between_snapshots;
    }

    /// As an odd one among others, a row counts. When they come far more often than chance sends them, none
    /// does: an attack that is only a little odd would move the normals until it is odd no more, and then be
    /// learned.
    bool may_wait(double odd) const {
        return odd >= settings_.learned || (odd >= settings_.counted && odd_share_ <= 5 * settings_.learned);
    }

    void learn(Row row, double odd) {
        if (odd >= settings_.counted) normals_.learn(model_.score(row, {}));
        if (odd >= settings_.learned)
            model_.learn(row);
        else
            ++held_back_;
    }

    Settings settings_;
    M model_;
    Normals normals_;
    Waiting waiting_;
    Snapshots snapshots_;
    double odd_share_ = 0;   // of about the last hundred rows
    std::uint64_t first_ = 0;
    std::uint64_t held_back_ = 0;
    Time next_snapshot_{};
};

}   // namespace ward::learn
