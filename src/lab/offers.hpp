// SPDX-License-Identifier: Apache-2.0
// What the machines of a domain offer each other, and programs that are laid on them from afar.
#pragma once

#include <string>
#include <vector>

#include "lab/network.hpp"
#include "lab/random.hpp"

namespace ward::lab {

/// The services of a site that have a name of their own in the directory: {"HTTP", "ehr0001.ashmere.example"}
std::vector<std::vector<std::string>> services_of(const Network& network, int site);

/// Whether it takes connections there. Of machines of a kind most have the same ports open.
bool has_open(const Device& device, std::uint16_t port);

/// Whether it answers those who know SMB 1 only: old consoles do.
bool speaks_old_smb(const Device& device);

struct LaidProgram {
    std::string share;   // ADMIN$ or C$
    std::string file;
    std::uint64_t bytes = 0;
};
LaidProgram some_program(Random& random);

}   // namespace ward::lab
