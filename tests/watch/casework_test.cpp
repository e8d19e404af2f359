// SPDX-License-Identifier: Apache-2.0
#include "apps/ward-watch/casework.hpp"

#include <fstream>
#include <gtest/gtest.h>
#include <iterator>

#include "core/scratch_folder.hpp"

namespace ward::watch {
namespace {

using namespace std::chrono_literals;

class ACasework : public ::testing::Test {
protected:
    void SetUp() override {
        auto opened = Casework::open(folder_ / "findings.json", clock_, {.waiting_max = 5, .batch_max = 2});
        ASSERT_TRUE(opened) << opened.error().what;
        casework_.emplace(std::move(*opened));
    }
    /// By so many hosts, a minute after those before.
    detect::Findings found(int count) {
        detect::Findings all;
        for (int i = 0; i < count; ++i)
            all.push_back({.kind = "worm",
                           .at = begin + ++found_ * 1min,
                           .severity = detect::Severity::high,
                           .confidence = 80,
                           .systems = {"10.0.0." + std::to_string(found_)}});
        return all;
    }
    void change(const char* sql) {
        auto database =
            store::Database::open(folder_ / desk::Desk::file_name, store::Mode::read_write_create);
        ASSERT_TRUE(database->execute(sql));
    }
    /// As a disk that is full.
    void break_desk() {
        change("CREATE TRIGGER full BEFORE INSERT ON finding BEGIN SELECT RAISE (ABORT, 'full'); END");
    }
    void mend_desk() { change("DROP TRIGGER full"); }
    std::size_t kept() { return desk::Desk::open(folder_.path())->book()->findings.size(); }
    std::ptrdiff_t lines() const {
        std::ifstream file{folder_ / "findings.json"};
        return std::count(std::istreambuf_iterator<char>{file}, {}, '\n');
    }

    static constexpr event::Time begin{std::chrono::sys_days{std::chrono::year{2026} / 3 / 2}};
    ScratchFolder folder_;
    ManualClock clock_{std::chrono::floor<std::chrono::milliseconds>(begin + 10h)};
    std::optional<Casework> casework_;
    int found_ = 0;
};

TEST_F(ACasework, KeepsAndTellsEachFindingOnce) {
    const auto all = found(5);
    casework_->keep(all);
    EXPECT_EQ(kept(), 5U);
    EXPECT_EQ(lines(), 5);
    casework_->keep(all);
    EXPECT_EQ(casework_->counts().kept, 5U);
    EXPECT_EQ(casework_->counts().repeated, 5U);
    EXPECT_EQ(lines(), 5);
}

TEST_F(ACasework, KeepsLaterWhatTheDeskWouldNotKeep) {
    break_desk();
    casework_->keep(found(3));
    EXPECT_EQ(casework_->waiting(), 3U);
    EXPECT_EQ(lines(), 0);
    mend_desk();
    casework_->keep(found(1));
    EXPECT_EQ(casework_->waiting(), 0U);
    EXPECT_EQ(kept(), 4U);
    EXPECT_EQ(lines(), 4);
}

TEST_F(ACasework, LosesAndCountsWhatComesWhenTooManyWait) {
    break_desk();
    casework_->keep(found(4));
    casework_->keep(found(3));
    EXPECT_EQ(casework_->waiting(), 5U);
    EXPECT_EQ(casework_->counts().lost, 2U);
    mend_desk();
    casework_->keep({});
    EXPECT_EQ(kept(), 5U);
}

TEST_F(ACasework, EscalatesWhatNobodyAnswersOnceAStep) {
    casework_->keep(found(1));
    clock_.advance(4h - 1ms);
    casework_->escalate();
    EXPECT_EQ(casework_->counts().escalated, 0U);
    clock_.advance(1ms);
    for (int i = 0; i < 3; ++i) casework_->escalate();
    EXPECT_EQ(casework_->counts().escalated, 1U);
    clock_.advance(4h);
    casework_->escalate();
    EXPECT_EQ(casework_->counts().escalated, 2U);
    EXPECT_EQ(desk::Desk::open(folder_.path())->book()->steps.size(), 2U);
}

TEST_F(ACasework, ForgetsWhatIsOverForLong) {
    auto faint = found(1);
    faint[0].severity = detect::Severity::low;
    casework_->keep(faint);
    casework_->keep(found(1));
    clock_.advance(401 * 24h);
    casework_->forget(std::chrono::days{400});
    EXPECT_EQ(casework_->counts().forgotten, 1U);
    EXPECT_EQ(kept(), 1U) << "nobody has answered the other one yet";
}

TEST_F(ACasework, KeepsWhatWaitsWhenItLooksWhatEscalates) {
    break_desk();
    casework_->keep(found(1));
    mend_desk();
    casework_->escalate();
    EXPECT_EQ(kept(), 1U);
}

}   // namespace
}   // namespace ward::watch
