// SPDX-License-Identifier: Apache-2.0
#include "lab/mllp_line.hpp"

#include <array>
#include <cerrno>
#include <charconv>
#include <fmt/format.h>
#include <memory>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <system_error>

namespace ward::lab {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t answer_bytes_max = 64 * 1024;
constexpr int pause_milliseconds = 500;
constexpr std::string_view end_of_block = "\x1c\r";

tl::unexpected<Error> no_answer(const Receiver& receiver, std::string_view why) {
    return fail(Errc::unavailable, fmt::format("{}:{}: {}", receiver.host, receiver.port, why));
}

std::string reason() { return std::system_category().message(errno); }

struct FreeAddresses {
    void operator()(addrinfo* found) const { ::freeaddrinfo(found); }
};

/// MSA-1 of a framed acknowledgement.
std::string code_of(std::string_view answer) {
    const auto segment = answer.find("\rMSA|");
    if (segment == std::string_view::npos) return {};
    const auto begin = segment + 5;
    return std::string{answer.substr(begin, answer.find_first_of("|\r", begin) - begin)};
}

}   // namespace

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

Result<> MllpLine::connect() {
    addrinfo wish{};
    wish.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    const int error =
        ::getaddrinfo(receiver_.host.c_str(), std::to_string(receiver_.port).c_str(), &wish, &found);
    if (error != 0) return no_answer(receiver_, ::gai_strerror(error));
    const std::unique_ptr<addrinfo, FreeAddresses> addresses{found};
    for (const auto* one = found; one != nullptr; one = one->ai_next) {
        UniqueFd socket{::socket(one->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0)};
        const timeval limit{patience_.count(), 0};
        ::setsockopt(socket.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
        ::setsockopt(socket.get(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
        if (!socket || ::connect(socket.get(), one->ai_addr, one->ai_addrlen) != 0) continue;
        socket_ = std::move(socket);
        return {};
    }
    return no_answer(receiver_, reason());
}

Result<std::string> MllpLine::try_to_send(std::string_view framed) {
    if (!socket_) TRY(connect());
    while (!framed.empty()) {
        const auto sent = ::send(socket_.get(), framed.data(), framed.size(), MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) continue;
        if (sent <= 0) return no_answer(receiver_, reason());
        framed.remove_prefix(static_cast<std::size_t>(sent));
    }
    std::string answer;
    std::array<char, 4096> part{};
    while (answer.find(end_of_block) == std::string::npos) {
        const auto got = ::recv(socket_.get(), part.data(), part.size(), 0);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return no_answer(receiver_, got == 0 ? "the connection was closed" : reason());
        answer.append(part.data(), static_cast<std::size_t>(got));
        if (answer.size() > answer_bytes_max) return no_answer(receiver_, "the acknowledgement is too long");
    }
    auto code = code_of(answer);
    if (code.empty()) return no_answer(receiver_, "what came back is no acknowledgement");
    return code;
}

Result<std::string> MllpLine::send(std::string_view message) {
    const auto framed = fmt::format("\x0b{}\x1c\r", message);
    const auto until = Clock::now() + patience_;
    for (;;) {
        auto code = try_to_send(framed);
        if (code) return code;
        socket_ = UniqueFd{};
        if (Clock::now() >= until) return code;
        ::poll(nullptr, 0, pause_milliseconds);
    }
}

}   // namespace ward::lab
