// SPDX-License-Identifier: Apache-2.0
#include "lab/play/mllp_line.hpp"

#include <array>
#include <fmt/format.h>

#include "lab/play/acknowledgement.hpp"

namespace ward::lab {
namespace {

constexpr std::size_t answer_bytes_max = 64 * 1024;
constexpr char begin_of_block = '\x0b';
constexpr std::string_view end_of_block = "\x1c\r";

}   // namespace

Result<Answer> MllpLine::send(std::string_view message, std::string_view control_id) {
    const auto framed = fmt::format("{}{}{}", begin_of_block, message, end_of_block);
    return line_.send([&](Stream& stream, Deadline& deadline) -> Result<Answer> {
        TRY(stream.write(framed, deadline));
        std::string answer;
        std::array<char, 4096> part{};
        std::size_t end = std::string::npos;
        while ((end = answer.find(end_of_block)) == std::string::npos) {
            const auto got = TRY(stream.read(part, deadline));
            if (got == 0)
                return no_answer(line_.receiver(), "the connection was closed before an acknowledgement");
            answer.append(part.data(), got);
            if (answer.size() > answer_bytes_max)
                return no_answer(line_.receiver(), "the acknowledgement is too long");
        }
        const auto begin = answer.starts_with(begin_of_block) ? 1U : 0U;
        auto read = read_acknowledgement(std::string_view{answer}.substr(begin, end - begin), control_id);
        if (!read) return no_answer(line_.receiver(), read.error().what);
        return read;
    });
}

Result<> MllpLine::send_cut(std::string_view message) {
    TRY(line_.send([&](Stream& stream, Deadline& deadline) {
        return stream.write(fmt::format("{}{}", begin_of_block, message), deadline);
    }));
    line_.close();
    return {};
}

}   // namespace ward::lab
