// SPDX-License-Identifier: Apache-2.0
#include "spool/reader.hpp"

#include <algorithm>
#include <fcntl.h>
#include <fmt/format.h>

#include "core/log.hpp"

namespace ward::spool {
namespace {

constexpr std::size_t ahead_bytes = record_bytes_max + (std::size_t{1} << 20U);
/// What is written just now may look damaged, until it is there.
constexpr std::chrono::seconds damage_patience{2};

Result<std::optional<PublisherId>> publisher_of(const Segment& segment) {
    const UniqueFd file{::open(segment.path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)};
    if (!file) return std::optional<PublisherId>{};   // given up just now
    const auto bytes = TRY(read_at(file.get(), 0, segment_head_bytes));
    const auto head = decode_segment_head(bytes);
    const auto* known = std::get_if<Decoded<SegmentHead>>(&head);
    return known != nullptr ? std::optional{known->message.publisher} : std::nullopt;
}

/// Adds `record` to what it follows, where it may.
bool take(const Record& record, Bytes whole, const ChunkLimits& limits, std::size_t& text_bytes,
          Chunk& chunk) {
    const bool fits = chunk.records.size() + whole.size() <= limits.bytes_max &&
                      text_bytes + record.text_bytes <= limits.text_bytes_max;
    if (!chunk.empty() && (!fits || record.first != chunk.last + 1)) return false;
    if (chunk.empty()) chunk.first = record.first;
    append(chunk.records, whole);
    text_bytes += record.text_bytes;
    chunk.last = record.last();
    return true;
}

}   // namespace

Result<std::optional<PublisherId>> Reader::publisher() const {
    const auto segments = TRY(segments_in(folder_));
    for (auto segment = segments.rbegin(); segment != segments.rend(); ++segment)
        if (const auto found = TRY(publisher_of(*segment))) return std::optional{*found};
    return std::optional<PublisherId>{};
}

void Reader::seek(Sequence after) {
    position_ = after;
    file_ = {};
}

Result<Chunk> Reader::next(const ChunkLimits& limits) {
    Chunk chunk;
    chunk.after = position_;
    std::size_t text_bytes = 0;
    if (!file_ && !TRY(open_first())) return chunk;
    for (;;) {
        const auto decoded = TRY(look());
        if (const auto* found = std::get_if<Decoded<Record>>(&decoded)) {
            const auto& record = found->message;
            if (record.last() > position_ &&
                !take(record, rest().first(found->consumed), limits, text_bytes, chunk))
                break;
            offset_ += found->consumed;
            damage_seen_.reset();
            position_ = std::max(position_, record.last());
            continue;
        }
        if (!chunk.empty()) break;
        // Asked first, and then looked at again: the writer may have gone on in between.
        const auto further = TRY(following());
        TRY(read_ahead());
        const auto again = decode_record(rest());
        if (std::holds_alternative<Decoded<Record>>(again)) continue;
        if (std::holds_alternative<Malformed>(again) && TRY(pass_over(!further))) continue;
        if (!further || !TRY(open(*further))) return chunk;
    }
    if (offset_ > synced_) {
        TRY(sync_file(file_.get()));
        synced_ = ahead_at_ + ahead_.size();
    }
    return chunk;
}

/// The segment that has what comes after position_, or the oldest after it. False where there is none yet.
Result<bool> Reader::open_first() {
    const auto segments = TRY(segments_in(folder_));
    if (segments.empty()) return false;
    auto wanted = std::ranges::upper_bound(segments, position_ + 1, {}, &Segment::first);
    if (wanted != segments.begin()) --wanted;
    return open(*wanted);
}

/// False where it is not begun yet, or was given up just now.
Result<bool> Reader::open(const Segment& segment) {
    UniqueFd file{::open(segment.path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)};
    if (!file) return false;
    const auto bytes = TRY(read_at(file.get(), 0, segment_head_bytes));
    if (bytes.size() < segment_head_bytes) return false;
    file_ = std::move(file);
    segment_ = segment.first;
    offset_ = segment_head_bytes;
    synced_ = 0;
    ahead_.clear();
    ahead_at_ = offset_;
    damage_seen_.reset();
    return true;
}

Result<std::optional<Segment>> Reader::following() const {
    const auto segments = TRY(segments_in(folder_));
    const auto next = std::ranges::upper_bound(segments, segment_, {}, &Segment::first);
    return next == segments.end() ? std::nullopt : std::optional{*next};
}

Result<> Reader::read_ahead() {
    ahead_ = TRY(read_at(file_.get(), offset_, ahead_bytes));
    ahead_at_ = offset_;
    return {};
}

Bytes Reader::rest() const { return Bytes{ahead_}.subspan(static_cast<std::size_t>(offset_ - ahead_at_)); }

/// At what is there, read again where that is not a whole record.
Result<Decode<Record>> Reader::look() {
    auto decoded = decode_record(rest());
    if (std::holds_alternative<Decoded<Record>>(decoded)) return decoded;
    TRY(read_ahead());
    return decode_record(rest());
}

/// False where the rest of the segment is lost, or may be on its way.
Result<bool> Reader::pass_over(bool is_last) {
    const auto now = Steady::now();
    if (!damage_seen_) damage_seen_ = now;
    if (is_last && now - *damage_seen_ < damage_patience) return false;
    const auto length = damaged_length(rest());
    if (is_last && !length) return false;
    log::error("a part of the spool is damaged, and passed over", {{"segment", segment_}, {"at", offset_}});
    damage_seen_.reset();
    if (!length) return false;
    offset_ += *length;
    return true;
}

}   // namespace ward::spool
