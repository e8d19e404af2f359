// SPDX-License-Identifier: Apache-2.0
// toml++ as all of this folder include it.
#pragma once

#define TOML_HEADER_ONLY 1
#define TOML_EXCEPTIONS 0
// toml++ 3.3 asserts that a key begins as one does before it says that it does not: "[+a]" must be an error
// in every build, and no abort.
#define TOML_ASSERT(expression) static_cast<void>(0)
#include <toml++/toml.h>
