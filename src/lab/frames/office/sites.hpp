// SPDX-License-Identifier: Apache-2.0
// Names of places outside that nobody has: RFC 2606, 2.
#pragma once

#include <string>

#include "lab/random.hpp"

namespace ward::lab {

/// A site, some far more often than others.
std::string any_site(Random& random);
/// One that sites call on: for scripts, fonts, pictures, and to count.
std::string any_third_party(Random& random);

}   // namespace ward::lab
