// SPDX-License-Identifier: Apache-2.0
// Loads Bundles through the running vault's own API, so that an import is authorised and audited like any
// other write.
#include <cstdio>
#include <fmt/format.h>
#include <memory>
#include <unistd.h>

#include "apps/ward/command.hpp"
#include "apps/ward/issue_token.hpp"
#include "apps/ward/place.hpp"
#include "http/client.hpp"
#include "json/document.hpp"
#include "vault/identity.hpp"
#include "vault/startup.hpp"

namespace ward::cli {
namespace {

struct Options {
    Place place;
    std::vector<std::string> files;
    bool json = false;
};

struct Counts {
    std::size_t files = 0;
    std::size_t stored = 0;
    std::size_t failed = 0;
};

/// How many entries of an answer were stored, and how many not.
void count(const http::Response& response, Counts& counts) {
    const auto answer = json::Document::parse(response.body);
    if (response.status >= 300 || !answer) {
        ++counts.failed;
        return;
    }
    for (const auto entry : (*answer)["entry"].items())
        ++(entry["response"]["status"].text().starts_with("2") ? counts.stored : counts.failed);
}

std::string diagnostics_of(const http::Response& response) {
    const auto outcome = json::Document::parse(response.body);
    if (!outcome) return {};
    for (const auto issue : (*outcome)["issue"].items()) return std::string{issue["diagnostics"].text()};
    return {};
}

Result<> import_file(http::Client& client, const std::string& token, const std::string& file,
                     Counts& counts) {
    http::Request request;
    request.method = http::Method::post;
    request.target = "/fhir";
    request.headers = {{"Content-Type", "application/fhir+json"}, {"Authorization", "Bearer " + token}};
    request.body = TRY(vault::read_file(file));
    const auto response = TRY(client.send(request));
    count(response, counts);
    ++counts.files;
    if (response.status >= 300)
        return fail(Errc::denied,
                    fmt::format("{}: refused with {}: {}", file, response.status, diagnostics_of(response)));
    return {};
}

Result<> import_all(const Options& options, Counts& counts) {
    const auto directory = TRY(directory_of(options.place));
    const vault::VaultPaths paths{directory};
    auto connection = TRY(client_options(paths));
    auto client = TRY(http::Client::connect(std::move(connection)));
    vault::TokenWish wish;
    wish.scope = "system/*.cruds";
    wish.user = fmt::format("uid {}", ::getuid());
    wish.client = "ward import";
    wish.lifetime = vault::token_lifetime_max;
    const auto token = TRY(issue_token(directory, wish));
    for (const auto& file : options.files) {
        TRY(import_file(client, token, file, counts));
        if (!options.json)
            std::fprintf(stderr, "%zu of %zu files, %zu resources stored%s", counts.files,
                         options.files.size(), counts.stored, ::isatty(STDERR_FILENO) != 0 ? "\r" : "\n");
    }
    return {};
}

Exit run(const Options& options) {
    Counts counts;
    const auto done =
        import_all(options, counts);   // what was stored until an error stays stored, and is told
    if (options.json)
        std::printf(R"({"files":%zu,"stored":%zu,"failed":%zu})"
                    "\n",
                    counts.files, counts.stored, counts.failed);
    else
        std::printf("%zu files, %zu resources stored, %zu refused\n", counts.files, counts.stored,
                    counts.failed);
    if (!done) return report(done.error());
    return counts.failed == 0 ? Exit::done : Exit::refused;
}

}   // namespace

void add_import(CLI::App& app, Action& chosen) {
    auto options = std::make_shared<Options>();
    auto* command =
        app.add_subcommand("import", "Load FHIR batch and transaction Bundles into a running Ward");
    add_place_options(*command, options->place);
    command->add_option("files", options->files, "Bundles, in the order in which they are to be loaded")
        ->required()
        ->check(CLI::ExistingFile)
        ->type_name("FILE");
    command->add_flag("--json", options->json, "Print the result as JSON, without progress");
    command->footer("Example: ward import --data /var/lib/ward hospital.json patient-*.json");
    command->callback([options, &chosen] { chosen = [options] { return run(*options); }; });
}

}   // namespace ward::cli
