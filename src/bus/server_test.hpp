// SPDX-License-Identifier: Apache-2.0
// A real nats-server on loopback, ended with its owner.
#pragma once

#include <array>
#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <string>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bus/server.hpp"
#include "core/assert.hpp"

namespace ward::bus {

constexpr const char* nats_server = "/usr/sbin/nats-server";   // where Debian has it

inline bool is_nats_installed() { return std::filesystem::exists(nats_server); }

class RunningServer {
public:
    explicit RunningServer(std::filesystem::path folder) : files_(std::move(folder)) { start(); }
    ~RunningServer() { kill(); }
    RunningServer(const RunningServer&) = delete;
    RunningServer& operator=(const RunningServer&) = delete;

    const ServerFiles& files() const { return files_; }

    /// With nothing left of what was sent through it.
    void start() {
        WARD_ASSERT(process_ == 0 && prepare_server(files_).has_value());
        const auto configuration = files_.configuration();
        process_ = ::fork();
        if (process_ != 0) return;
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        const int nothing = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
        ::dup2(nothing, STDERR_FILENO);
        ::execl(nats_server, nats_server, "-c", configuration.c_str(), nullptr);
        ::_exit(127);
    }

    void kill() {
        if (process_ <= 0) return;
        ::kill(process_, SIGKILL);
        ::waitpid(process_, nullptr, 0);
        process_ = 0;
    }

private:
    ServerFiles files_;
    pid_t process_ = 0;
};

}   // namespace ward::bus
