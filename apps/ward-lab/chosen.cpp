// SPDX-License-Identifier: Apache-2.0
#include "apps/ward-lab/chosen.hpp"

#include <cstdio>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>

namespace ward::lab {
namespace {

constexpr std::streamsize file_bytes_max = 4 << 20;   // of a scenario, a certificate or a token

Result<Scenario> chosen_scenario(const std::string& name) {
    if (!name.ends_with(".toml")) return scenario_named(name);
    return parse_scenario(TRY(text_of(name)), name);
}

Result<std::chrono::year_month_day> first_day_of(const CommandOptions& options) {
    int year = 0;
    unsigned month = 0, day = 0;
    char rest = 0;
    if (std::sscanf(options.first_day.c_str(), "%4d-%2u-%2u%c", &year, &month, &day, &rest) == 3) {
        const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{month},
                                               std::chrono::day{day}};
        if (date.ok() && date >= std::chrono::year{2020} / 1 / 1 && date < std::chrono::year{2100} / 1 / 1)
            return date;
    }
    return fail(Errc::malformed,
                fmt::format("'{}' is no day from 2020-01-01 to 2099-12-31", options.first_day));
}

}   // namespace

Result<std::string> text_of(const std::string& file) {
    std::ifstream stream{file, std::ios::binary};
    if (!stream || std::filesystem::is_directory(file))
        return fail(Errc::not_found, fmt::format("{} cannot be read", file));
    std::string text(file_bytes_max + 1, '\0');
    stream.read(text.data(), file_bytes_max + 1);
    text.resize(static_cast<std::size_t>(stream.gcount()));
    if (std::ssize(text) > file_bytes_max)
        return fail(Errc::limit_exceeded, fmt::format("{} has more than {} bytes", file, file_bytes_max));
    if (text.empty()) return fail(Errc::malformed, fmt::format("{} is empty", file));
    return text;
}

Result<DaysWish> days_of(const CommandOptions& options) {
    DaysWish wish;
    wish.scenario = TRY(chosen_scenario(options.scenario));
    wish.size = options.size.empty() ? wish.scenario.size : *size_named(options.size);
    wish.seed = options.seed;
    wish.first_day = TRY(first_day_of(options));
    return wish;
}

}   // namespace ward::lab
