// SPDX-License-Identifier: Apache-2.0
#include "core/assert.hpp"
#include "core/bytes.hpp"
#include "core/text.hpp"
#include "core/utf8.hpp"
#include "notify/findings.hpp"
#include "notify/format.hpp"

using namespace ward;

// Whatever the lines are, what is told of them is one line wherever it must be one, and each id comes once.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* input, std::size_t size) {
    auto text = as_text(std::as_bytes(std::span{input, size}));
    notify::Telling telling{notify::Sites{}};
    std::vector<notify::Notice> notices;
    while (!text.empty()) telling.take(take_until(text, '\n'), notices);
    for (const auto& notice : notices) {
        WARD_ASSERT(is_printable(notify::to_cef(notice, "h")));
        WARD_ASSERT(notify::to_syslog(notice, "h").find('\n') == std::string::npos);
        WARD_ASSERT(json::Document::parse(notify::to_webhook({notice.id, {}, notice.at, {notice}})));
        const auto mail =
            notify::to_mail({notice.id, {}, notice.at, {notice}}, {"a@b.example", {"c@b.example"}});
        WARD_ASSERT(mail.find("\n.\r") == std::string::npos);
    }
    return 0;
}
