// SPDX-License-Identifier: Apache-2.0
// Budget: a single core seals and opens 1 KiB at 60 % and 64 KiB at 85 % of what the same primitives give in
// a bare loop. The loop below does what nothing can leave out: the eight SHA-512 compressions of HKDF-Expand
// for 76 bytes, AES-256-GCM under a fresh key, a tag a chunk; on one buffer, without salt, checks, wiping or
// allocation.
//
// On 2 cores at 2.3 GHz with VAES, OpenSSL 3.0.22; the best of 5 interleaved repetitions:
//                bare      Ward     share
//   seal  1 KiB   2,556 ns  3,010 ns  85 %
//   open  1 KiB   2,553 ns  2,917 ns  87 %
//   seal 64 KiB  17,028 ns 18,627 ns  91 %
//   open 64 KiB  16,803 ns 18,290 ns  92 %
// The rest is the key schedule wiped and made anew (about 100 ns), the salt (70 ns), the buffer and its
// zeros.
#include <array>
#include <cstdlib>
#include <memory>
#include <openssl/evp.h>
#include <openssl/sha.h>

#include <benchmark/benchmark.h>

#include "crypto/derive.hpp"
#include "crypto/hash.hpp"
#include "crypto/random.hpp"
#include "crypto/seal.hpp"
#include "crypto/sign.hpp"

namespace {

using namespace ward;
using namespace ward::crypto;

constexpr std::size_t context_bytes = 64;   // about what a record binds
constexpr std::size_t info_bytes = 48 + 24 + context_bytes;

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

/// HMAC-SHA512 of `size` bytes at `message`, from the two states after the padded key.
void bare_hmac(const SHA512_CTX& inner, const SHA512_CTX& outer, const void* message, std::size_t size,
               unsigned char* tag) {
    SHA512_CTX state = inner;
    SHA512_Update(&state, message, size);
    SHA512_Final(tag, &state);
    state = outer;
    SHA512_Update(&state, tag, 64);
    SHA512_Final(tag, &state);
}

void bare_expand(const std::array<unsigned char, 128>& pad,
                 std::array<unsigned char, 64 + info_bytes + 1>& info,
                 std::array<unsigned char, 128>& output) {
    SHA512_CTX inner;
    SHA512_CTX outer;
    SHA512_Init(&inner);
    SHA512_Update(&inner, pad.data(), pad.size());
    SHA512_Init(&outer);
    SHA512_Update(&outer, pad.data(), pad.size());
    info.back() = 1;
    bare_hmac(inner, outer, info.data() + 64, info.size() - 64, output.data());
    std::copy_n(output.begin(), 64, info.begin());
    info.back() = 2;
    bare_hmac(inner, outer, info.data(), info.size(), output.data() + 64);
}

#pragma GCC diagnostic pop

void bare_loop(benchmark::State& state, int direction) {
    const auto size = static_cast<std::size_t>(state.range(0));
    std::vector<unsigned char> from(size + 16);
    std::vector<unsigned char> to(size + 16);
    std::array<unsigned char, 128> pad{};
    std::array<unsigned char, 64 + info_bytes + 1> info{};
    std::array<unsigned char, 128> key{};
    std::array<unsigned char, 16> tag{};
    const std::unique_ptr<EVP_CIPHER, decltype(&EVP_CIPHER_free)> cipher{
        EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr), EVP_CIPHER_free};
    const std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)> context{EVP_CIPHER_CTX_new(),
                                                                                  EVP_CIPHER_CTX_free};
    EVP_CipherInit_ex2(context.get(), cipher.get(), key.data(), key.data(), direction, nullptr);
    for (auto _ : state) {
        bare_expand(pad, info, key);
        EVP_CipherInit_ex2(context.get(), nullptr, key.data(), nullptr, direction, nullptr);
        for (std::size_t done = 0; done <= size; done += seal_chunk_bytes) {
            int written = 0;
            const auto part = static_cast<int>(std::min(seal_chunk_bytes, size - done));
            EVP_CipherInit_ex2(context.get(), nullptr, nullptr, key.data() + 32, direction, nullptr);
            if (part > 0)
                EVP_CipherUpdate(context.get(), to.data() + done, &written, from.data() + done, part);
            // A wrong tag costs what a right one does.
            if (direction == 0) EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG, 16, tag.data());
            benchmark::DoNotOptimize(EVP_CipherFinal_ex(context.get(), tag.data(), &written));
            if (direction == 1) EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, 16, tag.data());
        }
        benchmark::ClobberMemory();
    }
    state.SetBytesProcessed(state.iterations() * state.range(0));
}

void bare_seal(benchmark::State& state) { bare_loop(state, 1); }
void bare_open(benchmark::State& state) { bare_loop(state, 0); }

SecretBytes some_key() { return SecretBytes::random(32).value(); }

void seal_record(benchmark::State& state) {
    const auto key = some_key();
    const Buffer record(static_cast<std::size_t>(state.range(0)));
    const Buffer context(context_bytes);
    for (auto _ : state) benchmark::DoNotOptimize(seal(key, context, record).value().data());
    state.SetBytesProcessed(state.iterations() * state.range(0));
}

void open_record(benchmark::State& state) {
    const auto key = some_key();
    const Buffer context(context_bytes);
    const auto sealed = seal(key, context, Buffer(static_cast<std::size_t>(state.range(0)))).value();
    for (auto _ : state) benchmark::DoNotOptimize(open(key, context, sealed).value().data());
    state.SetBytesProcessed(state.iterations() * state.range(0));
}

void seal_record_to_a_reused_buffer(benchmark::State& state) {
    const auto key = some_key();
    const Buffer record(static_cast<std::size_t>(state.range(0)));
    const Buffer context(context_bytes);
    Buffer target;
    for (auto _ : state) {
        target.clear();
        if (!seal_to(target, key, context, record)) std::abort();
        benchmark::DoNotOptimize(target.data());
    }
    state.SetBytesProcessed(state.iterations() * state.range(0));
}

BENCHMARK(bare_seal)->Arg(1024)->Arg(65536);
BENCHMARK(seal_record)->Arg(1024)->Arg(65536);
BENCHMARK(seal_record_to_a_reused_buffer)->Arg(1024)->Arg(65536);
BENCHMARK(bare_open)->Arg(1024)->Arg(65536);
BENCHMARK(open_record)->Arg(1024)->Arg(65536);

// A million entries make two million node hashes: at 150 ns, 0.3 s of the 10 s that a verification may take.
void hash_64_bytes(benchmark::State& state) {
    Buffer message(64);
    for (auto _ : state) benchmark::DoNotOptimize(sha256(message));
}
BENCHMARK(hash_64_bytes);

// A node of RFC 6962: 0x01, left, right.
void hash_node_in_pieces(benchmark::State& state) {
    Sha256 hash;
    const Buffer prefix(1);
    const Buffer node(32);
    for (auto _ : state) benchmark::DoNotOptimize(hash.update(prefix).update(node).update(node).finish());
}
BENCHMARK(hash_node_in_pieces);

// A record has about 30 index tokens: at 500 ns, 15 us of the 333 us that 3,000 records a second leave.
void hmac_60_bytes(benchmark::State& state) {
    const auto keyed = HmacSha256::with_key(some_key()).value();
    const Buffer message(60);
    for (auto _ : state) benchmark::DoNotOptimize(keyed(message));
}
BENCHMARK(hmac_60_bytes);

void hmac_60_bytes_one_shot(benchmark::State& state) {
    const Buffer key(32);
    const Buffer message(60);
    for (auto _ : state) benchmark::DoNotOptimize(hmac_sha256(key, message));
}
BENCHMARK(hmac_60_bytes_one_shot);

void draw_24_random_bytes(benchmark::State& state) {
    for (auto _ : state) benchmark::DoNotOptimize(random_array<24>());
}
BENCHMARK(draw_24_random_bytes);

void hold_a_key(benchmark::State& state) {
    const std::array<std::byte, 32> bytes{};
    for (auto _ : state) benchmark::DoNotOptimize(SecretBytes::copy_of(bytes).value().reveal().data());
}
BENCHMARK(hold_a_key);

void derive_a_key(benchmark::State& state) {
    const auto key = some_key();
    for (auto _ : state) benchmark::DoNotOptimize(derive(key, "record").value().reveal().data());
}
BENCHMARK(derive_a_key);

void sign_and_verify(benchmark::State& state) {
    const auto key = SigningKey::generate().value();
    const Buffer message(200);
    for (auto _ : state) benchmark::DoNotOptimize(verify(key.public_key(), message, key.sign(message)));
}
BENCHMARK(sign_and_verify);

}   // namespace
