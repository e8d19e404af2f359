// SPDX-License-Identifier: Apache-2.0
// Man pages, written from the command line that they describe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
}

namespace ward::cli {

struct ManualPage {
    std::string file;   // "ward-ledger-verify.1"
    std::string text;   // man(7)
};

/// One page for each command.
std::vector<ManualPage> manual_pages(const CLI::App& app, std::string_view release);

}   // namespace ward::cli
