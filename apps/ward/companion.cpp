// SPDX-License-Identifier: Apache-2.0
#include "apps/ward/companion.hpp"

#include <algorithm>
#include <csignal>
#include <fmt/format.h>
#include <sys/wait.h>

#include "core/log.hpp"

namespace ward::cli {
namespace {

constexpr std::chrono::seconds pause_min{1};
constexpr std::chrono::minutes pause_max{10};

}   // namespace

void Companion::start() {
    due_.reset();
    began_ = Steady::now();
    const auto begun = begin_();
    process_ = begun ? *begun : 0;
    if (!begun) start_later("program does not run", begun.error().what);
}

/// What failed at once, such as an interface that is not there yet, is tried again less and less often.
void Companion::start_later(std::string_view what, std::string_view reason) {
    const auto now = Steady::now();
    if (now - began_ > pause_max) pause_ = pause_min;
    log::error(what, {{"program", program_}, {"reason", reason}, {"again_in_seconds", pause_.count()}});
    due_ = now + pause_;
    pause_ = std::min<std::chrono::seconds>(2 * pause_, pause_max);
}

bool Companion::ended(pid_t process, int code) {
    if (process_ == 0 || process != process_) return false;
    process_ = 0;
    start_later("program ended", WIFEXITED(code) ? fmt::format("status {}", WEXITSTATUS(code))
                                                 : fmt::format("signal {}", WTERMSIG(code)));
    return true;
}

void Companion::start_if_due() {
    if (due_ && Steady::now() >= *due_) start();
}

std::optional<std::chrono::milliseconds> Companion::until_due() const {
    if (!due_) return std::nullopt;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(*due_ - Steady::now());
    return std::max(left, std::chrono::milliseconds{0});
}

void Companion::stop() {
    due_.reset();
    if (process_ <= 0) return;
    ::kill(process_, SIGTERM);
    ::waitpid(process_, nullptr, 0);
    process_ = 0;
}

}   // namespace ward::cli
