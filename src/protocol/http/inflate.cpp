// SPDX-License-Identifier: Apache-2.0
#include "protocol/http/inflate.hpp"

#define ZLIB_CONST
#include <zlib.h>

namespace ward::protocol::http {
namespace {

// zlib takes characters without sign.
const unsigned char* octets(const char* text) {
    return static_cast<const unsigned char*>(static_cast<const void*>(text));
}
unsigned char* octets(char* text) { return static_cast<unsigned char*>(static_cast<void*>(text)); }

std::string inflate_as(int window_bits, std::string_view body, std::size_t bytes_max) {
    z_stream stream{};
    if (inflateInit2(&stream, window_bits) != Z_OK) return {};
    std::string out(bytes_max, '\0');
    stream.next_in = octets(body.data());
    stream.avail_in = static_cast<unsigned>(body.size());
    stream.next_out = octets(out.data());
    stream.avail_out = static_cast<unsigned>(out.size());
    // One call: it ends where the input, the output's room or the stream does.
    static_cast<void>(inflate(&stream, Z_SYNC_FLUSH));
    out.resize(bytes_max - stream.avail_out);
    static_cast<void>(inflateEnd(&stream));
    return out;
}

}   // namespace

std::string inflated(std::string_view body, std::size_t bytes_max) {
    constexpr int largest_window = 15;
    constexpr int gzip_or_zlib = 32;   // zlib.h, inflateInit2: tells the two by their header
    auto out = inflate_as(largest_window + gzip_or_zlib, body, bytes_max);
    // RFC 9110, 8.4.1.2: some senders write `deflate` without the zlib header.
    if (out.empty()) out = inflate_as(-largest_window, body, bytes_max);
    return out;
}

}   // namespace ward::protocol::http
