// SPDX-License-Identifier: Apache-2.0
#include "core/output.hpp"

#include <array>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/scratch_folder.hpp"

namespace ward {
namespace {

namespace fs = std::filesystem;

class OutputFile : public testing::Test {
protected:
    std::string text(std::string_view suffix = {}) const {
        std::ifstream file{path_ + std::string{suffix}, std::ios::binary};
        return {std::istreambuf_iterator<char>{file}, {}};
    }
    bool exists(std::string_view suffix) const { return fs::exists(path_ + std::string{suffix}); }
    /// A program that writes these lines, one after the other, and ends.
    void writes(std::initializer_list<std::string_view> lines, std::uint64_t rotate_bytes) const {
        auto output = Output::open(path_, rotate_bytes).value();
        for (const auto line : lines) EXPECT_TRUE(output.write(line));
        EXPECT_TRUE(output.close());
    }

    ScratchFolder folder_;
    std::string path_ = folder_ / "eve.json";
};

TEST_F(OutputFile, KeepsWhatWasWrittenBeforeTheProgramStartedAgain) {
    for (int start = 0; start < 20; ++start) writes({"one\n"}, 1000);
    EXPECT_EQ(text().size(), 80U);
    EXPECT_FALSE(exists(".1"));
}

TEST_F(OutputFile, IsEmptiedWhereItIsNotKept) {
    writes({"one\n"}, 0);
    writes({"two\n"}, 0);
    EXPECT_EQ(text(), "two\n");
}

TEST_F(OutputFile, IsBegunAnewWhenItIsFullAndEightAreKept) {
    writes({"a\n", "b\n", "c\n", "d\n", "e\n", "f\n", "g\n", "h\n", "i\n", "j\n"}, 3);
    EXPECT_EQ(text(), "j\n");
    EXPECT_EQ(text(".1"), "i\n");
    EXPECT_EQ(text(".8"), "b\n");
    EXPECT_FALSE(exists(".9"));
    EXPECT_FALSE(exists(".new"));
}

TEST_F(OutputFile, WhatACrashLeftHalfIsALineOfItsOwn) {
    std::ofstream{path_} << "whole\nhal";
    writes({"next\n"}, 1000);
    EXPECT_EQ(text(), "whole\nhal\nnext\n");
}

TEST_F(OutputFile, ARotationThatFailsCostsNeitherEventsNorTheFilesThatAreKept) {
    writes({"a\n", "b\n", "c\n"}, 3);
    auto output = Output::open(path_, 3).value();
    fs::create_directory(path_ + ".new");   // in the way
    for (int i = 0; i < 5; ++i) EXPECT_TRUE(output.write("d\n"));
    EXPECT_EQ(text(), "c\nd\nd\nd\nd\nd\n");
    EXPECT_EQ(text(".1"), "b\n");
    EXPECT_EQ(text(".2"), "a\n");

    fs::remove(path_ + ".new");
    EXPECT_TRUE(output.write("e\n"));
    EXPECT_EQ(text(), "e\n");
    EXPECT_EQ(text(".1"), "c\nd\nd\nd\nd\nd\n");
}

TEST_F(OutputFile, ALineThatTheDiskCutShortIsEndedBeforeTheNext) {
    const pid_t child = ::fork();
    if (child == 0) {
        std::signal(SIGXFSZ, SIG_IGN);
        auto output = Output::open(path_, 1000).value();
        const bool whole = output.write("first\n").has_value();
        rlimit size{};
        ::getrlimit(RLIMIT_FSIZE, &size);
        size.rlim_cur = 9;   // as a disk that is full there
        ::setrlimit(RLIMIT_FSIZE, &size);
        const bool cut = !output.write("second\n").has_value();
        size.rlim_cur = size.rlim_max;
        ::setrlimit(RLIMIT_FSIZE, &size);
        ::_exit(whole && cut && output.write("third\n") ? 0 : 1);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_EQ(WEXITSTATUS(status), 0);
    EXPECT_EQ(text(), "first\nsec\nthird\n");
}

TEST_F(OutputFile, SaysThatNobodyReadsThePipeAnyMore) {
    const pid_t child = ::fork();
    if (child == 0) {
        std::signal(SIGPIPE, SIG_IGN);
        std::array<int, 2> ends{};
        const bool piped = ::pipe(ends.data()) == 0 && ::dup2(ends[1], STDOUT_FILENO) == STDOUT_FILENO;
        ::close(ends[0]);
        auto output = Output::open({}).value();
        const auto written = output.write("x\n");
        ::_exit(piped && !written && written.error().code == Errc::not_found ? 0 : 1);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_EQ(WEXITSTATUS(status), 0);
}

TEST_F(OutputFile, IsWrittenByOneAtATimeAndTheSecondChangesNothing) {
    for (const std::uint64_t rotate_bytes : {0U, 3U}) {
        auto output = Output::open(path_, rotate_bytes).value();
        for (const auto* line : {"a\n", "b\n"}) EXPECT_TRUE(output.write(line));
        const auto before = text();
        for (const std::uint64_t other : {0U, 3U}) {
            const auto second = Output::open(path_, other);
            ASSERT_FALSE(second);
            EXPECT_EQ(second.error().code, Errc::conflict);
        }
        EXPECT_EQ(text(), before);
        EXPECT_TRUE(output.close());
    }
    EXPECT_TRUE(Output::open(path_));
    const auto device = Output::open("/dev/null");
    EXPECT_TRUE(Output::open("/dev/null")) << "a device is everybody's";
}

TEST_F(OutputFile, IsMadeAnewWhenSomebodyRemovedIt) {
    for (const std::uint64_t rotate_bytes : {0U, 1000U}) {
        fs::remove(path_);
        auto output = Output::open(path_, rotate_bytes).value();
        EXPECT_TRUE(output.write("one\n"));
        fs::remove(path_);
        EXPECT_TRUE(output.write("two\n"));
        EXPECT_EQ(text(), "two\n");
        EXPECT_FALSE(Output::open(path_)) << "nobody else may write this one either";
        fs::remove(path_);
        fs::create_directory(path_);   // in the way
        EXPECT_EQ(output.write("three\n").error().code, Errc::denied);
        fs::remove(path_);
        EXPECT_TRUE(output.write("four\n"));
        EXPECT_EQ(text(), "four\n");
    }
}

TEST_F(OutputFile, AFolderThatIsMissingIsAnError) {
    EXPECT_EQ(Output::open(folder_ / "no" / "eve.json", 10).error().code, Errc::denied);
}

TEST_F(OutputFile, IsNothingThatIsReadToo) {
    std::ofstream{path_} << "events";
    EXPECT_TRUE(check_inputs({path_}, path_ + ".out"));
    EXPECT_EQ(check_inputs({path_}, path_).error().code, Errc::conflict);
    EXPECT_EQ(check_inputs({path_ + ".none"}, "").error().code, Errc::not_found);
    EXPECT_EQ(check_inputs({fs::path{path_}.parent_path().string()}, "").error().code, Errc::not_found);
    EXPECT_EQ(text(), "events");
}

}   // namespace
}   // namespace ward
