// SPDX-License-Identifier: Apache-2.0
#include "wire/fragments.hpp"

#include <algorithm>

namespace ward::wire {
namespace {

constexpr std::size_t packet_bytes_max = 65535;   // RFC 791, section 3.1
constexpr std::size_t piece_overhead = 64;        // of the tables, for the limit

}   // namespace

void Fragments::drop(Packets::iterator packet) {
    for (const auto& piece : packet->second.pieces) bytes_ -= piece.bytes.size() + piece_overhead;
    ages_.erase(packet->second.age);
    packets_.erase(packet);
}

void Fragments::expire(FrameTime now) {
    while (!ages_.empty()) {
        const auto oldest = packets_.find(ages_.front());
        const bool late = oldest->second.began + limits_.age_max < now;
        const bool full = packets_.size() > limits_.packets_max || bytes_ > limits_.bytes_max;
        if (!late && !full) return;
        ++(late ? counts_.timed_out : counts_.evicted);
        drop(oldest);
    }
}

void Fragments::refuse(Packet& packet) {
    for (const auto& piece : packet.pieces) bytes_ -= piece.bytes.size() + piece_overhead;
    packet.pieces.clear();
    packet.refused = true;
}

/// False where the packet cannot become whole any more.
bool Fragments::insert(Packet& packet, const Ip& piece) {
    std::size_t begin = piece.fragment->offset;
    std::size_t end = begin + piece.payload.size();
    if (end > packet_bytes_max || packet.pieces.size() >= limits_.fragments_max) {
        ++counts_.evicted;
        return false;
    }
    if (!piece.fragment->more) {
        if (packet.length && *packet.length != end) ++counts_.overlaps;
        packet.length = packet.length.value_or(end);
    }
    auto& pieces = packet.pieces;
    const auto next = std::ranges::upper_bound(pieces, begin, {}, &Piece::offset);
    const auto after_previous =
        next == pieces.begin() ? 0 : std::prev(next)->offset + std::prev(next)->bytes.size();
    const auto before_next = next == pieces.end() ? packet_bytes_max : next->offset;
    if (begin < after_previous || end > before_next) {
        const bool repeated =
            next != pieces.begin() && std::prev(next)->offset == begin && end <= after_previous &&
            std::ranges::equal(piece.payload, Bytes{std::prev(next)->bytes}.first(piece.payload.size()));
        if (repeated) return true;
        ++counts_.overlaps;
        if (!piece.source.is_v4()) return false;
        begin = std::max(begin, after_previous);
        end = std::min(end, before_next);
        if (begin >= end) return true;
    }
    const auto kept = piece.payload.subspan(begin - piece.fragment->offset, end - begin);
    pieces.insert(next, Piece{begin, Buffer(kept.begin(), kept.end())});
    packet.received += kept.size();
    bytes_ += kept.size() + piece_overhead;
    return true;
}

std::optional<Ip> Fragments::add(const Ip& piece, FrameTime at) {
    ++counts_.fragments;
    expire(at);
    const Key key{piece.source, piece.target, piece.fragment->id, piece.protocol};
    auto [found, is_new] = packets_.try_emplace(key);
    auto& packet = found->second;
    if (is_new) {
        packet.began = at;
        packet.age = ages_.insert(ages_.end(), key);
    }
    if (packet.refused || piece.truncated) return std::nullopt;
    if (piece.fragment->offset == 0) {
        packet.first = piece;
        packet.first.payload = {};
    }
    if (!insert(packet, piece)) {
        refuse(packet);
        return std::nullopt;
    }
    if (!packet.length || packet.received < *packet.length || packet.pieces.front().offset != 0)
        return std::nullopt;

    whole_.clear();
    for (const auto& part : packet.pieces) append(whole_, part.bytes);
    auto ip = packet.first;
    ip.fragment.reset();
    ip.payload = whole_;
    ip.length = static_cast<std::uint32_t>(whole_.size() + (ip.source.is_v4() ? 20 : 40));
    ++counts_.reassembled;
    drop(found);
    return ip;
}

}   // namespace ward::wire
