// SPDX-License-Identifier: Apache-2.0
// The commands by which people work on cases: `cases`, `case`, `verdict`, `window`.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace ward::watch {

enum class DeskAction : std::uint8_t {
    none,   // another command
    list_cases,
    work_on_case,
    give_verdict,
    declare,
    declare_all,
    list_declarations,
    end_declaration,
    escalate,
};

struct DeskOptions {
    DeskAction chosen = DeskAction::none;
    std::string folder = "/var/lib/ward/watch";
    bool json = false;
    bool ocsf = false;   // findings of cases
    bool all = false;
    std::string since;
    std::int64_t number = 0;   // of a case or a declaration
    bool acknowledge = false;
    std::int64_t split = 0;   // 0: no finding
    std::int64_t join = 0;    // 0: no case
    std::string said;
    std::int64_t finding = 0;   // 0: the whole case
    std::string whom;
    bool preview = false;
    bool scanner = false;
    std::string host;
    std::vector<std::string> kinds;
    std::string from;
    std::string until;
    std::string reason;
    std::string by;
    std::string file;
};

struct DeskCommand {
    const char* name;
    const char* text;
    void (*add)(CLI::App& app, DeskOptions& options);   // makes `app` that command
};
std::span<const DeskCommand> desk_commands();

/// Makes `app` the command that moves unanswered cases on.
void add_escalate(CLI::App& app, DeskOptions& options);
/// Adds all of them to `app`.
void add_desk(CLI::App& app, DeskOptions& options);

}   // namespace ward::watch
