// SPDX-License-Identifier: Apache-2.0
// Goes through the tags of XML that is not checked, only looked at: SOAP, FHIR, UPnP.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "protocol/text.hpp"

namespace ward::protocol {

/// Borrows the text.
struct XmlTag {
    enum class Kind : std::uint8_t { begin, end, empty };
    Kind kind = Kind::begin;
    std::string_view name;         // without its namespace's prefix
    std::string_view attributes;   // as they stand
    std::string_view content;      // the text up to the next tag

    std::string_view attribute(std::string_view wanted) const {
        auto rest = attributes;
        while (!rest.empty()) {
            const auto key = trimmed(take_until(rest, '='));
            const auto open = rest.find_first_of("\"'");
            if (open == std::string_view::npos) return {};
            const auto close = rest.find(rest[open], open + 1);
            if (close == std::string_view::npos) return {};
            if (key == wanted) return rest.substr(open + 1, close - open - 1);
            rest.remove_prefix(close + 1);
        }
        return {};
    }
};

class XmlTags {
public:
    explicit XmlTags(std::string_view text) : text_(text) {}

    /// Nothing at the end of the text. Declarations and comments are passed over.
    std::optional<XmlTag> next() {
        while (true) {
            const auto open = text_.find('<');
            if (open == std::string_view::npos) return std::nullopt;
            const auto close = text_.find('>', open);
            if (close == std::string_view::npos) return std::nullopt;
            auto inside = text_.substr(open + 1, close - open - 1);
            text_.remove_prefix(close + 1);
            if (inside.empty() || inside.front() == '?' || inside.front() == '!') continue;
            XmlTag tag;
            if (inside.front() == '/') {
                tag.kind = XmlTag::Kind::end;
                inside.remove_prefix(1);
            } else if (inside.back() == '/') {
                tag.kind = XmlTag::Kind::empty;
                inside.remove_suffix(1);
            }
            const auto blank = inside.find_first_of(" \t\r\n");
            tag.name = inside.substr(0, blank);
            tag.name.remove_prefix(tag.name.rfind(':') + 1);
            if (blank != std::string_view::npos) tag.attributes = trimmed(inside.substr(blank));
            tag.content = trimmed(text_.substr(0, text_.find('<')));
            return tag;
        }
    }

    /// Bytes that were not looked at.
    std::size_t left() const noexcept { return text_.size(); }

private:
    std::string_view text_;
};

}   // namespace ward::protocol
