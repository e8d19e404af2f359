// SPDX-License-Identifier: Apache-2.0
// Grants: two people let more charts be opened than care needs, for an export.
#include <algorithm>
#include <cstdio>
#include <fmt/format.h>
#include <memory>

#include "apps/ward/command.hpp"
#include "apps/ward/place.hpp"
#include "apps/ward/program.hpp"
#include "core/clock.hpp"
#include "crypto/random.hpp"
#include "json/writer.hpp"
#include "keys/client.hpp"
#include "keys/key_file.hpp"
#include "vault/vault.hpp"

namespace ward::cli {
namespace {

using keys::GrantAct;

struct Options {
    Place place;
    std::string name;   // of the operator
    std::string key_file;
    std::string passphrase_file;        // of the operator's key
    std::string ward_passphrase_file;   // of ward-keys
    std::string id;
    std::string user;
    std::int64_t owners = 0;
    std::int64_t hours = 0;
    std::string reason;
    bool json = false;
};

Result<crypto::SecretBytes> passphrase(const std::string& file, std::string_view whose, Asked asked) {
    if (!file.empty()) return passphrase_from(file);
    std::fprintf(stderr, "%s\n", std::string{whose}.c_str());
    return ask_passphrase(asked);
}

Result<std::filesystem::path> socket_of(const Options& options) {
    const auto directory = TRY(directory_of(options.place));
    auto socket = vault::VaultPaths{directory}.keys().socket();
    std::error_code ignored;
    if (std::filesystem::exists(socket, ignored)) return socket;
    return fail(Errc::unavailable,
                fmt::format("no Ward runs on {0}; start it with: ward run --data {0}", directory));
}

Result<crypto::SigningKey> key_of(const Options& options) {
    const auto secret = TRY(passphrase(options.passphrase_file, "your own key", Asked::once));
    const auto seed = keys::open_key_file(options.key_file, secret);
    if (seed) return crypto::SigningKey::from_seed(*seed);
    // A damaged key of a person is no violation of Ward's integrity.
    return fail(seed.error().code == Errc::corrupt ? Errc::malformed : seed.error().code,
                fmt::format("{}: {}; ward grant enroll makes a key", options.key_file, seed.error().what));
}

/// ward-keys tells its log why it refused, and nobody who asks: these are what it can be.
Result<> with_advice(Result<> outcome, const std::string& advice) {
    if (outcome || outcome.error().code != Errc::denied) return outcome;
    return fail(Errc::denied, fmt::format("{}; {}", outcome.error().what, advice));
}

void print(const keys::KeptGrant& grant) {
    const auto& terms = grant.terms;
    std::printf("%s  %s: %ld charts, %ld hours, for %s, asked for by %s%s, %ld opened\n  %s\n",
                to_hex(terms.id).c_str(), grant.approver.empty() ? "waits" : "active",
                static_cast<long>(terms.owners), static_cast<long>(terms.lasting.count()), terms.user.c_str(),
                grant.requester.c_str(),
                grant.approver.empty() ? "" : (", approved by " + grant.approver).c_str(),
                static_cast<long>(grant.opened), terms.reason.c_str());
}

Result<> sign_and_send(keys::Client& client, const Options& options, GrantAct act, const std::string& text) {
    const auto key = TRY(key_of(options));
    auto outcome = client.act_on_grant({.act = act,
                                        .name = options.name,
                                        .text = text,
                                        .signature = key.sign(as_bytes(keys::signed_message(act, text)))});
    return with_advice(
        std::move(outcome),
        fmt::format("'{}' must have been enrolled with this key, and for a day{}; the log of "
                    "ward-keys tells which it is",
                    options.name, act == GrantAct::approve ? ", and be another person than who asked" : ""));
}

Result<> enroll(const Options& options) {
    keys::Client client{TRY(socket_of(options))};
    const auto ward = TRY(passphrase(options.ward_passphrase_file, "the passphrase of Ward", Asked::once));
    const auto own = TRY(passphrase(options.passphrase_file, "a passphrase for your own key", Asked::twice));
    const auto seed = TRY(keys::create_key_file(options.key_file, own));
    const auto key = TRY(crypto::SigningKey::from_seed(seed));
    auto enrolled =
        client.enroll({.name = options.name,
                       .key = key.public_key(),
                       .signature = key.sign(as_bytes(keys::signed_message(GrantAct::enroll, options.name)))},
                      ward);
    std::error_code ignored;
    if (!enrolled) std::filesystem::remove(options.key_file, ignored);   // it is nobody's
    TRY(with_advice(std::move(enrolled),
                    "the passphrase is not that of Ward, or a wrong one was tried a moment ago"));
    std::printf("enrolled %s; the key is in %s\n", options.name.c_str(), options.key_file.c_str());
    return {};
}

Result<> request(const Options& options) {
    keys::Client client{TRY(socket_of(options))};
    const keys::GrantTerms terms{.id = crypto::random_array<16>(),
                                 .user = options.user,
                                 .owners = options.owners,
                                 .lasting = std::chrono::hours{options.hours},
                                 .reason = options.reason};
    const auto text = keys::grant_text(terms);
    TRY(keys::parse_grant(text));   // or ward-keys would only say that something is wrong
    TRY(sign_and_send(client, options, GrantAct::request, text));
    std::printf("%s\n", to_hex(terms.id).c_str());
    return {};
}

Result<> act(const Options& options, GrantAct what) {
    keys::Client client{TRY(socket_of(options))};
    const auto grants = TRY(client.open_grants());
    const auto found =
        std::ranges::find_if(grants, [&](const auto& grant) { return to_hex(grant.terms.id) == options.id; });
    if (found == grants.end()) return fail(Errc::not_found, "no such grant is open; see: ward grant list");
    print(*found);
    TRY(sign_and_send(client, options, what, keys::grant_text(found->terms)));
    std::printf("%s\n", what == GrantAct::approve ? "approved" : "ended");
    return {};
}

Result<> list(const Options& options) {
    keys::Client client{TRY(socket_of(options))};
    const auto grants = TRY(client.open_grants());
    if (!options.json) {
        for (const auto& grant : grants) print(grant);
        if (grants.empty()) std::printf("no grant waits or is active\n");
        return {};
    }
    std::string text;
    json::Writer writer{text};
    writer.begin_array();
    for (const auto& grant : grants) {
        writer.begin_object().member("id", to_hex(grant.terms.id)).member("user", grant.terms.user);
        writer.key("owners").number(grant.terms.owners).key("hours").number(grant.terms.lasting.count());
        writer.member("reason", grant.terms.reason).member("requester", grant.requester);
        writer.member("requested", to_instant(grant.requested));
        if (!grant.approver.empty())
            writer.member("approver", grant.approver).member("approved", to_instant(grant.approved));
        writer.key("opened").number(grant.opened).end_object();
    }
    writer.end_array();
    std::printf("%s\n", text.c_str());
    return {};
}

Exit done(const Result<>& outcome) { return outcome ? Exit::done : report(outcome.error()); }

void add_operator_options(CLI::App& command, Options& options) {
    command.add_option("--as", options.name, "Your name as an operator")->required()->type_name("NAME");
    command.add_option("--key", options.key_file, "The file of your own key")->required()->type_name("FILE");
    command.add_option("--passphrase-file", options.passphrase_file, "Read the key's passphrase from it")
        ->type_name("FILE");
}

void add_enroll(CLI::App& grant, const std::shared_ptr<Options>& options, Action& chosen) {
    auto* command = grant.add_subcommand("enroll", "Make your key; a day later you may sign grants");
    add_place_options(*command, options->place);
    add_operator_options(*command, *options);
    command
        ->add_option("--ward-passphrase-file", options->ward_passphrase_file,
                     "Read the passphrase of Ward from this file")
        ->type_name("FILE");
    command->footer("Example: ward grant enroll --data /var/lib/ward --as amal --key ~/amal.key");
    command->callback([options, &chosen] { chosen = [options] { return done(enroll(*options)); }; });
}

void add_request(CLI::App& grant, const std::shared_ptr<Options>& options, Action& chosen) {
    auto* command = grant.add_subcommand("request", "Ask for a grant, and print its ID");
    add_place_options(*command, options->place);
    add_operator_options(*command, *options);
    command->add_option("--user", options->user, "The user whose token may export")
        ->required()
        ->type_name("NAME");
    command->add_option("--charts", options->owners, "How many patients' charts may be opened")
        ->required()
        ->check(CLI::Range(std::int64_t{1}, keys::GrantLimits{}.owners_max));
    command->add_option("--hours", options->hours, "For how long, from the approval on")
        ->required()
        ->check(CLI::Range(1L, static_cast<long>(keys::GrantLimits{}.lasting_max.count())));
    command->add_option("--reason", options->reason, "Why, in one line")->required()->type_name("TEXT");
    command->footer(
        "Example: ward grant request --data /var/lib/ward --as amal --key amal.key --user registry\n"
        "             --charts 5000 --hours 4 --reason 'Yearly transfer to the registry'");
    command->callback([options, &chosen] { chosen = [options] { return done(request(*options)); }; });
}

void add_act(CLI::App& grant, const std::shared_ptr<Options>& options, Action& chosen, GrantAct what) {
    const bool approves = what == GrantAct::approve;
    auto* command = approves ? grant.add_subcommand("approve", "Approve what another person asked for")
                             : grant.add_subcommand("end", "End a grant before its time");
    add_place_options(*command, options->place);
    add_operator_options(*command, *options);
    command->add_option("id", options->id, "The grant's ID")->required()->type_name("ID");
    command->footer(fmt::format("Example: ward grant {} --data /var/lib/ward --as bruno --key bruno.key ID",
                                approves ? "approve" : "end"));
    command->callback(
        [options, &chosen, what] { chosen = [options, what] { return done(act(*options, what)); }; });
}

}   // namespace

void add_grant(CLI::App& app, Action& chosen) {
    auto options = std::make_shared<Options>();
    auto* grant =
        app.add_subcommand("grant", "Let more charts be opened than care needs; it takes two people");
    grant->require_subcommand(1);
    grant->footer(
        "Each of the two has a key: enroll, and a day later request and approve.\n"
        "Example: ward grant list --data /var/lib/ward");
    add_enroll(*grant, options, chosen);
    add_request(*grant, options, chosen);
    add_act(*grant, options, chosen, GrantAct::approve);
    add_act(*grant, options, chosen, GrantAct::end);
    auto* command = grant->add_subcommand("list", "Show the grants that wait or are active");
    add_place_options(*command, options->place);
    command->add_flag("--json", options->json, "Print the result as JSON");
    command->footer("Example: ward grant list --data /var/lib/ward");
    command->callback([options, &chosen] { chosen = [options] { return done(list(*options)); }; });
}

}   // namespace ward::cli
