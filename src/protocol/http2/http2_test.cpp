// SPDX-License-Identifier: Apache-2.0
#include "protocol/http2/http2.hpp"

#include "event/fhir.hpp"
#include "event/http.hpp"
#include "protocol/bed_test.hpp"
#include "protocol/http2/hpack.hpp"
#include "wire/wire_reader.hpp"

namespace ward::protocol::http2 {
namespace {

using event::Fhir;
using event::Http;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const std::string preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

std::string frame(unsigned type, unsigned flags, unsigned stream, const std::string& payload) {
    Buffer header;
    append_big_endian(header, static_cast<std::uint32_t>(payload.size() << 8U | type));
    append_big_endian(header, static_cast<std::uint8_t>(flags));
    append_big_endian(header, static_cast<std::uint32_t>(stream));
    return std::string{as_text(header)} + payload;
}
const std::string settings = frame(4, 0, 0, hex("0003 00000064"));
// RFC 7541, C.4: three requests of one connection, with Huffman codes.
const std::string first_request = hex("8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff");
const std::string second_request = hex("8286 84be 5886 a8eb 1064 9cbf");
const std::string third_request = hex("8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf");
// C.6.1: :status 302, cache-control, date, location: https://www.example.com
const std::string redirection =
    hex("4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005 9504 0b81 66e0 82a6"
        "2d1b ff6e 919d 29ad 1718 63c7 8f0b 97c8 e9ae 82ae 43d3");

// Recorded: nghttp and nghttpd 1.52.0.
const std::string recorded_client =
    hex("505249202a20485454502f322e300d0a0d0a534d0d0a0d0a00000c04000000000000030000006400040000ffff0000000401"
        "0000000000000502000000000300000000c80000050200000000050000000064000005020000000007000000000000000502"
        "0000000009000000070000000502000000000b000000030000003e01250000000d0000000b0f82048a6259cd631ac69316a4"
        "ff86418a0be25c0b8970dc780f0353901d75d0620d263d4c4b39acff7d107abf907a8aaa69d29ac4c0576c4b83");
const std::string recorded_server =
    hex("00000604000000000000030000006400000004010000000000005301040000000d887690aa69d29ae452a9a74a6b13015db1"
        "2e0f5889a47e561cc58197000f6196dc34fd282794d27eea08027140bd702e5c642a62d1bf0f0d0232376c96dc34fd282794"
        "d27eea08027140bd702e5c13ea62d1bf00001b00010000000d7b227265736f7572636554797065223a2250617469656e7422"
        "7d0a");

Bed bed() { return Bed{open_session()}; }

TEST(Http2, JoinsARequestAndItsResponse) {
    auto talk = bed();
    talk.client(preface + settings + frame(1, 5, 1, first_request)).after(std::chrono::milliseconds{2});
    talk.server(settings + frame(1, 4, 1, hex("88")) + frame(0, 1, 1, "hello"));
    const auto& told = talk.one<Http>();
    EXPECT_EQ(told.protocol, "HTTP/2");
    EXPECT_EQ(told.http_method, "GET");
    EXPECT_EQ(told.hostname, "www.example.com");
    EXPECT_EQ(told.url, "/");
    EXPECT_EQ(told.status, 200);
    EXPECT_EQ(told.length, 5u);
    EXPECT_EQ(told.latency_us, 2000);
}

TEST(Http2, PrioritiesAreNoRequests) {
    auto talk = bed();
    talk.client(recorded_client).server(recorded_server);
    const auto& told = talk.one<Http>();
    EXPECT_EQ(told.http_method, "GET");
    EXPECT_EQ(told.hostname, "192.0.2.1");
    EXPECT_EQ(told.url, "/fhir/Patient");
    EXPECT_EQ(told.http_user_agent, "nghttp2/1.52.0");
    EXPECT_EQ(told.status, 200);
    EXPECT_EQ(told.length, 27u);
    EXPECT_EQ(talk.out.violation, "");
}

TEST(Http2, ReadsWhatTheDynamicTableKept) {
    auto talk = bed();
    talk.client(preface + frame(1, 5, 1, first_request) + frame(1, 5, 3, second_request) +
                frame(1, 5, 5, third_request))
        .end();
    const auto told = talk.all<Http>();
    ASSERT_EQ(told.size(), 3u);
    EXPECT_EQ(told[1]->hostname, "www.example.com");
    EXPECT_EQ(told[2]->hostname, "www.example.com");
    EXPECT_EQ(told[2]->url, "/index.html");
}

TEST(Http2, TellsARedirection) {
    auto talk = bed();
    talk.client(preface + frame(1, 5, 1, first_request)).server(frame(1, 5, 1, redirection));
    EXPECT_EQ(talk.one<Http>().status, 302);
    EXPECT_EQ(talk.one<Http>().redirect, "//www.example.com");
}

TEST(Http2, AnySplitGivesTheSameEvents) {
    const auto padded = hex("02 80000000 10") + first_request.substr(0, 3) + hex("0000");
    expect_any_split_gives_the_same_events(
        open_session,
        {{Side::client, preface + settings + frame(1, 0x28, 1, padded) +
                            frame(9, 4, 1, first_request.substr(3)) + frame(0, 1, 1, "body") +
                            frame(1, 5, 3, second_request)},
         {Side::server, frame(1, 4, 3, hex("88")) + frame(1, 5, 1, hex("8d")) + frame(0, 1, 3, "hello")}});
}

TEST(Http2, StreamsAreAnsweredInAnyOrder) {
    auto talk = bed();
    talk.client(preface + frame(1, 5, 1, first_request) + frame(1, 5, 3, second_request));
    talk.server(frame(1, 5, 3, hex("8d")) + frame(1, 5, 1, hex("88")));
    EXPECT_EQ(talk.all<Http>()[0]->status, 404);
    EXPECT_EQ(talk.all<Http>()[1]->status, 200);
}

TEST(Http2, ALossWithinDataIsCountedAndAnyOtherEndsTheReading) {
    auto talk = bed();
    talk.client(preface + frame(1, 5, 1, first_request));
    talk.server(frame(1, 4, 1, hex("88")) + frame(0, 1, 1, std::string(1000, 'x')).substr(0, 509));
    talk.lose(Side::server, 400).server(std::string(100, 'x') + frame(0, 1, 1, ""));
    EXPECT_EQ(talk.one<Http>().length, 1000u);
    talk.lose(Side::server, 1).server("anything");
    EXPECT_EQ(talk.out.uninspected[static_cast<std::size_t>(Uninspected::gap)], 8u);
}

TEST(Http2, PaddingIsNoBody) {   // RFC 9113, 6.1
    auto talk = bed();
    talk.client(preface + frame(1, 5, 1, first_request));
    talk.server(frame(1, 4, 1, hex("88")) + frame(0, 8, 1, hex("04") + "body" + std::string(4, '\0')) +
                frame(0, 9, 1, hex("00") + "end"));
    EXPECT_EQ(talk.one<Http>().length, 7u);
    auto liar = bed();
    liar.client(preface + frame(1, 5, 1, first_request));
    liar.server(frame(1, 4, 1, hex("88")) + frame(0, 9, 1, hex("09") + "body"));
    EXPECT_EQ(liar.out.violation, "HTTP/2 padding is longer than its frame");
    EXPECT_EQ(liar.one<Http>().length, 0u);
}

TEST(Http2, OfAHundredOpenStreamsEachIsOneExchange) {
    auto talk = bed();
    talk.client(preface);
    for (unsigned i = 0; i < 100; ++i) talk.client(frame(1, 5, 2 * i + 1, first_request));
    for (unsigned i = 0; i < 100; ++i) talk.server(frame(1, 5, 2 * i + 1, hex("88")));
    EXPECT_EQ(talk.end().all<Http>().size(), 100u);
}

TEST(Http2, AStreamThatWasGivenUpIsNotToldAgain) {
    auto talk = bed();
    talk.client(preface);
    const auto streams = static_cast<unsigned>(limits.streams_max) + 20;
    for (unsigned i = 0; i < streams; ++i) talk.client(frame(1, 5, 2 * i + 1, first_request));
    for (unsigned i = 0; i < streams; ++i) talk.server(frame(1, 5, 2 * i + 1, hex("88")));
    EXPECT_EQ(talk.end().all<Http>().size(), streams);
}

TEST(Http2, AStreamThatIsResetIsToldAsItIs) {   // RFC 9113, 6.4
    auto talk = bed();
    talk.client(preface + frame(1, 5, 1, first_request) + frame(3, 0, 1, hex("00000008")));
    EXPECT_EQ(talk.one<Http>().url, "/");
    EXPECT_FALSE(talk.one<Http>().status);
    EXPECT_EQ(talk.end().all<Http>().size(), 1u);
}

TEST(Http2, APromiseIsTheRequestOfWhatIsPushed) {   // RFC 9113, 6.6 and 8.4
    auto talk = bed();
    const auto promised = hex("00000002") + first_request;
    talk.client(preface + settings);
    talk.server(frame(5, 0, 1, promised.substr(0, 9)) + frame(9, 4, 1, promised.substr(9)));
    talk.server(frame(1, 4, 2, hex("88")) + frame(0, 1, 2, "pushed"));
    EXPECT_EQ(talk.one<Http>().hostname, "www.example.com");
    EXPECT_TRUE(talk.one<Http>().request_seen);
    EXPECT_EQ(talk.one<Http>().length, 6u);
}

/// RFC 7541, 6.2.2: a field without indexing, of a new name, not packed.
std::string field(const std::string& name, const std::string& value) {
    return std::string{'\0', static_cast<char>(name.size())} + name + static_cast<char>(value.size()) + value;
}

TEST(Http2, CarriesFhir) {
    const std::string patient =
        R"({"resourceType":"Patient","name":[{"family":"Quist"}],"birthDate":"1959-03-07"})";
    auto talk = bed();
    talk.client(preface + settings +
                frame(1, 5, 1, field(":method", "GET") + field(":path", "/r4/Patient/4711?_format=json")));
    talk.server(settings + frame(1, 4, 1, hex("88") + field("content-type", "application/fhir+json")) +
                frame(0, 1, 1, patient));
    EXPECT_EQ(talk.one<Http>().url, "/r4/Patient/{id}?_format");
    EXPECT_EQ(talk.one<Fhir>().interaction, "read");
    EXPECT_EQ(talk.one<Fhir>().response_type, "Patient");
    EXPECT_EQ(talk.out.patient_items, 3u);
    EXPECT_EQ(talk.out.patient_messages, 2u);
    for (const char* value : {"Quist", "1959", "4711"}) EXPECT_THAT(talk.json(), Not(HasSubstr(value)));
}

TEST(Http2, ABodyThatNobodyReadsIsContent) {
    auto talk = bed();
    talk.client(preface + frame(1, 5, 1, first_request));
    talk.server(frame(1, 4, 1, hex("88")) + frame(0, 1, 1, std::string(1000, 'x')));
    EXPECT_EQ(talk.out.uninspected[static_cast<std::size_t>(Uninspected::content)], 1000u);
}

TEST(Http2, WhatWasHeldAtALossIsLostToo) {
    auto talk = bed();
    talk.client(preface + frame(1, 5, 1, first_request).substr(0, 9 + 5)).lose(Side::client, 3);
    EXPECT_EQ(talk.out.uninspected[static_cast<std::size_t>(Uninspected::gap)], 5u);
    talk.server(settings.substr(0, 4)).end();
    EXPECT_EQ(talk.out.uninspected[static_cast<std::size_t>(Uninspected::gap)], 9u);
}

TEST(Http2, ADamagedBlockIsMalformed) {
    auto talk = bed();
    talk.client(preface + frame(1, 5, 1, hex("ff")));
    EXPECT_EQ(talk.out.violation, "HPACK block cannot be decoded");
    EXPECT_THAT(talk.end().all<Http>(), IsEmpty());
}

TEST(Http2, EndlessHeadersAndEndlessStreamsTakeBoundedMemory) {
    auto talk = bed();
    talk.client(preface);
    for (unsigned id = 1; id < 2001; id += 2) talk.client(frame(1, 5, id, first_request));
    EXPECT_EQ(talk.all<Http>().size(), 1000 - limits.streams_max);
    talk.client(frame(1, 0, 2001, first_request));
    for (int i = 0; i < 100; ++i) talk.client(frame(9, 0, 2001, std::string(16'000, '\x82')));
    EXPECT_LT(talk.memory(), 500u << 10);
    EXPECT_GT(talk.out.uninspected[static_cast<std::size_t>(Uninspected::cap)], 0u);
}

TEST(Hpack, TheTableIsAsLargeAsItsSenderSaysWithinALimit) {
    Hpack fields;
    EXPECT_TRUE(fields.decode(as_bytes(first_request)));
    EXPECT_EQ(fields.memory(), 57u);   // RFC 7541, C.4.1
    EXPECT_TRUE(fields.decode(as_bytes(hex("20"))));
    EXPECT_EQ(fields.memory(), 0u);
    EXPECT_FALSE(fields.decode(as_bytes(hex("be"))));
    EXPECT_FALSE(fields.decode(as_bytes(hex("3fe2ff03"))));   // 65,537 bytes
}

TEST(Hpack, HuffmanCodesMustEndInOnes) {
    EXPECT_EQ(huffman_decoded(as_bytes(hex("a8eb10649cbf"))), "no-cache");
    EXPECT_EQ(huffman_decoded(as_bytes(hex("a8eb10649cb0"))), std::nullopt);
    EXPECT_EQ(huffman_decoded(as_bytes(hex("ffffffff"))), std::nullopt);
}

TEST(Http2, IsRecognisedByItsPreface) {
    EXPECT_EQ(probe(as_bytes(preface), Side::client), Verdict::yes);
    EXPECT_EQ(probe(as_bytes("PRI * H"), Side::client), Verdict::unsure);
    EXPECT_EQ(probe(as_bytes("PRINT *"), Side::client), Verdict::no);
    EXPECT_EQ(probe(as_bytes(settings), Side::server), Verdict::unsure);
    EXPECT_EQ(probe(as_bytes(frame(1, 5, 1, first_request)), Side::server), Verdict::no);
}

}   // namespace
}   // namespace ward::protocol::http2
