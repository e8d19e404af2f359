// SPDX-License-Identifier: Apache-2.0
#include "lab/play/syslog_line.hpp"

namespace ward::lab {

Result<> SyslogLine::bring(Until until) {
    constexpr std::chrono::milliseconds pause{5};
    return line_.send([&](Stream& stream, Deadline& deadline) -> Result<> {
        if (stream.is_fresh()) written_ = 0;
        for (; written_ < under_way_.size(); ++written_) TRY(stream.write(under_way_[written_], deadline));
        while (!stream.has_arrived()) {
            if (until == Until::written) return {};
            if (deadline.is_over()) return no_answer(line_.receiver(), "it takes nothing more");
            if (!stream.is_usable()) return no_answer(line_.receiver(), "the connection was closed");
            deadline.pause(pause);
        }
        arrived_ += under_way_.size();
        under_way_.clear();
        written_ = bytes_ = 0;
        return {};
    });
}

Result<> SyslogLine::send(std::string frame) {
    constexpr std::size_t bytes_max = std::size_t{1} << 20;
    bytes_ += frame.size();
    under_way_.push_back(std::move(frame));
    return bring(bytes_ < bytes_max ? Until::written : Until::arrived);
}

Result<> SyslogLine::finish() {
    if (!under_way_.empty()) TRY(bring(Until::arrived));
    line_.finish();
    return {};
}

}   // namespace ward::lab
