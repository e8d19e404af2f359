// SPDX-License-Identifier: Apache-2.0
// Whatever somebody without the keys changes on the disk: `ward ledger verify` names it, nothing is served
// any more, and what is served in an emergency is what was stored, or nothing.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>

#include "core/scratch_folder.hpp"
#include "tests/attacks/attack.hpp"
#include "tests/attacks/meddler.hpp"
#include "tests/running_ward.hpp"
#include "vault/verify.hpp"

namespace ward::attacks {
namespace {

unsigned meddlings() {
    const char* const wanted = std::getenv("WARD_MEDDLINGS");
    return wanted != nullptr ? static_cast<unsigned>(std::strtoul(wanted, nullptr, 10)) : 10'000;
}

constexpr unsigned opened_each = 4;   // to open and to read everything takes longer than to verify
constexpr int failures_max = 10;

/// Where copies cost nothing: this is about what the bytes say, not about the disk.
std::filesystem::path memory() {
    return std::filesystem::is_directory("/dev/shm") ? "/dev/shm" : std::filesystem::temp_directory_path();
}

class MeddlingTest : public testing::Test {
protected:
    void check(const Meddling& meddling, bool opens) {
        const vault::VaultPaths paths{copy_};
        const auto verified = vault::verify(paths, {});
        auto& count = counts_[meddling.name];
        ++count.all;
        if (verified) {
            check_unnamed(meddling);
        } else {
            ++count.named;
            const auto code = verified.error().code;
            EXPECT_TRUE(code == Errc::corrupt || code == Errc::denied)
                << "not told as a violation: " << verified.error().what;
            EXPECT_FALSE(verified.error().what.empty());
        }
        if (!opens) return;
        ++opened_;
        if (read_everything(vault::OnViolation::refuse)) return check_whole(paths);
        EXPECT_TRUE(!verified || meddling.evidence == Evidence::if_it_tells) << "does not open";
        read_everything(vault::OnViolation::serve_what_opens);
    }

    void check_unnamed(const Meddling& meddling) {
        EXPECT_NE(meddling.evidence, Evidence::always) << "verify does not name it";
        const auto rows = all_rows(copy_);
        ASSERT_TRUE(rows) << rows.error().what;
        EXPECT_TRUE(*rows == rows_) << "verify does not name it, and the rows are others";
    }

    /// Each answer is the one that was stored, or in an emergency a refusal, or what was stored earlier: the
    /// newest version may be hidden. False if the vault does not open.
    bool read_everything(vault::OnViolation violation) {
        const auto store = OpenedStore::open(copy_, violation);
        if (!store) return false;
        for (const auto& known : store_.answers()) {
            const auto answer = (*store)->ask(http::Method::get, known.path);
            ++answers_;
            if (answer.status == known.status && answer.body == known.body) continue;
            ++others_;
            EXPECT_EQ(violation, vault::OnViolation::serve_what_opens) << known.path << " " << answer.status;
            if (answer.status >= 400) continue;
            const bool was_stored = std::ranges::any_of(store_.answers(), [&](const KnownAnswer& other) {
                return other.path.starts_with(known.path + "/_history/") && other.body == answer.body;
            });
            EXPECT_TRUE(was_stored) << known.path << " is answered with " << answer.body;
        }
        return true;
    }

    /// What a vault serves is in order, and goes on where it was.
    void check_whole(const vault::VaultPaths& paths) {
        const auto note = read_whole(vault::VaultPaths{store_.now()}.ledger() / "checkpoint");
        const auto verified = vault::verify(paths, {.since = note, .progress = {}});
        EXPECT_TRUE(verified) << verified.error().what;
    }

    const ScratchFolder folder_{memory()};
    const SmallStore store_{folder_.path()};
    const std::filesystem::path copy_ = folder_ / "copy";
    const std::vector<std::string> rows_ = *all_rows(store_.now());

    struct Count {
        unsigned all = 0;
        unsigned named = 0;
    };
    std::map<std::string_view, Count> counts_;
    unsigned opened_ = 0;
    unsigned answers_ = 0;
    unsigned others_ = 0;
};

TEST_F(MeddlingTest, WithNothingEverythingIsInOrder) {
    std::filesystem::copy(store_.now(), copy_, std::filesystem::copy_options::recursive);
    const auto verified = vault::verify(vault::VaultPaths{copy_}, {});
    ASSERT_TRUE(verified) << verified.error().what;
    EXPECT_GT(verified->entries, 256U) << "more than one tile";
    EXPECT_EQ(verified->unpublished, 0U);
    EXPECT_TRUE(read_everything(vault::OnViolation::refuse));
    EXPECT_EQ(answers_, store_.answers().size());
}

TEST_F(MeddlingTest, IsNamedAndNeverServed) {
    const auto seed = chosen_seed();
    std::mt19937 random{seed};
    Meddler meddler{store_, copy_, random};
    for (unsigned i = 0; i < meddlings(); ++i) {
        const auto meddling = meddler.meddle();
        SCOPED_TRACE(fmt::format("number {}: {}: {}", i, meddling.name, meddling.what));
        check(meddling, i % opened_each == 0);
        const auto* const result = testing::UnitTest::GetInstance()->current_test_info()->result();
        if (result->total_part_count() >= failures_max) break;
    }
    for (const auto& [name, count] : counts_)
        fmt::print("{:40} {:5} times, named {:5}\n", name, count.all, count.named);
    fmt::print("opened {} of them, {} answers, {} of which were refusals or older versions\n", opened_,
               answers_, others_);
}

}   // namespace
}   // namespace ward::attacks
