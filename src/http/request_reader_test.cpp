// SPDX-License-Identifier: Apache-2.0
#include "http/request_reader.hpp"

#include <gtest/gtest.h>

namespace ward::http {
namespace {

class RequestReading : public testing::Test {
protected:
    ReadState read(std::string_view bytes) { return reader_.put(bytes); }

    int status_of(std::string_view bytes) {
        RequestReader reader{{.header_bytes_max = 1024, .body_bytes_max = 100}, budget_};
        return reader.put(bytes) == ReadState::refused ? reader.refusal().status : 0;
    }

    BodyBudget budget_{150};
    RequestReader reader_{{.header_bytes_max = 1024, .body_bytes_max = 100}, budget_};
};

TEST_F(RequestReading, AnySplitGivesTheSameRequest) {
    const std::string_view stream =
        "\r\nPOST /a?b=c HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
        "4;note=1\r\nWard\r\n3\r\n 42\r\n0\r\nTrailer-Field: t\r\n\r\n";
    for (std::size_t cut = 0; cut < stream.size(); ++cut) {
        ASSERT_EQ(read(stream.substr(0, cut)), ReadState::need_more) << "cut at " << cut;
        ASSERT_EQ(read(stream.substr(cut)), ReadState::complete) << "cut at " << cut;
        const auto request = reader_.take();
        EXPECT_EQ(request.path, "/a");
        EXPECT_EQ(request.body, "Ward 42");
        EXPECT_EQ(request.headers.size(), 2U);   // the trailer field is not one of them
        EXPECT_FALSE(reader_.has_surplus());
        reader_.release_body();
    }
    EXPECT_EQ(budget_.held(), 0U);
}

TEST_F(RequestReading, ByteByByteIsEnough) {
    const std::string_view stream = "PUT /a HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}";
    for (const char& byte : stream.substr(0, stream.size() - 1))
        ASSERT_EQ(read({&byte, 1}), ReadState::need_more);
    EXPECT_EQ(read("}"), ReadState::complete);
}

TEST_F(RequestReading, AnEmptyChunkedBodyMayComeByteByByte) {
    const std::string_view stream =
        "PUT /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
    for (const char& byte : stream.substr(0, stream.size() - 1))
        ASSERT_EQ(read({&byte, 1}), ReadState::need_more);
    EXPECT_EQ(read("\n"), ReadState::complete);
    EXPECT_EQ(reader_.take().body, "");
}

TEST_F(RequestReading, RequestsThatComeTogetherAreReadOneByOne) {
    EXPECT_EQ(read("GET /1 HTTP/1.1\r\nHost: x\r\n\r\nGET /2 HTTP/1.1\r\nHost: x\r\n\r\nGET"),
              ReadState::complete);
    EXPECT_EQ(reader_.take().path, "/1");
    EXPECT_TRUE(reader_.has_surplus());
    EXPECT_EQ(read(""), ReadState::complete);
    EXPECT_EQ(reader_.take().path, "/2");
    EXPECT_EQ(read(""), ReadState::need_more);
    EXPECT_EQ(read(" /3 HTTP/1.0\r\n\r\n"), ReadState::complete);
    EXPECT_EQ(reader_.take().path, "/3");
    EXPECT_FALSE(reader_.keeps_alive());
}

// RFC 9112, 6.1 and 6.3: two readings of where the body ends are how requests are smuggled.
TEST_F(RequestReading, AnAmbiguousLengthIsRefused) {
    const std::string head = "POST / HTTP/1.1\r\nHost: x\r\n";
    EXPECT_EQ(status_of(head + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n"), 400);
    EXPECT_EQ(status_of(head + "Transfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n"), 400);
    EXPECT_EQ(status_of(head + "Content-Length: 1\r\nContent-Length: 1\r\n\r\n"), 400);
    EXPECT_EQ(status_of(head + "Content-Length: 1, 1\r\n\r\n"), 400);
    EXPECT_EQ(status_of(head + "Content-Length: -1\r\n\r\n"), 400);
    EXPECT_EQ(status_of(head + "Content-Length: 0x1\r\n\r\n"), 400);
    EXPECT_EQ(status_of(head + "Content-Length: 99999999999999999999\r\n\r\n"), 400);
    EXPECT_EQ(status_of(head + "Content-Length : 1\r\n\r\n"), 400);
    EXPECT_EQ(status_of(head + "Transfer-Encoding: gzip\r\n\r\n"), 501);
    EXPECT_EQ(status_of(head + "Transfer-Encoding: gzip, chunked\r\n\r\n"), 501);
    EXPECT_EQ(status_of(head + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n"), 400);
    EXPECT_EQ(status_of("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"), 400);
    EXPECT_EQ(status_of(head + "Transfer-Encoding: chunked\r\n\r\n0\r\nContent-Length: 1\r\n\r\n"), 400);
}

TEST_F(RequestReading, WhatIsNotHttpIsRefused) {
    EXPECT_EQ(status_of("\x16\x03\x01 hello\r\n\r\n"), 400);
    EXPECT_EQ(status_of("GET / HTTP/2.0\r\nHost: x\r\n\r\n"), 505);
    EXPECT_EQ(status_of("GET /\r\n\r\n"), 400);
    EXPECT_EQ(status_of("GET / HTTP/1.1\r\nHost: x\n\n\r\n\r\n"), 400);
    EXPECT_EQ(status_of("GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n"), 400);
    EXPECT_EQ(status_of("GET /?a=%ff HTTP/1.1\r\nHost: x\r\n\r\n"), 400);
    EXPECT_EQ(status_of("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n\r\n"),
              400);
}

TEST_F(RequestReading, HttpOneOneNeedsOneHost) {
    EXPECT_EQ(status_of("GET / HTTP/1.1\r\n\r\n"), 400);
    EXPECT_EQ(status_of("GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n"), 400);
    EXPECT_EQ(status_of("GET / HTTP/1.0\r\n\r\n"), 0);
}

TEST_F(RequestReading, AHeaderOverTheLimitIsRefusedHoweverItComes) {
    const std::string head = "GET / HTTP/1.1\r\nHost: x\r\nA: ";
    const auto sized = [&](std::size_t size) {
        return head + std::string(size - head.size() - 4, 'a') + "\r\n\r\n";
    };
    EXPECT_EQ(status_of(sized(1024)), 0);
    EXPECT_EQ(status_of(sized(1025)), 431);
    EXPECT_EQ(status_of(head + std::string(1100, 'a')), 431);
    for (const std::size_t size : {1024U, 1025U}) {
        RequestReader reader{{.header_bytes_max = 1024, .body_bytes_max = 100}, budget_};
        auto state = ReadState::need_more;
        for (const char& byte : sized(size))
            if (state == ReadState::need_more) state = reader.put({&byte, 1});
        EXPECT_EQ(state, size == 1024 ? ReadState::complete : ReadState::refused);
    }
}

TEST_F(RequestReading, ABodyOverTheLimitIsRefusedBeforeItComes) {
    const std::string head = "POST / HTTP/1.1\r\nHost: x\r\n";
    EXPECT_EQ(status_of(head + "Content-Length: 101\r\n\r\n"), 413);
    EXPECT_EQ(status_of(head + "Transfer-Encoding: chunked\r\n\r\n65\r\n"), 413);
    EXPECT_EQ(status_of(head + "Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n64\r\n"), 413);
}

TEST_F(RequestReading, AnEndlessChunkLineOrTrailerIsRefused) {
    const std::string head = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
    EXPECT_EQ(status_of(head + "1;" + std::string(2000, 'a')), 431);
    EXPECT_EQ(status_of(head + "0\r\nA: " + std::string(2000, 'a')), 431);
}

TEST_F(RequestReading, AllBodiesTogetherHaveABudget) {
    const std::string request =
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n" + std::string(100, 'a');
    ASSERT_EQ(read(request), ReadState::complete);
    EXPECT_EQ(status_of(request), 503);
    reader_.take();
    EXPECT_EQ(status_of(request), 503);   // the first is still being answered
    reader_.release_body();
    EXPECT_EQ(status_of(request), 0);
    EXPECT_EQ(budget_.held(), 0U);
}

TEST_F(RequestReading, ARequestThatIsDroppedFreesItsPartOfTheBudget) {
    EXPECT_EQ(read("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n" + std::string(60, 'a')),
              ReadState::need_more);
    EXPECT_EQ(budget_.held(), 60U);
    reader_.drop();
    EXPECT_EQ(budget_.held(), 0U);
}

TEST_F(RequestReading, AsksForTheBodyOnceIfTheClientWaits) {
    const std::string head =
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n";
    EXPECT_EQ(read(head), ReadState::expects_continue);
    EXPECT_EQ(read("{"), ReadState::need_more);
    EXPECT_EQ(read("}"), ReadState::complete);
    EXPECT_EQ(status_of("POST / HTTP/1.1\r\nHost: x\r\nExpect: a miracle\r\n\r\n"), 417);
}

TEST_F(RequestReading, AFoldedFieldIsOneLine) {
    ASSERT_EQ(read("GET / HTTP/1.1\r\nHost: x\r\nA: b\r\n c\r\n\r\n"), ReadState::complete);
    EXPECT_EQ(reader_.take().header("a"), "b c");
}

}   // namespace
}   // namespace ward::http
