// SPDX-License-Identifier: Apache-2.0
// JSON Patch (RFC 6902) and the JSON Pointers in it (RFC 6901), on values that keep their spelling.
#pragma once

#include <cstddef>
#include <string>

#include "core/result.hpp"
#include "json/document.hpp"

namespace ward::json {

struct PatchLimits {
    std::size_t operations_max = 1'000;
    std::size_t depth_max = Limits{}.depth_max;            // of what comes out
    std::size_t bytes_added_max = std::size_t{32} << 20;   // by all operations together
    std::size_t steps_max = std::size_t{64} << 20;         // values looked at, compared and moved
};

/// What `target` becomes, compact, everything that no operation touches spelled as it was. All operations are
/// done or none.
/// Errc::malformed: `patch` is no JSON Patch. Errc::conflict: it is one, and a path leads nowhere or a `test`
/// does not hold. Errc::limit_exceeded: it is too much. Errors name the operation and never say what is
/// there.
Result<std::string> patched(Value target, Value patch, const PatchLimits& limits = {});

}   // namespace ward::json
