// SPDX-License-Identifier: Apache-2.0
#include "follow/marks.hpp"

#include <charconv>
#include <fstream>
#include <iterator>

#include "core/durable_file.hpp"
#include "json/document.hpp"
#include "json/writer.hpp"

namespace ward::follow {
namespace {

bool read_number(json::Value value, std::uint64_t& number) {
    const auto text = value.raw();
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc{} && end == text.data() + text.size();
}

}   // namespace

Result<> write_marks(const std::filesystem::path& file, const Marks& marks) {
    std::string text;
    json::Writer writer{text};
    writer.begin_object().key("next").raw(std::to_string(marks.next));
    writer.member_unless_empty("adding", marks.adding).key("files").begin_array();
    for (const auto& [name, place] : marks.places) {
        writer.begin_object().member("name", name);
        writer.key("inode").raw(std::to_string(place.inode));
        writer.key("offset").raw(std::to_string(place.offset));
        writer.member("head", place.head).end_object();
    }
    writer.end_array().end_object();
    return write_durably(file, as_bytes(text), Readable::by_owner, Existing::replace);
}

Result<Marks> read_marks(const std::filesystem::path& file) {
    std::ifstream in{file, std::ios::binary};
    if (!in) return fail(Errc::not_found, file.string() + ": cannot be read");
    const auto document = json::Document::parse(std::string{std::istreambuf_iterator<char>{in}, {}});
    const auto corrupt = fail(Errc::corrupt, file.string() + ": damaged; without it files are read anew");
    Marks marks;
    if (!document || !read_number((*document)["next"], marks.next)) return corrupt;
    marks.adding = (*document)["adding"].text();
    for (const auto one : (*document)["files"].items()) {
        Place place{.head = std::string{one["head"].text()}};
        if (!read_number(one["inode"], place.inode) || !read_number(one["offset"], place.offset))
            return corrupt;
        marks.places.emplace(one["name"].text(), std::move(place));
    }
    return marks;
}

}   // namespace ward::follow
