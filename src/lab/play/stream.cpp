// SPDX-License-Identifier: Apache-2.0
#include "lab/play/stream.hpp"

#include <array>
#include <cerrno>
#include <fmt/format.h>
#include <memory>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <system_error>

namespace ward::lab {
namespace {

std::string reason() { return std::system_category().message(errno); }

struct FreeAddresses {
    void operator()(addrinfo* found) const { ::freeaddrinfo(found); }
};

}   // namespace

Result<Stream> Stream::connect(const Receiver& receiver, const Manner& manner) {
    addrinfo wish{};
    wish.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    const int error =
        ::getaddrinfo(receiver.host.c_str(), std::to_string(receiver.port).c_str(), &wish, &found);
    if (error != 0) return no_answer(receiver, ::gai_strerror(error));
    const std::unique_ptr<addrinfo, FreeAddresses> addresses{found};
    auto why = no_answer(receiver, "it has no address");
    for (const auto* one = found; one != nullptr; one = one->ai_next) {
        UniqueFd socket{::socket(one->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
        Stream stream{receiver, manner, std::move(socket)};
        const int descriptor = stream.socket_.get();
        if (::connect(descriptor, one->ai_addr, one->ai_addrlen) != 0 && errno != EINPROGRESS) {
            why = no_answer(receiver, reason());
            continue;
        }
        TRY(stream.wait(POLLOUT));
        socklen_t size = sizeof errno;
        ::getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &errno, &size);
        if (errno != 0) {
            why = no_answer(receiver, reason());
            continue;
        }
        if (manner.role != nullptr) TRY(stream.shake_hands());
        return stream;
    }
    return why;
}

Result<> Stream::shake_hands() {
    link_ = TRY(manner_.role->connect(socket_.get(), receiver_.host));
    for (;;) {
        const auto step = link_->handshake();
        if (step == http::TlsStep::done) return {};
        TRY(wait_for(step));
    }
}

Result<> Stream::wait(short events) {
    pollfd wanted{socket_.get(), events, 0};
    for (;;) {
        const auto limit = std::chrono::milliseconds{manner_.patience}.count();
        const auto ready = ::poll(&wanted, 1, static_cast<int>(limit));
        if (ready > 0) return {};
        if (ready == 0) return no_answer(receiver_, "it did not answer in time");
        if (errno != EINTR) return no_answer(receiver_, reason());
    }
}

Result<> Stream::wait_for(http::TlsStep step) {
    if (step == http::TlsStep::wants_read) return wait(POLLIN);
    if (step == http::TlsStep::wants_write) return wait(POLLOUT);
    if (step == http::TlsStep::closed) return no_answer(receiver_, "the connection was closed");
    return no_answer(receiver_, fmt::format("TLS: {}", link_->failure()));
}

Result<> Stream::write(std::string_view bytes) {
    while (!bytes.empty()) {
        if (link_) {
            const auto [step, count] = link_->write(bytes);
            bytes.remove_prefix(step == http::TlsStep::done ? count : 0);
            if (step != http::TlsStep::done) TRY(wait_for(step));
            continue;
        }
        const auto sent = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent >= 0)
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        else if (errno == EAGAIN)
            TRY(wait(POLLOUT));
        else if (errno != EINTR)
            return no_answer(receiver_, reason());
    }
    return {};
}

void Stream::finish() {
    if (link_) link_->close();
    ::shutdown(socket_.get(), SHUT_WR);
    // What came and was not read, such as tickets of TLS, would make of the end a reset.
    std::array<char, 4'096> rest{};
    for (;;) {
        const auto got = ::recv(socket_.get(), rest.data(), rest.size(), 0);
        if (got > 0 || (got < 0 && errno == EINTR)) continue;
        if (got == 0 || errno != EAGAIN || !wait(POLLIN)) return;
    }
}

Result<std::size_t> Stream::read(std::span<char> target) {
    for (;;) {
        if (link_) {
            const auto [step, count] = link_->read(target);
            if (step == http::TlsStep::done) return count;
            if (step == http::TlsStep::closed) return 0;
            TRY(wait_for(step));
            continue;
        }
        const auto got = ::recv(socket_.get(), target.data(), target.size(), 0);
        if (got >= 0) return static_cast<std::size_t>(got);
        if (errno == EAGAIN)
            TRY(wait(POLLIN));
        else if (errno != EINTR)
            return no_answer(receiver_, reason());
    }
}

}   // namespace ward::lab
