// SPDX-License-Identifier: Apache-2.0
#include "http/message.hpp"

#include <gtest/gtest.h>

#include "http/response_reader.hpp"
#include "http/response_writer.hpp"

namespace ward::http {
namespace {

const ResponseFrame frame{.date =
                              Time{std::chrono::seconds{784'111'777}}};   // the example of RFC 9110, 5.6.7

std::string written(const Response& response) {
    std::string out;
    EXPECT_TRUE(write_header(out, response, frame));
    return out + response.body;
}

TEST(Message, FieldNamesAreTheSameInAnyCase) {
    const Request request{.headers = {{"If-Match", "W/\"1\""}, {"if-match", "W/\"2\""}}};
    EXPECT_EQ(request.header("IF-MATCH"), "W/\"1\"");
    EXPECT_EQ(request.header("If-None-Match"), "");
    EXPECT_EQ(request.header("If-Matc"), "");
}

TEST(Message, EveryStatusThatTheServerGivesHasAPhrase) {
    for (const int status : {200, 201, 400, 408, 412, 413, 417, 431, 500, 501, 503, 505})
        EXPECT_FALSE(reason_phrase(status).empty()) << status;
    EXPECT_EQ(reason_phrase(299), "");
}

TEST(ResponseWriting, HasDateLengthAndConnection) {
    EXPECT_EQ(written({.status = 200, .headers = {{"ETag", "W/\"1\""}}, .body = "hello"}),
              "HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nETag: W/\"1\"\r\n"
              "Content-Length: 5\r\nConnection: keep-alive\r\n\r\nhello");
}

TEST(ResponseWriting, NoContentHasNoLength) {
    EXPECT_EQ(written({.status = 204}).find("Content-Length"), std::string::npos);
    EXPECT_EQ(written({.status = 304}).find("Content-Length"), std::string::npos);
}

TEST(ResponseWriting, AFieldCannotEndTheHeader) {
    std::string out;
    EXPECT_FALSE(write_header(out, {.headers = {{"Location", "/a\r\nSet-Cookie: b"}}}, frame));
    EXPECT_FALSE(write_header(out, {.headers = {{"A\n", "b"}}}, frame));
    EXPECT_EQ(out, "");
}

class ResponseReading : public testing::Test {
protected:
    Response read(std::string_view bytes, Method asked = Method::get) {
        ResponseReader reader{{.header_bytes_max = 200, .body_bytes_max = 100}, asked};
        for (const char& byte : bytes) {
            const auto whole = reader.put({&byte, 1});
            if (!whole) {
                ADD_FAILURE() << whole.error().what;
                return {};
            }
            if (*whole) return reader.take();
        }
        EXPECT_TRUE(reader.end());
        return reader.take();
    }

    bool refuses(std::string_view bytes) {
        ResponseReader reader{{.header_bytes_max = 200, .body_bytes_max = 100}, Method::get};
        return !reader.put(bytes) || !reader.end();
    }
};

TEST_F(ResponseReading, ReadsWhatTheServerWrites) {
    const auto response = read(written({.status = 404, .headers = {{"A", "b"}}, .body = "gone"}));
    EXPECT_EQ(response.status, 404);
    EXPECT_EQ(response.header("a"), "b");
    EXPECT_EQ(response.body, "gone");
}

TEST_F(ResponseReading, PassesOverInterimResponses) {
    EXPECT_EQ(read("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok").body, "ok");
}

TEST_F(ResponseReading, TheAnswerToHeadHasNoBody) {
    EXPECT_EQ(read("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n", Method::head).header("content-length"),
              "2");
}

TEST_F(ResponseReading, WithoutALengthTheEndIsTheEnd) {
    EXPECT_EQ(read("HTTP/1.1 200 OK\r\n\r\nall").body, "all");
}

TEST_F(ResponseReading, ChunksAreJoined) {
    EXPECT_EQ(
        read("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n").body,
        "abc");
}

TEST_F(ResponseReading, AShortOrLargeOrStrangeResponseIsAnError) {
    EXPECT_TRUE(refuses("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab"));
    EXPECT_TRUE(refuses("HTTP/1.1 200 OK\r\nContent-Length: 101\r\n\r\n"));
    EXPECT_TRUE(refuses("HTTP/1.1 200 OK\r\nA: " + std::string(300, 'a')));
    EXPECT_TRUE(refuses("ICY 200 OK\r\n\r\n"));
    EXPECT_TRUE(refuses(""));
}

}   // namespace
}   // namespace ward::http
