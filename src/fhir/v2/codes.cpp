// SPDX-License-Identifier: Apache-2.0
#include "fhir/v2/codes.hpp"

#include <algorithm>

namespace ward::fhir::v2 {

const CodeEntry* Codes::find(std::string_view code) const {
    if (code.empty()) return nullptr;
    const auto found = std::ranges::find(entries, code, &CodeEntry::from);
    return found == entries.end() ? nullptr : &*found;
}

}   // namespace ward::fhir::v2
