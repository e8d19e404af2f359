// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "lab/feeds/audit.hpp"

namespace ward::lab {
namespace {

using enum EntryBroken::How;

std::string some_bytes(std::size_t size, Random& random) {
    std::string text;
    while (text.size() < size) text += static_cast<char>(random.next() & 255U);
    return text;
}

std::string counted(std::size_t size, std::string_view message) {
    return fmt::format("{} {}", size, message);
}

}   // namespace

std::string atna_broken(const Act& act, const Story& story) {
    const auto& what = std::get<EntryBroken>(act.what);
    auto random = story.random().stream("broken entries").stream(act.number);
    auto whole = act;
    whole.what = SessionChanged{SessionChanged::What::opened, what.workstation};
    const auto message = atna_syslog(whole, story);
    const auto part = message.size() / 4 + random.below(message.size() / 2);
    switch (what.how) {
        case cut: return counted(part, message.substr(0, part));
        case short_count: return counted(part, message);
        case long_count: return counted(message.size() + 1 + random.below(900), message);
        case no_count: return message;
        case not_utf8: {
            auto changed = message;
            for (int left = random.between(3, 40); left > 0; --left)
                changed[part + random.below(changed.size() - part)] =
                    static_cast<char>(0x80 + random.below(128));
            return counted(changed.size(), changed);
        }
        case very_long: {
            const auto at = message.find("<AuditMessage>");
            const auto filled = message.substr(0, at) + "<!--" +
                                std::string(70'000 + random.below(400'000), 'x') + "-->" + message.substr(at);
            return counted(filled.size(), filled);
        }
        case noise: break;
    }
    return some_bytes(40 + random.below(900), random);
}

}   // namespace ward::lab
