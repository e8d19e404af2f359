// SPDX-License-Identifier: Apache-2.0
#include "spool/writer.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include "core/durable_file.hpp"
#include "core/log.hpp"
#include "crypto/random.hpp"

namespace ward::spool {
namespace {

tl::unexpected<Error> refused(const char* what, const std::filesystem::path& path) {
    return fail(Errc::unavailable,
                fmt::format("cannot {} {}: {}", what, path.string(), std::strerror(errno)));
}

}   // namespace

Result<Writer> Writer::open(std::filesystem::path folder, WriterLimits limits) {
    const auto path = folder / "lock";
    UniqueFd lock{::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)};
    if (!lock) return refused("open", path);
    if (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0)
        return fail(Errc::conflict, folder.string() + " is filled by another process");
    Writer writer{std::move(folder), limits, std::move(lock)};
    TRY(writer.go_on());
    TRY(writer.heed_stored());
    return writer;
}

Result<> Writer::go_on() {
    const auto found = TRY(segments_in(folder_));
    segments_.assign(found.begin(), found.end());
    while (!segments_.empty()) {
        auto& last = segments_.back();
        TRY(go_on_in(last));
        if (file_) return {};
        // It was begun when the power went: nothing in it was synced, and nothing sent.
        ::unlink(last.path.c_str());
        next_ = last.first;
        segments_.pop_back();
    }
    publisher_ = {crypto::random_array<16>()};
    return begin_segment(1);
}

/// Leaves file_ empty where the segment never really began.
Result<> Writer::go_on_in(Segment& last) {
    UniqueFd file{::open(last.path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW)};
    if (!file) return refused("open", last.path);
    const auto bytes = TRY(read_at(file.get(), 0, last.bytes));
    const auto head = decode_segment_head(bytes);
    const auto* known = std::get_if<Decoded<SegmentHead>>(&head);
    if (known == nullptr || known->message.first != last.first) return {};
    publisher_ = known->message.publisher;
    const auto end = end_of(bytes, last.first);
    if (end.offset < last.bytes) {
        log::warn("the end of the spool is torn", {{"bytes", last.bytes - end.offset}});
        if (::ftruncate(file.get(), static_cast<off_t>(end.offset)) != 0) return refused("cut", last.path);
    }
    last.bytes = end.offset;
    next_ = end.next;
    file_ = std::move(file);
    return {};
}

Result<> Writer::begin_segment(Sequence first) {
    const auto path = segment_path(folder_, first);
    if (file_) TRY(sync_file(file_.get()));
    UniqueFd file{::open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600)};
    if (!file) return refused("create", path);
    const auto head = encode({publisher_, first});
    if (::pwrite(file.get(), head.data(), head.size(), 0) != static_cast<ssize_t>(head.size())) {
        auto error = refused("write", path);
        ::unlink(path.c_str());
        return error;
    }
    TRY(sync_file(file.get()));
    TRY(sync_folder(folder_));
    file_ = std::move(file);
    next_ = first;
    segments_.push_back({path, first, head.size()});
    return {};
}

Result<> Writer::append(std::string_view lines) {
    while (!lines.empty()) {
        auto part = lines.substr(0, text_bytes_max);
        const auto end = part.rfind('\n');
        if (end == std::string_view::npos)
            return fail(Errc::limit_exceeded, "an event is longer than a spool may hold");
        part = part.substr(0, end + 1);
        TRY(append_one(part));
        lines.remove_prefix(part.size());
    }
    if (Steady::now() - synced_ < limits_.sync_every) return {};
    TRY(sync());
    return heed_stored();
}

Result<> Writer::append_one(std::string_view lines) {
    if (segments_.back().bytes >= limits_.segment_bytes) {
        TRY(heed_stored());
        if (segments_.back().bytes > segment_head_bytes) TRY(begin_segment(next_));
    }
    record_.clear();
    append_record(record_, next_, lines);
    while (bytes() + record_.size() > limits_.bytes_max && give_up_oldest()) continue;
    auto written = write(record_);
    while (!written && written.error().code == Errc::limit_exceeded && give_up_oldest())
        written = write(record_);
    if (!written) return fail(Errc::unavailable, written.error().what);
    const auto count = static_cast<std::uint64_t>(std::ranges::count(lines, '\n'));
    segments_.back().bytes += record_.size();
    next_ += count;
    counts_.events += count;
    return {};
}

/// Errc::limit_exceeded when there is no room on the disk.
Result<> Writer::write(Bytes record) {
    auto& segment = segments_.back();
    const auto done = ::pwrite(file_.get(), record.data(), record.size(), static_cast<off_t>(segment.bytes));
    if (done == static_cast<ssize_t>(record.size())) return {};
    // Less was written where the disk got full on the way.
    const bool is_full = done >= 0 || errno == ENOSPC || errno == EDQUOT;
    auto error = refused("write", segment.path);
    (void)!::ftruncate(file_.get(), static_cast<off_t>(segment.bytes));
    if (is_full) return fail(Errc::limit_exceeded, segment.path.string() + ": the disk is full");
    return error;
}

Result<> Writer::sync() {
    synced_ = Steady::now();
    return sync_file(file_.get());
}

/// Removes what is stored. Where more is stored than was ever written here, as after the folder was set back
/// to an older state, numbers go on behind that: under used ones, events would be taken for known.
Result<> Writer::heed_stored() {
    const auto stored = read_stored(folder_);
    if (!stored || stored->publisher != publisher_) return {};
    stored_ = stored->watermark;
    while (segments_.size() > 1 && segments_[1].first - 1 <= stored_) remove_oldest();
    if (stored_ < next_) return {};
    log::error("more is stored than the spool ever held: was it set back?",
               {{"stored", stored_}, {"spooled", next_ - 1}});
    return begin_segment(stored_ + 1);
}

bool Writer::give_up_oldest() {
    if (segments_.size() < 2) return false;
    const auto last = segments_[1].first - 1;
    const auto lost = last - std::min(last, std::max(stored_, segments_[0].first - 1));
    remove_oldest();
    if (lost == 0) return true;
    counts_.given_up += lost;
    log::error("the spool is full: its oldest events are given up",
               {{"count", lost}, {"since_start", counts_.given_up}});
    return true;
}

void Writer::remove_oldest() {
    ::unlink(segments_.front().path.c_str());
    segments_.pop_front();
}

std::uint64_t Writer::bytes() const {
    std::uint64_t sum = 0;
    for (const auto& segment : segments_) sum += segment.bytes;
    return sum;
}

}   // namespace ward::spool
