// SPDX-License-Identifier: Apache-2.0
// Ward as an operator starts it: the real programs, real TLS. For tests and benchmarks of the whole.
#pragma once

#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

#include "core/assert.hpp"
#include "http/client.hpp"

namespace ward {

inline std::string read_whole(const std::filesystem::path& path) {
    std::ifstream file{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
}

/// How a program ended, and what it printed.
struct Ran {
    int exit = -1;
    std::string output;
};

/// A program in a process group of its own; what it writes to stdout can be read here.
class Program {
public:
    /// `log` gets its stderr; without one it shares ours.
    Program(const std::vector<std::string>& words, const std::filesystem::path& log) {
        std::array<int, 2> ends{};
        WARD_ASSERT(::pipe2(ends.data(), O_CLOEXEC) == 0);
        auto copies = words;
        std::vector<char*> arguments;
        for (auto& word : copies) arguments.push_back(word.data());
        arguments.push_back(nullptr);
        process_ = ::fork();
        WARD_ASSERT(process_ >= 0);
        if (process_ == 0) become(arguments, ends[1], log);
        ::setpgid(process_, process_);   // as the child does: whoever is first
        ::close(ends[1]);
        output_ = ends[0];
    }
    ~Program() {
        signal(SIGKILL);
        finish();
        ::close(output_);
    }
    Program(const Program&) = delete;
    Program& operator=(const Program&) = delete;

    /// The next line without its end; empty when there are no more.
    std::string line() {
        std::string text;
        for (char c = 0; ::read(output_, &c, 1) == 1 && c != '\n';) text.push_back(c);
        return text;
    }

    /// To the program and all that it started.
    void signal(int number) const {
        if (process_ > 0) ::kill(-process_, number);
    }

    /// To the program alone.
    void ask(int number) const {
        if (process_ > 0) ::kill(process_, number);
    }

    /// Waits for the program and, where this process adopts orphans, for all that it started.
    Ran finish() {
        Ran ran;
        if (process_ <= 0) return ran;
        for (std::array<char, 4096> piece{};;) {
            const auto size = ::read(output_, piece.data(), piece.size());
            if (size == 0 || (size < 0 && errno != EINTR)) break;
            if (size > 0) ran.output.append(piece.data(), static_cast<std::size_t>(size));
        }
        int status = 0;
        for (pid_t ended = 0; (ended = ::waitpid(-process_, &status, 0)) > 0 || errno == EINTR;)
            if (ended == process_ && WIFEXITED(status)) ran.exit = WEXITSTATUS(status);
        process_ = 0;
        return ran;
    }

private:
    /// In the child: only what is safe between fork and exec.
    [[noreturn]] static void become(const std::vector<char*>& arguments, int output,
                                    const std::filesystem::path& log) {
        ::setpgid(0, 0);
        ::prctl(PR_SET_PDEATHSIG, SIGTERM);   // a test that is cut short leaves nothing running
        ::dup2(output, STDOUT_FILENO);
        if (!log.empty()) {
            const int target = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
            ::dup2(target, STDERR_FILENO);
        }
        ::close_range(STDERR_FILENO + 1, ~0U, 0);   // as a service manager would start it
        ::execv(arguments.front(), arguments.data());
        ::_exit(127);
    }

    pid_t process_ = 0;
    int output_ = -1;
};

inline constexpr std::string_view test_passphrase = "tests have no secrets";

struct WardOptions {
    std::filesystem::path programs;         // the folder of ward, ward-keys and ward-vault
    std::filesystem::path folder;           // gets the data directory and a passphrase
    std::filesystem::path log{};            // gets what the programs say on stderr; none: they share ours
    std::vector<std::string> arguments{};   // more for `ward run`
};

class RunningWard {
public:
    /// Returns when it serves. What is in the folder already is used.
    static Result<std::unique_ptr<RunningWard>> start(WardOptions options) {
        auto ward = std::make_unique<RunningWard>(std::move(options));
        TRY(ward->launch());
        return ward;
    }

    /// After stop().
    Result<> begin_again() { return launch(); }

    /// Begins to start, and does not wait.
    static std::unique_ptr<Program> begin(const WardOptions& options) {
        std::filesystem::create_directories(options.folder);
        const auto passphrase = options.folder / "passphrase";
        if (!std::filesystem::exists(passphrase)) std::ofstream{passphrase} << test_passphrase << "\n";
        std::vector<std::string> words{(options.programs / "ward").string(),
                                       "run",
                                       "--data",
                                       (options.folder / "data").string(),
                                       "--listen",
                                       "127.0.0.1:0",
                                       "--passphrase-file",
                                       passphrase.string()};
        words.insert(words.end(), options.arguments.begin(), options.arguments.end());
        return std::make_unique<Program>(words, options.log);
    }

    /// Not started yet: use start().
    explicit RunningWard(WardOptions options) : options_(std::move(options)) {
        // A program whose supervisor is killed comes to us, so that its end can be waited for.
        ::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    }
    ~RunningWard() { stop(); }
    RunningWard(const RunningWard&) = delete;
    RunningWard& operator=(const RunningWard&) = delete;

    std::filesystem::path data() const { return options_.folder / "data"; }
    const http::ClientOptions& address() const { return address_; }

    /// As its operator would.
    void stop() {
        if (!program_) return;
        program_->ask(SIGTERM);
        said_ += program_->finish().output;
        program_.reset();
    }

    /// Until it ends by itself. Its exit status.
    int wait() {
        auto ran = program_->finish();
        said_ += ran.output;
        program_.reset();
        return ran.exit;
    }

    /// All its programs at once, as a power cut would.
    void kill() {
        program_->signal(SIGKILL);
        program_->finish();
        program_.reset();
    }

    /// What it printed on stdout; whole once it has stopped.
    const std::string& said() const { return said_; }

    /// Another command on the same data directory: {"ledger", "verify"}.
    Ran run(std::vector<std::string> words, const std::vector<std::string>& files = {}) const {
        words.insert(words.begin(), (options_.programs / "ward").string());
        words.insert(words.end(), {"--data", data().string()});
        words.insert(words.end(), files.begin(), files.end());
        return Program{words, options_.log}.finish();
    }

    std::string token(const std::string& scope = "system/*.cruds") const {
        auto ran = run({"token", "--scope", scope, "--minutes", "600"});
        while (ran.output.ends_with('\n')) ran.output.pop_back();
        return ran.output;
    }

    Result<http::Client> connect() const { return http::Client::connect(address_); }

    /// To a path below the base, as whoever holds `token`.
    static Result<http::Response> send(http::Client& client, const std::string& token, http::Method method,
                                       const std::string& path, std::string body = {},
                                       std::vector<http::Header> headers = {}) {
        http::Request request;
        request.method = method;
        request.target = "/fhir" + path;
        request.headers = std::move(headers);
        request.headers.push_back({"Authorization", "Bearer " + token});
        if (!body.empty() && request.header("Content-Type").empty())
            request.headers.push_back({"Content-Type", "application/fhir+json"});
        request.body = std::move(body);
        return client.send(request);
    }

private:
    Result<> launch() {
        program_ = begin(options_);
        const auto line = program_->line();
        said_ = line + "\n";
        const auto colon = line.rfind(':');
        if (!line.starts_with("ward: serving https://"))
            return fail(Errc::unavailable, fmt::format("ward does not serve; it said '{}'", line));
        address_.port = static_cast<std::uint16_t>(std::stoi(line.substr(colon + 1)));
        address_.trusted_certificate_pem = read_whole(data() / "tls.crt");
        address_.limits.response_timeout = std::chrono::minutes{5};
        return {};
    }

    WardOptions options_;
    http::ClientOptions address_;
    std::unique_ptr<Program> program_;
    std::string said_;
};

}   // namespace ward
