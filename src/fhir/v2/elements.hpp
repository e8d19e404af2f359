// SPDX-License-Identifier: Apache-2.0
// Reading parts of a message.
#pragma once

#include <string>
#include <string_view>

#include "core/text.hpp"
#include "hl7/message.hpp"

namespace ward::fhir::v2 {

using ward::hl7::Element;
using ward::hl7::Message;
using ward::hl7::Segment;

/// Unescaped, without blanks around it; empty for what is to be deleted.
inline std::string text_of(Element element) {
    if (element.empty() || element.is_null()) return {};
    const auto text = element.text();
    const auto kept = trimmed(text);
    return kept.size() == text.size() ? text : std::string{kept};
}

/// Of a field its first repetition.
inline Element first_of(Element field) { return *field.repetitions().begin(); }

/// Nothing but delimiters, as senders fill unused fields with.
inline bool is_blank(Element element) {
    return element.raw().find_first_not_of("^&~ ") == std::string_view::npos;
}

}   // namespace ward::fhir::v2
