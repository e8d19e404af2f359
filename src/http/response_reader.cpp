// SPDX-License-Identifier: Apache-2.0
#include "http/response_reader.hpp"

#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <optional>
#include <utility>

namespace ward::http {
namespace {

namespace beast_http = boost::beast::http;
using ErrorCode = boost::beast::error_code;

constexpr int interim_max = 8;

std::string_view view(boost::beast::string_view text) { return {text.data(), text.size()}; }

class Message final : public beast_http::basic_parser<false> {
public:
    Message(const ResponseReader::Limits& limits, Method asked) {
        header_limit(static_cast<std::uint32_t>(limits.header_bytes_max));
        body_limit(limits.body_bytes_max);
        eager(true);
        skip(asked == Method::head);
    }

    Response response;

private:
    void on_request_impl(beast_http::verb, boost::beast::string_view, boost::beast::string_view, int,
                         ErrorCode&) override {}
    void on_response_impl(int status, boost::beast::string_view, int, ErrorCode&) override {
        response.status = status;
    }
    void on_field_impl(beast_http::field, boost::beast::string_view name, boost::beast::string_view value,
                       ErrorCode&) override {
        if (!is_header_done())
            response.headers.push_back({std::string{view(name)}, std::string{view(value)}});
    }
    void on_header_impl(ErrorCode&) override {}
    void on_body_init_impl(const boost::optional<std::uint64_t>&, ErrorCode&) override {}
    std::size_t on_body_impl(boost::beast::string_view body, ErrorCode&) override {
        response.body += view(body);
        return body.size();
    }
    void on_chunk_header_impl(std::uint64_t, boost::beast::string_view, ErrorCode&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, boost::beast::string_view body, ErrorCode& error) override {
        return on_body_impl(body, error);
    }
    void on_finish_impl(ErrorCode&) override {}
};

}   // namespace

class ResponseReader::Parser {
public:
    Parser(Limits limits_given, Method asked_for) : limits(limits_given), asked(asked_for) {
        message.emplace(limits, asked);
    }
    Limits limits;
    Method asked;
    std::optional<Message> message;
    std::string rest;
    int interims = 0;
};

ResponseReader::ResponseReader(Limits limits, Method asked)
    : parser_(std::make_unique<Parser>(limits, asked)) {}
ResponseReader::~ResponseReader() = default;

Result<bool> ResponseReader::put(std::string_view bytes) {
    auto& message = parser_->message;
    parser_->rest += bytes;
    std::string_view left = parser_->rest;
    while (!left.empty() && !message->is_done()) {
        ErrorCode error;
        const auto eaten = message->put(boost::asio::const_buffer{left.data(), left.size()}, error);
        left.remove_prefix(eaten);
        if (error && error != beast_http::error::need_more)
            return fail(Errc::malformed, "response: " + error.message());
        if (message->is_done() && message->response.status / 100 == 1) {
            if (++parser_->interims > interim_max)
                return fail(Errc::limit_exceeded, "too many interim responses");
            message.emplace(parser_->limits, parser_->asked);
        } else if (eaten == 0) {
            break;
        }
    }
    parser_->rest.erase(0, parser_->rest.size() - left.size());
    if (parser_->rest.size() > parser_->limits.header_bytes_max && !message->is_done())
        return fail(Errc::limit_exceeded, "response header is too large");
    return message->is_done();
}

Result<> ResponseReader::end() {
    ErrorCode error;
    if (parser_->message->got_some()) parser_->message->put_eof(error);
    if (error || !parser_->message->is_done())
        return fail(Errc::unavailable, "the server closed the connection");
    return {};
}

Response ResponseReader::take() { return std::move(parser_->message->response); }
bool ResponseReader::keeps_alive() const { return parser_->message->keep_alive() && parser_->rest.empty(); }

}   // namespace ward::http
