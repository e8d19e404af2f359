// SPDX-License-Identifier: Apache-2.0
// An auditor who looks while the hospital works must not raise a false alarm.
#include <atomic>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <thread>

#include "core/scratch_folder.hpp"
#include "tests/attacks/attack.hpp"
#include "tests/running_ward.hpp"

namespace ward::attacks {
namespace {

TEST(Verify, FindsNothingWrongWhileClientsWrite) {
    const ScratchFolder folder;
    make_cheap_key_file(folder / "ward");
    const auto started =
        RunningWard::start({.programs = programs_folder(), .folder = folder / "ward", .log = folder / "log"});
    ASSERT_TRUE(started) << started.error().what;
    const auto& ward = **started;
    const auto token = ward.token();
    std::atomic<bool> enough = false;
    std::atomic<int> written = 0;
    std::vector<std::jthread> clients;
    for (int i = 0; i < 4; ++i)
        clients.emplace_back([&, i] {
            auto client = *ward.connect();
            const auto id = fmt::format("p{}", i);
            const auto patient = fmt::format(R"({{"resourceType":"Patient","id":"{}"}})", id);
            for (; !enough; ++written) {
                const auto answer =
                    RunningWard::send(client, token, http::Method::put, "/Patient/" + id, patient);
                ASSERT_TRUE(answer) << answer.error().what;
                EXPECT_LT(answer->status, 300);
            }
        });
    constexpr int looks = 50;
    for (int i = 0; i < looks; ++i)
        EXPECT_EQ(ward.run({"ledger", "verify"}).exit, 0) << read_whole(folder / "log");
    enough = true;
    clients.clear();
    fmt::print("{} looks while {} versions were written\n", looks, written.load());
    EXPECT_GT(written, looks);
}

}   // namespace
}   // namespace ward::attacks
