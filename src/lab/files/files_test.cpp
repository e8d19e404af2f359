// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <gmock/gmock.h>
#include <map>
#include <set>

#include "json/document.hpp"
#include "lab/care/floor.hpp"
#include "lab/files/file_line.hpp"
#include "lab/files/file_routine.hpp"

namespace ward::lab {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using Action = FileTouched::Action;

class Uses final : public Witness {
public:
    void see(const Act& act, const Story& story) override {
        const auto* touched = std::get_if<FileTouched>(&act.what);
        if (touched == nullptr) return;
        all.push_back(*touched);
        last_line = file_line(act, *touched, story);
    }
    std::vector<Action> actions() const {
        std::vector<Action> found;
        for (const auto& one : all) found.push_back(one.action);
        return found;
    }
    std::vector<FileTouched> all;
    std::string last_line;
};

class Files : public ::testing::Test {
protected:
    Files() { story_.add_witness(uses_); }
    /// The first with this extension.
    FileId one_of(std::string_view extension) const {
        const auto& files = cabinet_.tree().files;
        const auto found = std::ranges::find(files, extension, &StoredFile::extension);
        return FileId{static_cast<std::uint32_t>(found - files.begin())};
    }

    Story story_{Size::small, 7, 2026y / 3 / 2};
    Uses uses_;
    Cabinet cabinet_{story_};
    FileUser user_ = cabinet_.user_of(StaffId{3});
};

TEST_F(Files, AnOfficeProgramSavesByATemporaryFile) {
    const auto id = one_of("docx");
    const auto path = cabinet_.tree().at(id).path();
    cabinet_.save(user_, id);
    EXPECT_THAT(uses_.actions(), ElementsAre(Action::create, Action::rename, Action::rename, Action::remove));
    EXPECT_THAT(uses_.all[0].path, EndsWith(".tmp"));
    EXPECT_EQ(uses_.all[1].path, path);
    EXPECT_EQ(uses_.all[2].path, uses_.all[0].path);
    EXPECT_EQ(uses_.all[2].new_path, path);
    EXPECT_EQ(uses_.all[3].path, uses_.all[1].new_path);
}

TEST_F(Files, OthersAreWrittenInPlace) {
    cabinet_.save(user_, one_of("csv"));
    EXPECT_THAT(uses_.actions(), ElementsAre(Action::write));
}

TEST_F(Files, WhatIsRemovedIsNotThereAnyMore) {
    const auto id = one_of("pdf");
    const auto share = cabinet_.tree().at(id).share;
    const auto before = cabinet_.present(share).size();
    cabinet_.remove(user_, id);
    EXPECT_FALSE(cabinet_.is_present(id));
    EXPECT_EQ(cabinet_.present(share).size(), before - 1);
}

TEST_F(Files, ALineIsJson) {
    cabinet_.rename(user_, one_of("pdf"), "pdf.old");
    const auto line = json::Document::parse(uses_.last_line, {}).value();
    EXPECT_EQ(line["action"].text(), "rename");
    EXPECT_THAT(std::string{line["new_path"].text()}, EndsWith(".pdf.old"));
    EXPECT_EQ(line["user"].text(), user_.name);
}

TEST_F(Files, NoiseIsNearlyEightBitsAByteAndTextIsNot) {
    Random random{7};
    EXPECT_GT(entropy_of_noise(1'000'000, random), 7.999);
    EXPECT_LT(entropy_of_noise(1'000, random), 7.9) << "few bytes cannot have all values";
    for (int i = 0; i < 100; ++i) {
        EXPECT_LT(entropy_of(kind_of("txt"), 4'000, random), 6);
        EXPECT_LE(entropy_of(kind_of("zip"), 4'000'000, random), 8);
    }
}

TEST_F(Files, PatientsDocumentsLieOnOneShare) {
    const auto clinical = cabinet_.tree().share_named("clinical");
    ASSERT_TRUE(clinical);
    for (const auto& file : cabinet_.tree().files)
        EXPECT_EQ(file.patient.has_value(), file.share == *clinical);
    EXPECT_FALSE(cabinet_.tree().share_named("nonsense"));
}

TEST_F(Files, OnAnOrdinaryDayTheBackupReadsAllAndPeopleDoTheirWork) {
    const auto files = cabinet_.tree().files.size();
    const auto end = story_.begin() + days{1};
    FileRoutine routine{story_, cabinet_, end};
    routine.begin();
    story_.agenda().run_until(end);
    std::map<std::string, std::size_t> by_user;
    std::set<Action> by_staff;
    for (const auto& one : uses_.all) {
        ++by_user[one.user];
        if (!one.user.starts_with("svc-")) by_staff.insert(one.action);
    }
    EXPECT_GE(by_user["svc-backup"], files * 9 / 10);
    EXPECT_GT(by_user["svc-archive"], 0U);
    EXPECT_GT(by_user.size(), 40U);
    EXPECT_EQ(by_staff.size(), 5U);
}

}   // namespace
}   // namespace ward::lab
