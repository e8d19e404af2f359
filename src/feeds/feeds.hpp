// SPDX-License-Identifier: Apache-2.0
// All feeds of a vault: their servers, what maps what they bring, and who notices when one falls silent.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "feeds/intake.hpp"
#include "feeds/mapper.hpp"
#include "mllp/server.hpp"

namespace ward::feeds {

/// A feed with what its server needs, read before the program gave up reading files.
struct FeedSetting {
    Feed feed;
    std::optional<http::TlsRole> tls{};
};

/// What feeds listen with: `identity` is the vault's own. Reads the files of clients' certificates, and what
/// conversion of character sets needs, so it comes before the program gives up reading files.
Result<std::vector<FeedSetting>> read_settings(const std::vector<std::string>& texts,
                                               const http::TlsIdentity& identity);

/// Lets messages wait to be mapped again: all of this feed, whose line was corrected; or of all feeds those
/// that an older revision of the mapping had mapped.
Result<> remap(vault::Vault& vault, const std::optional<std::string>& feed);

/// How a feed is, as far as this program knows since it started.
struct FeedStatus {
    Feed feed;
    std::uint16_t port = 0;
    Time last_heard{};   // of a message, refused ones too
    bool is_silent = false;
    IntakeCounters intake;
    mllp::ServerCounters server;
};

/// Borrows the vault.
class Feeds {
public:
    /// Listens, and takes in and maps what comes once start() is called.
    static Result<std::unique_ptr<Feeds>> open(vault::Vault& vault, std::vector<FeedSetting> settings,
                                               const mllp::ServerLimits& limits = {});
    ~Feeds();

    Feeds(vault::Vault& vault, std::vector<FeedSetting> settings);   // not listening yet: use open()

    void start();
    std::vector<FeedStatus> status() const;
    /// For those who read the record: "adt 2026-11-22T09:00:00.000Z, lab … silent". Until then it has all
    /// that the feed brought. Looked up once a second.
    std::string as_of() const;
    Mapper& mapper() { return *mapper_; }

    /// Tells, once, of each feed that has been silent for too long; and that it is heard again; and at most
    /// once a minute of what it refused or is odd. Called every second while started.
    void watch(Time now);

private:
    struct Served {
        Served(vault::Vault& vault, Pace& pace, MessageIds& ids, Feed feed, std::function<void()> arrived,
               Time now)
            : intake(vault, pace, ids, std::move(feed), std::move(arrived)), since(now) {}
        Intake intake;
        Time since;            // what silence is measured from if nothing is heard
        Time heard_before{};   // before this start
        std::atomic<bool> is_silent = false;
        bool is_told_silent = false;   // in the record; who watches has it
        std::optional<mllp::Server> server;
        Time told{};   // of what was refused, when those were so many
        std::uint64_t messages_told = 0, connections_told = 0, oddities_told = 0;
    };

    Result<> recall();
    Feed feed_named(const std::string& name) const;
    void look_up_as_of();
    static void tell_refused(Served& served, Time now);

    vault::Vault& vault_;
    std::vector<FeedSetting> settings_;
    Pace pace_{vault_.clock()};
    MessageIds ids_;
    std::vector<std::unique_ptr<Served>> served_;
    mutable Mutex as_of_mutex_;   // guards what is told
    std::string as_of_ GUARDED_BY(as_of_mutex_);
    std::unique_ptr<Mapper> mapper_;
    std::jthread watch_;
};

}   // namespace ward::feeds
