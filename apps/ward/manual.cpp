// SPDX-License-Identifier: Apache-2.0
#include "apps/ward/manual.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "apps/ward/command_tree.hpp"

namespace ward::cli {
namespace {

/// groff_man(7), "Portability": a hyphen that is to be typed is \-, a backslash is \e, and a dot or quote at
/// the start of a line would be a request.
std::string roff(std::string_view text) {
    std::string escaped;
    for (const char c : text) {
        if (c == '-')
            escaped += "\\-";
        else if (c == '\\')
            escaped += "\\e";
        else
            escaped += c;
    }
    if (escaped.starts_with('.') || escaped.starts_with('\'')) escaped.insert(0, "\\&");
    return escaped;
}

std::string bold(std::string_view text) { return "\\fB" + roff(text) + "\\fR"; }
std::string italic(std::string_view text) { return "\\fI" + roff(text) + "\\fR"; }

std::string page_name(std::string_view command) {
    std::string name{command};
    std::ranges::replace(name, ' ', '-');
    return name;
}

std::string synopsis_of(const Parameter& parameter) {
    std::string form = parameter.names.empty() ? "" : bold(parameter.names.back());
    if (!parameter.value.empty()) form += (form.empty() ? "" : " ") + italic(parameter.value);
    if (parameter.repeatable) form += "...";
    return parameter.required ? form : "[" + form + "]";
}

std::string synopsis_of(const Command& command) {
    auto line = bold(command.name);
    for (const auto& option : command.options) line += "\n" + synopsis_of(option);
    for (const auto& argument : command.arguments) line += "\n" + synopsis_of(argument);
    if (!command.commands.empty()) line += "\n" + italic("COMMAND");
    return line + "\n";
}

std::string entry(const Parameter& parameter) {
    std::string head;
    for (const auto& name : parameter.names) head += (head.empty() ? "" : ", ") + bold(name);
    if (!parameter.value.empty()) head += (head.empty() ? "" : " ") + italic(parameter.value);
    auto text = roff(parameter.text);
    if (!text.ends_with('.')) text += '.';
    if (!parameter.fallback.empty()) text += fmt::format(" Default: {}.", bold(parameter.fallback));
    return fmt::format(".TP\n{}\n{}\n", head, text);
}

std::string section(std::string_view title, const std::string& text) {
    return text.empty() ? "" : fmt::format(".SH {}\n{}", title, text);
}

std::string description_of(const Command& command) {
    auto text = roff(command.text);
    if (!text.ends_with('.')) text += '.';
    for (const auto& note : command.notes) text += "\n.PP\n" + roff(note);
    return text + "\n";
}

std::string examples_of(const Command& command) {
    std::string text;
    for (const auto& example : command.examples) text += fmt::format(".EX\n{}\n.EE\n", roff(example));
    return text;
}

std::string commands_of(const Command& command) {
    std::string text;
    for (const auto& below : command.commands)
        text += fmt::format(".TP\n{}\n{}.\n", bold(below.name), roff(below.text));
    return text;
}

/// The pages above and below.
std::string see_also(const Command& command) {
    std::string text;
    const auto add = [&text](std::string_view name) {
        text += fmt::format("{}.BR {} (1)", text.empty() ? "" : " ,\n", roff(page_name(name)));
    };
    for (auto space = command.name.find(' '); space != std::string::npos;
         space = command.name.find(' ', space + 1))
        add(std::string_view{command.name}.substr(0, space));
    for (const auto& below : command.commands) add(below.name);
    return text.empty() ? "" : text + "\n";
}

template <class List, class Write>
std::string joined(const List& list, Write write) {
    std::string text;
    for (const auto& element : list) text += write(element);
    return text;
}

std::string page(const Command& command, std::string_view release) {
    const auto name = page_name(command.name);
    std::string title = name;
    std::ranges::transform(title, title.begin(), [](unsigned char c) { return std::toupper(c); });
    return fmt::format(".TH {} 1 \"\" \"Ward {}\" \"Ward\"\n", roff(title), release) +
           section("NAME", fmt::format("{} \\- {}\n", roff(name), roff(command.text))) +
           section("SYNOPSIS", synopsis_of(command)) + section("DESCRIPTION", description_of(command)) +
           section("COMMANDS", commands_of(command)) +
           section("ARGUMENTS", joined(command.arguments, entry)) +
           section("OPTIONS", joined(command.options, entry)) + section("EXAMPLES", examples_of(command)) +
           section("SEE ALSO", see_also(command));
}

}   // namespace

std::vector<ManualPage> manual_pages(const CLI::App& app, std::string_view release) {
    const auto root = read_commands(app);
    std::vector<ManualPage> pages;
    for (const auto* command : flattened(root))
        pages.push_back({.file = page_name(command->name) + ".1", .text = page(*command, release)});
    return pages;
}

}   // namespace ward::cli
