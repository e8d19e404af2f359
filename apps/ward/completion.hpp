// SPDX-License-Identifier: Apache-2.0
// Completion for shells, written from the command line that they complete.
#pragma once

#include <string>

namespace CLI {
class App;
}

namespace ward::cli {

enum class Shell { bash, zsh, fish };

/// A script for the shell's completion folder.
std::string completion(const CLI::App& app, Shell shell);

}   // namespace ward::cli
