// SPDX-License-Identifier: Apache-2.0
// What other sensors of this machine tell, as it is told, into a spool.
#pragma once

#include <list>
#include <optional>
#include <string>
#include <vector>

#include "follow/doorway.hpp"
#include "follow/growing_file.hpp"
#include "follow/marks.hpp"
#include "foreign/reader.hpp"
#include "spool/writer.hpp"

namespace ward::follow {

/// A file that grows, `unix:PATH` (a stream) or `unixgram:PATH`.
struct Source {
    std::string path{};
    std::optional<DoorKind> door{};   // nothing: a file
};
/// Errc::malformed where it is none; paths must be absolute.
Result<Source> parse_source(std::string_view text);

struct FollowCounts {
    std::uint64_t events = 0;     // added to the spool
    std::uint64_t too_long = 0;   // lines
    foreign::Counts foreign{};
};

/// Each event of a file is added once, whatever is killed, or loses its power, in between; what came through
/// a socket and was not in the spool yet is lost then. Used by one thread.
class Follower {
public:
    /// The spool is not to have another writer. Marks are in its folder. Errc::corrupt where they are
    /// damaged.
    static Result<Follower> open(const std::vector<Source>& sources, const std::filesystem::path& spool,
                                 std::optional<foreign::Sensor> from, spool::WriterLimits limits = {});

    /// Adds what there is of each source; whether there was anything. The first error is that of one of them:
    /// the same is tried again the next time. Errc::unavailable, which a full disk is, too.
    Result<bool> step();

    /// The sockets that poll() can wait for; files must be looked at.
    std::vector<int> waited_for() const;
    FollowCounts counts() const;

private:
    struct File {
        GrowingFile file;
        foreign::Reader reader;
        std::uint64_t added_before = 0;   // events of its next lines that are in the spool already
        std::optional<Piece> piece{};     // being added
        std::uint64_t added_of_piece = 0;
        std::string kept{};   // what of it is not in the spool yet
        bool is_marked = false;
    };
    struct Door {
        Doorway doorway;
        foreign::Reader reader;
        std::string kept{};   // what the spool would not take
    };

    Follower(spool::Writer spool, std::filesystem::path marks_file)
        : spool_(std::move(spool)), marks_file_(std::move(marks_file)) {}
    Result<bool> step(File& one);
    Result<bool> step(Door& one);
    Result<> mark(const std::string& adding, std::uint64_t added);
    Result<> add(std::string& events);

    spool::Writer spool_;
    std::filesystem::path marks_file_;
    std::list<File> files_;
    std::list<Door> doors_;
    Marks marks_;
    FollowCounts counts_;
};

}   // namespace ward::follow
