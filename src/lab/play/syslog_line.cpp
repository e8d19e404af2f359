// SPDX-License-Identifier: Apache-2.0
#include "lab/play/syslog_line.hpp"

#include "lab/play/patience.hpp"

namespace ward::lab {

Result<> SyslogLine::send(std::string_view frame) {
    const auto attempt = [&]() -> Result<> {
        if (!stream_) stream_ = TRY(Stream::connect(receiver_, manner_));
        return stream_->write(frame);
    };
    return try_until(manner_.patience, [&] {
        auto sent = attempt();
        if (!sent) stream_.reset();
        return sent;
    });
}

}   // namespace ward::lab
