// SPDX-License-Identifier: Apache-2.0
#include "lab/play/mllp_line.hpp"

#include <array>
#include <fmt/format.h>

#include "lab/play/patience.hpp"

namespace ward::lab {
namespace {

constexpr std::size_t answer_bytes_max = 64 * 1024;
constexpr std::string_view end_of_block = "\x1c\r";

/// MSA-1 of a framed acknowledgement.
std::string code_of(std::string_view answer) {
    const auto segment = answer.find("\rMSA|");
    if (segment == std::string_view::npos) return {};
    const auto begin = segment + 5;
    return std::string{answer.substr(begin, answer.find_first_of("|\r", begin) - begin)};
}

}   // namespace

Result<std::string> MllpLine::try_to_send(std::string_view framed) {
    if (!stream_) stream_ = TRY(Stream::connect(receiver_, manner_));
    TRY(stream_->write(framed));
    std::string answer;
    std::array<char, 4096> part{};
    while (answer.find(end_of_block) == std::string::npos) {
        const auto got = TRY(stream_->read(part));
        if (got == 0) return no_answer(receiver_, "the connection was closed");
        answer.append(part.data(), got);
        if (answer.size() > answer_bytes_max) return no_answer(receiver_, "the acknowledgement is too long");
    }
    auto code = code_of(answer);
    if (code.empty()) return no_answer(receiver_, "what came back is no acknowledgement");
    return code;
}

Result<std::string> MllpLine::send(std::string_view message) {
    const auto framed = fmt::format("\x0b{}\x1c\r", message);
    return try_until(manner_.patience, [&] {
        auto code = try_to_send(framed);
        if (!code) stream_.reset();
        return code;
    });
}

}   // namespace ward::lab
