// SPDX-License-Identifier: Apache-2.0
#include "lab/play/receiver.hpp"

#include <charconv>
#include <fmt/format.h>

namespace ward::lab {

Result<Receiver> parse_receiver(std::string_view text) {
    const auto bad = [&] {
        return fail(Errc::malformed,
                    fmt::format("'{}' is no address and port, such as 127.0.0.1:2575", text));
    };
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos || colon == 0) return bad();
    Receiver receiver{std::string{text.substr(0, colon)}, 0};
    if (receiver.host.starts_with('[') && receiver.host.ends_with(']'))
        receiver.host = receiver.host.substr(1, receiver.host.size() - 2);
    const auto port = text.substr(colon + 1);
    const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), receiver.port);
    if (error != std::errc{} || end != port.data() + port.size() || receiver.port == 0) return bad();
    return receiver;
}

tl::unexpected<Error> no_answer(const Receiver& receiver, std::string_view why) {
    return fail(Errc::unavailable, fmt::format("{}:{}: {}", receiver.host, receiver.port, why));
}

}   // namespace ward::lab
