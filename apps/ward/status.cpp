// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <fmt/format.h>
#include <memory>
#include <optional>

#include "apps/ward/command.hpp"
#include "apps/ward/place.hpp"
#include "apps/ward/program.hpp"
#include "apps/ward/roles.hpp"
#include "json/writer.hpp"
#include "keys/client.hpp"
#include "ledger/checkpoint.hpp"
#include "spool/segment.hpp"
#include "vault/identity.hpp"
#include "vault/records.hpp"
#include "vault/startup.hpp"

namespace ward::cli {
namespace {

struct Options {
    Place place;
    std::string passphrase_file;
    bool json = false;
};

/// What can be known from outside.
struct Overview {
    std::string address;   // empty: no vault serves
    bool keys_answer = false;
    keys::Status keys;
    std::uint64_t versions = 0;
    std::uint64_t published = 0;
    std::optional<spool::Filling> spool;   // of a sensor
};

Result<Overview> look(const Place& place) {
    const auto config = TRY(load_config(place));
    const auto& directory = config.data.path;
    const vault::VaultPaths paths{directory};
    Overview overview;
    if (const auto running = vault::find_running(paths)) overview.address = running->base_url;
    keys::Client client{paths.keys().socket()};
    if (const auto status = client.status()) {
        overview.keys_answer = true;
        overview.keys = *status;
    }
    if (const auto folder = EventPaths{config}.spool(); std::filesystem::exists(folder))
        overview.spool = TRY(spool::filling_of(folder));
    if (!std::filesystem::exists(paths.keys().key_file()))
        return fail(Errc::not_found, fmt::format("{} is no data directory of Ward", directory));
    if (!std::filesystem::exists(paths.records())) return overview;   // its vault was never started
    auto database = TRY(store::Database::open(paths.records(), store::Mode::read_only));
    overview.versions = static_cast<std::uint64_t>(TRY(vault::Records{database}.size()));
    if (const auto note = vault::read_file(paths.ledger() / "checkpoint")) {
        const auto parsed = TRY(ledger::parse_note(*note));
        overview.published = TRY(ledger::parse_checkpoint(parsed.text)).head.size;
    }
    return overview;
}

std::string_view seal_of(const Overview& overview) {
    if (!overview.keys_answer) return "stopped";
    return overview.keys.seal == keys::Seal::sealed ? "sealed" : "unsealed";
}

void print_json(const Overview& overview) {
    const auto number = [](std::uint64_t value) { return static_cast<std::int64_t>(value); };
    std::string text;
    json::Writer writer{text};
    writer.begin_object()
        .key("serving")
        .boolean(!overview.address.empty())
        .member("address", overview.address);
    writer.key("ledger").begin_object();
    writer.key("entries")
        .number(number(overview.versions))
        .key("published")
        .number(number(overview.published));
    writer.end_object();
    writer.key("keys").begin_object().member("state", seal_of(overview));
    writer.key("held").number(number(overview.keys.keys));
    writer.key("ownersOpened").number(number(overview.keys.owners_opened));
    writer.key("ownersLeft").number(number(overview.keys.owners_left));
    writer.key("refused").number(number(overview.keys.refused));
    writer.key("alarms").number(number(overview.keys.alarms));
    writer.end_object();
    if (overview.spool) {
        writer.key("spool").begin_object().key("waiting").number(number(overview.spool->waiting()));
        writer.key("stored").number(number(overview.spool->stored));
        writer.key("bytes").number(number(overview.spool->bytes)).end_object();
    }
    writer.end_object();
    std::printf("%s\n", text.c_str());
}

void print_text(const Overview& overview) {
    const auto line = [](std::string_view name, const std::string& value) {
        std::printf("%-16s %s\n", std::string{name}.c_str(), value.c_str());
    };
    line("vault", overview.address.empty() ? "does not run" : "serves " + overview.address);
    line("ledger",
         fmt::format("{} entries, {} under a signed checkpoint", overview.versions, overview.published));
    line("keys", fmt::format("{}, {} held", seal_of(overview), overview.keys.keys));
    if (overview.spool)
        line("spool", fmt::format("{} events wait to be stored, {} are", overview.spool->waiting(),
                                  overview.spool->stored));
    if (!overview.keys_answer) return;
    line("charts opened", fmt::format("{}, {} more may be opened now", overview.keys.owners_opened,
                                      overview.keys.owners_left));
    line("refused", fmt::format("{}, {} alarms", overview.keys.refused, overview.keys.alarms));
}

Exit status(const Options& options) {
    const auto overview = look(options.place);
    if (!overview) return report(overview.error());
    options.json ? print_json(*overview) : print_text(*overview);
    return overview->address.empty() ? Exit::refused : Exit::done;
}

Exit unseal(const Options& options) {
    const auto passphrase = options.passphrase_file.empty() ? ask_passphrase(Asked::once)
                                                            : passphrase_from(options.passphrase_file);
    if (!passphrase) return report(passphrase.error());
    const auto directory = directory_of(options.place);
    if (!directory) return report(directory.error());
    keys::Client client{vault::VaultPaths{*directory}.keys().socket()};
    const auto unsealed = client.unseal(*passphrase);
    if (!unsealed) return report(unsealed.error());
    std::printf("unsealed\n");
    return Exit::done;
}

}   // namespace

void add_status(CLI::App& app, Action& chosen) {
    auto options = std::make_shared<Options>();
    auto* command = app.add_subcommand("status", "Say whether Ward runs on a data directory, and how it is");
    add_place_options(*command, options->place);
    command->add_flag("--json", options->json, "Print the result as JSON");
    command->footer(
        "Ends with 0 if the vault serves, otherwise 1.\nExample: ward status --data /var/lib/ward --json");
    command->callback([options, &chosen] { chosen = [options] { return status(*options); }; });
}

void add_unseal(CLI::App& app, Action& chosen) {
    auto options = std::make_shared<Options>();
    auto* command =
        app.add_subcommand("unseal", "Give ward-keys its passphrase, where it was started without");
    add_place_options(*command, options->place);
    command->add_option("--passphrase-file", options->passphrase_file, "Read the passphrase from this file")
        ->type_name("FILE");
    command->footer("Example: ward unseal --data /var/lib/ward");
    command->callback([options, &chosen] { chosen = [options] { return unseal(*options); }; });
}

}   // namespace ward::cli
