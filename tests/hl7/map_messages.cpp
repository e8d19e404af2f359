// SPDX-License-Identifier: Apache-2.0
// `map_messages FILE…`: each HL7 v2 message of each file as a line of JSON with the resources that it becomes
// and the places that found none; for the tests of the maps.
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "fhir/v2/mapping.hpp"
#include "hl7/charset.hpp"
#include "hl7/message.hpp"
#include "json/writer.hpp"

namespace {

using namespace ward;

/// A file may hold several messages, with or without the segments of a batch around them.
std::vector<std::string> messages_in(std::string_view text) {
    std::vector<std::size_t> begins;
    for (auto at = text.find("MSH"); at != std::string_view::npos; at = text.find("MSH", at + 1))
        if (at == 0 || text[at - 1] == '\r' || text[at - 1] == '\n' || text[at - 1] == '\xbf' ||
            text[at - 1] == ' ')
            begins.push_back(at);
    std::vector<std::string> found;
    for (std::size_t i = 0; i < begins.size(); ++i)
        found.emplace_back(
            text.substr(begins[i], (i + 1 < begins.size() ? begins[i + 1] : text.size()) - begins[i]));
    return found;
}

std::string describe(std::string_view path, const std::string& text) {
    std::string out;
    json::Writer writer{out};
    writer.begin_object().member("file", path);
    const auto utf8 = hl7::to_utf8(text, "8859/1");
    const auto message = hl7::Message::parse(utf8 ? std::string_view{*utf8} : std::string_view{text});
    if (!message) {
        writer.member("refused", message.error().what).end_object();
        return out;
    }
    std::size_t made = 0;
    const auto mapping = fhir::v2::map(
        *message, [&made](fhir::ResourceType, std::string_view) { return "r" + std::to_string(++made); });
    writer.key("resources").begin_array();
    for (const auto& resource : mapping.resources) writer.raw(resource.json);
    writer.end_array().key("identities").begin_array();
    for (const auto& resource : mapping.resources) writer.string(resource.identity);
    writer.end_array().key("merges").begin_array();
    for (const auto& merge : mapping.merges)
        writer.begin_object()
            .member("surviving", merge.surviving)
            .member("subsumed", merge.subsumed.identity)
            .end_object();
    writer.end_array().key("unmapped").begin_array();
    for (const auto& missed : mapping.unmapped)
        writer.string(fmt::format("{}-{} {}", missed.segment, missed.field, name_of(missed.reason)));
    writer.end_array().end_object();
    return out;
}

}   // namespace

int main(int count, char** arguments) {
    for (int i = 1; i < count; ++i) {
        const std::string path = arguments[i];
        std::ifstream file{path, std::ios::binary};
        const std::string text{std::istreambuf_iterator<char>{file}, {}};
        if (!file) {
            fmt::print(stderr, "{}: cannot be read\n", path);
            return 1;
        }
        for (const auto& message : messages_in(text)) fmt::print("{}\n", describe(path, message));
    }
    return 0;
}
