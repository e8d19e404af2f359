// SPDX-License-Identifier: Apache-2.0
#include "keys/protocol.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace ward::keys {
namespace {

constexpr Owner owner{std::byte{0x11}, std::byte{0x22}};
constexpr KeyId key{std::byte{0x33}};

Buffer encoded(const Request& request) {
    Buffer bytes(10'000);
    WireWriter target{bytes};
    encode_request(request, target);
    EXPECT_FALSE(target.overflowed());
    bytes.resize(target.written());
    return bytes;
}

std::vector<Request> one_of_each() {
    return {{.op = Op::create, .owner = owner},
            {.op = Op::unwrap, .owner = owner, .key = key},
            {.op = Op::facility},
            {.op = Op::secret, .name = "tls-key", .payload = as_bytes("offered")},
            {.op = Op::sign_checkpoint, .payload = as_bytes("ward.example\n1\nroot\n")},
            {.op = Op::sign_token, .payload = as_bytes("e30.e30")},
            {.op = Op::public_keys},
            {.op = Op::status},
            {.op = Op::unseal, .payload = as_bytes("an invented passphrase")}};
}

TEST(KeysRequest, ReadsBackAsItWasWritten) {
    for (const auto& request : one_of_each()) {
        const auto bytes = encoded(request);
        const auto frame = first_frame(bytes).value().value();
        EXPECT_EQ(frame.size() + frame_length_bytes, bytes.size());
        const auto read = decode_request(frame).value();
        EXPECT_EQ(read.op, request.op);
        EXPECT_EQ(read.owner, request.owner);
        EXPECT_EQ(read.key, request.key);
        EXPECT_EQ(read.name, request.name);
        EXPECT_EQ(as_text(read.payload), as_text(request.payload));
    }
}

// docs/formats/keys-protocol.md shows these bytes.
TEST(KeysRequest, HasTheBytesOfItsDescription) {
    EXPECT_EQ(to_hex(encoded({.op = Op::unwrap, .owner = owner, .key = key})),
              "00000022"
              "0102"
              "11220000000000000000000000000000"
              "33000000000000000000000000000000");
    EXPECT_EQ(to_hex(encoded({.op = Op::secret, .name = "tls-key"})),
              "0000000c"
              "0105"
              "07746c732d6b6579"
              "0000");
}

TEST(KeysRequest, IsIncompleteUntilItsLastByte) {
    for (const auto& request : one_of_each()) {
        const auto bytes = encoded(request);
        for (std::size_t size = 0; size < bytes.size(); ++size)
            EXPECT_FALSE(first_frame(Bytes{bytes}.first(size)).value().has_value());
    }
}

TEST(KeysRequest, HasOneLengthOnly) {
    for (const auto& request : one_of_each()) {
        auto bytes = encoded(request);
        const auto frame = Bytes{bytes}.subspan(frame_length_bytes);
        for (std::size_t size = 0; size < frame.size(); ++size)
            EXPECT_FALSE(decode_request(frame.first(size)));
        bytes.push_back(std::byte{0});
        EXPECT_FALSE(decode_request(Bytes{bytes}.subspan(frame_length_bytes)));
    }
}

TEST(KeysRequest, RefusesWhatIsBeyondTheLimits) {
    EXPECT_EQ(first_frame(from_hex("00000000").value()).error().code, Errc::malformed);
    EXPECT_EQ(first_frame(from_hex("00002001").value()).error().code, Errc::malformed);
    EXPECT_TRUE(first_frame(from_hex("00002000").value()));
    EXPECT_FALSE(decode_request(from_hex("0209").value()));   // another version
    EXPECT_FALSE(decode_request(from_hex("0100").value()));   // no such operation
    EXPECT_FALSE(decode_request(from_hex("010b").value()));

    Buffer longest(4, std::byte{0});
    const auto request = [&longest](std::size_t size) {
        longest = from_hex("0107").value();
        append_big_endian(longest, static_cast<std::uint16_t>(size));
        longest.resize(4 + size);
        return decode_request(longest).has_value();
    };
    EXPECT_TRUE(request(4096));
    EXPECT_FALSE(request(4097));
}

TEST(KeysRequest, RefusesNamesThatAreNotNames) {
    const auto accepts = [](std::string_view name) {
        Buffer bytes = from_hex("0105").value();
        append_big_endian(bytes, static_cast<std::uint8_t>(name.size()));
        append(bytes, as_bytes(name));
        append_big_endian(bytes, std::uint16_t{0});
        return decode_request(bytes).has_value();
    };
    EXPECT_TRUE(accepts("tls-key-2"));
    EXPECT_TRUE(accepts(std::string(32, 'n')));
    EXPECT_FALSE(accepts(std::string(33, 'n')));
    EXPECT_FALSE(accepts(""));
    EXPECT_FALSE(accepts(".ledger-seed"));   // ward-keys' own secrets
    EXPECT_FALSE(accepts("Tls"));
    EXPECT_FALSE(accepts(std::string_view{"a\0b", 3}));
}

TEST(KeysReply, TellsSuccessAndEveryFailure) {
    Buffer bytes(64);
    WireWriter fields{std::span{bytes}.subspan(reply_header_bytes)};
    fields.put(as_bytes("fields"));
    const auto frame = [&bytes](std::size_t size) {
        return first_frame(Bytes{bytes}.first(size)).value().value();
    };
    auto read = decode_reply(frame(finish_reply(bytes, {}, fields.written()))).value();
    EXPECT_EQ(as_text(read.take(read.remaining())), "fields");
    for (const auto code : {Errc::malformed, Errc::not_found, Errc::denied, Errc::conflict,
                            Errc::limit_exceeded, Errc::unavailable, Errc::corrupt}) {
        const auto size = finish_reply(bytes, fail(code, "the story stays in the log"), fields.written());
        EXPECT_EQ(size, reply_header_bytes);
        EXPECT_EQ(decode_reply(frame(size)).error().code, code);
    }
    EXPECT_EQ(decode_reply(from_hex("08").value()).error().code, Errc::malformed);
    EXPECT_EQ(decode_reply({}).error().code, Errc::malformed);
}

TEST(KeysReply, CarriesTheStatus) {
    const Status status{.seal = Seal::unsealed,
                        .keys = 1,
                        .owners_opened = 2,
                        .repeated = 3,
                        .refused = 4,
                        .alarms = 5,
                        .owners_left = 6,
                        .burst = 7,
                        .per_hour = 8};
    Buffer bytes(65);
    WireWriter target{bytes};
    encode_status(status, target);
    EXPECT_FALSE(target.overflowed());
    WireReader fields{bytes};
    EXPECT_EQ(decode_status(fields), status);
    EXPECT_EQ(fields.remaining(), 0U);
}

}   // namespace
}   // namespace ward::keys
