// SPDX-License-Identifier: Apache-2.0
#include "sensor/flow_table.hpp"

#include <algorithm>

#include "crypto/random.hpp"
#include "wire/wire_reader.hpp"

namespace ward::sensor {

FlowTable::FlowTable(FlowLimits limits, Ending ending)
    // Nobody outside may choose which flows collide. Their order never depends on the seed.
    : limits_(limits),
      ending_(std::move(ending)),
      flows_(0, FlowKeyHash{WireReader{crypto::random_array<8>()}.u64()}) {
    std::ranges::copy(limits.tcp_silence, silence_.begin());
    std::ranges::copy(limits.other_silence, silence_.begin() + ages);
}

FlowTable::~FlowTable() = default;

std::size_t FlowTable::list_of(const Flow& flow) noexcept {
    return static_cast<std::size_t>(flow.age) + (flow.key.ip_protocol == wire::tcp ? 0 : ages);
}

FlowTable::Found FlowTable::find_or_add(const FlowKey& key) {
    const auto [found, is_new] = flows_.try_emplace(key);
    if (is_new) {
        found->second = std::make_unique<Flow>();
        found->second->key = key;
        link(*found->second);
    }
    return {*found->second, is_new};
}

Flow* FlowTable::find(const FlowKey& key) {
    const auto found = flows_.find(key);
    return found == flows_.end() ? nullptr : found->second.get();
}

void FlowTable::unlink(Flow& flow) noexcept {
    auto& list = lists_[list_of(flow)];
    (flow.older != nullptr ? flow.older->younger : list.oldest) = flow.younger;
    (flow.younger != nullptr ? flow.younger->older : list.youngest) = flow.older;
    --list.size;
}

void FlowTable::link(Flow& flow) noexcept {
    auto& list = lists_[list_of(flow)];
    flow.older = list.youngest;
    flow.younger = nullptr;
    (list.youngest != nullptr ? list.youngest->younger : list.oldest) = &flow;
    list.youngest = &flow;
    ++list.size;
}

void FlowTable::touch(Flow& flow, event::Time now, Age age) {
    flow.last = std::max(flow.last, now);
    if (age == flow.age && flow.younger == nullptr) return;   // is the youngest already
    unlink(flow);
    flow.age = age;
    link(flow);
}

void FlowTable::expire(event::Time now) {
    if (now - expired_ < expiry_every) return;
    expired_ = now;
    for (std::size_t i = 0; i < lists; ++i) {
        auto& list = lists_[i];
        while (list.oldest != nullptr && list.oldest->last + silence_[i] < now) end(*list.oldest, "timeout");
    }
}

void FlowTable::rewind(event::Time now) {
    expired_ = now;
    for (auto& [key, flow] : flows_) {
        flow->last = std::min(flow->last, now);
        flow->first = std::min(flow->first, now);
    }
}

Flow* FlowTable::oldest_of_all(const Flow& except) const noexcept {
    Flow* oldest = nullptr;
    // A flood of flows that nobody answers displaces itself, not the conversations it would hide.
    constexpr auto beginning = static_cast<std::size_t>(Age::beginning);
    const auto unanswered = lists_[beginning].size + lists_[ages + beginning].size;
    const bool flooded = unanswered > 1 && unanswered >= flows_.size() / 4;
    for (std::size_t i = 0; i < lists; ++i) {
        const auto& list = lists_[i];
        if (flooded && i % ages != beginning) continue;
        auto* candidate = list.oldest == &except ? except.younger : list.oldest;
        if (candidate != nullptr && (oldest == nullptr || candidate->last < oldest->last)) oldest = candidate;
    }
    return oldest;
}

void FlowTable::charge(Flow& flow) {
    const auto now = memory_of(flow);
    memory_ += now - flow.charged;
    flow.charged = now;
    memory_peak_ = std::max(memory_peak_, memory_);
    while (memory_ > limits_.memory_max) {
        auto* const oldest = oldest_of_all(flow);
        if (oldest == nullptr) return;
        ++evicted_;
        end(*oldest, "memory");
    }
}

void FlowTable::end(Flow& flow, std::string_view reason) {
    ending_(flow, reason);
    memory_ -= flow.charged;
    unlink(flow);
    flows_.erase(flow.key);
}

void FlowTable::end_all(std::string_view reason) {
    std::vector<Flow*> left;
    left.reserve(flows_.size());
    for (const auto& list : lists_)
        for (auto* flow = list.oldest; flow != nullptr; flow = flow->younger) left.push_back(flow);
    // By their beginning, which does not depend on what else the table held.
    std::ranges::sort(left, {}, [](const Flow* flow) { return flow->between.flow_id; });
    for (auto* flow : left) end(*flow, reason);
}

}   // namespace ward::sensor
