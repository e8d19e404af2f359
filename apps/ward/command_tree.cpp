// SPDX-License-Identifier: Apache-2.0
#include "apps/ward/command_tree.hpp"

#include <CLI/CLI.hpp>
#include <sstream>
#include <string_view>

namespace ward::cli {
namespace {

/// CLI11 writes what a check wants after the name of the type: "PROOF:FILE".
void read_type(std::string type, Parameter& parameter) {
    using Takes = Parameter::Takes;
    parameter.takes = type.ends_with("FILE")  ? Takes::file
                      : type.ends_with("DIR") ? Takes::directory
                                              : Takes::text;
    for (const std::string_view check : {":FILE", ":DIR"})
        if (type.ends_with(check)) type.resize(type.size() - check.size());
    parameter.value = std::move(type);
}

Parameter read_parameter(const CLI::Option& option) {
    Parameter parameter;
    for (const auto& name : option.get_snames()) parameter.names.push_back("-" + name);
    for (const auto& name : option.get_lnames()) parameter.names.push_back("--" + name);
    parameter.text = option.get_description();
    parameter.fallback = option.get_default_str();
    parameter.required = option.get_required();
    parameter.repeatable = option.get_expected_max() > 1;
    if (option.get_items_expected_max() > 0) read_type(option.get_type_name(), parameter);
    return parameter;
}

void read_footer(const std::string& footer, Command& command) {
    constexpr std::string_view mark = "Example: ";
    std::istringstream lines{footer};
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with(mark))
            command.examples.push_back(line.substr(mark.size()));
        else if (!line.empty())
            command.notes.push_back(line);
    }
}

Command read_command(const CLI::App& app, const std::string& above) {
    Command command;
    command.name = above + app.get_name();
    command.text = app.get_description();
    read_footer(app.get_footer(), command);
    for (const auto* option : app.get_options()) {
        auto& parameters = option->nonpositional() ? command.options : command.arguments;
        parameters.push_back(read_parameter(*option));
    }
    for (const auto* below : app.get_subcommands([](const CLI::App*) { return true; }))
        command.commands.push_back(read_command(*below, command.name + " "));
    return command;
}

void flatten(const Command& command, std::vector<const Command*>& all) {
    all.push_back(&command);
    for (const auto& below : command.commands) flatten(below, all);
}

}   // namespace

Command read_commands(const CLI::App& app) { return read_command(app, ""); }

std::vector<const Command*> flattened(const Command& command) {
    std::vector<const Command*> all;
    flatten(command, all);
    return all;
}

}   // namespace ward::cli
