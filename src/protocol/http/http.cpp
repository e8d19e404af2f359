// SPDX-License-Identifier: Apache-2.0
#include "protocol/http/http.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "protocol/http/exchange.hpp"
#include "protocol/http/stream.hpp"

namespace ward::protocol::http {
namespace {

std::string_view method_of(std::string_view text) {
    return text.substr(0, std::min<std::size_t>(text.find(' '), 24));
}

/// RFC 9110, 9.1: a method is any token.
bool may_begin_request(std::string_view text) {
    const auto method = method_of(text);
    return method.size() < 24 && (method.empty() || is_token(method));
}

/// After a loss any word could be one, so that only what methods look like is believed.
bool begins_request(std::string_view text) {
    const auto method = method_of(text);
    return method.size() < 24 &&
           std::ranges::all_of(method, [](char c) { return (c >= 'A' && c <= 'Z') || c == '-' || c == '_'; });
}

bool may_begin_response(std::string_view text) {
    constexpr std::string_view version = "HTTP/1.";
    return text.substr(0, version.size()) == version.substr(0, text.size());
}

/// RFC 9112, 6.3.
BodyForm form_of(const Head& head, Ending otherwise) {
    if (head.status == 204 || head.status == 304) return {Ending::sized, 0};
    if (head.transfer == Transfer::chunked) return {Ending::chunked, 0};
    if (head.transfer == Transfer::other) return {Ending::close, 0};
    if (head.content_length) return {Ending::sized, *head.content_length};
    return {otherwise, 0};
}

/// Requests and responses of one connection, in their order (RFC 9112, 9.3.2).
class HttpSession final : public Session {
public:
    void data(Side from, Bytes bytes, Output& out) override {
        if (from == Side::client) {
            RequestReading reading{*this, out};
            requests_.feed(as_text(bytes), reading);
        } else {
            ResponseReading reading{*this, out};
            responses_.feed(as_text(bytes), reading);
        }
    }

    void gap(Side from, std::uint64_t lost, Output& out) override {
        if (from == Side::client) {
            RequestReading reading{*this, out};
            if (!requests_.lose(lost, reading)) sending_ = nullptr;
            return;
        }
        ResponseReading reading{*this, out};
        // Which responses were lost is unknown, so those that wait are told without.
        if (!responses_.lose(lost, reading)) tell_waiting(out);
    }

    void end(Output& out) override {
        RequestReading requests{*this, out};
        requests_.end(requests);
        ResponseReading responses{*this, out};
        responses_.end(responses);
        tell_waiting(out);
    }

    std::size_t memory() const noexcept override {
        auto bytes = sizeof *this + requests_.memory() + responses_.memory();
        for (const auto& exchange : waiting_) bytes += exchange->memory();
        return bytes;
    }

private:
    void tell_waiting(Output& out) {
        for (const auto& exchange : waiting_) exchange->tell(out);
        waiting_.clear();
        sending_ = nullptr;
        answered_ = nullptr;
        given_up_ = 0;
        passed_by_ = 0;
    }

    /// Its response comes all the same, and belongs to nobody who waits.
    void give_up_oldest(Output& out) {
        if (answered_ == nullptr && passed_by_ == 0) ++given_up_;
        drop_oldest(out);
    }

    /// It belonged to the oldest request all the same, which is told when an answer is understood again: it
    /// may be the rest of one that was torn.
    void pass_by_response() {
        if (given_up_ > 0)
            --given_up_;
        else if (passed_by_ < waiting_.size())
            ++passed_by_;
    }
    void tell_passed_by(Output& out) {
        while (passed_by_ > 0) drop_oldest(out);
    }

    void drop_oldest(Output& out) {
        const auto oldest = std::move(waiting_.front());
        waiting_.erase(waiting_.begin());
        if (passed_by_ > 0) --passed_by_;
        if (sending_ == oldest.get()) sending_ = nullptr;
        if (answered_ == oldest.get()) answered_ = nullptr;
        oldest->tell(out);
    }

    /// What is read while one piece of the client's stream goes past.
    struct RequestReading {
        HttpSession& session;
        Output& out;

        BodyForm begin_message(std::string_view block) {
            const auto head = read_head(block, Side::client);
            if (!head) {
                out.malformed("no HTTP request line", block.size());
                return {Ending::unknown, 0};
            }
            if (session.waiting_.size() >= limits.unanswered_max) session.give_up_oldest(out);
            session.waiting_.push_back(std::make_unique<Exchange>());
            session.sending_ = session.waiting_.back().get();
            session.sending_->begin_request(*head, out);
            return form_of(*head, Ending::sized);
        }
        void body(std::string_view piece) {
            if (session.sending_ == nullptr) return out.skipped(Uninspected::content, piece.size());
            out.skipped(Uninspected::content, session.sending_->request_body.add(piece));
            session.sending_->asked = out.now;
        }
        void lost_body(std::uint64_t bytes) {
            if (session.sending_ != nullptr) session.sending_->request_body.lose(bytes);
        }
        void end_message() { session.sending_ = nullptr; }
        void anomaly(std::string_view what) { note(session.sending_, what); }
        void garbage(std::string_view reason, std::size_t bytes) { out.malformed(reason, bytes); }
        void unreadable() {}
        void too_long(std::size_t bytes) { out.skipped(Uninspected::cap, bytes); }
        void torn(std::size_t bytes) { out.skipped(Uninspected::gap, bytes); }
        void tunnel(std::string_view /*rest*/) {}
    };

    /// What is read while one piece of the server's stream goes past.
    struct ResponseReading {
        HttpSession& session;
        Output& out;

        BodyForm begin_message(std::string_view block) {
            const auto head = read_head(block, Side::server);
            if (!head) {
                out.malformed("no HTTP status line", block.size());
                return {Ending::unknown, 0};
            }
            // RFC 9110, 15.2: an interim response; the real one follows.
            if (head->status < 200 && head->status != 101) return {Ending::sized, 0};
            session.tell_passed_by(out);
            if (session.given_up_ > 0) {
                --session.given_up_;
                return form_of(*head, Ending::close);
            }
            if (session.waiting_.empty()) {
                session.waiting_.push_back(std::make_unique<Exchange>());
                session.waiting_.front()->http.request_seen = false;
            }
            auto& exchange = *session.waiting_.front();
            session.answered_ = &exchange;
            exchange.begin_response(*head, out);
            const auto& method = exchange.http.http_method;
            if (head->status == 101 || (method == "CONNECT" && head->status < 300)) {
                session.tell_waiting(out);
                return {Ending::tunnel, 0};
            }
            if (method == "HEAD") return {Ending::sized, 0};
            return form_of(*head, Ending::close);
        }
        void body(std::string_view piece) {
            auto* const exchange = session.answered_;
            out.skipped(Uninspected::content,
                        exchange != nullptr ? exchange->response_body.add(piece) : piece.size());
        }
        void lost_body(std::uint64_t bytes) {
            if (session.answered_ != nullptr) session.answered_->response_body.lose(bytes);
        }
        void end_message() {
            if (session.answered_ != nullptr) session.drop_oldest(out);
        }
        void anomaly(std::string_view what) { note(session.answered_, what); }
        void garbage(std::string_view reason, std::size_t bytes) {
            out.malformed(reason, bytes);
            if (session.answered_ != nullptr) session.drop_oldest(out);
        }
        void unreadable() { session.pass_by_response(); }
        void too_long(std::size_t bytes) { out.skipped(Uninspected::cap, bytes); }
        void torn(std::size_t bytes) { out.skipped(Uninspected::gap, bytes); }
        void tunnel(std::string_view rest) { out.restart = as_bytes(rest); }
    };

    static void note(Exchange* exchange, std::string_view anomaly) {
        if (exchange == nullptr) return;
        auto& told = exchange->http.anomalies;
        if (std::ranges::find(told, anomaly) == told.end()) told.push_back(anomaly);
    }

    MessageStream<RequestReading> requests_{may_begin_request, begins_request};
    MessageStream<ResponseReading> responses_{may_begin_response, may_begin_response};
    std::vector<std::unique_ptr<Exchange>> waiting_;   // oldest first
    Exchange* sending_ = nullptr;                      // in waiting_: whose body the client sends
    Exchange* answered_ = nullptr;                     // the front of waiting_, once its response began
    std::size_t passed_by_ = 0;    // the oldest of waiting_, whose responses nobody can read
    std::uint64_t given_up_ = 0;   // responses to come whose requests no longer wait
};

Verdict looks_like_request(std::string_view text) {
    if (!may_begin_request(text)) return Verdict::no;
    const auto line = text.substr(0, text.find_first_of("\r\n"));
    if (line.size() < text.size()) {
        const auto version = line.substr(line.rfind(' ') + 1);
        const bool has_target = line.find(' ') + 1 < line.size() - version.size();
        if (version.size() == 8 && version.starts_with("HTTP/1.") && has_target) return Verdict::yes;
        auto rest = line;
        const auto method = take_until(rest, ' ');
        return lacks_version(method, rest) ? Verdict::unsure : Verdict::no;
    }
    const bool printable = std::ranges::all_of(line, [](char c) { return c >= ' ' && c < 0x7f; });
    return printable ? Verdict::unsure : Verdict::no;
}

}   // namespace

Verdict probe(Bytes first, Side from) {
    const auto text = as_text(first);
    if (from == Side::client) return looks_like_request(text);
    if (!may_begin_response(text)) return Verdict::no;
    if (text.size() < 12) return Verdict::unsure;
    return number(text.substr(9, 3)) ? Verdict::yes : Verdict::no;
}

std::unique_ptr<Session> open_session() { return std::make_unique<HttpSession>(); }

}   // namespace ward::protocol::http
