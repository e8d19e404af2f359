// SPDX-License-Identifier: Apache-2.0
// Vectors of Wycheproof and of C2SP's CCTV, made by neither us nor the libraries we call.
#include <cstdlib>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <zlib.h>

#include "crypto/hash.hpp"
#include "crypto/hkdf.hpp"
#include "crypto/seal.hpp"
#include "crypto/sign.hpp"

namespace ward::crypto {
namespace {

/// One test of a vector file: its fields, those of its group, and its flags.
struct Vector {
    std::map<std::string, std::string> fields;
    std::set<std::string> flags;

    const std::string& operator[](const std::string& name) const { return fields.at(name); }
    Buffer bytes(const std::string& name) const { return from_hex(fields.at(name)).value(); }
    bool is_valid() const { return fields.at("result") == "valid"; }
};

std::string vector_file(const std::string& name) {
    const char* const moved = std::getenv("WARD_SHARED_DATA");
    return (moved ? std::string{moved} : std::string{WARD_SOURCE_DIR "/../shared/data"}) + "/vectors/" + name;
}

std::string between_quotes(const std::string& text) {
    const auto first = text.find('"');
    const auto last = text.rfind('"');
    return first == last ? std::string{} : text.substr(first + 1, last - first - 1);
}

/// These files have one field or one flag a line, and tests in groups, whose fields the tests inherit.
/// `first` is the field that a test begins with. Empty when the files are not there.
std::vector<Vector> read_vectors(const std::string& name, const std::string& first) {
    std::ifstream file{vector_file(name)};
    std::vector<Vector> vectors;
    Vector group;
    bool in_tests = false;
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with("      ]")) {
            in_tests = false;
            group = {};
        }
        const auto colon = line.find("\": ");
        if (colon == std::string::npos) {
            if (in_tests && line.find('"') != std::string::npos)
                vectors.back().flags.insert(between_quotes(line));
            continue;
        }
        const auto key = between_quotes(line.substr(0, colon + 1));
        const auto text = line.substr(colon + 3);
        if (key == first) {
            vectors.push_back(group);
            in_tests = true;
        }
        auto& target = in_tests ? vectors.back() : group;
        target.fields[key] = text.starts_with('"') ? between_quotes(text) : text.substr(0, text.find(','));
    }
    return vectors;
}

Buffer decompress(Bytes packed) {
    Buffer bytes(std::size_t{8} << 20);   // the longest has 4.2 MB
    auto size = static_cast<uLongf>(bytes.size());
    EXPECT_EQ(::uncompress(writable_octets(bytes), &size, octets(packed), static_cast<uLong>(packed.size())),
              Z_OK);
    bytes.resize(size);
    return bytes;
}

std::string sha512_hex(Bytes message) {
    SHA512_CTX state;
    std::array<std::byte, 64> digest;
    Sha512Family::start(state);
    Sha512Family::add(state, message);
    Sha512Family::finish(state, writable_octets(digest));
    return to_hex(digest);
}

template <std::size_t size>
std::array<std::byte, size> fixed(Bytes bytes) {
    std::array<std::byte, size> array{};
    EXPECT_EQ(bytes.size(), size);
    std::ranges::copy(bytes.first(std::min(bytes.size(), size)), array.begin());
    return array;
}

#define READ_OR_SKIP(vectors, name, first, count)                              \
    const auto vectors = read_vectors(name, first);                            \
    if (vectors.empty()) GTEST_SKIP() << vector_file(name) << " is not there"; \
    ASSERT_EQ(vectors.size(), std::size_t{count})

TEST(Wycheproof, ChunkedEncryptionAes256Gcm) {
    READ_OR_SKIP(vectors, "wycheproof/c2sp_chunked_encryption_aes_256_gcm_test.json", "tcId", 35);
    for (const auto& vector : vectors) {
        const auto sealed = decompress(vector.bytes("ct"));
        const auto key = SecretBytes::copy_of(vector.bytes("key")).value();
        const auto opened = open(key, vector.bytes("ctx"), sealed);
        ASSERT_EQ(opened.has_value(), vector.is_valid()) << vector["tcId"] << ": " << vector["comment"];
        if (!opened) continue;
        EXPECT_EQ(std::to_string(opened->size()), vector["msgLength"]);
        EXPECT_EQ(sha512_hex(*opened), vector["msgSha512"]);
        EXPECT_EQ(sealed.size(), sealed_size(opened->size()));
    }
}

TEST(Wycheproof, HkdfSha512) {
    READ_OR_SKIP(vectors, "wycheproof/hkdf_sha512_test.json", "tcId", 83);
    for (const auto& vector : vectors) {
        Buffer output(std::stoul(vector["size"]));
        ASSERT_EQ(output.size() <= HkdfSha512::output_bytes_max, vector.is_valid()) << vector["tcId"];
        if (!vector.is_valid()) continue;   // SizeTooLarge: `expand` asserts it
        HkdfSha512::Key key;
        HkdfSha512::extract(key, vector.bytes("salt"), vector.bytes("ikm"));
        HkdfSha512{key}.expand(output, vector.bytes("info"));
        EXPECT_EQ(to_hex(output), vector["okm"]) << vector["tcId"];
    }
}

TEST(Wycheproof, HmacSha256) {
    READ_OR_SKIP(vectors, "wycheproof/hmac_sha256_test.json", "tcId", 174);
    for (const auto& vector : vectors) {
        const auto key = vector.bytes("key");
        const auto message = vector.bytes("msg");
        const auto tag = vector.bytes("tag");
        const auto once = hmac_sha256(key, message);
        EXPECT_EQ(equal_in_constant_time(Bytes{once}.first(tag.size()), tag), vector.is_valid())
            << vector["tcId"];
        const auto keyed = HmacSha256::with_key(key).value();
        EXPECT_EQ(keyed(message), once);
        EXPECT_EQ(keyed(Bytes{message}.first(message.size() / 3), Bytes{message}.subspan(message.size() / 3)),
                  once);
    }
}

TEST(Wycheproof, HmacSha512) {
    READ_OR_SKIP(vectors, "wycheproof/hmac_sha512_test.json", "tcId", 174);
    for (const auto& vector : vectors) {
        HmacStates<Sha512Family> states;
        states.start(vector.bytes("key"));
        const auto tag = vector.bytes("tag");
        const auto computed = states.of(vector.bytes("msg"));
        EXPECT_EQ(equal_in_constant_time(Bytes{computed}.first(tag.size()), tag), vector.is_valid());
    }
}

TEST(Wycheproof, Ed25519) {
    READ_OR_SKIP(vectors, "wycheproof/ed25519_test.json", "tcId", 151);
    for (const auto& vector : vectors) {
        const auto bytes = vector.bytes("sig");
        const PublicKey key{fixed<32>(vector.bytes("pk"))};
        if (bytes.size() != 64) {   // no Signature can hold it
            EXPECT_FALSE(vector.is_valid()) << vector["tcId"];
            continue;
        }
        EXPECT_EQ(verify(key, vector.bytes("msg"), {fixed<64>(bytes)}), vector.is_valid()) << vector["tcId"];
    }
}

// Which of the signatures that RFC 8032 leaves open does Ward accept? The strict answer, the same everywhere:
// none with a point of small order or in a second spelling, and only those that hold without the cofactor.
TEST(Cctv, Ed25519IsVerifiedStrictly) {
    READ_OR_SKIP(vectors, "ed25519/ed25519vectors.json", "number", 914);
    const std::set<std::string> tolerated{"low_order_component_A", "low_order_component_R"};
    std::size_t accepted = 0;
    for (const auto& vector : vectors) {
        const bool strict = std::ranges::includes(tolerated, vector.flags);
        const bool verified = verify({fixed<32>(vector.bytes("key"))}, as_bytes(vector["msg"]),
                                     {fixed<64>(vector.bytes("sig"))});
        EXPECT_EQ(verified, strict) << vector["number"];
        accepted += verified ? 1U : 0U;
    }
    RecordProperty("accepted", static_cast<int>(accepted));
    EXPECT_GT(accepted, 0U);
}

}   // namespace
}   // namespace ward::crypto
