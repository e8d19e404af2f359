// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdio>
#include <cstdlib>

namespace ward::detail {
[[noreturn]] inline void assertion_failed(const char* condition, const char* file, int line) {
    std::fprintf(stderr, "%s:%d: assertion failed: %s\n", file, line, condition);
    std::abort();
}
}   // namespace ward::detail

/// For our own bugs only. On in every build: a program that is wrong stops, and its supervisor restarts it.
#define WARD_ASSERT(condition) \
    ((condition) ? static_cast<void>(0) : ::ward::detail::assertion_failed(#condition, __FILE__, __LINE__))
