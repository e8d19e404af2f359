// SPDX-License-Identifier: Apache-2.0
// ED and RP as Attachment.
#include <algorithm>

#include "core/bytes.hpp"
#include "fhir/v2/datatypes.hpp"

namespace ward::fhir::v2 {

namespace {

/// HL7 tables 0191 and 0291 as a media type.
std::string media_type(std::string_view type, std::string_view subtype) {
    if (type.find('/') != std::string_view::npos) return std::string{type};
    const auto main = lowered(type);
    const auto sub = lowered(subtype);
    if (sub == "pdf") return "application/pdf";
    if (sub == "rtf") return "application/rtf";
    if (sub.find('/') != std::string::npos) return sub;
    if (main == "text" || main == "ft" || main == "tx")
        return sub == "html" || sub == "xml" ? "text/" + sub : "text/plain";
    if (main == "image" || main == "im" || main == "audio" || main == "video")
        return sub.empty() ? std::string{} : (main == "im" ? "image" : main) + "/" + sub;
    if (main == "application" || main == "ap")
        return "application/" + (sub.empty() ? std::string{"octet-stream"} : sub);
    return {};
}

/// Without the white space that senders break lines with.
std::optional<std::string> without_breaks(std::string text) {
    std::erase_if(text, [](char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; });
    if (!from_base64(text)) return std::nullopt;
    return text;
}

std::optional<std::string> in_base64(std::string_view encoding, std::string text) {
    if (equal_ignoring_case(encoding, "Base64")) return without_breaks(std::move(text));
    if (!equal_ignoring_case(encoding, "Hex")) return to_base64(as_bytes(text));
    const auto bytes = from_hex(text);
    if (!bytes) return std::nullopt;
    return to_base64(*bytes);
}

}   // namespace

namespace to {

void attachment(const Source& source, Element element, Place place) {
    if (text_of(source.segment[2]) == "RP") {
        // RP: pointer, application, type, subtype.
        place.set("contentType", media_type(text_of(element[3]), text_of(element[4])));
        place.set("url", text_of(element[1]));
        return;
    }
    // ED: source, type, subtype, encoding, data.
    const auto encoding = text_of(element[4]);
    const auto said = text_of(element[5]);
    if (said.empty()) return;
    const auto data = in_base64(encoding, said);
    if (!data) return source.miss(UnmappedReason::invalid_value);
    place.set("contentType", media_type(text_of(element[2]), text_of(element[3])));
    place.set("data", *data);
}

}   // namespace to

}   // namespace ward::fhir::v2
