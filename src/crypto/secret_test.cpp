// SPDX-License-Identifier: Apache-2.0
#include "crypto/secret.hpp"

#include <algorithm>
#include <concepts>
#include <fmt/format.h>
#include <fstream>
#include <functional>
#include <ostream>
#include <sstream>
#include <string>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

#include <gtest/gtest.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SKIP_UNDER_SANITIZERS() GTEST_SKIP() << "sanitizers turn mlock into nothing"
#else
#define SKIP_UNDER_SANITIZERS() static_cast<void>(0)
#endif

namespace ward::crypto {
namespace {

static_assert(!std::copyable<SecretBytes>);
static_assert(!fmt::is_formattable<SecretBytes>::value);
template <class T>
concept Printable = requires(std::ostream& stream, const T& value) { stream << value; };
static_assert(!Printable<SecretBytes>);
static_assert(!std::equality_comparable<SecretBytes>);

bool is_zero(Bytes bytes) {
    return std::ranges::all_of(bytes, [](std::byte byte) { return byte == std::byte{0}; });
}

/// What `question` says in a forked child.
bool in_child(const std::function<bool()>& question) {
    const pid_t child = ::fork();
    if (child == 0) ::_exit(question() ? 0 : 1);
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/// The number after `name` in what /proc/self/smaps says about the mapping of `address`; flags as text.
std::string mapping_line(const std::byte* address, const std::string& name) {
    std::ifstream maps{"/proc/self/smaps"};
    const auto wanted = std::bit_cast<std::uintptr_t>(address);
    bool inside = false;
    for (std::string line; std::getline(maps, line);) {
        unsigned long begin = 0;
        unsigned long end = 0;
        if (std::sscanf(line.c_str(), "%lx-%lx ", &begin, &end) == 2)
            inside = begin <= wanted && wanted < end;
        if (inside && line.starts_with(name)) return line;
    }
    return {};
}

TEST(SecretBytes, HoldsWhatItWasGiven) {
    const auto secret = SecretBytes::copy_of(as_bytes("an invented passphrase")).value();
    EXPECT_EQ(as_text(secret.reveal()), "an invented passphrase");
    EXPECT_EQ(SecretBytes::allocate(0).value().size(), 0U);
    EXPECT_TRUE(is_zero(SecretBytes::allocate(5000).value().reveal()));
}

TEST(SecretBytes, LeavesNothingWhereItWas) {
    const std::byte* place = nullptr;
    {
        auto secret = SecretBytes::copy_of(as_bytes("0123456789abcdef0123456789abcdef")).value();
        place = secret.reveal().data();
        secret.shrink(4);
        EXPECT_EQ(as_text(secret.reveal()), "0123");
        EXPECT_TRUE(is_zero({place + 4, 28}));
    }
    EXPECT_TRUE(is_zero({place, 32}));   // the slab is kept, so the place is still mapped
}

TEST(SecretBytes, MovesWithoutACopy) {
    auto first = SecretBytes::copy_of(as_bytes("one")).value();
    const auto* const place = first.reveal().data();
    auto second = std::move(first);
    EXPECT_EQ(second.reveal().data(), place);
    EXPECT_EQ(first.size(), 0U);   // NOLINT(bugprone-use-after-move): empty, as the header says
    second = SecretBytes::copy_of(as_bytes("two")).value();
    EXPECT_EQ(as_text(second.reveal()), "two");
}

TEST(SecretBytes, TwoNeverShareAPlace) {
    std::vector<SecretBytes> secrets;
    std::vector<const std::byte*> places;
    for (std::size_t i = 0; i < 5000; ++i) {
        secrets.push_back(SecretBytes::allocate(1 + i % 100).value());
        std::ranges::fill(secrets.back().reveal_writable(), static_cast<std::byte>(i % 251));
    }
    for (std::size_t i = 0; i < secrets.size(); ++i)
        for (const auto byte : secrets[i].reveal()) ASSERT_EQ(byte, static_cast<std::byte>(i % 251));
}

TEST(SecretBytes, IsLockedAndAbsentFromCoreFilesAndChildren) {
    SKIP_UNDER_SANITIZERS();
    for (const std::size_t size : {std::size_t{32}, std::size_t{6000}}) {
        const auto secret = SecretBytes::random(size).value();
        const auto flags = mapping_line(secret.reveal().data(), "VmFlags:") + " ";
        EXPECT_NE(flags.find(" lo "), std::string::npos) << flags;   // locked
        EXPECT_NE(flags.find(" dd "), std::string::npos) << flags;   // do not dump
        EXPECT_NE(flags.find(" wf "), std::string::npos) << flags;   // wipe on fork
        EXPECT_FALSE(is_zero(secret.reveal()));
        EXPECT_TRUE(in_child([&secret] { return is_zero(secret.reveal()); }));
    }
}

TEST(SecretBytes, HoldsThousandsOfKeysWithinTheUsualLimitAndThenSaysNo) {
    SKIP_UNDER_SANITIZERS();
    EXPECT_TRUE(in_child([] {
        constexpr rlimit usual{8U << 20, 8U << 20};
        ::setrlimit(RLIMIT_MEMLOCK, &usual);
        if (::getuid() == 0 && ::setuid(65534) != 0) return false;   // root may lock as much as it likes
        std::vector<SecretBytes> keys;
        for (;;) {
            auto key = SecretBytes::allocate(32);
            if (!key) return keys.size() > 100'000 && key.error().code == Errc::limit_exceeded;
            keys.push_back(*std::move(key));
        }
    }));
}

TEST(SecretBytes, RefusesWhatNoSecretIs) {
    EXPECT_EQ(SecretBytes::allocate(SecretBytes::bytes_max + 1).error().code, Errc::limit_exceeded);
}

TEST(SecretBytes, ComparesInFull) {
    EXPECT_TRUE(equal_in_constant_time(as_bytes("same"), as_bytes("same")));
    EXPECT_FALSE(equal_in_constant_time(as_bytes("same"), as_bytes("sane")));
    EXPECT_FALSE(equal_in_constant_time(as_bytes("same"), as_bytes("sames")));
    EXPECT_TRUE(equal_in_constant_time({}, {}));
}

TEST(HardenProcess, LeavesNoCoreFileAndNoTrace) {
    EXPECT_TRUE(in_child([] {
        const auto hardened = harden_process();
        rlimit core{};
        ::getrlimit(RLIMIT_CORE, &core);
        return ::prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0 && core.rlim_max == 0 &&
               (hardened || hardened.error().code == Errc::unavailable);
    }));
}

TEST(HardenProcess, SaysWhenSwapCannotBeExcludedAndDoesNotBreakMalloc) {
    SKIP_UNDER_SANITIZERS();
    EXPECT_TRUE(in_child([] {
        constexpr rlimit generous{64U << 20, 64U << 20};
        ::setrlimit(RLIMIT_MEMLOCK, &generous);
        if (::getuid() == 0 && ::setuid(65534) != 0) return false;
        const auto hardened = harden_process();
        const std::vector<char> large(200U << 20, 'x');   // more than could be locked
        return !hardened && hardened.error().what.find("mlockall") != std::string::npos &&
               large.back() == 'x';
    }));
}

}   // namespace
}   // namespace ward::crypto
