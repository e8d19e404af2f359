// SPDX-License-Identifier: Apache-2.0
#include "http/connection.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <boost/asio/defer.hpp>
#include <cerrno>
#include <utility>

#include "core/assert.hpp"
#include "http/response_writer.hpp"

namespace ward::http {
namespace {

constexpr std::size_t record_size = 16 * 1024;         // RFC 8446, 5.1
constexpr std::size_t kept_head_capacity = 4 * 1024;   // an idle connection keeps no more of its last answer
constexpr int discards_at_once = 64;                   // then others get a turn

using ErrorCode = boost::system::error_code;

Moment now() { return std::chrono::steady_clock::now(); }

std::chrono::milliseconds time_for(std::size_t bytes, std::size_t bytes_per_second) {
    return std::chrono::milliseconds{bytes * 1000 / bytes_per_second};
}

}   // namespace

Respond::Respond(std::unique_ptr<Connection> connection) : connection_(std::move(connection)) {}
Respond::Respond(Respond&&) noexcept = default;
Respond::~Respond() {
    if (connection_) Connection::abandon(std::move(connection_));
}

void Respond::operator()(Response response) {
    WARD_ASSERT(connection_ != nullptr);   // answered twice
    Connection::respond(std::move(connection_), std::move(response));
}

Connection::Connection(Site& site, Socket socket, TlsLink tls, std::string peer_address)
    : site_(site),
      socket_(std::move(socket)),
      tls_(std::move(tls)),
      peer_address_(std::move(peer_address)),
      reader_({site.limits.header_bytes_max, site.limits.body_bytes_max}, site.budget) {
    watched_.socket = socket_.native_handle();
    watched_.deadline.extend(Phase::handshake, now() + site.limits.handshake_timeout);
    site_.watch.add(watched_);
}

Connection::~Connection() { site_.watch.remove(watched_); }

void Connection::wait(Owner self, Socket::wait_type event, Step next) {
    auto& socket = self->socket_;
    socket.async_wait(event, [self = std::move(self), next](const ErrorCode& error) mutable {
        if (!error) next(std::move(self));
    });
}

// A step of its own, so that requests that came together do not pile up on the stack.
void Connection::post(Owner self, Step next) {
    const auto executor = self->socket_.get_executor();
    boost::asio::defer(executor, [self = std::move(self), next]() mutable { next(std::move(self)); });
}

void Connection::handshake(Owner self) {
    switch (self->tls_.handshake()) {
        case TlsStep::done: return await_request(std::move(self));
        case TlsStep::wants_read: return wait(std::move(self), Socket::wait_read, handshake);
        case TlsStep::wants_write: return wait(std::move(self), Socket::wait_write, handshake);
        case TlsStep::closed:
        case TlsStep::failed: ++self->site_.handshakes_failed;
    }
}

void Connection::await_request(Owner self) {
    auto& connection = *self;
    connection.request_began_.reset();
    connection.body_began_.reset();
    connection.watched_.deadline.extend(Phase::idle, now() + connection.site_.limits.idle_timeout);
    // stop() first says so, then looks for the idle; here it is the other way round, so that none is missed.
    if (connection.site_.stopping) return connection.tls_.close();
    if (connection.reader_.has_surplus()) return post(std::move(self), resume);
    if (connection.tls_.has_pending()) return post(std::move(self), read);
    wait(std::move(self), Socket::wait_read, read);
}

void Connection::resume(Owner self) {
    if (advance(self, {}) == Reading::goes_on) read(std::move(self));
}

void Connection::read(Owner self) {
    std::array<char, record_size> buffer;
    for (;;) {
        if (self->watched_.deadline.is_expired()) return time_out(std::move(self));
        const auto amount = self->tls_.read(buffer);
        switch (amount.step) {
            case TlsStep::wants_read: return wait(std::move(self), Socket::wait_read, read);
            case TlsStep::wants_write: return wait(std::move(self), Socket::wait_write, read);
            case TlsStep::closed:
            case TlsStep::failed: return;
            case TlsStep::done: break;
        }
        if (advance(self, {buffer.data(), amount.count}) == Reading::is_over) return;
    }
}

Connection::Reading Connection::advance(Owner& self, std::string_view bytes) {
    switch (self->reader_.put(bytes)) {
        case ReadState::need_more:
            if (self->keep_time()) return Reading::goes_on;
            time_out(std::move(self));
            break;
        case ReadState::expects_continue:
            self->head_ = "HTTP/1.1 100 Continue\r\n\r\n";
            self->after_write_ = AfterWrite::read_on;
            write(std::move(self));
            break;
        case ReadState::complete: answer(std::move(self)); break;
        case ReadState::refused: {
            const auto refusal = self->reader_.refusal();
            refuse(std::move(self), refusal);
            break;
        }
    }
    return Reading::is_over;
}

// A header has a fixed time from its first byte; a body as long as a slow but honest line takes for it.
bool Connection::keep_time() {
    if (!reader_.has_begun()) return true;
    const auto& limits = site_.limits;
    if (!request_began_) request_began_ = now();
    if (!reader_.header_is_complete())
        return watched_.deadline.move_on(Phase::reading, *request_began_ + limits.header_timeout);
    if (!body_began_) body_began_ = now();
    const auto time = limits.body_timeout + time_for(reader_.body_size(), limits.body_rate_min);
    return watched_.deadline.move_on(Phase::reading, *body_began_ + time);
}

void Connection::answer(Owner self) {
    auto& site = self->site_;
    if (!self->watched_.deadline.move_on(Phase::answering, Deadline::never)) return time_out(std::move(self));
    if (site.requests_in_flight.fetch_add(1) >= site.limits.requests_in_flight_max) {
        --site.requests_in_flight;
        return refuse(std::move(self), {503, "too many requests at once"});
    }
    ++site.requests;
    auto request = self->reader_.take();
    request.peer_address = self->peer_address_;
    if (site.asks_for_certificates)
        if (const auto certificate = self->tls_.peer_certificate())
            request.peer_certificate = certificate->fingerprint;
    site.answer(std::move(request), Respond{std::move(self)});
}

void Connection::respond(Owner self, Response response) {
    --self->site_.requests_in_flight;
    self->reader_.release_body();
    self->after_write_ = self->reader_.keeps_alive() ? AfterWrite::next_request : AfterWrite::close;
    self->prepare(std::move(response));
    post(std::move(self), write);
}

void Connection::abandon(Owner self) {
    --self->site_.requests_in_flight;
    self->reader_.release_body();
    post(std::move(self), [](Owner abandoned) { refuse(std::move(abandoned), {500, "no answer was made"}); });
}

void Connection::time_out(Owner self) {
    // Before the first byte of a request nobody waits for an answer.
    if (self->reader_.has_begun()) refuse(std::move(self), {408, "the request took too long to arrive"});
}

void Connection::refuse(Owner self, Refusal refusal) {
    auto& connection = *self;
    ++connection.site_.requests_refused;
    connection.reader_.drop();   // before the client is waited for
    const auto& error_body = connection.site_.error_body;
    Response response{
        .status = refusal.status, .headers = {{"Content-Type", error_body.content_type}}, .body = {}};
    response.body =
        error_body.write ? error_body.write(refusal.status, refusal.what) : std::string{refusal.what};
    if (refusal.status == 503) response.headers.push_back({"Retry-After", "1"});
    connection.after_write_ = AfterWrite::close;
    connection.prepare(std::move(response));
    const auto& refused = connection.site_.refused;
    if (!refused) return write(std::move(self));
    connection.watched_.deadline.extend(Phase::answering, Deadline::never);
    const auto peer_address = connection.peer_address_;
    refused(refusal.status, refusal.what, peer_address,
            [self = std::move(self)]() mutable { post(std::move(self), write); });
}

void Connection::prepare(Response response) {
    if (site_.stopping) after_write_ = AfterWrite::close;
    const ResponseFrame frame{
        .date = site_.clock.now(),
        .after = after_write_ == AfterWrite::close ? AfterResponse::close : AfterResponse::keep_alive};
    head_.clear();
    if (!write_header(head_, response, frame)) {
        response = {.status = 500, .headers = {}, .body = {}};
        write_header(head_, response, frame);
    }
    if (reader_.is_head() || is_bodiless(response.status)) return;
    const auto room = head_.size() < record_size ? record_size - head_.size() : 0;
    body_sent_ = std::min(room, response.body.size());
    head_.append(response.body, 0, body_sent_);
    if (body_sent_ < response.body.size()) body_ = std::move(response.body);
}

std::string_view Connection::unsent() const {
    if (head_sent_ < head_.size()) return std::string_view{head_}.substr(head_sent_);
    return std::string_view{body_}.substr(std::min(body_sent_, body_.size()));
}

void Connection::write(Owner self) {
    auto& connection = *self;
    for (auto rest = connection.unsent(); !rest.empty(); rest = connection.unsent()) {
        const auto amount = connection.tls_.write(rest);
        if (amount.step == TlsStep::done) {
            auto& sent = connection.head_sent_ < connection.head_.size() ? connection.head_sent_
                                                                         : connection.body_sent_;
            sent += amount.count;
            continue;
        }
        if (amount.step == TlsStep::closed || amount.step == TlsStep::failed) return;
        const auto& limits = connection.site_.limits;
        const auto sent = connection.head_sent_ + connection.body_sent_;
        const auto time = limits.write_timeout + time_for(sent, limits.body_rate_min);
        if (!connection.write_began_) connection.write_began_ = now();
        connection.watched_.deadline.extend(Phase::writing, *connection.write_began_ + time);
        return wait(std::move(self),
                    amount.step == TlsStep::wants_read ? Socket::wait_read : Socket::wait_write, write);
    }
    finish(std::move(self));
}

void Connection::finish(Owner self) {
    auto& connection = *self;
    if (connection.head_.capacity() > kept_head_capacity) connection.head_ = {};
    connection.head_.clear();
    connection.body_ = {};
    connection.head_sent_ = connection.body_sent_ = 0;
    connection.write_began_.reset();
    switch (connection.after_write_) {
        case AfterWrite::next_request: return await_request(std::move(self));
        case AfterWrite::close: return linger(std::move(self));
        case AfterWrite::read_on: break;
    }
    connection.body_began_ = now();
    connection.watched_.deadline.extend(Phase::reading,
                                        *connection.body_began_ + connection.site_.limits.body_timeout);
    read(std::move(self));
}

// RFC 9112, 9.6: closing while the client still sends would reset the connection under our answer.
void Connection::linger(Owner self) {
    auto& connection = *self;
    connection.tls_.close();
    ErrorCode ignored;   // the peer may have gone
    connection.socket_.shutdown(Socket::shutdown_send, ignored);
    connection.watched_.deadline.extend(Phase::lingering, now() + connection.site_.limits.linger_timeout);
    discard(std::move(self));
}

void Connection::discard(Owner self) {
    std::array<char, record_size> buffer;
    for (int i = 0; i < discards_at_once; ++i) {
        const auto count = ::recv(self->watched_.socket, buffer.data(), buffer.size(), 0);
        if (count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR)) return;
        if (count < 0) break;
    }
    wait(std::move(self), Socket::wait_read, discard);
}

}   // namespace ward::http
