// SPDX-License-Identifier: Apache-2.0
// ward: the front of all of Ward's programs.
#include <cstdio>

#include "apps/ward/command.hpp"
#include "vault/release.hpp"

namespace ward::cli {

Exit report(const Error& error) {
    std::fprintf(stderr, "ward: %s\n", error.what.c_str());
    return error.code == Errc::corrupt ? Exit::violated : Exit::refused;
}

void add_all(CLI::App& app, Action& chosen, const std::vector<std::string>& words) {
    app.require_subcommand(1);
    app.set_version_flag("--version", std::string{vault::release_version});
    app.footer(
        "Exit codes: 0 done, 1 refused or not found, 2 usage, 3 integrity violated.\n"
        "Example: ward run --data /var/lib/ward");
    add_run(app, chosen);
    add_unseal(app, chosen);
    add_token(app, chosen);
    add_policy(app, chosen);
    add_glass(app, chosen);
    add_grant(app, chosen);
    add_import(app, chosen);
    add_sensor(app, chosen, words);
    add_watch(app, chosen, words);
    add_events(app, chosen, words);
    add_known(app, chosen, words);
    add_desk(app, chosen, words);
    add_segment(app, chosen, words);
    add_notify(app, chosen, words);
    add_lab(app, chosen, words);
    add_ledger(app, chosen);
    add_status(app, chosen);
    add_vault(app, chosen);
    add_documents(app, chosen);
}

}   // namespace ward::cli

int main(int argc, char** argv) {
    using namespace ward::cli;
    CLI::App app{"Ward keeps hospital patients safe from cyberattack.", "ward"};
    Action chosen;
    add_all(app, chosen, {argv + 1, argv + argc});
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {   // how CLI11 says it; nothing else in Ward throws
        return app.exit(error) == 0 ? static_cast<int>(Exit::done) : static_cast<int>(Exit::usage);
    }
    return static_cast<int>(chosen());
}
