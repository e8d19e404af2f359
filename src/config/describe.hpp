// SPDX-License-Identifier: Apache-2.0
// Every setting once, for people: what `ward config` prints and what the manual says.
#pragma once

#include <string>
#include <vector>

#include "config/settings.hpp"

namespace ward::config {

struct Setting {
    std::string section;
    std::string key;
    std::string kind;    // what may be written there
    std::string value;   // as in TOML
    std::string text;
};

std::vector<Setting> describe(Config config = {});

/// A whole file that loads to this Config: `set` says each value, `commented` shows what could be set.
enum class Form { set, commented };
std::string to_toml(const Config& config, Form form);

/// docs/configuration.md, from the defaults.
std::string to_markdown();

}   // namespace ward::config
