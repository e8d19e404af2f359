// SPDX-License-Identifier: Apache-2.0
// `ward run`: one process per privilege, started in order, watched, and stopped in reverse order.
#include <csignal>
#include <filesystem>
#include <fmt/format.h>
#include <memory>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "apps/ward/command.hpp"
#include "apps/ward/companion.hpp"
#include "apps/ward/place.hpp"
#include "apps/ward/program.hpp"
#include "apps/ward/roles.hpp"
#include "core/log.hpp"
#include "core/unique_fd.hpp"
#include "keys/client.hpp"
#include "vault/vault.hpp"

namespace ward::cli {
namespace {

struct Options {
    Place place;
    std::string listen;
    std::string passphrase_file;
    std::string only;
    bool with_parent = false;
    bool despite_violation = false;
    bool remap = false;
    std::string remap_feed;

    VaultWishes vault() const {
        return {despite_violation ? vault::OnViolation::serve_what_opens : vault::OnViolation::refuse, remap,
                remap_feed};
    }
};

using Steady = std::chrono::steady_clock;

constexpr std::size_t restarts_max = 5;   // in an hour
constexpr std::chrono::seconds start_timeout{60};

sigset_t watched_signals() {
    sigset_t signals;
    sigemptyset(&signals);
    for (const int signal : {SIGINT, SIGTERM, SIGCHLD}) sigaddset(&signals, signal);
    return signals;
}

/// The programs of one data directory.
class Supervisor {
public:
    Supervisor(const config::Config& config, const Options& options, crypto::SecretBytes passphrase)
        : config_(config),
          config_file_(options.place.config_file),
          wishes_(options.vault()),
          paths_(config.data.path),
          passphrase_(std::move(passphrase)) {
        add_companions();
    }

    ~Supervisor() {
        for (auto companion = companions_.rbegin(); companion != companions_.rend(); ++companion)
            companion->stop();
        stop(vault_);
        stop(keys_);
    }

    Result<> start_all() {
        TRY(start_keys());
        TRY(start_vault());
        for (auto& companion : companions_) companion.start();
        return {};
    }

    /// Until it is told to stop (Exit::done) or a program ends for good.
    Exit watch(int signals) {
        for (;;) {
            pollfd told{signals, POLLIN, 0};
            ::poll(&told, 1, until_one_is_due());
            for (auto& companion : companions_) companion.start_if_due();
            signalfd_siginfo signal{};
            if (told.revents == 0 || ::read(signals, &signal, sizeof signal) != ssize_t{sizeof signal})
                continue;
            if (signal.ssi_signo != SIGCHLD) return Exit::done;
            if (const auto ended = reap()) return *ended;
        }
    }

private:
    Result<> start_keys() {
        auto arguments = keys_arguments(config_);
        arguments.insert(arguments.end(), {"--passphrase-fd", "3", "--with-parent"});
        keys_ = TRY(start("ward-keys", arguments, &passphrase_));
        // Unsealing takes about a second by design; there is no event to wait for but its answer.
        keys::Client client{paths_.keys().socket()};
        const auto deadline = std::chrono::steady_clock::now() + start_timeout;
        for (;;) {
            const auto status = client.status();
            if (status && status->seal == keys::Seal::unsealed) return {};
            int code = 0;
            if (::waitpid(keys_, &code, WNOHANG) == keys_) {
                keys_ = 0;
                return fail(WIFEXITED(code) && WEXITSTATUS(code) == 3 ? Errc::corrupt : Errc::denied,
                            "the keys could not be unsealed; the line above says why");
            }
            if (std::chrono::steady_clock::now() > deadline)
                return fail(Errc::unavailable, "ward-keys does not answer");
            ::poll(nullptr, 0, 50);
        }
    }

    Result<> start_vault() {
        auto arguments = vault_arguments(config_, wishes_);
        arguments.emplace_back("--with-parent");
        vault_ = TRY(start("ward-vault", arguments, nullptr));
        return {};
    }

    /// Each before those that talk to it: they bear that it is not there yet.
    void add_companions() {
        if (config_.bus.address.empty())
            add_companion("nats-server", [this] {
                Arguments arguments{"run", "--only", "bus", "--data", config_.data.path, "--with-parent"};
                if (!config_file_.empty()) arguments.insert(arguments.end(), {"--config", config_file_});
                return start("ward", arguments, nullptr);
            });
        add_companion("ward-watch", [this] { return start_ready("ward-watch", ready_watch(config_)); });
        if (notifies(config_.notify))
            add_companion("ward-notify",
                          [this] { return start_ready("ward-notify", ready_notify(config_, config_file_)); });
        const EventPaths events{config_};
        if (!config_.sensor.interface.empty()) {
            add_companion("ward-sensor",
                          [this] { return start_ready("ward-sensor", ready_sensor(config_)); });
            add_courier(events.spool());
        }
        if (!config_.sensor.follow.empty()) {
            add_companion("ward-watch",
                          [this] { return start_ready("ward-watch", ready_follower(config_)); });
            add_courier(events.followed());
        }
    }

    void add_courier(const std::filesystem::path& spool) {
        add_companion("ward-courier",
                      [this, spool] { return start_ready("ward-courier", ready_courier(config_, spool)); });
    }

    void add_companion(const char* program, Companion::Begin begin) {
        companions_.emplace_back(program, std::move(begin));
    }

    static Result<pid_t> start_ready(const std::string& program, Result<Arguments> ready) {
        auto arguments = TRY(std::move(ready));
        arguments.emplace_back("--with-parent");
        return start(program, arguments, nullptr);
    }

    /// Milliseconds, as poll() wants them: -1 is for ever.
    int until_one_is_due() const {
        std::optional<std::chrono::milliseconds> soonest;
        for (const auto& companion : companions_)
            if (const auto due = companion.until_due(); due && (!soonest || *due < *soonest)) soonest = due;
        return soonest ? static_cast<int>(soonest->count()) : -1;
    }

    /// Starts again what died, unless it says that it must not run or dies too often.
    std::optional<Exit> reap() {
        int code = 0;
        for (pid_t process = 0; (process = ::waitpid(-1, &code, WNOHANG)) > 0;) {
            for (auto& companion : companions_) companion.ended(process, code);
            if (process != vault_ && process != keys_) continue;   // an orphan that was handed to us
            const bool is_vault = process == vault_;
            (is_vault ? vault_ : keys_) = 0;
            const int status = WIFEXITED(code) ? WEXITSTATUS(code) : -1;
            log::error("program ended",
                       {{"program", is_vault ? "ward-vault" : "ward-keys"}, {"status", status}});
            if (status == static_cast<int>(Exit::violated)) return Exit::violated;
            if (status == static_cast<int>(Exit::refused) || dies_too_often(restarts_)) return Exit::refused;
        }
        // The vault asks ward-keys as soon as it starts.
        Result<> again;
        if (keys_ == 0) again = start_keys();
        if (again && vault_ == 0) again = start_vault();
        return again ? std::nullopt : std::optional{report(again.error())};
    }

    using Restarts = std::vector<Steady::time_point>;
    static bool dies_too_often(Restarts& restarts) {
        const auto now = Steady::now();
        restarts.push_back(now);
        std::erase_if(restarts, [now](auto then) { return now - then > std::chrono::hours{1}; });
        return restarts.size() > restarts_max;
    }

    static void stop(pid_t process) {
        if (process <= 0) return;
        ::kill(process, SIGTERM);
        ::waitpid(process, nullptr, 0);
    }

    const config::Config& config_;
    const std::string config_file_;
    const VaultWishes wishes_;
    vault::VaultPaths paths_;
    crypto::SecretBytes passphrase_;   // kept to start ward-keys again
    pid_t keys_ = 0;
    pid_t vault_ = 0;
    Restarts restarts_;
    std::vector<Companion> companions_;
};

Result<config::Config> configured(const Options& options) {
    auto config = TRY(load_config(options.place));
    if (!options.listen.empty()) config.server.listen = options.listen;
    if (!options.passphrase_file.empty()) config.keys.passphrase_file = options.passphrase_file;
    return config;
}

/// Turns into one of the programs, which systemd watches instead of a Supervisor. Returns when it could not.
Result<Exit> become_one(const Options& options) {
    const auto config = TRY(configured(options));
    ::umask(0077);
    if (options.with_parent) ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (options.only == "sensor") {
        if (config.sensor.interface.empty())
            return fail(Errc::not_found,
                        "no interface is set; write [sensor] interface = \"…\" into ward.toml");
        const auto arguments = TRY(ready_sensor(config));
        return tl::unexpected(become("ward-sensor", arguments, {}));
    }
    if (options.only == "courier" || options.only == "follower-courier") {
        const EventPaths events{config};
        const auto arguments =
            TRY(ready_courier(config, options.only == "courier" ? events.spool() : events.followed()));
        return tl::unexpected(become("ward-courier", arguments, {}));
    }
    if (options.only == "follower") {
        if (config.sensor.follow.empty())
            return fail(Errc::not_found, "no other sensor is named; see [sensor] follow in ward.toml");
        const auto arguments = TRY(ready_follower(config));
        return tl::unexpected(become("ward-watch", arguments, {}));
    }
    if (options.only == "watch") {
        const auto arguments = TRY(ready_watch(config));
        return tl::unexpected(become("ward-watch", arguments, {}));
    }
    if (options.only == "notify") {
        if (!notifies(config.notify))
            return fail(Errc::not_found, "nobody is to be told; see [notify] in ward.toml");
        const auto arguments = TRY(ready_notify(config, options.place.config_file));
        return tl::unexpected(become("ward-notify", arguments, {}));
    }
    if (options.only == "bus") {
        if (!config.bus.address.empty())
            return fail(Errc::conflict,
                        "[bus] address names servers of the hospital's: none is started here");
        return tl::unexpected(become_bus(config));
    }
    if (options.only == "vault")
        return tl::unexpected(become("ward-vault", vault_arguments(config, options.vault()), {}));
    auto arguments = keys_arguments(config);
    if (!config.keys.passphrase_file.empty()) arguments.insert(arguments.end(), {"--passphrase-fd", "3"});
    return tl::unexpected(become("ward-keys", arguments, config.keys.passphrase_file));
}

Result<Exit> supervise(const Options& options) {
    const auto config = TRY(configured(options));
    const vault::VaultPaths paths{config.data.path};
    ::umask(0077);
    TRY(keys::make_private_folder(paths.root));
    const bool is_new = !std::filesystem::exists(paths.keys().key_file());
    const auto& file = config.keys.passphrase_file;
    auto passphrase =
        file.empty() ? ask_passphrase(is_new ? Asked::twice : Asked::once) : passphrase_from(file);
    if (!passphrase) return tl::unexpected(std::move(passphrase).error());

    const auto watched = watched_signals();
    sigprocmask(SIG_BLOCK, &watched, nullptr);
    const UniqueFd signals{::signalfd(-1, &watched, SFD_CLOEXEC)};
    Supervisor supervisor{config, options, *std::move(passphrase)};
    TRY(supervisor.start_all());
    return supervisor.watch(signals.get());
}

Exit run(const Options& options) {
    // What is locked in memory becomes too much when the right to do that is given up.
    const auto hardened = options.only == "bus" ? crypto::hide_memory() : crypto::harden_process();
    if (!hardened) log::warn("process is not fully hardened", {{"reason", hardened.error().what}});
    const auto ended = options.only.empty() ? supervise(options) : become_one(options);
    return ended ? *ended : report(ended.error());
}

}   // namespace

void add_run(CLI::App& app, Action& chosen) {
    auto options = std::make_shared<Options>();
    auto* command = app.add_subcommand("run", "Start Ward on a data directory and stay in the foreground");
    add_place_options(*command, options->place);
    command
        ->add_option("--listen", options->listen, "Address and port of the FHIR API; port 0 is any free one")
        ->type_name("ADDRESS:PORT");
    command
        ->add_option("--passphrase-file", options->passphrase_file,
                     "Read the passphrase from this file instead of asking")
        ->type_name("FILE");
    command
        ->add_option("--only", options->only,
                     "Be one of the programs and watch none, as the services of the package do")
        ->check(CLI::IsMember(
            {"keys", "vault", "bus", "watch", "notify", "sensor", "courier", "follower", "follower-courier"}))
        ->type_name("PROGRAM");
    command
        ->add_flag("--with-parent", options->with_parent, "End when the program that started this one ends")
        ->group("");
    command->add_flag("--despite-violation", options->despite_violation,
                      "In an emergency: serve what still opens though something was altered");
    command->add_flag("--remap", options->remap,
                      "Map messages of feeds again that an older version of Ward had mapped");
    command
        ->add_option("--remap-feed", options->remap_feed,
                     "Map all messages of this feed again, as after its charset= or zone= was corrected")
        ->type_name("NAME");
    command->footer(
        "Makes what is missing: the data directory, its keys, a certificate.\n"
        "Example: ward run --data /var/lib/ward --listen 127.0.0.1:8443");
    command->callback([options, &chosen] { chosen = [options] { return run(*options); }; });
}

}   // namespace ward::cli
