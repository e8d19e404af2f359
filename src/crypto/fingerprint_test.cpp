// SPDX-License-Identifier: Apache-2.0
#include "crypto/fingerprint.hpp"

#include <gtest/gtest.h>

#include <string>

namespace ward::crypto {
namespace {

// RFC 1321, appendix A.5.
TEST(Fingerprint, Md5MatchesTheRfc) {
    const auto md5 = [](std::string_view text) { return to_hex(md5_fingerprint(as_bytes(text))); };
    EXPECT_EQ(md5(""), "d41d8cd98f00b204e9800998ecf8427e");
    EXPECT_EQ(md5("abc"), "900150983cd24fb0d6963f7d28e17f72");
    EXPECT_EQ(md5("message digest"), "f96b697d7cb7938d525a2f31aaf161d0");
    EXPECT_EQ(md5("12345678901234567890123456789012345678901234567890123456789012345678901234567890"),
              "57edf4a22be3c955ac49da2e2107b67a");
}

// RFC 3174, section 7.3, and FIPS 180-4's examples.
TEST(Fingerprint, Sha1MatchesTheRfc) {
    const auto sha1 = [](std::string_view text) { return to_hex(sha1_fingerprint(as_bytes(text))); };
    EXPECT_EQ(sha1(""), "da39a3ee5e6b4b0d3255bfef95601890afd80709");
    EXPECT_EQ(sha1("abc"), "a9993e364706816aba3e25717850c26c9cd0d89d");
    EXPECT_EQ(sha1("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
              "84983e441c3bd26ebaae4aa1f95129e5e54670f1");
    EXPECT_EQ(sha1(std::string(1'000'000, 'a')), "34aa973cd4c4daa4f61eeb2bdbad27316534016f");
}

}   // namespace
}   // namespace ward::crypto
