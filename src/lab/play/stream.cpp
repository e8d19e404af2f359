// SPDX-License-Identifier: Apache-2.0
#include "lab/play/stream.hpp"

#include <array>
#include <cerrno>
#include <fmt/format.h>
#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <system_error>

#include "lab/play/reach.hpp"

namespace ward::lab {
namespace {

std::string reason() { return std::system_category().message(errno); }

}   // namespace

Result<Stream> Stream::connect(const Receiver& receiver, const http::TlsRole* role, Deadline& deadline) {
    const auto endpoints = TRY(endpoints_of(receiver));
    Stream stream{receiver, TRY(reach(receiver, endpoints, deadline))};
    if (role == nullptr) return stream;
    stream.link_ = TRY(role->connect(stream.socket_.get(), receiver.host));
    for (;;) {
        const auto step = stream.link_->handshake();
        if (step == http::TlsStep::done) return stream;
        TRY(stream.wait_for(step, deadline));
    }
}

Result<> Stream::wait(short events, Deadline& deadline) {
    if (deadline.wait(socket_.get(), events)) return {};
    return no_answer(receiver_, "it did not answer in time");
}

Result<> Stream::wait_for(http::TlsStep step, Deadline& deadline) {
    if (step == http::TlsStep::wants_read) return wait(POLLIN, deadline);
    if (step == http::TlsStep::wants_write) return wait(POLLOUT, deadline);
    if (step == http::TlsStep::closed) return no_answer(receiver_, "the connection was closed");
    const auto why = link_->failure();
    return no_answer(receiver_, why.empty() ? "the connection was closed" : fmt::format("TLS: {}", why));
}

Result<> Stream::write(std::string_view bytes, Deadline& deadline) {
    is_fresh_ = false;
    while (!bytes.empty()) {
        if (link_) {
            const auto [step, count] = link_->write(bytes);
            bytes.remove_prefix(step == http::TlsStep::done ? count : 0);
            if (step != http::TlsStep::done) TRY(wait_for(step, deadline));
            continue;
        }
        const auto sent = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent >= 0)
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        else if (errno == EAGAIN)
            TRY(wait(POLLOUT, deadline));
        else if (errno != EINTR)
            return no_answer(receiver_, reason());
    }
    return {};
}

Result<std::size_t> Stream::read(std::span<char> target, Deadline& deadline) {
    for (;;) {
        if (link_) {
            const auto [step, count] = link_->read(target);
            if (step == http::TlsStep::done) return count;
            if (step == http::TlsStep::closed) return 0;
            TRY(wait_for(step, deadline));
            continue;
        }
        const auto got = ::recv(socket_.get(), target.data(), target.size(), 0);
        if (got >= 0) return static_cast<std::size_t>(got);
        if (errno == EAGAIN)
            TRY(wait(POLLIN, deadline));
        else if (errno != EINTR)
            return no_answer(receiver_, reason());
    }
}

bool Stream::is_usable() {
    if (is_retired_) return false;
    std::array<char, 1> unasked{};
    // TLS has messages of its own, which yield no bytes.
    if (link_) return link_->read(unasked).step == http::TlsStep::wants_read;
    return ::recv(socket_.get(), unasked.data(), unasked.size(), MSG_PEEK) < 0 && errno == EAGAIN;
}

bool Stream::has_arrived() const {
    int unacknowledged = 0;
    return ::ioctl(socket_.get(), SIOCOUTQ, &unacknowledged) == 0 && unacknowledged == 0;
}

void Stream::finish(Deadline& deadline) {
    end();
    ::shutdown(socket_.get(), SHUT_WR);
    // What came and was not read, such as tickets of TLS, would make of the end a reset.
    std::array<char, 4'096> rest{};
    for (;;) {
        const auto got = ::recv(socket_.get(), rest.data(), rest.size(), 0);
        if (got > 0 || (got < 0 && errno == EINTR)) continue;
        if (got == 0 || errno != EAGAIN || !wait(POLLIN, deadline)) return;
    }
}

}   // namespace ward::lab
