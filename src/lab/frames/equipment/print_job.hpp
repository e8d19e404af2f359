// SPDX-License-Identifier: Apache-2.0
// What printers get on TCP 9100: pages behind PJL (HP's Printer Job Language), labels in ZPL II.
#pragma once

#include "core/bytes.hpp"
#include "lab/random.hpp"

namespace ward::lab {

inline constexpr std::uint16_t raw_print_port = 9'100;

/// A few pages, packed by the driver.
Buffer page_job(Random& random);
/// Some labels of one specimen or wristband: a bar code, and its number beneath.
Buffer label_job(Random& random);

}   // namespace ward::lab
