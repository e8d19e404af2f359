// SPDX-License-Identifier: Apache-2.0
// A program that is killed while it keeps findings has kept whole batches of them, and reading the same again
// adds what is missing and nothing twice.
#include <array>
#include <csignal>
#include <random>
#include <set>
#include <sys/wait.h>
#include <unistd.h>

#include "desk/keeping_test.hpp"
#include "desk/tables.hpp"

namespace ward::desk {
namespace {

constexpr int batch_size = 7;
constexpr int batches_max = 200;

/// Of nine hosts, some of which reach others, so that cases are joined on the way.
class ACrash : public ADesk {
protected:
    static std::vector<detect::Finding> batch(int number) {
        std::vector<detect::Finding> all;
        for (int i = 0; i < batch_size; ++i) {
            const auto host = [](int of) { return "10.0.0." + std::to_string(of % 9); };
            const auto since = std::chrono::minutes{number * batch_size + i};
            all.push_back(i % 3 == 0 ? found("lateral-movement", host(number + i), since, {host(number)})
                                     : found("share-theft", host(number + i), since));
        }
        return all;
    }

    [[noreturn]] static void keep_until_killed(const std::filesystem::path& folder, int acknowledgements) {
        auto desk = Desk::open(folder);
        if (!desk) ::_exit(1);
        for (int number = 0; number < batches_max; ++number) {
            if (!desk->keep(batch(number), at(24h))) ::_exit(2);
            if (::write(acknowledgements, &number, sizeof number) != sizeof number) ::_exit(3);
        }
        for (;;) ::pause();
    }

    /// The last batch that a child acknowledged before it was killed, after `count` of them.
    int kill_after(int count) {
        std::array<int, 2> ends{};
        EXPECT_EQ(::pipe(ends.data()), 0);
        const pid_t child = ::fork();
        if (child == 0) keep_until_killed(folder_.path(), ends[1]);
        ::close(ends[1]);
        int number = -1;
        while (::read(ends[0], &number, sizeof number) == sizeof number)
            if (--count == 0) ::kill(child, SIGKILL);
        ::close(ends[0]);
        int status = 0;
        ::waitpid(child, &status, 0);
        EXPECT_TRUE(WIFSIGNALED(status)) << "the child stopped by itself: " << status;
        return number;
    }
};

TEST_F(ACrash, LeavesNothingDoubledAndNothingHalf) {
    const auto seed = std::random_device{}();
    RecordProperty("seed", std::to_string(seed));
    std::mt19937 random{seed};
    std::size_t most = 0;
    desk_.reset();
    for (int round = 0; round < 20; ++round) {
        const auto last = kill_after(std::uniform_int_distribution{1, 1 + 9 * (round + 1)}(random));
        reopen();
        const auto book = desk_->book();
        ASSERT_TRUE(book) << book.error().what << ", seed " << seed;
        ASSERT_EQ(book->findings.size() % batch_size, 0U) << "half a batch, seed " << seed;
        ASSERT_GE(book->findings.size(), static_cast<std::size_t>(last + 1) * batch_size) << "seed " << seed;
        ASSERT_GE(book->findings.size(), most) << "seed " << seed;
        most = book->findings.size();
        std::set<std::string> keys;
        for (const auto& one : book->findings) {
            ASSERT_TRUE(
                keys.insert(one.kind + to_json(one.systems) + std::to_string(to_integer(one.at))).second);
            ASSERT_TRUE(book->cases.contains(one.own_case));
            ASSERT_TRUE(desk_->words(one.number));
        }
        desk_.reset();
    }
    reopen();
    for (int number = 0; number < batches_max; ++number) keep(batch(number));
    const auto after = desk_->book();
    EXPECT_EQ(after->findings.size(), static_cast<std::size_t>(batches_max) * batch_size);

    const ScratchFolder undisturbed;
    auto other = Desk::open(undisturbed.path());
    for (int number = 0; number < batches_max; ++number) ASSERT_TRUE(other->keep(batch(number), at(24h)));
    const auto wanted = other->book();
    EXPECT_EQ(after->joins.size(), wanted->joins.size());
    for (std::size_t i = 0; i < wanted->findings.size(); ++i)
        ASSERT_EQ(after->findings[i].in_case, wanted->findings[i].in_case) << i;
}

}   // namespace
}   // namespace ward::desk
