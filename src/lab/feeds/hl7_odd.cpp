// SPDX-License-Identifier: Apache-2.0
// Messages that no reader of HL7 expects: what they say is drawn by lot.
#include <fmt/format.h>

#include "lab/feeds/hl7_feed.hpp"
#include "lab/feeds/hl7_segments.hpp"

namespace ward::lab {
namespace {

using enum OddMessage::How;

std::string long_text(std::size_t size, Random& random) {
    constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz       .";
    std::string text;
    while (text.size() < size) text += letters[random.below(letters.size())];
    return text;
}

/// None of them ends a segment or a frame.
std::string with_control_codes(std::string text, Random& random) {
    constexpr std::string_view codes = "\x01\x02\x04\x05\x07\x08\x0e\x13\x1a\x1b\x7f";
    for (int left = random.between(5, 60); left > 0; --left)
        text.insert(text.find('|') + 1 + random.below(60), 1, codes[random.below(codes.size())]);
    return text;
}

/// It is gone, with what stood behind it or not, or has lost its first letters, or a letter stands before it.
std::string without_header(const std::string& head, const std::string& pid, Random& random) {
    switch (random.below(4)) {
        case 0: return pid;
        case 1: return {};
        case 2: return head.substr(1 + random.below(30)) + pid;
        default: return std::string_view{"#>0x"}[random.below(4)] + head + pid;
    }
}

std::string body_of(OddMessage::How how, Random& random) {
    const auto status = [](std::size_t number, std::string_view value) {
        return fmt::format("OBX|{}|TX|11506-3^Progress note^LN||{}||||||F\r", number, value);
    };
    std::string body;
    if (how == huge) body = status(1, long_text(64'000 + random.below(180'000), random));
    const std::size_t segments = how == many_segments ? 1'200 + random.below(2'500) : 1 + random.below(9);
    for (std::size_t number = 1; number <= segments; ++number)
        body += status(number, long_text(10 + random.below(80), random));
    return body;
}

}   // namespace

void Hl7Feed::send_odd(const Act& act, const Story& story, const OddMessage& what) {
    auto random = story.random().stream("odd messages").stream(act.number);
    const auto patient = story.at(what.encounter).patient;
    Hl7Message message;
    message.at = act.at;
    message.from = *forger_;
    message.type = "MDM^T02";
    message.control_id = fmt::format("EHR{}{:07}", first_day_, ++sent_);
    const auto head =
        fmt::format("MSH|^~\\&|EHR|{0}|WARD|{0}|{1}||MDM^T02^MDM_T02|{2}|P|2.5.1{3}\r", story.hospital().code,
                    hl7_time(act.at), message.control_id, random.chance(0.7) ? "||||||UNICODE UTF-8" : "");
    const auto pid = pid_segment(story, patient);
    const auto body = body_of(what.how, random);
    if (what.how == no_header) message.control_id.clear();
    if (what.how == odd_separators)
        message.text =
            fmt::format("{}|||||||\r{}^^^^~~~~&&&&\r{}", head, pid.substr(0, pid.size() / 2), body);
    else if (what.how == no_header)
        message.text = without_header(head, pid, random) + body;
    else if (what.how == control_codes)
        message.text = head + with_control_codes(pid, random) + body;
    else
        message.text = head + pid + body;
    if (what.how == cut) message.text.resize(head.size() + random.below(pid.size() / 2));
    while (!message.text.empty() && (static_cast<unsigned char>(message.text.back()) & 0x80U) != 0)
        message.text.pop_back();   // not within a letter: the feed is UTF-8
    message.is_cut = what.how == cut;
    message.is_refused = what.how != many_segments;
    message.has_own_line = true;
    message.act = act.number;
    message.label = act.label;
    take_(std::move(message));
}

}   // namespace ward::lab
