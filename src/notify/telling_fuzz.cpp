// SPDX-License-Identifier: Apache-2.0
#include "core/assert.hpp"
#include "core/bytes.hpp"
#include "core/text.hpp"
#include "core/utf8.hpp"
#include "notify/format.hpp"
#include "notify/telling.hpp"

using namespace ward;

namespace {

/// A case with one finding, of which the names are a line each.
desk::Book book_of(std::string_view names) {
    desk::Book book;
    desk::KeptFinding finding{.number = 1,
                              .kind = std::string{take_until(names, '\n')},
                              .severity = detect::Severity::high,
                              .confidence = 90,
                              .own_case = 1,
                              .in_case = 1};
    do finding.systems.emplace_back(take_until(names, '\n'));
    while (!names.empty());
    book.findings.push_back(std::move(finding));
    book.cases[1] = {.shown = desk::Time{}, .told = desk::Time{}};
    return book;
}

}   // namespace

// Whatever a finding says and is about, what is told of it is one line wherever it must be one.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* input, std::size_t size) {
    auto text = as_text(std::as_bytes(std::span{input, size}));
    if (!is_utf8(text)) return 0;   // as nothing at a desk is
    const auto words = take_until(text, '\0');
    notify::Telling telling{notify::Sites{}};
    for (auto& [notice, finding] : telling.take(book_of(text), {}, {}).drafts) {
        notify::add_words(notice, words);
        WARD_ASSERT(is_printable(notify::to_cef(notice, "h")));
        WARD_ASSERT(notify::to_syslog(notice, "h").find('\n') == std::string::npos);
        WARD_ASSERT(json::Document::parse(notify::to_webhook({notice.id, {}, notice.at, {notice}})));
        const auto mail =
            notify::to_mail({notice.id, {}, notice.at, {notice}}, {"a@b.example", {"c@b.example"}});
        WARD_ASSERT(mail.find("\n.\r") == std::string::npos);
    }
    return 0;
}
