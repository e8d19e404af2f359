// SPDX-License-Identifier: Apache-2.0
#include "wire/tcp_stream.hpp"

#include <algorithm>
#include <cstdlib>

#include "wire/wire_reader.hpp"

namespace ward::wire {
namespace {

/// How far `b` is behind `a`, in sequence space (RFC 9293, section 3.4); negative where it is before.
std::int32_t distance(std::uint32_t a, std::uint32_t b) { return static_cast<std::int32_t>(b - a); }

enum TcpOption : std::uint8_t {
    end = 0,
    no_operation = 1,
    segment_size = 2,
    scale = 3,
    sack_permitted = 4,
    timestamps = 8
};

/// True where the new segment's bytes replace those that wait.
bool prefers_new(Overlap overlap, std::int32_t begins_before, std::int32_t ends_after) {
    switch (overlap) {
        case Overlap::first: return false;
        case Overlap::last: return true;
        case Overlap::bsd: return begins_before > 0;
        case Overlap::linux_kernel: return begins_before > 0 || (begins_before == 0 && ends_after > 0);
        case Overlap::windows: return begins_before > 0 && ends_after > 0;
    }
    return false;
}

/// The urgent pointer of a segment whose first bytes were cut off.
std::uint16_t moved(std::uint16_t urgent, std::int32_t cut) {
    return static_cast<std::uint16_t>(std::max(urgent - cut, 0));
}

/// Calls `visit` with the kind and the content of each option, until it returns false (RFC 9293, 3.2).
template <class Visitor>
void visit_options(Bytes options, Visitor visit) {
    WireReader in{options};
    while (in.remaining() > 0) {
        const auto kind = in.u8();
        if (kind == end) return;
        if (kind == no_operation) continue;
        const auto size = in.u8();
        if (size < 2) return;
        if (!visit(kind, in.take(size - 2U))) return;
    }
}

}   // namespace

Overlap overlap_of_host(std::uint8_t ttl, Bytes syn_options) {
    // The kind that comes first of those that tell stacks apart.
    std::uint8_t kind = end;
    visit_options(syn_options, [&](std::uint8_t option, Bytes) {
        if (option == sack_permitted || option == timestamps || option == scale) kind = option;
        return kind == end;
    });
    // 255: network gear says nothing of these, Solaris does.
    if (ttl > 128) return kind == end ? Overlap::last : Overlap::first;
    // 128: Windows, which scales its window since Vista.
    if (ttl > 64) return kind == sack_permitted ? Overlap::windows : Overlap::first;
    // 64: Linux says SACK before timestamps before the window scale, the BSDs scale first.
    return kind == sack_permitted || kind == timestamps ? Overlap::linux_kernel : Overlap::bsd;
}

std::optional<std::uint8_t> window_scale(Bytes syn_options) {
    constexpr std::uint8_t shift_max = 14;
    std::optional<std::uint8_t> found;
    visit_options(syn_options, [&](std::uint8_t option, Bytes content) {
        if (option == scale && content.size() == 1)
            found = std::min(std::to_integer<std::uint8_t>(content[0]), shift_max);
        return !found;
    });
    return found;
}

void TcpStream::start(std::uint32_t first_sequence) noexcept {
    if (counts_.delivered > 0 || !waiting_.empty()) return;
    started_ = true;
    next_ = first_sequence;
}

void TcpStream::segment(const StreamSegment& segment, Overlap overlap, const StreamLimits& limits,
                        StreamReader reader) {
    if (segment.payload.empty()) return;
    if (!started_) start(segment.sequence);
    const auto ahead = distance(next_, segment.sequence);
    if (ahead == 0 && waiting_.empty()) {
        leaps_in_a_row_ = returns_in_a_row_ = 0;
        return deliver(segment, limits, reader);
    }
    if (is_forged(segment.sequence, limits)) return;
    if (is_leap(segment.sequence, limits) || proves_return(segment, limits))
        return begin_anew(segment, limits, reader);
    if (ahead > 0) {
        wait(segment, overlap, limits);
        // One new segment may fill many holes or none, so that one hole less need not be enough.
        while (waiting_bytes_ > limits.waiting_bytes_max || waiting_.size() > limits.waiting_segments_max)
            skip_hole(limits, reader);
        return;
    }
    const auto old = static_cast<std::size_t>(-std::int64_t{ahead});
    if (old > 0) repeat(segment.sequence, segment.payload.first(std::min(old, segment.payload.size())));
    if (old >= segment.payload.size()) return;
    // What is new of it competes with what waits already.
    wait({next_, segment.payload.subspan(old), moved(segment.urgent, -ahead), segment.at}, overlap, limits);
    deliver_waiting(limits, reader);
}

void TcpStream::deliver(const StreamSegment& next, const StreamLimits& limits, StreamReader reader) {
    const auto bytes = next.payload;
    const auto urgent = next.urgent;
    next_ += static_cast<std::uint32_t>(bytes.size());
    counts_.delivered += bytes.size();
    remember(bytes, limits);
    if (urgent == 0 || urgent > bytes.size()) return reader({bytes, 0, next.at});
    // The byte before the pointer is out of band (RFC 6093, section 2.2): stacks take it from the stream.
    ++counts_.urgent;
    if (urgent > 1) reader({bytes.first(urgent - 1U), 0, next.at});
    if (urgent < bytes.size()) reader({bytes.subspan(urgent), 0, next.at});
}

/// The capture may have missed the last acknowledgements, so that one more window is believed.
bool TcpStream::is_leap(std::uint32_t sequence, const StreamLimits& limits) const noexcept {
    constexpr std::uint32_t window_min = 65'536;   // without scale no host says more
    const auto ahead = distance(next_, sequence);
    if (std::abs(std::int64_t{ahead}) > std::int64_t{limits.leap_max}) return true;
    return ahead > 0 && window_ > 0 && distance(allowed_ + std::max(window_, window_min), sequence) > 0;
}

/// A segment that no window can have allowed. Hosts ignore it, so believing it would blind the sensor. Only
/// several in a row that belong together, without any from where the stream is, prove that it is there now.
bool TcpStream::is_forged(std::uint32_t sequence, const StreamLimits& limits) {
    if (!is_leap(sequence, limits)) {
        leaps_in_a_row_ = 0;
        return false;
    }
    ++counts_.leaps;
    const auto from_last = std::abs(std::int64_t{distance(leap_, sequence)});
    if (from_last > std::int64_t{limits.leap_max}) leaps_in_a_row_ = 0;
    leap_ = sequence;
    if (++leaps_in_a_row_ < limits.leap_patience) return true;
    leaps_in_a_row_ = 0;
    return false;
}

/// A hole that was given up because of a forged segment behind it or a forged acknowledgement blinds the
/// sensor until the stream has really come that far, unless it goes back to where several segments in a row
/// are.
bool TcpStream::proves_return(const StreamSegment& segment, const StreamLimits& limits) {
    const auto end = segment.sequence + static_cast<std::uint32_t>(segment.payload.size());
    if (distance(given_up_begin_, segment.sequence) < 0 || distance(end, given_up_end_) < 0) return false;
    if (segment.sequence != return_) returns_in_a_row_ = 0;
    return_ = end;
    if (++returns_in_a_row_ < limits.return_patience) return false;
    ++counts_.late;
    returns_in_a_row_ = 0;
    return true;
}

/// Elsewhere than here, and believed: the capture lost that much, or the connection was closed and opened
/// unseen.
void TcpStream::begin_anew(const StreamSegment& segment, const StreamLimits& limits, StreamReader reader) {
    while (!waiting_.empty()) skip_hole(limits, reader);
    forget_sent();
    const auto lost = static_cast<std::uint32_t>(std::max(distance(next_, segment.sequence), 1));
    next_ = given_up_begin_ = given_up_end_ = segment.sequence;
    window_ = 0;
    counts_.lost += lost;
    reader({{}, lost, segment.at});
    deliver(segment, limits, reader);
}

void TcpStream::forget_sent() noexcept {
    sent_.clear();
    sent_begin_ = 0;
}

void TcpStream::remember(Bytes bytes, const StreamLimits& limits) {
    const auto most = limits.unacknowledged_bytes_max;
    bytes = bytes.last(std::min(bytes.size(), most));
    const auto kept = std::min(unacknowledged(), most - bytes.size());
    sent_begin_ = sent_.size() - kept;
    // Twice the room, so that what stays is moved once for each `most` bytes.
    if (sent_.size() + bytes.size() > 2 * most) {
        sent_.erase(sent_.begin(), sent_.end() - static_cast<std::ptrdiff_t>(kept));
        sent_begin_ = 0;
    }
    append(sent_, bytes);
}

/// Bytes that were delivered before. Where they differ, nobody can tell which ones the host took.
void TcpStream::repeat(std::uint32_t sequence, Bytes bytes) {
    const auto end = sequence + static_cast<std::uint32_t>(bytes.size());
    const auto from_end = static_cast<std::size_t>(distance(end, next_));   // of next_
    if (distance(sequence, given_up_end_) > 0 && distance(given_up_begin_, end) > 0) ++counts_.late;
    if (from_end >= unacknowledged()) {
        counts_.retransmitted += bytes.size();
        return;
    }
    const auto known = std::min(bytes.size(), unacknowledged() - from_end);
    const auto kept = Bytes{sent_}.subspan(sent_.size() - from_end - known, known);
    if (std::ranges::equal(kept, bytes.last(known))) {
        counts_.retransmitted += bytes.size();
    } else {
        ++counts_.conflicts;
    }
}

void TcpStream::wait(const StreamSegment& segment, Overlap overlap, const StreamLimits& limits) {
    auto begin = segment.sequence;
    auto bytes = segment.payload.first(std::min(segment.payload.size(), limits.waiting_bytes_max));
    const auto end = begin + static_cast<std::uint32_t>(bytes.size());
    bool overlapped = false;
    // Segments of other hosts' sizes: cut those that wait where the new one wins, the new one where they do.
    for (std::size_t i = 0; i < waiting_.size() && !bytes.empty();) {
        auto& old = waiting_[i];
        const auto old_end = old.sequence + static_cast<std::uint32_t>(old.bytes.size());
        if (distance(old_end, begin) >= 0) {
            ++i;
            continue;
        }
        if (distance(end, old.sequence) >= 0) break;
        overlapped = true;
        if (prefers_new(overlap, distance(segment.sequence, old.sequence), distance(old_end, end))) {
            const auto head = std::max(distance(old.sequence, begin), 0);
            const auto tail = std::max(distance(end, old_end), 0);
            Waiting rest{end, Buffer(old.bytes.end() - tail, old.bytes.end()),
                         moved(old.urgent, distance(old.sequence, end)), old.at};
            waiting_bytes_ -= old.bytes.size() - static_cast<std::size_t>(head) - rest.bytes.size();
            // A new buffer, since a shortened one would keep memory that is not counted.
            old.bytes = Buffer(old.bytes.begin(), old.bytes.begin() + head);
            const bool keeps_head = head > 0;
            if (!rest.bytes.empty())
                waiting_.insert(waiting_.begin() + static_cast<std::ptrdiff_t>(i) + 1, std::move(rest));
            if (keeps_head) {
                ++i;
            } else {
                waiting_.erase(waiting_.begin() + static_cast<std::ptrdiff_t>(i));
            }
            continue;
        }
        const auto before = std::max(distance(begin, old.sequence), 0);
        if (before > 0) {
            Waiting part{begin, Buffer(bytes.begin(), bytes.begin() + before),
                         moved(segment.urgent, distance(segment.sequence, begin)), segment.at};
            waiting_bytes_ += part.bytes.size();
            waiting_.insert(waiting_.begin() + static_cast<std::ptrdiff_t>(i), std::move(part));
            ++i;
        }
        const auto covered = std::min(static_cast<std::size_t>(distance(begin, old_end)), bytes.size());
        bytes = bytes.subspan(covered);
        begin += static_cast<std::uint32_t>(covered);
        ++i;
    }
    if (overlapped) ++counts_.overlaps;
    if (bytes.empty()) return;
    const auto place =
        std::ranges::find_if(waiting_, [&](const Waiting& w) { return distance(begin, w.sequence) > 0; });
    waiting_.insert(place, Waiting{begin, Buffer(bytes.begin(), bytes.end()),
                                   moved(segment.urgent, distance(segment.sequence, begin)), segment.at});
    waiting_bytes_ += bytes.size();
}

void TcpStream::deliver_waiting(const StreamLimits& limits, StreamReader reader) {
    std::size_t done = 0;
    while (done < waiting_.size() && distance(next_, waiting_[done].sequence) <= 0) {
        auto& ready = waiting_[done++];
        waiting_bytes_ -= ready.bytes.size();
        deliver({ready.sequence, ready.bytes, ready.urgent, ready.at}, limits, reader);
    }
    waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(done));
    if (done > 0) past_hole_ = 0;
    if (waiting_.empty()) waiting_.shrink_to_fit();
}

void TcpStream::skip_hole(const StreamLimits& limits, StreamReader reader) {
    const auto lost = static_cast<std::uint32_t>(distance(next_, waiting_.front().sequence));
    counts_.lost += lost;
    // One after the other, with little in between, are one: so look those that a forger makes.
    const auto between = distance(given_up_end_, next_);
    if (between < 0 || static_cast<std::size_t>(between) > limits.unacknowledged_bytes_max)
        given_up_begin_ = next_;
    next_ += lost;
    given_up_end_ = next_;
    forget_sent();
    reader({{}, lost, waiting_.front().at});
    deliver_waiting(limits, reader);
}

void TcpStream::acknowledged(const Acknowledgement& acknowledgement, const StreamLimits& limits,
                             StreamReader reader) {
    if (!started_) return;
    const auto sequence = acknowledgement.sequence;
    const auto open = distance(sequence, next_);   // bytes delivered that are not acknowledged
    // RFC 9293, 3.10.7.4: nobody has what nobody was allowed to send.
    if (open < 0 && is_leap(sequence, limits)) return;
    if (open >= 0) {
        claimed_.reset();
        const auto allowed = sequence + acknowledgement.window;
        if (window_ == 0 || distance(allowed_, allowed) > 0) {
            allowed_ = allowed;
            window_ = acknowledgement.window;
        }
        const auto kept = static_cast<std::size_t>(open);
        if (kept == 0) return forget_sent();
        sent_begin_ = sent_.size() - std::min(kept, unacknowledged());
        return;
    }
    if (!claimed_ || distance(*claimed_, sequence) > 0) claimed_ = sequence;
    if (waiting_.empty() || distance(waiting_.front().sequence, sequence) <= 0) return;
    if (acknowledgement.speaks || ++past_hole_ >= limits.hole_patience) skip_hole(limits, reader);
}

void TcpStream::finish(std::optional<std::uint32_t> fin, StreamReader reader) {
    constexpr StreamLimits limits;
    while (!waiting_.empty()) skip_hole(limits, reader);
    if (claimed_) {
        // A FIN takes a number as well; one that was not seen looks like a byte.
        const bool ended = fin && *claimed_ == *fin + 1;
        const auto missing = distance(next_, *claimed_) - 1;
        const auto lost = static_cast<std::uint32_t>(std::max(missing, 0)) + (ended || missing < 1 ? 0U : 1U);
        counts_.lost += lost;
        if (lost > 0) reader({{}, lost, {}});
    }
    forget_sent();
    sent_.shrink_to_fit();
}

}   // namespace ward::wire
