// SPDX-License-Identifier: Apache-2.0
// For the files of this folder.
#pragma once

#include <cstring>
#include <memory>
#include <seccomp.h>
#include <string>

#include "core/result.hpp"

namespace ward::confine {

struct Release {
    void operator()(void* filter) const { ::seccomp_release(filter); }
};
using Filter = std::unique_ptr<void, Release>;   // scmp_filter_ctx is void*

inline Result<> check(int code, const char* what) {
    if (code >= 0) return {};
    return fail(Errc::unavailable, std::string{"seccomp: "} + what + ": " + std::strerror(-code));
}

}   // namespace ward::confine
