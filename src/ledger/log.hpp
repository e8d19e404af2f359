// SPDX-License-Identifier: Apache-2.0
// The one writer of a log. The store has the entries and is the truth; this makes the signed tree of them.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "ledger/checkpoint.hpp"
#include "ledger/edge.hpp"
#include "ledger/proof.hpp"
#include "ledger/tile_store.hpp"

namespace ward::ledger {

/// Calls `entry` with each of the entries [first, first + count), in order. Fewer, when there are no more, is
/// no error here: who asks counts. The bytes are borrowed for the call.
using ReadEntries = std::function<Result<>(std::uint64_t first, std::uint64_t count,
                                           const std::function<Result<>(Bytes)>& entry)>;

struct LogParts {
    std::filesystem::path folder;
    VerifierKey key;   // its name is the log's origin

    ReadEntries read_entries;

    /// The signature of a checkpoint's text under `key`.
    std::function<Result<crypto::Signature>(std::string_view text)> sign;

    /// The signed checkpoint that the store holds; empty when it has none yet.
    std::function<Result<std::string>()> load_checkpoint;

    /// Replaces the store's checkpoint, durably, if it is of `old_size` (0: or there is none); else conflict.
    std::function<Result<>(std::uint64_t old_size, const Checkpoint& checkpoint, std::string_view note)>
        swap_checkpoint;

    /// At most this many entries under one new checkpoint: what is held in memory at a time.
    std::uint64_t checkpoint_entries_max = 65'536;

    FileSteps steps{};   // for tests that fail or crash
};

/// What must be kept of a tree to add to it.
struct Growth {
    Edge edge;
    Buffer bundle;   // the entries of the last, partial bundle
};

/// Used by one thread at a time. Has no thread and no clock: its owner calls `publish` when it is time.
class Log {
public:
    /// Brings the folder up to the store's checkpoint if the last run was cut short in between.
    /// Errc::corrupt, saying what and where, when store, folder and checkpoint do not belong together.
    static Result<Log> open(LogParts parts);

    /// The published tree, and the signed note of it; empty before the first `publish`.
    const TreeHead& head() const noexcept { return head_; }
    const std::string& checkpoint() const noexcept { return note_; }

    /// Publishes a tree of `size` entries, all of which the store has committed. The order is: compute, read
    /// the entries again and compare, sign, swap the store's checkpoint, write tiles, publish the checkpoint.
    /// After an error, call it again: it goes on from where it stopped.
    Result<> publish(std::uint64_t size);

private:
    explicit Log(LogParts parts);

    Result<> load_published();
    Result<> load_bundle();
    Result<> remove_partials(unsigned level, std::uint64_t index);
    Result<> remove_leftovers(unsigned level, std::uint64_t last);
    Result<> catch_up();
    Result<> check_last_entry();
    Result<> advance(std::uint64_t size);
    Result<Growth> grow(std::uint64_t size, std::vector<File>& files) const;
    Result<Digest> recompute_root(std::uint64_t size) const;
    Result<> write(const TreeHead& next, Growth grown, std::vector<File> files, const std::string& note);

    LogParts parts_;
    TileStore tiles_;
    TreeHead head_;
    std::string note_;
    Growth grown_;
};

/// Proves entry `index`, from the files alone, in the tree of the checkpoint published in `folder`. `extra`
/// is the entry, so that the log's key is all that it takes to check the proof.
Result<Proof> prove(const std::filesystem::path& folder, const VerifierKey& key, std::uint64_t index);

}   // namespace ward::ledger
