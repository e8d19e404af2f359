// SPDX-License-Identifier: Apache-2.0
#include "wire/fragments.hpp"

#include <algorithm>
#include <utility>

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
        // Also from the other side: the clock may have been set back.
        const auto age = now - oldest->second.began;
        const bool late = age > limits_.age_max || -age > limits_.age_max;
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

void Fragments::count_overlap(Packet& packet) {
    if (!std::exchange(packet.overlaps, true)) ++counts_.overlaps;
}

/// False where the packet cannot become whole any more.
bool Fragments::insert(Packet& packet, const Ip& piece) {
    const std::size_t begin = piece.fragment->offset;
    auto bytes = piece.payload;
    // RFC 791, section 3.2: all but the last are multiples of eight; hosts leave the rest out. RFC 8200,
    // section 4.5, has the fragment thrown away.
    if (piece.fragment->more && bytes.size() % 8 != 0)
        bytes = bytes.first(piece.source.is_v4() ? bytes.size() / 8 * 8 : 0);
    if (piece.fragment->more && bytes.empty()) return true;
    const auto end = begin + bytes.size();
    if (end > packet_bytes_max || packet.pieces.size() >= limits_.fragments_max) {
        ++counts_.evicted;
        return false;
    }
    const auto& pieces = packet.pieces;
    const auto furthest = pieces.empty() ? 0 : pieces.back().offset + pieces.back().bytes.size();
    const bool last = !piece.fragment->more;
    // The packet has one end: the first that was told, and nothing is behind it.
    if (packet.length ? end > *packet.length || (last && end != *packet.length) : last && end < furthest) {
        count_overlap(packet);
        return piece.source.is_v4();
    }
    if (last) packet.length = end;
    return fill(packet, begin, bytes, piece.source.is_v4());
}

/// Puts bytes where there are none yet.
bool Fragments::fill(Packet& packet, std::size_t begin, Bytes bytes, bool is_v4) {
    auto& pieces = packet.pieces;
    const auto end = begin + bytes.size();
    auto next = std::ranges::upper_bound(pieces, begin, {}, &Piece::offset);
    if (next != pieces.begin()) {
        const auto& previous = *std::prev(next);
        const auto covered = previous.offset + previous.bytes.size();
        const bool repeated = previous.offset == begin && end <= covered &&
                              std::ranges::equal(bytes, Bytes{previous.bytes}.first(bytes.size()));
        if (repeated) return true;
        if (begin < covered) {
            count_overlap(packet);
            if (!is_v4) return false;
            begin = std::min(covered, end);
        }
    }
    while (begin < end) {
        next = std::ranges::upper_bound(pieces, begin, {}, &Piece::offset);
        const auto until = next == pieces.end() ? end : std::min(end, next->offset);
        if (begin < until) {
            const auto kept = bytes.subspan(bytes.size() - (end - begin), until - begin);
            packet.received += kept.size();
            bytes_ += kept.size() + piece_overhead;
            next = std::next(pieces.insert(next, Piece{begin, Buffer(kept.begin(), kept.end())}));
        }
        if (next == pieces.end() || next->offset >= end) return true;
        count_overlap(packet);
        if (!is_v4) return false;
        begin = next->offset + next->bytes.size();
    }
    return true;
}

std::optional<Ip> Fragments::add(const Ip& piece, FrameTime at) {
    ++counts_.fragments;
    expire(at);
    const Key key{piece.source, piece.target, piece.fragment->id,
                  piece.source.is_v4() ? piece.protocol : std::uint8_t{0}};
    auto [found, is_new] = packets_.try_emplace(key);
    auto& packet = found->second;
    if (is_new) {
        packet.began = at;
        packet.age = ages_.insert(ages_.end(), key);
    }
    if (packet.refused || piece.missing > 0) return std::nullopt;
    if (piece.fragment->offset == 0 && !packet.first) {
        packet.first = piece;
        packet.first->payload = {};
    }
    if (!insert(packet, piece)) {
        refuse(packet);
        return std::nullopt;
    }
    if (!packet.first || !packet.length || packet.received < *packet.length) return std::nullopt;

    whole_.clear();
    for (const auto& part : packet.pieces) append(whole_, part.bytes);
    auto ip = *packet.first;
    ip.fragment.reset();
    ip.payload = whole_;
    ip.length = static_cast<std::uint32_t>(whole_.size() + (ip.source.is_v4() ? 20 : 40));
    ++counts_.reassembled;
    drop(found);
    if (!ip.source.is_v4() && !skip_extensions(ip)) return std::nullopt;
    return ip;
}

}   // namespace ward::wire
