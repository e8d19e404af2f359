// SPDX-License-Identifier: Apache-2.0
#include "apps/ward/program.hpp"

#include <array>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <termios.h>
#include <unistd.h>

#include "core/unique_fd.hpp"
#include "keys/key_file.hpp"

extern char** environ;   // NOLINT: POSIX wants it declared by its users

namespace ward::cli {
namespace {

constexpr int secret_fd = 3;

/// The read end of a pipe that holds the secret and its end.
Result<UniqueFd> pipe_with(const crypto::SecretBytes& secret) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return fail(Errc::unavailable, "cannot make a pipe");
    UniqueFd reader{ends[0]};
    const UniqueFd writer{ends[1]};
    const auto bytes = secret.reveal();
    // A passphrase fits into a pipe's buffer, so this does not wait for a reader.
    if (::write(writer.get(), bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size()))
        return fail(Errc::unavailable, "cannot pass the passphrase on");
    return reader;
}

/// No echo while a passphrase is typed.
class QuietTerminal {
public:
    explicit QuietTerminal(int terminal) : terminal_(terminal) {
        ::tcgetattr(terminal_, &before_);
        auto quiet = before_;
        quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        ::tcsetattr(terminal_, TCSAFLUSH, &quiet);
    }
    ~QuietTerminal() { ::tcsetattr(terminal_, TCSAFLUSH, &before_); }
    QuietTerminal(const QuietTerminal&) = delete;
    QuietTerminal& operator=(const QuietTerminal&) = delete;

private:
    int terminal_;
    termios before_{};
};

Result<crypto::SecretBytes> read_line(int terminal, std::string_view prompt) {
    constexpr std::size_t line_max = 1024;
    auto line = TRY(crypto::SecretBytes::allocate(line_max));
    const QuietTerminal quiet{terminal};
    (void)!::write(terminal, prompt.data(), prompt.size());
    std::size_t size = 0;
    while (size < line_max && ::read(terminal, &line.reveal_writable()[size], 1) == 1 &&
           line.reveal()[size] != std::byte{'\n'})
        ++size;
    (void)!::write(terminal, "\n", 1);
    line.shrink(size);
    return line;
}

/// What exec wants: a sibling's path and its arguments.
class CommandLine {
public:
    CommandLine(const std::string& program, const std::vector<std::string>& arguments)
        : words_{(programs_folder() / program).string()} {
        words_.insert(words_.end(), arguments.begin(), arguments.end());
        for (auto& word : words_) argv_.push_back(word.data());
        argv_.push_back(nullptr);
    }

    const char* path() const { return words_.front().c_str(); }
    char** argv() { return argv_.data(); }

private:
    std::vector<std::string> words_;
    std::vector<char*> argv_;
};

}   // namespace

std::filesystem::path programs_folder() {
    std::error_code ignored;
    return std::filesystem::read_symlink("/proc/self/exe", ignored).parent_path();
}

Result<pid_t> start(const std::string& program, const std::vector<std::string>& arguments,
                    const crypto::SecretBytes* secret) {
    UniqueFd secret_end;
    if (secret != nullptr) secret_end = TRY(pipe_with(*secret));
    CommandLine line{program, arguments};

    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    if (secret != nullptr) posix_spawn_file_actions_adddup2(&actions, secret_end.get(), secret_fd);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t none;
    sigemptyset(&none);   // this program blocks signals that the new one wants
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
    pid_t process = 0;
    const int error = ::posix_spawn(&process, line.path(), &actions, &attributes, line.argv(), environ);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    if (error != 0)
        return fail(Errc::unavailable, fmt::format("cannot start {}: {}", line.path(), std::strerror(error)));
    return process;
}

Error become(const std::string& program, const std::vector<std::string>& arguments, const std::string& file) {
    if (!file.empty()) {
        // It may be opened as this very number, and must stay open through exec then.
        const int opened = ::open(file.c_str(), O_RDONLY);
        if (opened < 0 || ::dup2(opened, secret_fd) < 0)
            return {Errc::not_found, fmt::format("cannot read the passphrase file {}", file)};
        if (opened != secret_fd) ::close(opened);
    }
    CommandLine line{program, arguments};
    ::execv(line.path(), line.argv());
    return {Errc::unavailable, fmt::format("cannot start {}: {}", line.path(), std::strerror(errno))};
}

Result<crypto::SecretBytes> passphrase_from(const std::string& file) {
    const UniqueFd opened{::open(file.c_str(), O_RDONLY | O_CLOEXEC)};
    if (opened.get() < 0)
        return fail(Errc::not_found, fmt::format("cannot read the passphrase file {}", file));
    return keys::read_passphrase(opened.get());
}

Result<crypto::SecretBytes> ask_passphrase(Asked asked) {
    const UniqueFd terminal{::open("/dev/tty", O_RDWR | O_CLOEXEC)};
    if (terminal.get() < 0)
        return fail(Errc::denied,
                    "there is no terminal to ask for the passphrase; give --passphrase-file FILE");
    auto passphrase = TRY(read_line(terminal.get(), "Passphrase: "));
    if (asked == Asked::twice) {
        const auto again = TRY(read_line(terminal.get(), "Again: "));
        if (again.size() != passphrase.size() ||
            !crypto::equal_in_constant_time(again.reveal(), passphrase.reveal()))
            return fail(Errc::denied, "the two are not the same");
    }
    return passphrase;
}

}   // namespace ward::cli
