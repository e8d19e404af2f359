// SPDX-License-Identifier: Apache-2.0
// What the command line understands, as plain values: man pages and completion are written from this.
#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace ward::cli {

struct Parameter {
    enum class Takes { nothing, text, file, directory };

    std::vector<std::string> names;   // "--data", "-h"; none for what has no name but a place
    std::string value;                // what stands for its value: "DIR"; empty for a flag
    std::string text;
    std::string fallback;
    Takes takes = Takes::nothing;
    bool required = false;
    bool repeatable = false;
};

struct Command {
    std::string name;   // in full: "ward ledger verify"
    std::string text;
    std::vector<std::string> notes;      // lines of the footer
    std::vector<std::string> examples;   // and those of them that began with "Example: "
    std::vector<Parameter> options;
    std::vector<Parameter> arguments;
    std::vector<Command> commands;
};

Command read_commands(const CLI::App& app);

/// The command and all below it, each before those below it.
std::vector<const Command*> flattened(const Command& command);

}   // namespace ward::cli
