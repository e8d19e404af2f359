// SPDX-License-Identifier: Apache-2.0
#include "follow/follower.hpp"

#include <algorithm>

namespace ward::follow {
namespace {

constexpr std::string_view marks_name = "followed.json";

/// But for the first `skip` events, which become fewer.
std::string translate(foreign::Reader& reader, std::string_view lines, std::uint64_t& skip,
                      std::uint64_t& too_long) {
    std::string events;
    while (!lines.empty()) {
        const auto end = lines.find('\n');
        reader.read(lines.substr(0, end), [&](std::string_view event) {
            if (event.empty()) return;
            if (event.size() >= spool::text_bytes_max)   // with its end
                ++too_long;
            else if (skip > 0)
                --skip;
            else
                (events += event) += '\n';
        });
        lines.remove_prefix(end == std::string_view::npos ? lines.size() : end + 1);
    }
    return events;
}

}   // namespace

Result<Source> parse_source(std::string_view text) {
    Source source;
    for (const auto& [prefix, kind] :
         {std::pair<std::string_view, DoorKind>{"unix:", DoorKind::stream},
          std::pair<std::string_view, DoorKind>{"unixgram:", DoorKind::datagram}})
        if (text.starts_with(prefix)) {
            source.door = kind;
            source.path = text.substr(prefix.size());
        }
    if (!source.door) source.path = text;
    if (!source.path.starts_with('/') || source.path.ends_with('/'))
        return fail(Errc::malformed,
                    std::string{text} + ": neither the whole name of a file nor unix:/… or unixgram:/…");
    return source;
}

Result<Follower> Follower::open(const std::vector<Source>& sources, const std::filesystem::path& spool,
                                std::optional<foreign::Sensor> from, spool::WriterLimits limits) {
    Follower follower{TRY(spool::Writer::open(spool, limits)), spool / marks_name};
    if (auto marks = read_marks(follower.marks_file_))
        follower.marks_ = std::move(*marks);
    else if (marks.error().code != Errc::not_found)
        return tl::unexpected(marks.error());
    auto& marks = follower.marks_;
    for (const auto& source : sources) {
        foreign::Reader reader{source.path, from, foreign::Unknown::refused};
        if (source.door) {
            auto doorway = TRY(Doorway::open(source.path, *source.door));
            follower.doors_.push_back({std::move(doorway), std::move(reader)});
            continue;
        }
        const auto place = marks.places.find(source.path);
        const auto from_place = place == marks.places.end() ? Place{} : place->second;
        auto& file = follower.files_.emplace_back(
            File{.file = GrowingFile{source.path, from_place}, .reader = std::move(reader)});
        // A spool that gave up what it had begins anew, with lower numbers.
        if (marks.adding == source.path && follower.spool_.next() > marks.next)
            file.added_before = follower.spool_.next() - marks.next;
    }
    return follower;
}

/// What was added before is on disk first, so that marks never know more than the spool. `added`: events of
/// the lines that are to be added which are in it already.
Result<> Follower::mark(const std::string& adding, std::uint64_t added) {
    TRY(spool_.sync());
    marks_.adding = adding;
    marks_.next = spool_.next() - added;
    for (const auto& one : files_) marks_.places[one.file.path().string()] = one.file.place();
    return write_marks(marks_file_, marks_);
}

/// Afterwards it has those that were not added.
Result<> Follower::add(std::string& events) {
    const auto before = spool_.next();
    const auto added = spool_.append(events);
    const auto count = spool_.next() - before;
    counts_.events += count;
    std::size_t end = added ? events.size() : 0;
    for (std::uint64_t i = 0; !added && i < count; ++i) end = events.find('\n', end) + 1;
    events.erase(0, end);
    return added;
}

Result<bool> Follower::step(File& one) {
    if (!one.piece) {
        auto piece = TRY(one.file.next());
        if (piece.after == piece.before) {
            one.added_before = 0;   // the file has nothing of what was added: it is another one
            return false;
        }
        if (const auto known = marks_.places.find(one.file.path().string());
            known == marks_.places.end() || known->second != piece.before)
            one.added_before = 0;   // that file is gone
        const auto before = one.added_before;
        one.kept = translate(one.reader, piece.lines, one.added_before, counts_.too_long);
        one.added_of_piece = before - one.added_before;
        one.piece = std::move(piece);
        one.is_marked = false;
    }
    if (!one.is_marked) TRY(mark(one.file.path().string(), one.added_of_piece));
    one.is_marked = true;
    TRY(add(one.kept));
    counts_.too_long += one.piece->too_long;
    one.file.done(*one.piece);
    one.piece.reset();
    return true;
}

Result<bool> Follower::step(Door& one) {
    if (one.kept.empty()) {
        const auto heard = one.doorway.listen();
        counts_.too_long += heard.too_long;
        std::uint64_t none = 0;
        one.kept = translate(one.reader, heard.lines, none, counts_.too_long);
    }
    if (one.kept.empty()) return false;
    if (!marks_.adding.empty()) TRY(mark({}, 0));
    TRY(add(one.kept));
    return true;
}

Result<bool> Follower::step() {
    Result<bool> all = false;
    const auto add = [&](Result<bool> done) {
        if (!all) return;
        if (done)
            *all = *all || *done;
        else
            all = std::move(done);
    };
    // What was being added when it was killed goes first: marks tell only of one file that it was.
    const auto begun = std::ranges::find_if(files_, [](const File& one) { return one.added_before > 0; });
    if (begun != files_.end()) {
        auto done = step(*begun);
        if (!done || begun->added_before > 0) return done;
        add(std::move(done));
    }
    for (auto& one : files_) add(step(one));
    for (auto& one : doors_) add(step(one));
    return all;
}

std::vector<int> Follower::waited_for() const {
    std::vector<int> all;
    for (const auto& one : doors_) one.doorway.add_to(all);
    return all;
}

FollowCounts Follower::counts() const {
    auto counts = counts_;
    for (const auto& one : files_) counts.foreign += one.reader.counts();
    for (const auto& one : doors_) counts.foreign += one.reader.counts();
    return counts;
}

}   // namespace ward::follow
