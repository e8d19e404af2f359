// SPDX-License-Identifier: Apache-2.0
#include "events_made.hpp"

#include <array>
#include <fstream>

#include "core/assert.hpp"

namespace ward::bench {
namespace {

constexpr std::string_view time_key = R"("timestamp":")";
constexpr std::size_t time_bytes = 31;
constexpr std::size_t flow_digits = 6;       // behind the first four: below 2^53 all the same
constexpr std::size_t community_bytes = 4;   // 24 bits
constexpr std::size_t control_digits = 5;
constexpr std::size_t user_digits = 2;   // of a pseudonym's 32

constexpr std::string_view hexadecimal = "0123456789abcdef";

void put_digits(std::string& out, std::size_t at, std::size_t digits, std::uint64_t add) {
    std::uint64_t value = 0, all = 1;
    for (std::size_t i = 0; i < digits; ++i, all *= 10)
        value = value * 10 + static_cast<std::uint64_t>(out[at + i] - '0');
    value = (value + add) % all;
    for (auto i = digits; i-- > 0; value /= 10) out[at + i] = static_cast<char>('0' + value % 10);
}

void put_letters(std::string& out, std::size_t at, std::uint64_t add) {
    constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (std::size_t i = 0; i < community_bytes; ++i, add >>= 6U)
        out[at + i] = letters[(letters.find(out[at + i]) + add) % letters.size()];
}

}   // namespace

MadeEvents::MadeEvents(const std::string& day, std::uint64_t count, event::Time begin, std::chrono::days over,
                       Layout layout)
    : count_(count),
      layout_(layout),
      begin_(begin),
      step_(std::chrono::nanoseconds{over} / static_cast<std::int64_t>(std::max<std::uint64_t>(count, 1))) {
    std::ifstream lines{day, std::ios::binary};
    for (std::string line; std::getline(lines, line);) add_template(std::move(line));
    WARD_ASSERT(!templates_.empty());
}

void MadeEvents::add_template(std::string line) {
    Template made{std::move(line), {}};
    const auto find_all = [&](std::string_view mark, std::size_t behind, std::size_t room, Part part) {
        for (auto at = made.line.find(mark); at != std::string::npos; at = made.line.find(mark, at + 1))
            if (at + behind + room <= made.line.size()) made.patches.push_back({at + behind, part});
    };
    find_all(time_key, time_key.size(), time_bytes, Part::time);
    find_all(R"("10.20.)", 4, 2, Part::network);
    find_all(R"("user":")", 8, user_digits, Part::user);
    find_all(R"("flow_id":)", 14, flow_digits, Part::flow);
    find_all(R"("community_id":"1:)", 18, community_bytes, Part::community);
    if (const auto id = made.line.find(R"("control_id":")"); id != std::string::npos) {
        const auto end = made.line.find('"', id + 14);
        made.patches.push_back({end - control_digits, Part::control});
    }
    for (std::size_t i = 0; i + 17 < made.line.size(); ++i)
        if (made.line[i] == '"' && made.line[i + 3] == ':' && made.line[i + 6] == ':' &&
            made.line[i + 9] == ':' && made.line[i + 12] == ':' && made.line[i + 15] == ':' &&
            made.line[i + 18] == '"')
            made.patches.push_back({i + 1, Part::mac});
    templates_.push_back(std::move(made));
}

void MadeEvents::write(std::string& out, std::uint64_t number) const {
    const auto networks = layout_.networks;
    const bool beside = layout_.order == Layout::Order::beside;
    const auto in_day = (beside ? number / networks : number) % templates_.size();
    const auto& from = templates_[in_day];
    const auto round = beside ? number / networks / templates_.size() * networks + number % networks
                              : number / templates_.size();
    const auto begin = out.size();
    out += from.line;
    for (const auto& patch : from.patches) {
        const auto at = begin + patch.at;
        switch (patch.part) {
            case Part::time: {
                std::string time;
                event::append_text(time, begin_ + step_ * static_cast<std::int64_t>(number));
                out.replace(at, time_bytes, time);
                break;
            }
            case Part::network: put_digits(out, at, 2, round % networks); break;
            case Part::mac: {
                out[at] = hexadecimal[round % networks % 16];
                if (networks > 16) out[at + 3] = hexadecimal[round % networks / 16];
                break;
            }
            case Part::user: {   // one in the morning, another one in the afternoon
                const auto account = round % networks + networks * (2 * in_day / templates_.size());
                out[at] = hexadecimal[account / 16 % 16];
                out[at + 1] = hexadecimal[account % 16];
                break;
            }
            case Part::flow: put_digits(out, at, flow_digits, round * 7'919); break;
            case Part::community: put_letters(out, at, round * 2'654'435'761U); break;
            case Part::control: put_digits(out, at, control_digits, round * 31'337); break;
        }
    }
}

const std::vector<std::string_view>& MadeEvents::next(std::size_t count) {
    text_.clear();
    lines_.clear();
    std::vector<std::size_t> ends;
    for (; count > 0 && next_ < count_; --count) {
        write(text_, next_++);
        ends.push_back(text_.size());
    }
    std::size_t begin = 0;
    for (const auto end : ends) {
        lines_.push_back(std::string_view{text_}.substr(begin, end - begin));
        begin = end;
    }
    return lines_;
}

}   // namespace ward::bench
