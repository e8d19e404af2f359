// SPDX-License-Identifier: Apache-2.0
#include "mllp/server.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <list>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <thread>
#include <utility>

#include "core/mutex.hpp"
#include "mllp/link.hpp"

namespace ward::mllp {
namespace {

using Clock = std::chrono::steady_clock;

/// An address of either family, as the socket functions want it.
struct SocketAddress {
    sockaddr_storage storage{};
    socklen_t size = sizeof(sockaddr_storage);

    sockaddr* get() { return static_cast<sockaddr*>(static_cast<void*>(&storage)); }
    template <class Family>
    Family& as() {
        return *static_cast<Family*>(static_cast<void*>(&storage));
    }
    std::uint16_t port() {
        return ntohs(storage.ss_family == AF_INET6 ? as<sockaddr_in6>().sin6_port
                                                   : as<sockaddr_in>().sin_port);
    }
    std::string host() {
        std::array<char, INET6_ADDRSTRLEN> text{};
        const bool is_v6 = storage.ss_family == AF_INET6;
        const void* bytes = is_v6 ? static_cast<const void*>(&as<sockaddr_in6>().sin6_addr)
                                  : static_cast<const void*>(&as<sockaddr_in>().sin_addr);
        return ::inet_ntop(storage.ss_family, bytes, text.data(), text.size()) == nullptr
                   ? std::string{}
                   : std::string{text.data()};
    }
};

/// "127.0.0.1:2575" or "[::1]:2575".
Result<SocketAddress> parse_address(const std::string& text) {
    const auto colon = text.rfind(':');
    const auto wrong = [&] { return fail(Errc::malformed, "not a numeric address and a port: " + text); };
    if (colon == std::string::npos) return wrong();
    auto host = text.substr(0, colon);
    std::uint16_t port = 0;
    const auto* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data() + colon + 1, end, port);
    if (error != std::errc{} || stop != end) return wrong();
    SocketAddress address;
    if (host.starts_with('[') && host.ends_with(']')) {
        host = host.substr(1, host.size() - 2);
        address.storage.ss_family = AF_INET6;
        address.size = sizeof(sockaddr_in6);
        address.as<sockaddr_in6>().sin6_port = htons(port);
        if (::inet_pton(AF_INET6, host.c_str(), &address.as<sockaddr_in6>().sin6_addr) != 1) return wrong();
        return address;
    }
    address.storage.ss_family = AF_INET;
    address.size = sizeof(sockaddr_in);
    address.as<sockaddr_in>().sin_port = htons(port);
    if (::inet_pton(AF_INET, host.c_str(), &address.as<sockaddr_in>().sin_addr) != 1) return wrong();
    return address;
}

/// A peer that went without a word is noticed within minutes, although feeds may be silent for hours.
void keep_alive(int socket) {
    const auto set = [socket](int level, int option, int value) {
        ::setsockopt(socket, level, option, &value, sizeof value);
    };
    set(SOL_SOCKET, SO_KEEPALIVE, 1);
    set(IPPROTO_TCP, TCP_KEEPIDLE, 60);
    set(IPPROTO_TCP, TCP_KEEPINTVL, 20);
    set(IPPROTO_TCP, TCP_KEEPCNT, 6);
    set(IPPROTO_TCP, TCP_NODELAY, 1);
}

struct AtomicCounters {
    std::atomic<std::uint64_t> connections = 0, open = 0, rejected = 0, handshakes_failed = 0, frames = 0,
                               unended = 0, abandoned = 0, garbage = 0, bytes_held = 0;
};

/// What all connections of a server share.
struct Shared {
    ServerLimits limits;
    Take take;
    UniqueFd stop;   // readable once all are to end
    AtomicCounters counters;
    Mutex mutex;   // guards the last refused connection, which connections write and anybody reads
    RefusedConnection last_refused GUARDED_BY(mutex);

    void refuse(const std::string& address, std::string_view why) {
        const Lock lock{mutex};
        last_refused = {address, std::string{why}};
    }
};

/// Bytes that this connection holds until they are answered, counted with those of all others.
class Held {
public:
    explicit Held(AtomicCounters& counters) : counters_(counters) {}
    Held(const Held&) = delete;
    Held& operator=(const Held&) = delete;
    ~Held() { counters_.bytes_held -= bytes_; }
    std::uint64_t set(std::size_t bytes) {
        counters_.bytes_held += bytes;
        return counters_.bytes_held -= std::exchange(bytes_, bytes);
    }

private:
    AtomicCounters& counters_;
    std::size_t bytes_ = 0;
};

/// Serves one connection to its end.
class Conversation {
public:
    Conversation(Shared& shared, Link& link, std::string address)
        : shared_(shared), link_(link), frames_(shared.limits.message_bytes_max), held_(shared.counters) {
        peer_.address = std::move(address);
    }

    void run() {
        if (!link_.handshake(Clock::now() + shared_.limits.handshake_timeout)) {
            shared_.refuse(peer_.address, link_.failure());
            ++shared_.counters.handshakes_failed;
            return;
        }
        peer_.certificate = link_.peer_certificate();
        while (step()) {
        }
        shared_.counters.garbage += frames_.garbage_bytes();
        if (frames_.is_inside()) ++shared_.counters.abandoned;
        link_.close();
    }

private:
    /// False at the end of the conversation.
    bool step() {
        const bool inside = frames_.is_inside();
        const auto patience = may_be_whole_ ? shared_.limits.unended_timeout : shared_.limits.message_timeout;
        const auto amount = link_.read(buffer_, inside ? Deadline{Clock::now() + patience} : Deadline{});
        switch (amount.step) {
            case ReadStep::bytes: return take_in({buffer_.data(), amount.count});
            case ReadStep::timed_out:
                // The end of a segment may be that of a message whose FS was forgotten.
                if (may_be_whole_) return take_unended();
                return false;
            case ReadStep::closed: take_unended(); return false;
            case ReadStep::failed:   // what has come may be half of a message
            case ReadStep::stopped: return false;
        }
        return false;
    }

    bool take_in(std::string_view bytes) {
        std::vector<hl7::Frame> complete;
        frames_.feed(bytes, complete);
        may_be_whole_ = frames_.is_inside() && (bytes.back() == '\r' || bytes.back() == '\n');
        auto waiting = frames_.memory();
        for (const auto& frame : complete) waiting += frame.text.size();
        if (held_.set(waiting) > shared_.limits.bytes_max) return false;
        for (const auto& frame : complete)
            if (!answer(frame)) return false;
        return held_.set(frames_.memory()) <= shared_.limits.bytes_max;
    }

    bool take_unended() {
        may_be_whole_ = false;
        const auto frame = frames_.take_unended();
        if (!frame) return true;
        ++shared_.counters.unended;
        held_.set(frames_.memory() + frame->text.size());
        return answer(*frame);
    }

    bool answer(const hl7::Frame& frame) {
        ++shared_.counters.frames;
        std::string answers;
        for (const auto& answer : shared_.take(frame, peer_)) answers += hl7::framed(answer);
        return link_.write(answers, Clock::now() + shared_.limits.write_timeout);
    }

    Shared& shared_;
    Link& link_;
    Peer peer_;
    hl7::Frames frames_;
    Held held_;
    bool may_be_whole_ = false;
    std::array<char, std::size_t{16} << 10> buffer_{};
};

}   // namespace

class Server::Listener {
public:
    Listener(ServerOptions options, Take take) : options_(std::move(options)) {
        shared_.limits = options_.limits;
        shared_.take = std::move(take);
    }
    ~Listener() { stop(); }

    Result<> listen() {
        auto address = TRY(parse_address(options_.address));
        const auto failed = [&] {
            return fail(Errc::unavailable, "listen on " + options_.address + ": " + std::strerror(errno));
        };
        socket_ =
            UniqueFd{::socket(address.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
        shared_.stop = UniqueFd{::eventfd(0, EFD_CLOEXEC)};
        if (!socket_ || !shared_.stop) return failed();
        const int yes = 1;
        ::setsockopt(socket_.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
        if (::bind(socket_.get(), address.get(), address.size) != 0 ||
            ::listen(socket_.get(), SOMAXCONN) != 0)
            return failed();
        SocketAddress bound;
        if (::getsockname(socket_.get(), bound.get(), &bound.size) != 0) return failed();
        port_ = bound.port();
        return {};
    }

    void start() {
        if (!thread_.joinable()) thread_ = std::thread{[this] { accept_all(); }};
    }

    void stop() {
        if (shared_.stop) ::eventfd_write(shared_.stop.get(), 1);   // never read: it wakes everybody
        if (thread_.joinable()) thread_.join();
        for (auto& connection : connections_) connection.thread.join();
        connections_.clear();
    }

    std::uint16_t port() const { return port_; }

    ServerCounters counters() const {
        const auto& all = shared_.counters;
        return {all.connections, all.open,    all.rejected,  all.handshakes_failed,
                all.frames,      all.unended, all.abandoned, all.garbage};
    }

    RefusedConnection last_refused() {
        const Lock lock{shared_.mutex};
        return shared_.last_refused;
    }

private:
    struct Connection {
        explicit Connection(std::string from) : address(std::move(from)) {}
        std::string address;
        std::thread thread{};
        std::atomic<bool> ended = false;
    };

    void accept_all() {
        for (;;) {
            std::array<pollfd, 2> watched{pollfd{socket_.get(), POLLIN, 0},
                                          pollfd{shared_.stop.get(), POLLIN, 0}};
            if (::poll(watched.data(), watched.size(), -1) < 0 && errno != EINTR) return;
            if (watched[1].revents != 0) return;
            reap();
            if (watched[0].revents != 0) accept_one();
        }
    }

    void reap() {
        for (auto at = connections_.begin(); at != connections_.end();) {
            if (!at->ended) {
                ++at;
                continue;
            }
            at->thread.join();
            at = connections_.erase(at);
        }
    }

    void accept_one() {
        SocketAddress peer;
        UniqueFd socket{::accept4(socket_.get(), peer.get(), &peer.size, SOCK_CLOEXEC | SOCK_NONBLOCK)};
        if (!socket) {
            // Out of descriptors: there is one again when a connection ends.
            if (errno == EMFILE || errno == ENFILE) ::poll(nullptr, 0, 100);
            return;
        }
        const auto host = peer.host();
        const auto of_host = std::ranges::count(connections_, host, &Connection::address);
        const bool is_full = connections_.size() >= shared_.limits.connections_max;
        if (is_full || std::cmp_greater_equal(of_host, shared_.limits.connections_per_address_max)) {
            shared_.refuse(host, is_full ? "there are too many connections"
                                         : "there are too many connections from this address");
            ++shared_.counters.rejected;
            return;
        }
        std::optional<http::TlsLink> tls;
        if (options_.tls) {
            auto link = options_.tls->accept(socket.get());
            if (!link) return;
            tls = *std::move(link);
        }
        keep_alive(socket.get());
        ++shared_.counters.connections;
        ++shared_.counters.open;
        auto& connection = connections_.emplace_back(host);
        connection.thread =
            std::thread{[this, &connection, address = host,
                         link = Link{std::move(socket), shared_.stop.get(), std::move(tls)}]() mutable {
                Conversation{shared_, link, std::move(address)}.run();
                --shared_.counters.open;
                connection.ended = true;
            }};
    }

    ServerOptions options_;
    Shared shared_;
    UniqueFd socket_;
    std::uint16_t port_ = 0;
    std::list<Connection> connections_;   // of the accepting thread, and of stop() once that has ended
    std::thread thread_;
};

Server::Server(std::unique_ptr<Listener> listener) : listener_(std::move(listener)) {}
Server::Server(Server&&) noexcept = default;
Server::~Server() = default;

Result<Server> Server::open(ServerOptions options, Take take) {
    auto listener = std::make_unique<Listener>(std::move(options), std::move(take));
    TRY(listener->listen());
    return Server{std::move(listener)};
}

void Server::start() { listener_->start(); }
void Server::stop() { listener_->stop(); }
std::uint16_t Server::port() const { return listener_->port(); }
ServerCounters Server::counters() const { return listener_->counters(); }
RefusedConnection Server::last_refused() const { return listener_->last_refused(); }

}   // namespace ward::mllp
