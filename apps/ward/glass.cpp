// SPDX-License-Identifier: Apache-2.0
// `ward glass`: who opened a chart in an emergency, and whether anybody has looked at it since.
#include <cstdio>
#include <fmt/format.h>
#include <memory>
#include <unistd.h>

#include "apps/ward/command.hpp"
#include "apps/ward/issue_token.hpp"
#include "apps/ward/place.hpp"
#include "core/utf8.hpp"
#include "json/document.hpp"

namespace ward::cli {
namespace {

struct Options {
    Place place;
    std::string user;
    std::vector<std::string> roles;
};

std::string_view part(json::Value glass, std::string_view name) {
    for (const auto one : glass["part"].items())
        if (one["name"].text() == name) return one["valueString"].text();
    return {};
}

/// What rewrites a terminal could hide an override from who reviews it.
std::string on_one_line(std::string_view text) {
    std::string line;
    while (!text.empty()) {
        const auto before = text;
        if (!take_code_point(text)) text.remove_prefix(1);
        const auto one = before.substr(0, before.size() - text.size());
        line += is_printable(one) ? one : "?";
    }
    return line;
}

Result<json::Document> ask(const Options& options) {
    const auto directory = TRY(directory_of(options.place));
    auto connection = TRY(client_options(vault::VaultPaths{directory}));
    auto client = TRY(http::Client::connect(std::move(connection)));
    vault::TokenWish wish;
    wish.scope = "system/AuditEvent.rs";
    wish.user = options.user.empty() ? fmt::format("uid {}", ::getuid()) : options.user;
    wish.client = "ward glass";
    wish.roles = options.roles;
    http::Request request;
    request.target = "/fhir/AuditEvent/$broken-glass";
    const auto token = TRY(issue_token(directory, wish));
    request.headers = {{"Authorization", "Bearer " + token}};
    const auto response = TRY(client.send(request));
    if (response.status == 200) return json::Document::parse(response.body);
    return fail(Errc::denied,
                fmt::format("the vault answered with {}; --role names who reviews broken glass, "
                            "as the policy says",
                            response.status));
}

Exit run(const Options& options) {
    const auto answer = ask(options);
    if (!answer) return report(answer.error());
    std::size_t overdue = 0;
    for (const auto glass : (*answer)["parameter"].items()) {
        const auto text = [&](std::string_view name) { return on_one_line(part(glass, name)); };
        if (text("review") == "overdue") ++overdue;
        std::printf("%s  %s  %s for Patient/%s  review %s (due %s)\n    %s\n    AuditEvent/%s\n",
                    text("from").c_str(), text("user").c_str(), text("purpose").c_str(),
                    text("patient").c_str(), text("review").c_str(), text("review-due").c_str(),
                    text("reason").c_str(), text("event").c_str());
    }
    std::printf("%zu emergency overrides, %zu with an overdue review\n", (*answer)["parameter"].size(),
                overdue);
    return overdue == 0 ? Exit::done : Exit::refused;
}

}   // namespace

void add_glass(CLI::App& app, Action& chosen) {
    auto options = std::make_shared<Options>();
    auto* command = app.add_subcommand("glass", "List charts opened in an emergency, and their reviews");
    add_place_options(*command, options->place);
    command->add_option("--user", options->user, "Who asks, for the audit trail")->type_name("NAME");
    command->add_option("--role", options->roles, "A role of theirs, as the policy names it; repeatable")
        ->type_name("NAME");
    command->footer(
        "Exit code 1 when a review is overdue.\n"
        "Example: ward glass --data /var/lib/ward --user o.okafor --role privacy-officer");
    command->callback([options, &chosen] { chosen = [options] { return run(*options); }; });
}

}   // namespace ward::cli
