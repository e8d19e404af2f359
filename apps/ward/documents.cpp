// SPDX-License-Identifier: Apache-2.0
// What Ward says of itself: its settings, its man pages, its completion.
#include <cstdio>
#include <filesystem>
#include <fmt/format.h>
#include <memory>

#include "apps/ward/command.hpp"
#include "apps/ward/completion.hpp"
#include "apps/ward/manual.hpp"
#include "apps/ward/place.hpp"
#include "config/describe.hpp"
#include "vault/identity.hpp"
#include "vault/release.hpp"

namespace ward::cli {
namespace {

struct ConfigOptions {
    Place place;
    bool markdown = false;
};

Exit show_config(const ConfigOptions& options) {
    if (options.markdown) {
        std::printf("%s", config::to_markdown().c_str());
        return Exit::done;
    }
    const auto config = load_config(options.place);
    if (!config) return report(config.error());
    std::printf("%s", config::to_toml(*config, config::Form::set).c_str());
    return Exit::done;
}

Exit write_manual(const CLI::App& app, const std::string& folder) {
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    for (const auto& page : manual_pages(app, vault::release_version)) {
        const auto written = vault::write_file(std::filesystem::path{folder} / page.file, page.text);
        if (!written) return report(written.error());
        std::printf("%s/%s\n", folder.c_str(), page.file.c_str());
    }
    return Exit::done;
}

}   // namespace

void add_documents(CLI::App& app, Action& chosen) {
    auto config_options = std::make_shared<ConfigOptions>();
    auto* config_command =
        app.add_subcommand("config", "Print the settings in force, each with what it means");
    add_place_options(*config_command, config_options->place);
    config_command->add_flag("--markdown", config_options->markdown,
                             "Print all settings as a document instead");
    config_command->footer("Example: ward config > ward.toml");
    config_command->callback(
        [config_options, &chosen] { chosen = [config_options] { return show_config(*config_options); }; });

    auto folder = std::make_shared<std::string>();
    auto* manual_command = app.add_subcommand("manual", "Write Ward's man pages into a folder");
    manual_command->add_option("folder", *folder, "The folder")->required()->type_name("DIR");
    manual_command->footer("Example: ward manual /usr/local/share/man/man1");
    manual_command->callback(
        [folder, &app, &chosen] { chosen = [folder, &app] { return write_manual(app, *folder); }; });

    auto shell = std::make_shared<Shell>(Shell::bash);
    auto* completion_command = app.add_subcommand("completion", "Print the completion script of a shell");
    completion_command->add_option("shell", *shell, "bash, zsh or fish")
        ->required()
        ->transform(CLI::CheckedTransformer(
            std::map<std::string, Shell>{{"bash", Shell::bash}, {"zsh", Shell::zsh}, {"fish", Shell::fish}}))
        ->type_name("SHELL");
    completion_command->footer("Example: ward completion bash > /etc/bash_completion.d/ward");
    completion_command->callback([shell, &app, &chosen] {
        chosen = [shell, &app] {
            std::printf("%s", completion(app, *shell).c_str());
            return Exit::done;
        };
    });
}

}   // namespace ward::cli
