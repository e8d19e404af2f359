// SPDX-License-Identifier: Apache-2.0
// The program ward-keys as it runs: hardened, confined, with its signals.
#include <array>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <string>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

#include <gtest/gtest.h>

#include "core/scratch_folder.hpp"
#include "core/unique_fd.hpp"
#include "crypto/hash.hpp"
#include "crypto/random.hpp"
#include "keys/client.hpp"

namespace ward::keys {
namespace {

struct Pipe {
    Pipe() {
        std::array<int, 2> ends{};
        EXPECT_EQ(::pipe(ends.data()), 0);
        out = UniqueFd{ends[0]};
        in = UniqueFd{ends[1]};
    }
    UniqueFd out;
    UniqueFd in;
};

/// ward-keys, with a text as its standard input and its log at hand.
class Program {
public:
    Program(std::vector<std::string> arguments, std::string_view input) {
        Pipe passphrase;
        Pipe log;
        EXPECT_EQ(::write(passphrase.in.get(), input.data(), input.size()),
                  static_cast<ssize_t>(input.size()));
        passphrase.in = {};
        pid_ = ::fork();
        if (pid_ == 0) {
            ::dup2(passphrase.out.get(), STDIN_FILENO);
            ::dup2(log.in.get(), STDERR_FILENO);
            log.out = {};
            execute(std::move(arguments));
        }
        log_ = std::move(log.out);
    }
    Program(const Program&) = delete;
    Program& operator=(const Program&) = delete;
    ~Program() {
        if (pid_ > 0) stop();
    }

    static void execute(std::vector<std::string> arguments) {
        std::vector<char*> texts;
        std::string program = WARD_KEYS_PROGRAM;
        texts.push_back(program.data());
        for (auto& argument : arguments) texts.push_back(argument.data());
        texts.push_back(nullptr);
        // At exit it would look for leaks with a thread of its own, which a confined program cannot start.
        ::setenv("ASAN_OPTIONS", "detect_leaks=0", 1);
        ::execv(program.c_str(), texts.data());
        ::_exit(127);
    }

    /// Reads the log up to a line with `message`; false when it ends before.
    bool says(std::string_view message) {
        char c = 0;
        std::string line;
        while (::read(log_.get(), &c, 1) == 1) {
            if (c != '\n') {
                line.push_back(c);
                continue;
            }
            if (line.find(message) != std::string::npos) return true;
            line.clear();
        }
        return false;
    }

    int exit_code() {
        int status = 0;
        ::waitpid(std::exchange(pid_, -1), &status, 0);
        return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
    }

    int stop() {
        ::kill(pid_, SIGTERM);
        return exit_code();
    }

    /// A line of /proc/PID/status.
    std::string property(const std::string& name) const {
        std::ifstream file{"/proc/" + std::to_string(pid_) + "/status"};
        for (std::string line; std::getline(file, line);)
            if (line.starts_with(name + ":\t")) return line.substr(name.size() + 2);
        return {};
    }

private:
    pid_t pid_ = -1;
    UniqueFd log_;
};

class WardKeys : public testing::Test {
protected:
    std::vector<std::string> with(std::vector<std::string> more) const {
        more.insert(more.begin(), {"--data", folder_.path()});
        return more;
    }

    const ScratchFolder folder_;
    const std::string_view passphrase_ = "an invented passphrase\n";
    Client client_{folder_.path() / "run" / "keys.sock"};
};

TEST_F(WardKeys, DoesAllItIsAskedWhileConfined) {
    Program program{with({"--passphrase-fd", "0"}), passphrase_};
    ASSERT_TRUE(program.says("serving"));
    if (program.property("Seccomp") == "2")
        EXPECT_EQ(program.property("NoNewPrivs"), "1");
    else
        ADD_FAILURE() << "not confined";
    std::vector<std::pair<Owner, KeyId>> made;
    for (int i = 0; i < 100; ++i) {
        const auto owner = crypto::random_array<16>();
        made.emplace_back(owner, client_.create(owner).value().key_id);
    }
    for (const auto& [owner, id] : made) ASSERT_TRUE(client_.unwrap(owner, id));
    EXPECT_TRUE(client_.facility());
    EXPECT_TRUE(client_.secret("cursor-key"));
    EXPECT_TRUE(client_.sign_checkpoint("ward.example\n1\n" + to_base64(Digest{}) + "\n"));
    EXPECT_EQ(client_.status().value().keys, 100U);
    EXPECT_EQ(program.stop(), 0);
}

TEST_F(WardKeys, StartsSealedAndIsUnsealedOverItsSocket) {
    {
        Program first{with({"--passphrase-fd", "0"}), passphrase_};
        ASSERT_TRUE(first.says("serving"));
        EXPECT_EQ(first.stop(), 0);
    }
    Program program{with({"--sealed"}), ""};
    ASSERT_TRUE(program.says("serving"));
    EXPECT_EQ(client_.status().value().seal, Seal::sealed);
    EXPECT_EQ(client_.unseal(crypto::SecretBytes::copy_of(as_bytes("wrong")).value()).error().code,
              Errc::denied);
    EXPECT_TRUE(client_.unseal(crypto::SecretBytes::copy_of(as_bytes("an invented passphrase")).value()));
    EXPECT_EQ(client_.status().value().seal, Seal::unsealed);
    EXPECT_TRUE(client_.create(crypto::random_array<16>()));
}

TEST_F(WardKeys, SaysByItsExitCodeWhyItDoesNotServe) {
    {
        Program first{with({"--passphrase-fd", "0"}), passphrase_};
        ASSERT_TRUE(first.says("serving"));
        Program second{with({"--sealed"}), ""};
        EXPECT_TRUE(second.says("another ward-keys serves there"));
        EXPECT_EQ(second.exit_code(), 1);
    }
    Program wrong{with({"--passphrase-fd", "0"}), "another passphrase"};
    EXPECT_TRUE(wrong.says("wrong passphrase"));
    EXPECT_EQ(wrong.exit_code(), 1);

    EXPECT_EQ((Program{{"--nonsense"}, ""}).exit_code(), 2);
    EXPECT_EQ((Program{with({"--burst", "0"}), ""}).exit_code(), 2);
    EXPECT_EQ((Program{with({"--per-hour"}), ""}).exit_code(), 2);
    EXPECT_EQ((Program{with({"--sealed", "--passphrase-fd", "0"}), ""}).exit_code(), 2);

    std::ofstream{folder_.path() / "ward.key"} << "damaged";
    EXPECT_EQ((Program{with({"--passphrase-fd", "0"}), passphrase_}).exit_code(), 3);
}

TEST_F(WardKeys, HoldsTheLimitsOfItsCommandLine) {
    Program program{with({"--passphrase-fd", "0", "--burst", "7", "--per-hour", "11"}), passphrase_};
    ASSERT_TRUE(program.says("serving"));
    const auto status = client_.status().value();
    EXPECT_EQ(status.burst, 7U);
    EXPECT_EQ(status.per_hour, 11U);
    EXPECT_EQ(status.owners_left, 7U);
}

TEST_F(WardKeys, EndsWithItsParent) {
    Pipe log;
    const pid_t parent = ::fork();
    if (parent == 0) {
        const pid_t child = ::fork();
        if (child == 0) {
            ::dup2(log.in.get(), STDERR_FILENO);
            log.in = {};
            log.out = {};
            Program::execute(with({"--sealed", "--with-parent"}));
        }
        log.in = {};
        ::pause();
    }
    log.in = {};
    std::string text(4096, '\0');
    std::size_t size = 0;
    while (text.find("serving") == std::string::npos && size < text.size()) {
        const auto got = ::read(log.out.get(), text.data() + size, text.size() - size);
        ASSERT_GT(got, 0);
        size += static_cast<std::size_t>(got);
    }
    ::kill(parent, SIGKILL);
    ::waitpid(parent, nullptr, 0);
    for (ssize_t got = 1; got > 0;)
        got = ::read(log.out.get(), text.data(), text.size());   // until nobody writes
    EXPECT_EQ(client_.status().error().code, Errc::unavailable);
}

}   // namespace
}   // namespace ward::keys
