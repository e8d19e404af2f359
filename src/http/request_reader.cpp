// SPDX-License-Identifier: Apache-2.0
#include "http/request_reader.hpp"

#include <algorithm>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <optional>
#include <utility>

#include "core/text.hpp"
#include "http/target.hpp"

namespace ward::http {
namespace {

namespace beast_http = boost::beast::http;
using ErrorCode = boost::beast::error_code;

// What a client merely announces is not allocated before it comes.
constexpr std::size_t body_reserve_max = 1024 * 1024;

// RFC 9112, 7.1: "0" CRLF CRLF, with which every chunked body ends. Boost 1.81 asserts in a build without
// NDEBUG if it sees the first bytes of this alone, twice.
constexpr std::size_t last_chunk_size = 5;

Method to_method(beast_http::verb verb) {
    switch (verb) {
        case beast_http::verb::get: return Method::get;
        case beast_http::verb::head: return Method::head;
        case beast_http::verb::post: return Method::post;
        case beast_http::verb::put: return Method::put;
        case beast_http::verb::patch: return Method::patch;
        case beast_http::verb::delete_: return Method::del;
        case beast_http::verb::options: return Method::options;
        default: return Method::other;
    }
}

Refusal to_refusal(ErrorCode error) {
    if (error == beast_http::error::header_limit) return {431, "request header is too large"};
    if (error == beast_http::error::body_limit) return {413, "request body is too large"};
    if (error == beast_http::error::bad_version) return {505, "not HTTP/1.1"};
    if (error == beast_http::error::bad_transfer_encoding || error == beast_http::error::bad_content_length ||
        error == beast_http::error::multiple_content_length)
        return {400, "the length of the request is ambiguous"};
    return {400, "not a well-formed HTTP request"};
}

std::string_view view(boost::beast::string_view text) { return {text.data(), text.size()}; }

// Reads one request. Beast checks the grammar; what RFC 9112 asks beyond it is checked here.
class Message final : public beast_http::basic_parser<true> {
public:
    Message(const RequestReader::Limits& limits, BodyBudget& budget) : budget_(budget) {
        header_limit(static_cast<std::uint32_t>(limits.header_bytes_max));
        body_limit(limits.body_bytes_max);
        eager(true);
    }

    Request request;
    std::optional<Refusal> refusal;
    std::size_t budget_taken = 0;
    int http_version = 11;
    bool expects_continue = false;

private:
    void refuse(int status, std::string_view what, ErrorCode& error) {
        refusal = Refusal{status, what};
        error = beast_http::error::bad_value;
    }

    void on_request_impl(beast_http::verb verb, boost::beast::string_view, boost::beast::string_view target,
                         int version, ErrorCode& error) override {
        http_version = version;
        if (version != 10 && version != 11) return refuse(505, "not HTTP/1.1", error);
        request.method = to_method(verb);
        request.target = view(target);
        auto parsed = http::parse_target(request.target);
        if (!parsed) return refuse(400, "the request target is malformed", error);
        request.path = std::move(parsed->path);
        request.query = std::move(parsed->query);
    }

    void on_response_impl(int, boost::beast::string_view, int, ErrorCode&) override {}

    void on_field_impl(beast_http::field field, boost::beast::string_view name,
                       boost::beast::string_view text, ErrorCode& error) override {
        if (is_header_done()) return;   // RFC 9110, 6.5.1: trailer fields are not merged into the header
        const auto value = view(text);
        if (field == beast_http::field::transfer_encoding) {
            // RFC 9112, 6.1: a coding that is not understood, or one in HTTP/1.0, hides where the body ends.
            if (http_version == 10) return refuse(400, "HTTP/1.0 has no transfer codings", error);
            if (!equal_ignoring_case(value, "chunked"))
                return refuse(501, "the transfer coding is not supported", error);
        } else if (field == beast_http::field::content_length) {
            // RFC 9112, 6.3 lets a list of equal lengths pass; nobody honest sends one.
            if (has_length_ || value.find(',') != value.npos)
                return refuse(400, "the length of the request is ambiguous", error);
            has_length_ = true;
        } else if (field == beast_http::field::host) {
            if (has_host_) return refuse(400, "more than one Host", error);
            has_host_ = true;
        } else if (field == beast_http::field::expect) {
            if (!equal_ignoring_case(value, "100-continue"))
                return refuse(417, "the expectation is not known", error);
            expects_continue = http_version == 11;
        }
        request.headers.push_back({std::string{view(name)}, std::string{value}});
    }

    void on_header_impl(ErrorCode& error) override {
        // RFC 9112, 3.2
        if (!has_host_ && http_version == 11) refuse(400, "no Host", error);
    }

    void on_body_init_impl(const boost::optional<std::uint64_t>& length, ErrorCode&) override {
        if (length) request.body.reserve(std::min<std::size_t>(*length, body_reserve_max));
    }

    std::size_t on_body_impl(boost::beast::string_view body, ErrorCode& error) override {
        if (!budget_.take(body.size())) {
            refuse(503, "too many large requests at once", error);
            return 0;
        }
        budget_taken += body.size();
        request.body += view(body);
        return body.size();
    }

    void on_chunk_header_impl(std::uint64_t, boost::beast::string_view, ErrorCode&) override {}

    std::size_t on_chunk_body_impl(std::uint64_t, boost::beast::string_view body, ErrorCode& error) override {
        return on_body_impl(body, error);
    }

    void on_finish_impl(ErrorCode&) override {}

    BodyBudget& budget_;
    bool has_host_ = false;
    bool has_length_ = false;
};

}   // namespace

class RequestReader::Parser {
public:
    Parser(Limits limits, BodyBudget& budget) : limits_(limits), budget_(budget) {
        message_.emplace(limits, budget);
    }
    ~Parser() {
        budget_.give_back(message_->budget_taken);
        release_body();
    }
    Parser(const Parser&) = delete;
    Parser& operator=(const Parser&) = delete;

    ReadState put(std::string_view bytes) {
        if (rest_.empty()) {
            rest_ = bytes.substr(consume(bytes));
        } else {
            rest_ += bytes;
            rest_.erase(0, consume(rest_));
        }
        // The parser waits for a whole header, chunk line or trailer; those are small.
        if (!message_->refusal && !message_->is_done() && rest_.size() > limits_.header_bytes_max)
            message_->refusal = Refusal{431, "request header is too large"};
        if (message_->refusal) return ReadState::refused;
        if (message_->is_done()) return ReadState::complete;
        if (message_->is_header_done() && std::exchange(message_->expects_continue, false) &&
            body_size() == 0)
            return ReadState::expects_continue;
        return ReadState::need_more;
    }

    Request take() {
        keeps_alive = message_->keep_alive();
        is_head = message_->request.method == Method::head;
        is_http_1_0 = message_->http_version == 10;
        handed_over_ += message_->budget_taken;
        auto request = std::move(message_->request);
        message_.emplace(limits_, budget_);
        return request;
    }

    void drop() {
        budget_.give_back(std::exchange(message_->budget_taken, 0));
        message_->request = {};
        rest_ = {};
    }

    void release_body() { budget_.give_back(std::exchange(handed_over_, 0)); }

    const Message& message() const { return *message_; }
    bool has_rest() const { return !rest_.empty(); }
    std::size_t body_size() const { return message_->request.body.size(); }

    bool keeps_alive = false;
    bool is_head = false;
    bool is_http_1_0 = false;

private:
    // Beast measures what is left of a header when it looks, so that its limit would depend on how TCP cut
    // it.
    bool has_whole_header(std::string_view bytes) {
        constexpr std::string_view blank_line = "\r\n\r\n";
        const auto end = bytes.find(blank_line, header_searched_);
        const bool whole = end != bytes.npos;
        const auto size = whole ? end + blank_line.size() : bytes.size();
        if (size > limits_.header_bytes_max) message_->refusal = Refusal{431, "request header is too large"};
        header_searched_ = whole || size < blank_line.size() ? 0 : size - blank_line.size() + 1;
        return whole && !message_->refusal;
    }

    std::size_t consume(std::string_view bytes) {
        std::size_t consumed = 0;
        // RFC 9112, 2.2: an empty line before a request line is ignored.
        while (!message_->got_some() && bytes.substr(consumed, 2) == "\r\n") consumed += 2;
        if (!message_->got_some() && bytes.substr(consumed) == "\r") return consumed;
        if (!message_->is_header_done()) {
            is_head = false;   // the last request's
            if (!has_whole_header(bytes.substr(consumed))) return consumed;
        }
        // Each turn eats something: after the header, and after the last chunk, the parser comes back early.
        while (!message_->is_done() && consumed < bytes.size()) {
            ErrorCode error;
            const auto rest = bytes.substr(consumed);
            if (message_->is_header_done() && message_->chunked() && rest.size() < last_chunk_size) break;
            const auto eaten = message_->put(boost::asio::const_buffer{rest.data(), rest.size()}, error);
            consumed += eaten;
            if (error && error != beast_http::error::need_more) {
                if (!message_->refusal) message_->refusal = to_refusal(error);
                break;
            }
            if (eaten == 0) break;
        }
        is_head = message_->request.method == Method::head;
        return consumed;
    }

    const Limits limits_;
    BodyBudget& budget_;
    std::optional<Message> message_;
    std::size_t header_searched_ = 0;   // bytes of the header in which it does not end
    std::string rest_;                  // bytes that the parser could not use yet
    std::size_t handed_over_ = 0;       // budget of the request that was taken
};

RequestReader::RequestReader(Limits limits, BodyBudget& budget)
    : parser_(std::make_unique<Parser>(limits, budget)) {}
RequestReader::RequestReader(RequestReader&&) noexcept = default;
RequestReader::~RequestReader() = default;

ReadState RequestReader::put(std::string_view bytes) { return parser_->put(bytes); }
Request RequestReader::take() { return parser_->take(); }
void RequestReader::release_body() { parser_->release_body(); }
void RequestReader::drop() { parser_->drop(); }
const Refusal& RequestReader::refusal() const { return *parser_->message().refusal; }
bool RequestReader::has_begun() const { return parser_->message().got_some() || parser_->has_rest(); }
bool RequestReader::header_is_complete() const { return parser_->message().is_header_done(); }
bool RequestReader::has_surplus() const { return parser_->has_rest(); }
std::size_t RequestReader::body_size() const { return parser_->body_size(); }
bool RequestReader::keeps_alive() const { return parser_->keeps_alive; }
bool RequestReader::is_head() const { return parser_->is_head; }
bool RequestReader::is_http_1_0() const { return parser_->is_http_1_0; }

}   // namespace ward::http
