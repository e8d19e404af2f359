// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <memory>

#include "apps/ward/command.hpp"
#include "apps/ward/issue_token.hpp"
#include "apps/ward/place.hpp"

namespace ward::cli {
namespace {

struct Options {
    Place place;
    std::string user = "local";
    std::string scope;
    std::string patient;
    std::string fhir_user;
    std::vector<std::string> roles;
    std::string purpose;
    int minutes = 60;
};

Exit run(const Options& options) {
    vault::TokenWish wish;
    wish.scope = options.scope;
    wish.user = options.user;
    wish.client = "ward token";
    wish.lifetime = std::chrono::minutes{options.minutes};
    wish.patient = options.patient;
    wish.fhir_user = options.fhir_user;
    wish.roles = options.roles;
    wish.purpose = options.purpose;
    const auto directory = directory_of(options.place);
    if (!directory) return report(directory.error());
    const auto token = issue_token(*directory, wish);
    if (!token) return report(token.error());
    std::printf("%s\n", token->c_str());
    return Exit::done;
}

}   // namespace

void add_token(CLI::App& app, Action& chosen) {
    auto options = std::make_shared<Options>();
    auto* command =
        app.add_subcommand("token", "Print a short-lived token for the FHIR API of a running Ward");
    add_place_options(*command, options->place);
    command->add_option("--scope", options->scope, "SMART v2 scopes, separated by spaces")
        ->required()
        ->type_name("SCOPE");
    command->add_option("--user", options->user, "Whom the audit trail names")
        ->capture_default_str()
        ->type_name("NAME");
    command->add_option("--patient", options->patient, "Whom patient/ scopes are about")->type_name("ID");
    command
        ->add_option("--fhir-user", options->fhir_user, "The user as charts name them, as in Practitioner/d1")
        ->type_name("REFERENCE");
    command->add_option("--role", options->roles, "A role of the user, as the policy names it; repeatable")
        ->type_name("NAME");
    command->add_option("--purpose", options->purpose, "Why: a code of v3-PurposeOfUse, such as TREAT")
        ->type_name("CODE");
    command->add_option("--minutes", options->minutes, "How long it is valid")
        ->capture_default_str()
        ->check(CLI::Range(1, 12 * 60));
    command->footer(
        "Example: ward token --data /var/lib/ward --scope 'system/*.cruds'\n"
        "         ward token --data /var/lib/ward --user dr.haddad --scope 'user/Patient.rs "
        "user/Observation.rs'");
    command->callback([options, &chosen] { chosen = [options] { return run(*options); }; });
}

}   // namespace ward::cli
