// SPDX-License-Identifier: Apache-2.0
#include "apps/ward/roles.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fmt/format.h>
#include <unistd.h>

#include "confine/confine.hpp"
#include "core/durable_file.hpp"
#include "crypto/random.hpp"
#include "keys/client.hpp"

namespace ward::cli {
namespace {

constexpr std::array nats_servers{"/usr/sbin/nats-server", "/usr/bin/nats-server",
                                  "/usr/local/bin/nats-server"};

/// How to get to the bus, as programs are told it.
void add_bus(Arguments& arguments, const config::BusSettings& bus, const bus::Address& own,
             const char* credentials) {
    if (bus.address.empty()) {
        arguments.insert(arguments.end(), {"--bus", own.url, "--credentials", own.credentials});
        return;
    }
    arguments.insert(arguments.end(), {"--bus", bus.address});
    if (!bus.credentials_folder.empty())
        arguments.insert(arguments.end(),
                         {"--credentials", std::filesystem::path{bus.credentials_folder} / credentials});
    if (!bus.authorities_file.empty())
        arguments.insert(arguments.end(), {"--authorities", bus.authorities_file});
}

/// With the folder that whoever connects reads: a server that is started later fills it.
Result<> make_bus_folder(const bus::ServerFiles& server, const std::filesystem::path& own) {
    TRY(keys::make_private_folder(server.folder));
    return keys::make_private_folder(own);
}

}   // namespace

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

Result<Arguments> ready_sensor(const config::Config& config) {
    const EventPaths paths{config};
    TRY(keys::make_private_folder(paths.sensor()));
    TRY(keys::make_private_folder(paths.spool()));
    if (!std::filesystem::exists(paths.pseudonym_key())) {
        const auto key = crypto::random_array<32>();
        TRY(write_durably(paths.pseudonym_key(), key, Readable::by_owner, Existing::keep));
    }
    return Arguments{"listen",          config.sensor.interface,
                     "--spool",         paths.spool(),
                     "--spool-mib",     std::to_string(config.bus.spool_mib),
                     "--memory-mib",    std::to_string(config.sensor.memory_mib),
                     "--pseudonym-key", paths.pseudonym_key()};
}

Result<Arguments> ready_follower(const config::Config& config) {
    const EventPaths paths{config};
    TRY(keys::make_private_folder(paths.followed()));
    Arguments arguments{"follow", "--spool", paths.followed(), "--spool-mib",
                        std::to_string(config.bus.spool_mib)};
    arguments.insert(arguments.end(), config.sensor.follow.begin(), config.sensor.follow.end());
    return arguments;
}

Result<Arguments> ready_courier(const config::Config& config, const std::filesystem::path& spool) {
    const EventPaths paths{config};
    TRY(keys::make_private_folder(spool.parent_path()));
    TRY(keys::make_private_folder(spool));
    TRY(make_bus_folder(paths.server(), paths.server().publisher()));
    Arguments arguments{"--spool", spool};
    add_bus(arguments, config.bus, paths.server().for_publisher(), "publisher.credentials");
    return arguments;
}

Result<Arguments> ready_watch(const config::Config& config) {
    const EventPaths paths{config};
    TRY(keys::make_private_folder(paths.watch()));
    TRY(keys::make_private_folder(paths.events()));
    TRY(make_bus_folder(paths.server(), paths.server().receiver()));
    Arguments arguments{"run",
                        "--in",
                        paths.events(),
                        "--findings",
                        paths.watch() / "findings.json",
                        "--case-days",
                        std::to_string(config.watch.case_days),
                        "--flow-days",
                        std::to_string(config.watch.flow_days),
                        "--protocol-days",
                        std::to_string(config.watch.protocol_days),
                        "--alarm-days",
                        std::to_string(config.watch.alarm_days),
                        "--known-days",
                        std::to_string(config.watch.known_days)};
    if (!config.watch.plan_file.empty())
        arguments.insert(arguments.end(), {"--plan", config.watch.plan_file});
    add_bus(arguments, config.bus, paths.server().for_receiver(), "receiver.credentials");
    return arguments;
}

Result<Arguments> ready_notify(const config::Config& config, const std::string& config_file) {
    const EventPaths paths{config};
    TRY(keys::make_private_folder(paths.watch()));
    TRY(keys::make_private_folder(paths.notify()));
    Arguments arguments{"run", "--data", config.data.path};
    if (!config_file.empty()) arguments.insert(arguments.end(), {"--config", config_file});
    return arguments;
}

bool notifies(const config::NotifySettings& settings) {
    return !settings.webhook.empty() || !settings.smtp.empty() || !settings.syslog.empty();
}

Error become_bus(const config::Config& config) {
    const auto server = EventPaths{config}.server();
    const auto* program =
        std::ranges::find_if(nats_servers, [](const char* path) { return ::access(path, X_OK) == 0; });
    if (program == nats_servers.end())
        return {Errc::not_found,
                "there is no nats-server; install Debian's package of that name, or set [bus] address"};
    auto ready = keys::make_private_folder(server.folder);
    if (ready) ready = bus::prepare_server(server);
    if (ready)
        ready = confine::confine_before(
            *program,
            {.read = {"/usr/lib", "/etc", "/proc", "/sys", server.folder}, .read_write = {"/dev/null"}});
    if (!ready) return ready.error();
    std::string name = *program, option = "--config", file = server.configuration();
    const std::array<char*, 4> words{name.data(), option.data(), file.data(), nullptr};
    ::execv(name.c_str(), words.data());
    return {Errc::unavailable, fmt::format("cannot start {}: {}", name, std::strerror(errno))};
}

}   // namespace ward::cli
