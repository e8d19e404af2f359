// SPDX-License-Identifier: Apache-2.0
#include "crypto/seal.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <openssl/evp.h>

#include "core/assert.hpp"
#include "crypto/hkdf.hpp"
#include "crypto/octets.hpp"
#include "crypto/random.hpp"

namespace ward::crypto {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t salt_bytes = 24;
constexpr std::size_t commitment_bytes = 32;
constexpr std::size_t nonce_bytes = 12;
constexpr std::size_t sealed_chunk_bytes = seal_chunk_bytes + seal_tag_bytes;
constexpr auto info_prefix = "c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\0"sv;

struct Release {
    void operator()(EVP_CIPHER* cipher) const { EVP_CIPHER_free(cipher); }
    void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};

enum class Direction : int { open = 0, seal = 1 };

/// "Key derivation" of the specification: what one message is sealed with.
class MessageKey {
public:
    MessageKey(const SecretBytes& key, Bytes salt, Bytes binding) noexcept {
        HkdfSha512{key.reveal()}.expand(bytes_.value, as_bytes(info_prefix), salt, binding);
    }

    Bytes key() const noexcept { return Bytes{bytes_.value}.first<seal_key_bytes>(); }
    Bytes commitment() const noexcept { return Bytes{bytes_.value}.last<commitment_bytes>(); }

    /// The last bytes of the base nonce, XORed with the chunk's number in network byte order.
    std::array<std::byte, nonce_bytes> nonce(std::uint64_t chunk) const noexcept {
        std::array<std::byte, nonce_bytes> nonce;
        std::ranges::copy(Bytes{bytes_.value}.subspan<seal_key_bytes, nonce_bytes>(), nonce.begin());
        for (std::size_t i = nonce.size(); chunk != 0; chunk >>= 8)
            nonce[--i] ^= static_cast<std::byte>(chunk & 255U);
        return nonce;
    }

private:
    Wiped<std::array<std::byte, seal_key_bytes + nonce_bytes + commitment_bytes>> bytes_;
};

/// AES-256-GCM under one message's key, in this thread's context. Going out of scope frees the expanded key,
/// which OpenSSL wipes.
class Chunks {
public:
    Chunks(Direction direction, const MessageKey& key) : key_(key), context_(cipher_of_this_thread()) {
        static const std::unique_ptr<EVP_CIPHER, Release> cipher{
            EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr)};
        WARD_ASSERT(cipher != nullptr);
        WARD_ASSERT(EVP_CipherInit_ex2(context_, cipher.get(), octets(key.key()), nullptr,
                                       static_cast<int>(direction), nullptr) == 1);
    }
    Chunks(const Chunks&) = delete;
    Chunks& operator=(const Chunks&) = delete;
    ~Chunks() { EVP_CIPHER_CTX_reset(context_); }

    void seal(std::uint64_t number, Bytes plain, std::span<std::byte> sealed) {
        int written = 0;
        start(number);
        transform(plain, sealed);
        WARD_ASSERT(EVP_CipherFinal_ex(context_, writable_octets(sealed), &written) == 1);
        WARD_ASSERT(EVP_CIPHER_CTX_ctrl(context_, EVP_CTRL_AEAD_GET_TAG, seal_tag_bytes,
                                        sealed.last(seal_tag_bytes).data()) == 1);
    }

    [[nodiscard]] bool open(std::uint64_t number, Bytes sealed, std::span<std::byte> plain) {
        std::array<std::byte, seal_tag_bytes> tag;
        std::ranges::copy(sealed.last(seal_tag_bytes), tag.begin());
        int written = 0;
        start(number);
        WARD_ASSERT(EVP_CIPHER_CTX_ctrl(context_, EVP_CTRL_AEAD_SET_TAG, seal_tag_bytes, tag.data()) == 1);
        transform(sealed.first(sealed.size() - seal_tag_bytes), plain);
        return EVP_CipherFinal_ex(context_, writable_octets(tag), &written) == 1;   // GCM writes nothing here
    }

private:
    static EVP_CIPHER_CTX* cipher_of_this_thread() {
        thread_local const std::unique_ptr<EVP_CIPHER_CTX, Release> context{EVP_CIPHER_CTX_new()};
        WARD_ASSERT(context != nullptr);
        return context.get();
    }

    void start(std::uint64_t number) {
        const auto nonce = key_.nonce(number);
        WARD_ASSERT(EVP_CipherInit_ex2(context_, nullptr, nullptr, octets(nonce), -1, nullptr) == 1);
    }

    void transform(Bytes from, std::span<std::byte> to) {
        int written = 0;
        if (from.empty()) return;   // with no input, OpenSSL would take the call for something else
        const auto size = static_cast<int>(from.size());
        WARD_ASSERT(EVP_CipherUpdate(context_, writable_octets(to), &written, octets(from), size) == 1);
        WARD_ASSERT(written == size);
    }

    const MessageKey& key_;
    EVP_CIPHER_CTX* context_;
};

Result<> check_key(const SecretBytes& key) {
    if (key.size() != seal_key_bytes) return fail(Errc::denied, "a sealing key has 32 bytes");
    return {};
}

/// The plaintext length of a sealed text, which not every length is.
Result<std::size_t> opened_size(Bytes sealed) {
    if (sealed.size() < seal_header_bytes + seal_tag_bytes)
        return fail(Errc::corrupt, "sealed text is too short");
    const std::size_t body = sealed.size() - seal_header_bytes;
    const std::size_t last = body % sealed_chunk_bytes;
    if (last < seal_tag_bytes) return fail(Errc::corrupt, "sealed text has no last chunk");
    if (body / sealed_chunk_bytes > seal_chunks_max - 1)
        return fail(Errc::limit_exceeded, "sealed text is too long");
    return body / sealed_chunk_bytes * seal_chunk_bytes + last - seal_tag_bytes;
}

/// `plain` has the opened size; after a failure it is wiped.
Result<> open_into(std::span<std::byte> plain, const SecretBytes& key, Bytes context, Bytes sealed) {
    TRY(check_key(key));
    const MessageKey message{key, sealed.first(salt_bytes), context};
    if (!equal_in_constant_time(message.commitment(), sealed.subspan(salt_bytes, commitment_bytes)))
        return fail(Errc::corrupt, "sealed under another key or context, or altered");
    Chunks chunks{Direction::open, message};
    sealed = sealed.subspan(seal_header_bytes);
    auto rest = plain;
    for (std::uint64_t number = 0; !sealed.empty(); ++number) {
        const auto chunk = sealed.first(std::min(sealed.size(), sealed_chunk_bytes));
        const auto target = rest.first(chunk.size() - seal_tag_bytes);
        if (!chunks.open(number, chunk, target)) {
            wipe(plain);
            return fail(Errc::corrupt, "sealed text was altered");
        }
        sealed = sealed.subspan(chunk.size());
        rest = rest.subspan(target.size());
    }
    return {};
}

}   // namespace

Result<> seal_to(Buffer& target, const SecretBytes& key, Bytes context, Bytes plaintext) {
    TRY(check_key(key));
    if (plaintext.size() / seal_chunk_bytes > seal_chunks_max - 1)
        return fail(Errc::limit_exceeded, "text to seal is too long");
    const std::size_t before = target.size();
    target.resize(before + sealed_size(plaintext.size()));
    auto rest = std::span{target}.subspan(before);

    const auto salt = rest.first(salt_bytes);
    random_bytes(salt);
    const MessageKey message{key, salt, context};
    std::ranges::copy(message.commitment(), rest.subspan(salt_bytes).begin());
    rest = rest.subspan(seal_header_bytes);

    Chunks chunks{Direction::seal, message};
    for (std::uint64_t number = 0; !rest.empty(); ++number) {
        const auto chunk = plaintext.first(std::min(plaintext.size(), seal_chunk_bytes));
        const auto sealed = rest.first(chunk.size() + seal_tag_bytes);
        chunks.seal(number, chunk, sealed);
        plaintext = plaintext.subspan(chunk.size());
        rest = rest.subspan(sealed.size());
    }
    return {};
}

Result<> open_to(Buffer& target, const SecretBytes& key, Bytes context, Bytes sealed) {
    const std::size_t size = TRY(opened_size(sealed));
    const std::size_t before = target.size();
    target.resize(before + size);
    auto opened = open_into(std::span{target}.subspan(before), key, context, sealed);
    if (!opened) target.resize(before);
    return opened;
}

Result<Buffer> seal(const SecretBytes& key, Bytes context, Bytes plaintext) {
    Buffer sealed;
    TRY(seal_to(sealed, key, context, plaintext));
    return sealed;
}

Result<Buffer> open(const SecretBytes& key, Bytes context, Bytes sealed) {
    Buffer opened;
    TRY(open_to(opened, key, context, sealed));
    return opened;
}

Result<SecretBytes> open_secret(const SecretBytes& key, Bytes context, Bytes sealed) {
    const std::size_t size = TRY(opened_size(sealed));
    auto opened = TRY(SecretBytes::allocate(size));
    TRY(open_into(opened.reveal_writable(), key, context, sealed));
    return opened;
}

}   // namespace ward::crypto
