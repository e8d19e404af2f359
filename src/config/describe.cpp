// SPDX-License-Identifier: Apache-2.0
#include "config/describe.hpp"

#include <fmt/format.h>
#include <string_view>
#include <utility>

#include "config/load.hpp"

namespace ward::config {
namespace {

// TOML v1.0.0, "String": a basic string escapes the quote, the backslash and control characters.
std::string in_toml(std::string_view text) {
    std::string quoted = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') quoted += '\\';
        if (byte < 0x20 || byte == 0x7f)
            quoted += fmt::format("\\u{:04x}", byte);
        else
            quoted += c;
    }
    return quoted + '"';
}

std::string in_toml(std::int64_t number) { return std::to_string(number); }

std::string in_toml(const std::vector<std::string>& texts) {
    std::string list = "[";
    for (const auto& text : texts) list += (list.size() > 1 ? ", " : "") + in_toml(text);
    return list + ']';
}

std::string kind_of(const std::string&, Range) { return "text"; }
std::string kind_of(std::int64_t, Range range) { return fmt::format("{} to {}", range.least, range.most); }
std::string kind_of(const std::vector<std::string>&, Range) { return "list of texts"; }

/// `text` as lines of a comment.
std::string as_comment(std::string_view text) {
    constexpr std::size_t columns = 98;
    std::string comment;
    while (!text.empty()) {
        const auto end = text.size() <= columns ? text.size() : text.rfind(' ', columns);
        comment += fmt::format("# {}\n", text.substr(0, end));
        text.remove_prefix(std::min(text.size(), end + 1));
    }
    return comment;
}

}   // namespace

std::vector<Setting> describe(Config config) {
    std::vector<Setting> settings;
    config.sections([&settings](std::string_view section, auto& fields) {
        fields.fields([&](std::string_view key, auto& value, std::string_view text, Range range = {}) {
            settings.push_back({.section = std::string{section},
                                .key = std::string{key},
                                .kind = kind_of(value, range),
                                .value = in_toml(value),
                                .text = std::string{text}});
        });
    });
    return settings;
}

std::string to_toml(const Config& config, Form form) {
    std::string file;
    std::string_view section;
    const auto settings = describe(config);
    for (const auto& setting : settings) {
        if (setting.section != section) {
            section = setting.section;
            file += fmt::format("{}[{}]\n", file.empty() ? "" : "\n", section);
        }
        file += as_comment(setting.text);
        file += fmt::format("{}{} = {}\n", form == Form::commented ? "#" : "", setting.key, setting.value);
    }
    return file;
}

std::string to_markdown() {
    std::string page = fmt::format(
        "# Configuration\n\n"
        "One TOML file: the one that `--config` names, else the one that `$WARD_CONFIG` names, else\n"
        "`{}`. Without any, all settings have their defaults. A key that is not below is an error.\n"
        "`ward config` prints what is in force. `ward run` and the other commands read it, and so do the "
        "services of the\n"
        "Debian package.\n\n"
        "Secrets are never in the file: it names the files that hold them. This page is generated from\n"
        "`src/config/settings.hpp`; a test compares them.\n",
        system_file);
    std::string_view section;
    const auto settings = describe();
    for (const auto& setting : settings) {
        if (setting.section != section) {
            section = setting.section;
            page += fmt::format(
                "\n## [{}]\n\n| key | what may be set | default | meaning |\n|---|---|---|---|\n", section);
        }
        page += fmt::format("| `{}` | {} | `{}` | {} |\n", setting.key, setting.kind, setting.value,
                            setting.text);
    }
    return page;
}

}   // namespace ward::config
