// SPDX-License-Identifier: Apache-2.0
// For tests of what a confined process can do.
#pragma once

#include <gtest/gtest.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SKIP_UNDER_SANITIZERS() GTEST_SKIP() << "sanitizers need more of the kernel"
#else
#define SKIP_UNDER_SANITIZERS() static_cast<void>(0)
#endif
