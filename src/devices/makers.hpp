// SPDX-License-Identifier: Apache-2.0
// Who was given the first three bytes of a hardware address, by the IEEE's list.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/address.hpp"

namespace ward::devices {

/// Empty unless the list is there: Debian has it in the package ieee-data, as oui.csv.
class Makers {
public:
    Makers() = default;
    /// Lines of "MA-L,002272,\"Maker, Inc.\",address"; others are passed over.
    static Makers from_csv(std::string_view text);

    /// Nothing if it is unknown, or set by software.
    std::string_view of(const MacAddress& mac) const;
    std::size_t size() const noexcept { return makers_.size(); }

private:
    std::vector<std::pair<std::uint32_t, std::string>> makers_;   // sorted
};

}   // namespace ward::devices
