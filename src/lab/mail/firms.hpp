// SPDX-License-Identifier: Apache-2.0
// Those outside who write to the hospital: invented, and others in each hospital.
#pragma once

#include <string>
#include <vector>

#include "lab/mail/letter.hpp"
#include "lab/random.hpp"

namespace ward::lab {

enum class Trade : std::uint8_t { supplies, devices, software, insurance, practice, society };

struct Firm {
    Trade trade{};
    std::string name;
    std::string domain;
    std::vector<Mailbox> people{};   // the first is the office's
    Checks checks{};                 // as its mail comes in for the most part
};

std::vector<Firm> make_firms(Random random, std::size_t count);

/// The address of a host outside, always the same (RFC 5737).
std::string address_of(std::string_view host);

/// How a program of this domain's numbers a message.
std::string message_id(std::string_view domain, Random& random);

/// Nearly the same to the eye: letters swapped, doubled or replaced, or another word appended.
std::string look_alike_of(std::string_view domain, Random& random);

}   // namespace ward::lab
