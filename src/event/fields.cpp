// SPDX-License-Identifier: Apache-2.0
#include "event/fields.hpp"

#include "core/utf8.hpp"

namespace ward::event {
namespace {

std::string repaired(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        auto rest = text;
        if (take_code_point(rest)) {
            out += text.substr(0, text.size() - rest.size());
            text = rest;
        } else {
            out += "\xEF\xBF\xBD";   // U+FFFD
            text.remove_prefix(1);
        }
    }
    return out;
}

}   // namespace

void Fields::write_text(std::string_view text) {
    if (is_utf8(text)) {
        writer_.string(text);
    } else {
        writer_.string(repaired(text));
    }
}

}   // namespace ward::event
