// SPDX-License-Identifier: Apache-2.0
// For this folder's tests: a log, and a store in memory that stands behind it.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "core/scratch_folder.hpp"
#include "ledger/log.hpp"
#include "ledger/verify.hpp"

namespace ward::ledger {

inline Buffer to_buffer(std::string_view text) { return {as_bytes(text).begin(), as_bytes(text).end()}; }

/// Some of these tests sync ten thousand times; none cuts the power of the machine.
inline std::filesystem::path in_memory() {
    return std::filesystem::exists("/dev/shm") ? "/dev/shm" : std::filesystem::temp_directory_path();
}

class Bed {
public:
    void add_entries(std::uint64_t count) {
        for (std::uint64_t i = 0; i < count; ++i)
            entries.push_back(to_buffer("invented entry " + std::to_string(entries.size())));
    }

    /// The next step at a seam of the log: `sign`, `swap`, `swapped`, or one on a file. An error is what the
    /// step then gives.
    std::function<Result<>(std::string_view seam)> fault;
    FileSteps file_steps;

    LogParts parts() {
        return {.folder = log_folder(),
                .key = verifier,
                .read_entries = [this](auto first, auto count,
                                       const auto& entry) { return read(first, count, entry); },
                .sign = [this](std::string_view text) -> Result<crypto::Signature> {
                    if (fault) TRY(fault("sign"));
                    return key.sign(as_bytes(text));
                },
                .load_checkpoint = [this]() -> Result<std::string> { return stored; },
                .swap_checkpoint = [this](auto old_size, const auto& next, auto note) -> Result<> {
                    if (fault) TRY(fault("swap"));
                    if (stored_size() != old_size) return fail(Errc::conflict, "another writer");
                    EXPECT_EQ(open_checkpoint(note, verifier).value(), next);
                    stored = note;
                    return fault ? fault("swapped") : Result<>{};
                },
                .steps = file_steps};
    }

    Result<Log> open() { return Log::open(parts()); }

    Result<> read(std::uint64_t first, std::uint64_t count,
                  const std::function<Result<>(Bytes)>& entry) const {
        for (auto i = first; i < std::min<std::uint64_t>(first + count, entries.size()); ++i)
            TRY(entry(entries[i]));
        return {};
    }

    std::uint64_t stored_size() const {
        return stored.empty() ? 0 : open_checkpoint(stored, verifier).value().head.size;
    }

    VerifyParts verify_parts() const {
        return {.folder = log_folder(),
                .key = verifier,
                .entries = [this](auto count, const auto& entry) { return read(0, count, entry); },
                .staged_size = [this]() -> Result<std::uint64_t> { return stored_size(); }};
    }

    Result<VerifyReport> verify() const { return verify_log(verify_parts()); }

    /// What verification says is wrong; empty when nothing is.
    std::string complaint() const {
        const auto report = verify();
        if (report) return {};
        EXPECT_EQ(report.error().code, Errc::corrupt) << report.error().what;
        return report.error().what;
    }

    std::filesystem::path log_folder() const { return folder / "ledger"; }

    ScratchFolder folder{in_memory()};
    crypto::SigningKey key = crypto::SigningKey::generate().value();
    VerifierKey verifier = make_verifier_key("ward.example/ledger", key.public_key());
    std::vector<Buffer> entries;
    std::string stored;
};

/// A log of `sizes.back()` entries, published at each of the sizes.
inline void publish_at(Bed& bed, const std::vector<std::uint64_t>& sizes) {
    auto log = bed.open();
    ASSERT_TRUE(log) << log.error().what;
    for (const auto size : sizes) {
        if (bed.entries.size() < size) bed.add_entries(size - bed.entries.size());
        const auto published = log->publish(size);
        ASSERT_TRUE(published) << published.error().what;
    }
}

}   // namespace ward::ledger
