// SPDX-License-Identifier: Apache-2.0
// A letter as bytes: RFC 5322 and MIME (RFC 2045 to 2047), with line feeds as a mailbox on disk has them.
#pragma once

#include <string>
#include <string_view>

#include "lab/agenda.hpp"
#include "lab/mail/letter.hpp"

namespace ward::lab {

/// `domain` is the hospital's.
std::string message_text(const Letter& letter, Moment at, std::string_view domain);

/// With the line before it and the blank one behind it that a mailbox has (RFC 4155), and what looks like
/// such a line within it quoted, as mboxrd does.
std::string mbox_entry(const Letter& letter, Moment at, std::string_view domain);

/// Mon, 02 Mar 2026 08:05:12 +0000
std::string mail_date(Moment at);

/// A text of a header: as it is, or as encoded words (RFC 2047) where it is not ASCII.
std::string encoded_words(std::string_view text);

/// RFC 2045, 6.7.
std::string quoted_printable(std::string_view text);

std::string_view name_of(Verdict verdict);

}   // namespace ward::lab
