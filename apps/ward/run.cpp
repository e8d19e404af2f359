// SPDX-License-Identifier: Apache-2.0
// `ward run`: one process per privilege, started in order, watched, and stopped in reverse order.
#include <array>
#include <csignal>
#include <filesystem>
#include <fmt/format.h>
#include <memory>
#include <poll.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "apps/ward/command.hpp"
#include "apps/ward/place.hpp"
#include "apps/ward/program.hpp"
#include "core/durable_file.hpp"
#include "core/log.hpp"
#include "core/unique_fd.hpp"
#include "crypto/random.hpp"
#include "keys/client.hpp"
#include "vault/vault.hpp"

namespace ward::cli {
namespace {

/// What this start of the vault is to do that others do not.
struct VaultWishes {
    vault::OnViolation violation = vault::OnViolation::refuse;
    bool remap = false;
    std::string remap_feed;
};

struct Options {
    Place place;
    std::string listen;
    std::string passphrase_file;
    std::string only;
    bool despite_violation = false;
    bool remap = false;
    std::string remap_feed;

    VaultWishes vault() const {
        return {despite_violation ? vault::OnViolation::serve_what_opens : vault::OnViolation::refuse, remap,
                remap_feed};
    }
};

using Arguments = std::vector<std::string>;
using Steady = std::chrono::steady_clock;

constexpr std::size_t restarts_max = 5;   // in an hour
constexpr std::chrono::seconds sensor_pause_min{1};
constexpr std::chrono::minutes sensor_pause_max{10};
constexpr std::chrono::seconds start_timeout{60};

sigset_t watched_signals() {
    sigset_t signals;
    sigemptyset(&signals);
    for (const int signal : {SIGINT, SIGTERM, SIGCHLD}) sigaddset(&signals, signal);
    return signals;
}

Arguments keys_arguments(const config::Config& config) {
    return {"--data",          config.data.path,
            "--burst",         std::to_string(config.keys.unwrap_burst),
            "--per-hour",      std::to_string(config.keys.unwrap_per_hour),
            "--operator-wait", std::to_string(config.keys.operator_wait_hours)};
}

Arguments vault_arguments(const config::Config& config, const VaultWishes& wishes) {
    Arguments arguments{"--data",     config.data.path,
                        "--listen",   config.server.listen,
                        "--body-mib", std::to_string(config.server.body_mib_max)};
    for (const auto& [option, value] : std::initializer_list<std::pair<const char*, std::string>>{
             {"--policy", config.access.policy_file},
             {"--clients", config.access.clients_file},
             {"--oidc-issuer", config.oidc.issuer},
             {"--oidc-audience", config.oidc.audience},
             {"--oidc-authorities", config.oidc.authorities_file},
             {"--oidc-roles-claim", config.oidc.roles_claim},
             {"--oidc-client-id", config.oidc.client_id},
             {"--oidc-secret-file", config.oidc.client_secret_file}})
        if (!value.empty()) arguments.insert(arguments.end(), {option, value});
    for (const auto& name : config.server.host_names) arguments.insert(arguments.end(), {"--name", name});
    for (const auto& site : config.access.page_origins)
        arguments.insert(arguments.end(), {"--page-origin", site});
    for (const auto& name : config.search.facility_index)
        arguments.insert(arguments.end(), {"--facility-index", name});
    if (!config.ledger.origin.empty()) arguments.insert(arguments.end(), {"--origin", config.ledger.origin});
    for (const auto& feed : config.hl7.feeds) arguments.insert(arguments.end(), {"--feed", feed});
    if (wishes.violation == vault::OnViolation::serve_what_opens)
        arguments.emplace_back("--despite-violation");
    if (wishes.remap) arguments.emplace_back("--remap");
    if (!wishes.remap_feed.empty()) arguments.insert(arguments.end(), {"--remap-feed", wishes.remap_feed});
    return arguments;
}

/// Where the sensor writes, and the key of its pseudonyms, which opens nothing.
struct SensorPaths {
    explicit SensorPaths(const config::Config& config)
        : folder(std::filesystem::path{config.data.path} / "sensor") {}
    std::filesystem::path folder;
    std::string events() const { return folder / "eve.json"; }
    std::string pseudonym_key() const { return folder / "pseudonym.key"; }
};

Result<> prepare(const SensorPaths& paths) {
    TRY(keys::make_private_folder(paths.folder));
    if (std::filesystem::exists(paths.pseudonym_key())) return {};
    const auto key = crypto::random_array<32>();
    return write_durably(paths.pseudonym_key(), key, Readable::by_owner, Existing::keep);
}

Arguments sensor_arguments(const config::Config& config) {
    const SensorPaths paths{config};
    return {"listen",          config.sensor.interface,
            "--json",          paths.events(),
            "--rotate-mib",    "256",
            "--memory-mib",    std::to_string(config.sensor.memory_mib),
            "--pseudonym-key", paths.pseudonym_key()};
}

/// The programs of one data directory.
class Supervisor {
public:
    Supervisor(const config::Config& config, crypto::SecretBytes passphrase, const VaultWishes& wishes)
        : config_(config), wishes_(wishes), paths_(config.data.path), passphrase_(std::move(passphrase)) {}

    ~Supervisor() {
        stop(sensor_);
        stop(vault_);
        stop(keys_);
    }

    Result<> start_all() {
        TRY(start_keys());
        TRY(start_vault());
        start_sensor();
        return {};
    }

    /// Until it is told to stop (Exit::done) or a program ends for good.
    Exit watch(int signals) {
        for (;;) {
            pollfd told{signals, POLLIN, 0};
            if (::poll(&told, 1, until_sensor_is_due()) == 0) start_sensor();
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

    /// Care goes on without the sensor: that it cannot run is told, and stops nothing else.
    void start_sensor() {
        sensor_due_.reset();
        if (config_.sensor.interface.empty()) return;
        sensor_began_ = Steady::now();
        const auto prepared = prepare(SensorPaths{config_});
        auto arguments = sensor_arguments(config_);
        arguments.emplace_back("--with-parent");
        auto started = prepared ? start("ward-sensor", arguments, nullptr) : tl::unexpected(prepared.error());
        sensor_ = started ? *started : 0;
        if (!started) start_sensor_later("the sensor does not run", started.error().what);
    }

    /// What failed at once, such as an interface that is not there yet, is tried again less and less often.
    void start_sensor_later(std::string_view what, std::string_view reason) {
        const auto now = Steady::now();
        if (now - sensor_began_ > sensor_pause_max) sensor_pause_ = sensor_pause_min;
        log::error(
            what,
            {{"program", "ward-sensor"}, {"reason", reason}, {"again_in_seconds", sensor_pause_.count()}});
        sensor_due_ = now + sensor_pause_;
        sensor_pause_ = std::min<std::chrono::seconds>(2 * sensor_pause_, sensor_pause_max);
    }

    /// Milliseconds, as poll() wants them: -1 is for ever.
    int until_sensor_is_due() const {
        if (!sensor_due_) return -1;
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(*sensor_due_ - Steady::now());
        return static_cast<int>(std::max<std::chrono::milliseconds::rep>(left.count(), 0));
    }

    void sensor_ended(int code) {
        sensor_ = 0;
        start_sensor_later("program ended", WIFEXITED(code) ? fmt::format("status {}", WEXITSTATUS(code))
                                                            : fmt::format("signal {}", WTERMSIG(code)));
    }

    /// Starts again what died, unless it says that it must not run or dies too often.
    std::optional<Exit> reap() {
        int code = 0;
        for (pid_t process = 0; (process = ::waitpid(-1, &code, WNOHANG)) > 0;) {
            if (process == sensor_) sensor_ended(code);
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
    VaultWishes wishes_;
    vault::VaultPaths paths_;
    crypto::SecretBytes passphrase_;   // kept to start ward-keys again
    pid_t keys_ = 0;
    pid_t vault_ = 0;
    pid_t sensor_ = 0;
    Restarts restarts_;
    Steady::time_point sensor_began_;
    std::optional<Steady::time_point> sensor_due_;   // to be started again
    std::chrono::seconds sensor_pause_ = sensor_pause_min;
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
    if (options.only == "sensor") {
        if (config.sensor.interface.empty())
            return fail(Errc::not_found,
                        "no interface is set; write [sensor] interface = \"…\" into ward.toml");
        TRY(prepare(SensorPaths{config}));
        return tl::unexpected(become("ward-sensor", sensor_arguments(config), {}));
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
    Supervisor supervisor{config, *std::move(passphrase), options.vault()};
    TRY(supervisor.start_all());
    return supervisor.watch(signals.get());
}

Exit run(const Options& options) {
    if (const auto hardened = crypto::harden_process(); !hardened)
        log::warn("process is not fully hardened", {{"reason", hardened.error().what}});
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
        ->check(CLI::IsMember({"keys", "vault", "sensor"}))
        ->type_name("PROGRAM");
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
