// SPDX-License-Identifier: Apache-2.0
// Which of two overlapping segments counts, for each kind of host.
#include "wire/tcp_line_test.hpp"

namespace ward::wire {
namespace {

/// What is told of two segments that wait and overlap; the line begins with a hole, so that they do wait.
std::string overlapped(Overlap overlap, std::int64_t old_at, std::string_view old_text, std::int64_t new_at,
                       std::string_view new_text) {
    Line line{1000, overlap};
    line.send(old_at, old_text).send(new_at, new_text);
    EXPECT_EQ(line.stream.counts().overlaps, 1u);
    return line.finish().said;
}

struct Answers {
    std::string begins_before;              // .oooo over nnnn.
    std::string begins_before_ends_after;   // nnnnnn around oooo
    std::string begins_before_ends_with;    // nnnnn and oooo end alike
    std::string same;                       // nnnn on oooo
    std::string begins_with_ends_after;     // nnnnnn and oooo begin alike
    std::string begins_with_ends_before;    // nn and oooo begin alike
    std::string begins_after_ends_with;     // nn and oooo end alike
    std::string begins_after_ends_after;    // oooo, then nnnn over its end
    std::string inside;                     // nn within oooo
    bool operator==(const Answers&) const = default;
};

Answers answers(Overlap overlap) {
    const auto meet = [&](std::int64_t new_at, std::string_view new_text) {
        return overlapped(overlap, 4, "oooo", new_at, new_text);
    };
    return {meet(2, "nnnn"), meet(3, "nnnnnn"), meet(3, "nnnnn"), meet(4, "nnnn"), meet(4, "nnnnnn"),
            meet(4, "nn"),   meet(6, "nn"),     meet(6, "nnnn"),  meet(5, "nn")};
}

void expect_answers(Overlap overlap, const Answers& expected) {
    const auto given = answers(overlap);
    EXPECT_EQ(given.begins_before, expected.begins_before);
    EXPECT_EQ(given.begins_before_ends_after, expected.begins_before_ends_after);
    EXPECT_EQ(given.begins_before_ends_with, expected.begins_before_ends_with);
    EXPECT_EQ(given.same, expected.same);
    EXPECT_EQ(given.begins_with_ends_after, expected.begins_with_ends_after);
    EXPECT_EQ(given.begins_with_ends_before, expected.begins_with_ends_before);
    EXPECT_EQ(given.begins_after_ends_with, expected.begins_after_ends_with);
    EXPECT_EQ(given.begins_after_ends_after, expected.begins_after_ends_after);
    EXPECT_EQ(given.inside, expected.inside);
}

TEST(Overlap, FirstKeepsWhatIsThere) {
    expect_answers(Overlap::first, {"[2]nnoooo", "[3]noooon", "[3]noooo", "[4]oooo", "[4]oooonn", "[4]oooo",
                                    "[4]oooo", "[4]oooonn", "[4]oooo"});
}

TEST(Overlap, LastTakesWhatIsNew) {
    expect_answers(Overlap::last, {"[2]nnnnoo", "[3]nnnnnn", "[3]nnnnn", "[4]nnnn", "[4]nnnnnn", "[4]nnoo",
                                   "[4]oonn", "[4]oonnnn", "[4]onno"});
}

TEST(Overlap, BsdTakesWhatBeginsBefore) {
    expect_answers(Overlap::bsd, {"[2]nnnnoo", "[3]nnnnnn", "[3]nnnnn", "[4]oooo", "[4]oooonn", "[4]oooo",
                                  "[4]oooo", "[4]oooonn", "[4]oooo"});
}

TEST(Overlap, LinuxTakesTheLongerOneToo) {
    expect_answers(Overlap::linux_kernel, {"[2]nnnnoo", "[3]nnnnnn", "[3]nnnnn", "[4]oooo", "[4]nnnnnn",
                                           "[4]oooo", "[4]oooo", "[4]oooonn", "[4]oooo"});
}

TEST(Overlap, WindowsTakesWhatCoversAllOnBothSides) {
    expect_answers(Overlap::windows, {"[2]nnoooo", "[3]nnnnnn", "[3]noooo", "[4]oooo", "[4]oooonn", "[4]oooo",
                                      "[4]oooo", "[4]oooonn", "[4]oooo"});
}

TEST(Overlap, OfSeveralThatWaitEachIsDecidedForItself) {
    const auto met = [](Overlap overlap) {
        Line line{1000, overlap};
        return line.send(2, "aa").send(6, "bb").send(10, "cc").send(2, "nnnnnnnnn").finish().said;
    };
    EXPECT_EQ(met(Overlap::first), "[2]aannbbnncc");
    EXPECT_EQ(met(Overlap::linux_kernel), "[2]nnnnnnnnnc");
    EXPECT_EQ(met(Overlap::bsd), "[2]aannnnnnnc");
    EXPECT_EQ(met(Overlap::windows), "[2]aannnnnncc");
}

TEST(Overlap, IsGuessedFromTheSyn) {
    const auto of = [](std::uint8_t ttl, std::string_view options) {
        return overlap_of_host(ttl, from_hex(options).value());
    };
    EXPECT_EQ(of(64, "020405b40402080a000000070000000001030307"), Overlap::linux_kernel);
    EXPECT_EQ(of(62, "020405b4010303040101080a000000070000000004020000"), Overlap::bsd);      // macOS
    EXPECT_EQ(of(128, "020405b40103030801010402"), Overlap::first);                           // Windows
    EXPECT_EQ(of(127, "020405b401010402"), Overlap::windows);                                 // Windows XP
    EXPECT_EQ(of(255, "020405b4"), Overlap::last);                                            // a switch
    EXPECT_EQ(of(254, "0101080a0000000100000000020402180103030001010402"), Overlap::first);   // Solaris
    EXPECT_EQ(of(64, "0300"), Overlap::bsd);   // an option that contradicts itself
}

}   // namespace
}   // namespace ward::wire
