// SPDX-License-Identifier: Apache-2.0
// A desk in a folder of its own, and findings in few words.
#pragma once

#include <gtest/gtest.h>

#include "core/scratch_folder.hpp"
#include "desk/desk.hpp"

namespace ward::desk {

using namespace std::chrono_literals;
using Numbers = std::vector<std::int64_t>;

class ADesk : public ::testing::Test {
protected:
    static constexpr Time begin{std::chrono::sys_days{std::chrono::year{2026} / 3 / 2}};

    void SetUp() override { reopen(); }
    void reopen() {
        desk_.reset();
        auto opened = Desk::open(folder_.path());
        ASSERT_TRUE(opened) << opened.error().what;
        desk_.emplace(std::move(*opened));
    }
    static Time at(std::chrono::minutes since) { return begin + since; }

    static detect::Finding found(std::string_view kind, const std::string& who, std::chrono::minutes since,
                                 const std::vector<std::string>& whom = {}) {
        detect::Finding finding{
            .kind = kind,
            .at = at(since),
            .severity = kind == "ransomware" ? detect::Severity::critical : detect::Severity::high,
            .confidence = 80,
            .sentence = "Something happened.",
            .techniques = {"T1018"},
            .systems = {who},
            .takes_over = !whom.empty()};
        finding.systems.insert(finding.systems.end(), whom.begin(), whom.end());
        return finding;
    }
    void keep(const std::vector<detect::Finding>& findings) {
        const auto kept = desk_->keep(findings, now_);
        ASSERT_TRUE(kept) << kept.error().what;
        counts_ = *kept;
    }
    void declare(Declaration declaration) {
        if (declaration.from == Time{}) declaration.from = begin;
        declaration.reason = "change 4711";
        declaration.by = "eve";
        const auto declared = desk_->declare(declaration, now_);
        ASSERT_TRUE(declared) << declared.error().what;
        explained_ = *declared;
    }
    Numbers say(Said said, std::int64_t in_case, Opinion opinion = {}) {
        opinion.in_case = in_case;
        opinion.said = said;
        opinion.reason = "asked";
        opinion.by = "eve";
        const auto outcome = desk_->say(opinion, now_);
        EXPECT_TRUE(outcome) << outcome.error().what;
        return outcome ? outcome->changed : Numbers{};
    }
    Standing standing(std::int64_t in_case) {
        const auto book = desk_->book();
        EXPECT_TRUE(book) << book.error().what;
        for (auto& one : stand(*book, now_, desk_->limits()))
            if (one.in_case == in_case) return one;
        ADD_FAILURE() << "no case " << in_case;
        return {};
    }

    ScratchFolder folder_;
    std::optional<Desk> desk_;
    Desk::Counts counts_;
    Numbers explained_;
    Time now_ = at(5h);
};

}   // namespace ward::desk
