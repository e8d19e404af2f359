// SPDX-License-Identifier: Apache-2.0
#include "learn/waiting.hpp"

namespace ward::learn {
namespace {

constexpr state::Tag waiting_tag{{'W', 'A', 'I', 'T'}, 1};
constexpr state::Tag snapshots_tag{{'S', 'N', 'A', 'P'}, 1};

}   // namespace

bool Waiting::add(Time at, Row row) {
    if (rows_.size() >= room_) return false;
    rows_.push_back({at, {row.begin(), row.end()}});
    return true;
}

std::vector<double> Waiting::next(Time until) {
    if (rows_.empty() || rows_.front().at > until) return {};
    auto row = std::move(rows_.front().row);
    rows_.pop_front();
    return row;
}

void Waiting::save(state::Writer& out) const {
    out.tag(waiting_tag);
    out.count(room_);
    out.count(rows_.size());
    for (const auto& dated : rows_) {
        out.time(dated.at);
        out.numbers(dated.row);
    }
}

Result<Waiting> Waiting::restore(state::Reader& in, std::size_t features) {
    in.tag(waiting_tag);
    Waiting waiting{in.count(1, rows_max)};
    for (auto left = in.count(0, waiting.room_); left > 0 && !in.failed(); --left) {
        const auto at = in.time();
        waiting.rows_.push_back({at, in.numbers(features)});
    }
    TRY(in.checked());
    return waiting;
}

void Snapshots::add(Time at, Buffer state) {
    taken_.push_back({at, std::move(state)});
    if (taken_.size() > kept_) taken_.pop_front();
}

const Buffer* Snapshots::roll_back(Time at) {
    if (taken_.empty() || taken_.front().at > at) return nullptr;
    while (taken_.back().at > at) taken_.pop_back();
    return &taken_.back().state;
}

void Snapshots::save(state::Writer& out) const {
    out.tag(snapshots_tag);
    out.count(kept_);
    out.count(taken_.size());
    for (const auto& dated : taken_) {
        out.time(dated.at);
        out.bytes(dated.state);
    }
}

Result<Snapshots> Snapshots::restore(state::Reader& in) {
    in.tag(snapshots_tag);
    Snapshots snapshots{in.count(1, kept_max)};
    for (auto left = in.count(0, snapshots.kept_); left > 0 && !in.failed(); --left) {
        const auto at = in.time();
        snapshots.taken_.push_back({at, in.bytes()});
    }
    TRY(in.checked());
    return snapshots;
}

}   // namespace ward::learn
