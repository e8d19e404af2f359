// SPDX-License-Identifier: Apache-2.0
// Each script walks the words before the cursor to the command that they name, then offers what that takes.
#include "apps/ward/completion.hpp"

#include <fmt/format.h>
#include <set>
#include <string_view>

#include "apps/ward/command_tree.hpp"

namespace ward::cli {
namespace {

using Takes = Parameter::Takes;

std::string escaped(std::string_view text, std::string_view special, std::string_view with) {
    std::string result;
    for (const char c : text) {
        if (special.find(c) != std::string_view::npos) result += with;
        result += c;
    }
    return result;
}

/// In single quotes, as bash and zsh read them.
std::string quoted(std::string_view text) { return "'" + escaped(text, "'", "'\\'") + "'"; }

std::string fish_quoted(std::string_view text) { return "'" + escaped(text, "'\\", "\\") + "'"; }

/// The names of options whose values are of this kind, for a `case`.
std::string names_taking(Takes takes, const std::vector<const Command*>& commands) {
    std::set<std::string> names;
    for (const auto* command : commands)
        for (const auto& option : command->options)
            if (option.takes == takes) names.insert(option.names.begin(), option.names.end());
    std::string list;
    for (const auto& name : names) list += (list.empty() ? "" : "|") + name;
    return list.empty() ? "''" : list;
}

/// All commands but the first, for a `case`.
std::string commands_below(const std::vector<const Command*>& commands, std::string_view between) {
    std::string list;
    for (const auto* command : commands)
        if (command != commands.front())
            list += fmt::format("{}'{}'", list.empty() ? "" : between, command->name);
    return list.empty() ? "''" : list;
}

std::string_view last_word(const Command& command) {
    return std::string_view{command.name}.substr(command.name.rfind(' ') + 1);
}

std::string bash(const Command& root) {
    const auto commands = flattened(root);
    std::string cases;
    for (const auto* command : commands) {
        std::string words;
        for (const auto& below : command->commands) words += fmt::format("{} ", last_word(below));
        for (const auto& option : command->options)
            for (const auto& name : option.names) words += name + " ";
        cases += fmt::format("        {}) words={} ;;\n", quoted(command->name), quoted(words));
    }
    return fmt::format(R"(# bash completion for {0}
_{0}() {{
    local word at={0} words='' current=${{COMP_WORDS[COMP_CWORD]}}
    for word in "${{COMP_WORDS[@]:1:COMP_CWORD-1}}"; do
        case "$at $word" in
            {1}) at="$at $word" ;;
        esac
    done
    COMPREPLY=()
    case "${{COMP_WORDS[COMP_CWORD-1]}}" in
        {2}) mapfile -t COMPREPLY < <(compgen -d -- "$current"); return ;;
        {3}) mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
        {4}) return ;;
    esac
    case "$at" in
{5}    esac
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
}}
complete -o filenames -o bashdefault -o default -F _{0} {0}
)",
                       root.name, commands_below(commands, "|"), names_taking(Takes::directory, commands),
                       names_taking(Takes::file, commands), names_taking(Takes::text, commands), cases);
}

std::string zsh_item(std::string_view name, std::string_view text) {
    return " " + quoted(escaped(name, ":\\", "\\") + ":" + std::string{text});
}

std::string zsh(const Command& root) {
    const auto commands = flattened(root);
    std::string cases;
    for (const auto* command : commands) {
        std::string below, options;
        for (const auto& next : command->commands) below += zsh_item(last_word(next), next.text);
        for (const auto& option : command->options)
            for (const auto& name : option.names) options += zsh_item(name, option.text);
        cases +=
            fmt::format("        ({}) below=({} ) options=({} ) ;;\n", quoted(command->name), below, options);
    }
    return fmt::format(R"(#compdef {0}
_{0}() {{
    local word at={0}
    local -a below options
    for word in ${{words[2,CURRENT-1]}}; do
        case "$at $word" in
            ({1}) at="$at $word" ;;
        esac
    done
    case ${{words[CURRENT-1]}} in
        ({2}) _files -/; return ;;
        ({3}) _files; return ;;
        ({4}) return ;;
    esac
    case $at in
{5}    esac
    if [[ $PREFIX == -* ]]; then
        _describe -o option options
    elif (( $#below )); then
        _describe command below
    else
        _files
    fi
}}
_{0} "$@"
)",
                       root.name, commands_below(commands, "|"), names_taking(Takes::directory, commands),
                       names_taking(Takes::file, commands), names_taking(Takes::text, commands), cases);
}

std::string fish_option(const Parameter& option) {
    std::string words;
    for (const auto& name : option.names)
        words += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
    if (option.takes == Takes::text) words += " -x";
    if (option.takes == Takes::file) words += " -r -F";
    if (option.takes == Takes::directory) words += " -x -a '(__fish_complete_directories)'";
    return words + " -d " + fish_quoted(option.text);
}

std::string fish(const Command& root) {
    const auto commands = flattened(root);
    auto script = fmt::format(R"(# fish completion for {0}
function __{0}_at
    set -l at {0}
    for word in (commandline -opc)[2..-1]
        switch "$at $word"
            case {1}
                set at "$at $word"
        end
    end
    test "$at" = "$argv[1]"
end
complete -c {0} -f
)",
                              root.name, commands_below(commands, " "));
    for (const auto* command : commands) {
        const auto here = fmt::format("complete -c {0} -n \"__{0}_at '{1}'\"", root.name, command->name);
        for (const auto& below : command->commands)
            script += fmt::format("{} -a {} -d {}\n", here, last_word(below), fish_quoted(below.text));
        for (const auto& option : command->options)
            script += fmt::format("{}{}\n", here, fish_option(option));
        for (const auto& argument : command->arguments)
            if (argument.takes == Takes::file) script += here + " -F\n";
    }
    return script;
}

}   // namespace

std::string completion(const CLI::App& app, Shell shell) {
    const auto root = read_commands(app);
    return shell == Shell::bash ? bash(root) : shell == Shell::zsh ? zsh(root) : fish(root);
}

}   // namespace ward::cli
