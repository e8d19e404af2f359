// SPDX-License-Identifier: Apache-2.0
#include "mllp/link.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <poll.h>
#include <sys/socket.h>

namespace ward::mllp {
namespace {

using http::TlsAmount;
using http::TlsStep;

int milliseconds_until(Deadline deadline) {
    if (!deadline) return -1;
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(*deadline - std::chrono::steady_clock::now());
    constexpr std::chrono::milliseconds least{0}, most{3'600'000};
    return static_cast<int>(std::clamp(left, least, most).count());
}

short events_for(TlsStep step) { return step == TlsStep::wants_write ? POLLOUT : POLLIN; }
bool waits(TlsStep step) { return step == TlsStep::wants_read || step == TlsStep::wants_write; }

/// What a call on a plain socket came to, in the same words.
TlsAmount amount_of(ssize_t count, TlsStep when_blocked) {
    if (count > 0) return {TlsStep::done, static_cast<std::size_t>(count)};
    if (count == 0) return {TlsStep::closed, 0};
    return {errno == EAGAIN || errno == EINTR ? when_blocked : TlsStep::failed, 0};
}

}   // namespace

ReadStep Link::wait(short events, Deadline deadline, Stoppable stoppable) const {
    for (;;) {
        std::array<pollfd, 2> watched{pollfd{socket_.get(), events, 0}, pollfd{stop_, POLLIN, 0}};
        const int ready =
            ::poll(watched.data(), stoppable == Stoppable::yes ? 2 : 1, milliseconds_until(deadline));
        if (ready < 0 && errno == EINTR) continue;
        if (ready < 0) return ReadStep::failed;
        if (ready == 0) return ReadStep::timed_out;
        if (watched[1].revents != 0) return ReadStep::stopped;
        return ReadStep::bytes;
    }
}

TlsAmount Link::read_some(std::span<char> target) {
    if (tls_) return tls_->read(target);
    return amount_of(::recv(socket_.get(), target.data(), target.size(), 0), TlsStep::wants_read);
}

TlsAmount Link::write_some(std::string_view source) {
    if (tls_) return tls_->write(source);
    return amount_of(::send(socket_.get(), source.data(), source.size(), MSG_NOSIGNAL), TlsStep::wants_write);
}

bool Link::handshake(Deadline deadline) {
    if (!tls_) return true;
    for (;;) {
        const auto step = tls_->handshake();
        if (step == TlsStep::done) return true;
        if (!waits(step) || wait(events_for(step), deadline, Stoppable::yes) != ReadStep::bytes) return false;
    }
}

std::string_view Link::failure() const {
    const auto said = tls_ ? tls_->failure() : std::string_view{};
    return said.empty() ? "the TLS handshake was not ended" : said;
}

ReadAmount Link::read(std::span<char> target, Deadline deadline) {
    for (;;) {
        const auto amount = read_some(target);
        if (amount.step == TlsStep::done) return {ReadStep::bytes, amount.count};
        if (amount.step == TlsStep::closed) return {ReadStep::closed, 0};
        if (!waits(amount.step)) return {ReadStep::failed, 0};
        const auto step = wait(events_for(amount.step), deadline, Stoppable::yes);
        if (step != ReadStep::bytes) return {step, 0};
    }
}

bool Link::write(std::string_view text, Deadline deadline) {
    while (!text.empty()) {
        const auto amount = write_some(text);
        if (amount.step == TlsStep::done) {
            text.remove_prefix(amount.count);
            continue;
        }
        if (!waits(amount.step) || wait(events_for(amount.step), deadline, Stoppable::no) != ReadStep::bytes)
            return false;
    }
    return true;
}

void Link::close() {
    if (tls_) tls_->close();
    ::shutdown(socket_.get(), SHUT_RDWR);
}

std::optional<http::PeerCertificate> Link::peer_certificate() const {
    return tls_ ? tls_->peer_certificate() : std::nullopt;
}

}   // namespace ward::mllp
