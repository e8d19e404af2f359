// SPDX-License-Identifier: Apache-2.0
// Holds the key-encryption key and answers the vault, and nobody else, on a Unix socket.
#include <charconv>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <optional>
#include <string>
#include <string_view>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "confine/confine.hpp"
#include "core/clock.hpp"
#include "core/log.hpp"
#include "core/unique_fd.hpp"
#include "crypto/secret.hpp"
#include "keys/keeper.hpp"
#include "keys/key_file.hpp"
#include "keys/paths.hpp"
#include "keys/server.hpp"

namespace {

using namespace ward;

constexpr int refused = 1, usage = 2, integrity_violated = 3;

constexpr std::string_view help =
    "usage: ward-keys --data DIR [--passphrase-fd N | --sealed] [--burst N] [--per-hour N]\n"
    "                 [--operator-wait N] [--with-parent]\n"
    "\n"
    "Holds the key-encryption key of the vault in DIR and gives out one patient's key at a time, at "
    "DIR/run/keys.sock.\n"
    "The passphrase comes from an open file, or from the systemd credential ward-passphrase; with neither, "
    "and with\n"
    "--sealed, it waits for `ward unseal`. On the first start it makes DIR/ward.key.\n"
    "\n"
    "  --burst N          owners that may be opened at once (200)\n"
    "  --per-hour N       owners more in an hour (600)\n"
    "  --operator-wait N  hours from an operator's enrolment until he may sign grants (24)\n"
    "  --with-parent      end when the process that started it ends\n"
    "\n"
    "example: ward-keys --data /var/lib/ward --passphrase-fd 3 3< /etc/ward/passphrase\n";

struct Arguments {
    std::string directory;
    std::optional<int> passphrase_fd;
    bool sealed = false;
    bool with_parent = false;
    keys::UnwrapLimits limits{};
    std::int64_t operator_wait_hours = 24;
};

template <class Number>
bool read_number(std::string_view text, Number least, Number most, Number& number) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc{} && end == text.data() + text.size() && least <= number && number <= most;
}

bool read_option(std::string_view option, std::string_view value, Arguments& arguments) {
    constexpr std::int64_t most = 1'000'000;
    if (option == "--data") return !arguments.directory.assign(value).empty();
    if (option == "--passphrase-fd") return read_number(value, 0, 65'535, arguments.passphrase_fd.emplace());
    if (option == "--burst") return read_number<std::int64_t>(value, 1, most, arguments.limits.burst);
    if (option == "--operator-wait")
        return read_number<std::int64_t>(value, 0, 168, arguments.operator_wait_hours);
    if (option == "--per-hour") return read_number<std::int64_t>(value, 1, most, arguments.limits.per_hour);
    return false;
}

std::optional<Arguments> parse(int count, char** texts) {
    Arguments arguments;
    for (int i = 1; i < count; ++i) {
        const std::string_view option = texts[i];
        if (option == "--sealed")
            arguments.sealed = true;
        else if (option == "--with-parent")
            arguments.with_parent = true;
        else if (++i == count || !read_option(option, texts[i], arguments))
            return std::nullopt;
    }
    if (arguments.directory.empty() || (arguments.sealed && arguments.passphrase_fd)) return std::nullopt;
    return arguments;
}

/// Where the passphrase is to be read from, if anywhere.
UniqueFd passphrase_source(const Arguments& arguments) {
    if (arguments.sealed) return {};
    if (arguments.passphrase_fd) return UniqueFd{*arguments.passphrase_fd};
    const char* const credentials = std::getenv("CREDENTIALS_DIRECTORY");
    if (!credentials) return {};
    return UniqueFd{::open((std::string{credentials} + "/ward-passphrase").c_str(), O_RDONLY | O_CLOEXEC)};
}

Result<> unseal(keys::Keeper& keeper, const Arguments& arguments) {
    const auto source = passphrase_source(arguments);
    if (!source) {
        log::info("sealed");
        return {};
    }
    const auto passphrase = TRY(keys::read_passphrase(source.get()));
    TRY(keeper.unseal(passphrase, keys::Keeper::KeyFile::made_if_nothing_is_wrapped));
    log::info("unsealed");
    return {};
}

Result<> serve(const Arguments& arguments, int stop) {
    const SystemClock clock;
    auto keeper = TRY(keys::Keeper::open({.directory = arguments.directory,
                                          .limits = arguments.limits,
                                          .operator_wait = std::chrono::hours{arguments.operator_wait_hours}},
                                         clock.now()));
    TRY(unseal(keeper, arguments));
    const keys::KeyPaths paths{arguments.directory};
    auto server = TRY(keys::Server::listen(keeper, clock, {.socket = paths.socket(), .peer = ::geteuid()}));
    TRY(confine::confine(
        confine::Role::keys,
        {.read = {paths.root}, .read_write = {paths.folder(), paths.socket().parent_path()}}));
    log::info("serving", {{"socket", paths.socket().native()}});
    TRY(server.run(stop));
    log::info("stopping");
    return keeper.keep_counters();
}

}   // namespace

int main(int count, char** texts) {
    if (count == 2 && std::string_view{texts[1]} == "--help")
        return std::fputs(help.data(), stdout) < 0 ? refused : 0;
    const auto arguments = parse(count, texts);
    if (!arguments) {
        std::fputs(help.data(), stderr);
        return usage;
    }
    ::umask(077);
    if (const auto hardened = crypto::harden_process(); !hardened)
        log::warn("not all memory is protected", {{"reason", hardened.error().what}});

    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigprocmask(SIG_BLOCK, &signals, nullptr);
    const UniqueFd stop{::signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK)};
    if (arguments->with_parent) ::prctl(PR_SET_PDEATHSIG, SIGTERM, 0, 0, 0);

    const auto served = serve(*arguments, stop.get());
    if (served) return 0;
    log::error("cannot serve", {{"reason", served.error().what}});
    return served.error().code == Errc::corrupt ? integrity_violated : refused;
}
