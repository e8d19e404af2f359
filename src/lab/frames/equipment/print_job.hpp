// SPDX-License-Identifier: Apache-2.0
// What printers get on TCP 9100: pages behind PJL (HP's Printer Job Language), labels in ZPL II.
#pragma once

#include "core/bytes.hpp"
#include "lab/random.hpp"

namespace ward::lab {

inline constexpr std::uint16_t raw_print_port = 9'100;

/// Packed by the driver.
Buffer page_job(int pages, Random& random);
/// So many labels of one specimen or wristband: a bar code, and its number beneath.
Buffer label_job(int labels, Random& random);

}   // namespace ward::lab
