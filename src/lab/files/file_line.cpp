// SPDX-License-Identifier: Apache-2.0
#include "lab/files/file_line.hpp"

#include <fmt/format.h>

#include "json/writer.hpp"
#include "lab/feeds/audit_terms.hpp"

namespace ward::lab {

std::string_view name_of(FileTouched::Action action) {
    constexpr std::array<std::string_view, 5> names{"read", "write", "create", "rename", "delete"};
    return names[static_cast<std::size_t>(action)];
}

std::string file_line(const Act& act, const FileTouched& touched, const Story& story) {
    std::string json;
    json::Writer writer{json};
    writer.begin_object().key("number").number(static_cast<std::int64_t>(act.number));
    writer.member("at", instant(act.at)).member("user", touched.user);
    writer.member("host", story.network().at(touched.host).name).member("share", touched.share);
    writer.member("path", touched.path).member("action", name_of(touched.action));
    writer.key("bytes_read").number(static_cast<std::int64_t>(touched.bytes_read));
    writer.key("bytes_written").number(static_cast<std::int64_t>(touched.bytes_written));
    if (touched.bytes_written > 0) writer.key("entropy").raw(fmt::format("{:.4f}", touched.entropy));
    writer.member_unless_empty("new_path", touched.new_path).end_object();
    return json + "\n";
}

}   // namespace ward::lab
