// SPDX-License-Identifier: Apache-2.0
#include "lab/play/reach.hpp"

#include <algorithm>
#include <cerrno>
#include <memory>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <system_error>

namespace ward::lab {
namespace {

struct FreeAddresses {
    void operator()(addrinfo* found) const { ::freeaddrinfo(found); }
};

std::string reason(int error) { return std::system_category().message(error); }

/// Those that are tried at once.
class Attempts {
public:
    explicit Attempts(const Receiver& receiver) : receiver_(receiver) {}

    void begin(const Endpoint& endpoint) {
        UniqueFd socket{::socket(endpoint.address.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
        const int no_delay = 1;
        ::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &no_delay, sizeof no_delay);
        const auto* address = static_cast<const sockaddr*>(static_cast<const void*>(&endpoint.address));
        if (::connect(socket.get(), address, endpoint.size) != 0 && errno != EINPROGRESS)
            last_ = no_answer(receiver_, reason(errno));
        else
            open_.push_back(std::move(socket));
    }

    bool none() const { return open_.empty(); }

    /// One that stands; none if that takes longer, or one of them failed.
    UniqueFd wait(Deadline& deadline, std::chrono::milliseconds at_most) {
        std::vector<pollfd> wanted;
        wanted.reserve(open_.size());
        for (const auto& socket : open_) wanted.push_back({socket.get(), POLLOUT, 0});
        if (!deadline.wait(wanted, at_most)) {
            last_ = no_answer(receiver_, "it did not answer in time");
            return {};
        }
        const auto ready = std::ranges::find_if(wanted, [](const auto& one) { return one.revents != 0; });
        const auto place = open_.begin() + (ready - wanted.begin());
        auto socket = std::move(*place);
        open_.erase(place);
        int error = 0;
        socklen_t size = sizeof error;
        ::getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &error, &size);
        if (error == 0) return socket;
        last_ = no_answer(receiver_, reason(error));
        return {};
    }

    const tl::unexpected<Error>& last() const { return last_; }

private:
    const Receiver& receiver_;
    std::vector<UniqueFd> open_;
    tl::unexpected<Error> last_ = no_answer(receiver_, "it has no address");
};

}   // namespace

Result<std::vector<Endpoint>> endpoints_of(const Receiver& receiver) {
    addrinfo wish{};
    wish.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    const int error =
        ::getaddrinfo(receiver.host.c_str(), std::to_string(receiver.port).c_str(), &wish, &found);
    if (error != 0) return no_answer(receiver, ::gai_strerror(error));
    const std::unique_ptr<addrinfo, FreeAddresses> addresses{found};
    std::vector<Endpoint> endpoints;
    for (const auto* one = found; one != nullptr; one = one->ai_next) {
        auto& endpoint = endpoints.emplace_back();
        std::ranges::copy_n(static_cast<const std::byte*>(static_cast<const void*>(one->ai_addr)),
                            one->ai_addrlen, static_cast<std::byte*>(static_cast<void*>(&endpoint.address)));
        endpoint.size = one->ai_addrlen;
    }
    return endpoints;
}

Result<UniqueFd> reach(const Receiver& receiver, const std::vector<Endpoint>& endpoints, Deadline& deadline) {
    constexpr std::chrono::milliseconds between{250};   // RFC 8305, 8
    Attempts attempts{receiver};
    auto next = endpoints.begin();
    while (next != endpoints.end() || !attempts.none()) {
        if (next != endpoints.end()) attempts.begin(*next++);
        if (attempts.none()) continue;
        auto socket = attempts.wait(deadline, next == endpoints.end() ? std::chrono::hours{24} : between);
        if (socket) return socket;
        if (deadline.is_over()) break;
    }
    return attempts.last();
}

}   // namespace ward::lab
