// SPDX-License-Identifier: Apache-2.0
// Reads the steps of a scenario one after the other: what a step may say depends on those before it.
#pragma once

#include <set>

#include "config/table.hpp"
#include "lab/scenario/deed_forms.hpp"
#include "lab/scenario/keys.hpp"

namespace ward::lab {

/// "2d 10:30": the second day, half past ten.
std::optional<std::chrono::microseconds> parse_step_time(std::string_view text);

/// Borrows the file's name.
class StepReader {
public:
    StepReader(std::string_view file, int days) : file_(file), days_(days) {}

    /// Errc::malformed, with the line at fault.
    Result<ScenarioStep> read(const config::Table& table);

private:
    struct Known {
        std::string step;   // that named it first
        bool has_account = false;
    };

    tl::unexpected<Error> wrong(const config::Table& table, std::string_view key,
                                std::string_view what) const;
    Result<> read_times(const config::Table& table, const Said& said, ScenarioStep& step) const;
    Result<> check_attack(const config::Table& table, const ScenarioStep& step) const;
    Result<> check_doer(const config::Table& table, const DeedForm& form, const ScenarioStep& step);
    Result<> check_known_doer(const config::Table& table, const DeedForm& form, const Known& known) const;
    Result<> check_account(const config::Table& table, const DeedForm& form, std::string_view by) const;
    Result<> check_names(const config::Table& table, const ScenarioStep& step);
    Result<> check_together(const config::Table& table, const DeedForm& form, const ScenarioStep& step);
    Result<> introduce(const config::Table& table, std::string_view key, const ScenarioStep& step,
                       bool has_account);

    std::string_view file_;
    int days_ = 1;
    std::set<std::string, std::less<>> ids_{};
    std::map<std::string, Known, std::less<>> actors_{};   // by `as`, and `then_as`
    std::set<std::string, std::less<>> partners_{};        // by `as`
    double acts_ = 0;                                      // of all steps
};

}   // namespace ward::lab
