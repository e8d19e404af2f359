// SPDX-License-Identifier: Apache-2.0
// What is attached to letters: small files of the kinds that offices send each other.
#pragma once

#include <string>
#include <string_view>

#include "lab/agenda.hpp"
#include "lab/mail/letter.hpp"
#include "lab/random.hpp"

namespace ward::lab {

/// A page with these lines.
Attachment pdf_of(std::string name, std::string_view lines);
/// A picture in black and white, in squares as codes have them; which ones is chance.
Attachment code_image(std::string name, Random& random);
/// The same kind of file, of grey noise: a photograph or a logo.
Attachment photograph(std::string name, Random& random);
Attachment table_of(std::string name, Random& random);
/// An invitation (RFC 5545).
Attachment invitation(std::string_view id, std::string_view subject, Moment begin);
/// A page that opens in a browser, as gateways for confidential mail send it.
Attachment page_of(std::string name, std::string_view title, std::string_view link);

}   // namespace ward::lab
