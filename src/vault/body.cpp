// SPDX-License-Identifier: Apache-2.0
#include "vault/body.hpp"

#include <memory>
#include <zstd.h>

#include "core/assert.hpp"
#include "crypto/hash.hpp"
#include "crypto/random.hpp"
#include "crypto/seal.hpp"
#include "wire/wire_reader.hpp"

namespace ward::vault {
namespace {

constexpr std::uint8_t format_version = 1;
constexpr std::size_t blinding_bytes = 32;
constexpr int compression_level = 1;   // a record is small: higher levels cost twice the time for a few bytes

using Compressor = std::unique_ptr<ZSTD_CCtx, decltype([](ZSTD_CCtx* c) { ZSTD_freeCCtx(c); })>;
using Decompressor = std::unique_ptr<ZSTD_DCtx, decltype([](ZSTD_DCtx* d) { ZSTD_freeDCtx(d); })>;

/// Overwrites a buffer when it goes.
class Wiping {
public:
    explicit Wiping(Buffer& buffer) : buffer_(buffer) {}
    ~Wiping() { crypto::wipe(buffer_); }
    Wiping(const Wiping&) = delete;
    Wiping& operator=(const Wiping&) = delete;

private:
    Buffer& buffer_;
};

void append_id(Buffer& target, std::string_view id) {
    append_big_endian(target, static_cast<std::uint8_t>(id.size()));   // a FHIR id has at most 64 characters
    append(target, as_bytes(id));
}

std::string take_id(WireReader& in) {
    const std::size_t size = in.u8();
    return std::string{as_text(in.take(size))};
}

void append_compressed(Buffer& target, std::string_view text) {
    thread_local const Compressor compressor{ZSTD_createCCtx()};
    const std::size_t start = target.size();
    target.resize(start + ZSTD_compressBound(text.size()));
    const std::size_t size = ZSTD_compressCCtx(compressor.get(), target.data() + start, target.size() - start,
                                               text.data(), text.size(), compression_level);
    WARD_ASSERT(ZSTD_isError(size) == 0);   // the target is as large as zstd asks
    target.resize(start + size);
}

Result<std::string> decompressed(Bytes frame) {
    thread_local const Decompressor decompressor{ZSTD_createDCtx()};
    const auto size = ZSTD_getFrameContentSize(frame.data(), frame.size());
    if (size > BodyLimits{}.json_bytes_max) return fail(Errc::corrupt, "record body: length out of range");
    std::string text(size, '\0');
    const auto written =
        ZSTD_decompressDCtx(decompressor.get(), text.data(), text.size(), frame.data(), frame.size());
    if (written != size) return fail(Errc::corrupt, "record body does not decompress");
    return text;
}

#ifndef WARD_BENCH_UNSEALED
Result<> seal_payload(Buffer& sealed, const crypto::SecretBytes& key, Bytes context, Bytes payload) {
    return crypto::seal_to(sealed, key, context, payload);
}
Result<Buffer> open_payload(const crypto::SecretBytes& key, Bytes context, Bytes sealed) {
    return crypto::open(key, context, sealed);
}
#else   // only for the bench that says what sealing costs, and in no program that is installed
Result<> seal_payload(Buffer& sealed, const crypto::SecretBytes&, Bytes, Bytes payload) {
    sealed.assign(payload.begin(), payload.end());
    return {};
}
Result<Buffer> open_payload(const crypto::SecretBytes&, Bytes, Bytes sealed) {
    return Buffer{sealed.begin(), sealed.end()};
}
#endif

}   // namespace

Result<SealedBody> seal_body(const crypto::SecretBytes& key, Bytes context, const BodyView& body) {
    if (body.json.size() > BodyLimits{}.json_bytes_max)
        return fail(Errc::malformed, "a resource is too long");
    if (body.patients.size() > BodyLimits{}.patients_max)
        return fail(Errc::malformed, "a resource is about too many patients");
    thread_local Buffer payload;   // reused: its capacity is what a body needs
    payload.clear();
    const Wiping wiping{payload};
    append_big_endian(payload, format_version);
    const auto blinding = crypto::random_array<blinding_bytes>();
    append(payload, blinding);
    append_id(payload, body.id);
    append_big_endian(payload, static_cast<std::uint8_t>(body.patients.size()));
    for (const auto& patient : body.patients) append_id(payload, patient);
    append_compressed(payload, body.json);

    SealedBody result;
    result.commitment = crypto::hmac_sha256(blinding, Bytes{payload}.subspan(1 + blinding_bytes));
    TRY(seal_payload(result.sealed, key, context, payload));
    return result;
}

Result<Body> open_body(const crypto::SecretBytes& key, Bytes context, Bytes sealed) {
    auto payload = TRY(open_payload(key, context, sealed));
    const Wiping wiping{payload};
    WireReader in{payload};
    if (in.u8() != format_version) return fail(Errc::corrupt, "record body: unknown version");
    in.take(blinding_bytes);
    Body body;
    body.id = take_id(in);
    const std::size_t patients = in.u8();
    for (std::size_t i = 0; i < patients; ++i) body.patients.push_back(take_id(in));
    if (in.truncated()) return fail(Errc::corrupt, "record body is truncated");
    body.json = Phi{TRY(decompressed(in.take(in.remaining())))};
    return body;
}

}   // namespace ward::vault
