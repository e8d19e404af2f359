// SPDX-License-Identifier: Apache-2.0
// Starting and ending the programs that `ward run` supervises.
#pragma once

#include <filesystem>
#include <string>
#include <sys/types.h>
#include <vector>

#include "core/result.hpp"
#include "crypto/secret.hpp"

namespace ward::cli {

/// The folder that this program is in, where its siblings are.
std::filesystem::path programs_folder();

/// Starts a sibling. If there is a secret, the program can read it, and then the end, from file descriptor 3.
Result<pid_t> start(const std::string& program, const std::vector<std::string>& arguments,
                    const crypto::SecretBytes* secret);

/// Turns this process into a sibling, which can read `file`, if one is named, from file descriptor 3. Returns
/// only when that failed.
Error become(const std::string& program, const std::vector<std::string>& arguments, const std::string& file);

/// Reads a passphrase from a file, or asks for it at the terminal; twice when it is a new one.
Result<crypto::SecretBytes> passphrase_from(const std::string& file);
enum class Asked { once, twice };
Result<crypto::SecretBytes> ask_passphrase(Asked asked);

}   // namespace ward::cli
