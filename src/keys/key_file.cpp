// SPDX-License-Identifier: Apache-2.0
#include "keys/key_file.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

#include "core/durable_file.hpp"
#include "core/unique_fd.hpp"
#include "crypto/hash.hpp"
#include "crypto/random.hpp"
#include "crypto/seal.hpp"
#include "wire/wire_reader.hpp"

namespace ward::keys {
namespace {

constexpr std::string_view magic = "ward.key";
constexpr std::uint8_t format_version = 1;
constexpr std::size_t kek_bytes = 32;
constexpr std::size_t header_bytes = 8 + 1 + 4 + 4 + sizeof(crypto::PasswordSalt);
constexpr std::size_t checked_bytes = header_bytes + crypto::sealed_size(kek_bytes);
constexpr std::size_t file_bytes = checked_bytes + sizeof(Digest);

/// Where the system refused; `what` is the step, for an operator.
tl::unexpected<Error> refused(Errc code, const std::string& what, const std::filesystem::path& path) {
    return fail(code, what + " " + path.string() + ": " + std::strerror(errno));
}

/// Binds the costs and the salt, so that none of them can be exchanged.
Buffer sealing_context(Bytes header) {
    Buffer context;
    append(context, as_bytes("ward-key-file-v1"));
    append(context, header);
    return context;
}

Result<Buffer> read_file(const std::filesystem::path& path) {
    const UniqueFd fd{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
    if (!fd) return refused(errno == ENOENT ? Errc::not_found : Errc::unavailable, "cannot open", path);
    Buffer bytes(file_bytes + 1);   // one more, to see that it is too long
    std::size_t size = 0;
    while (size < bytes.size()) {
        const auto got = ::read(fd.get(), bytes.data() + size, bytes.size() - size);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return refused(Errc::unavailable, "cannot read", path);
        if (got == 0) break;
        size += static_cast<std::size_t>(got);
    }
    bytes.resize(size);
    return bytes;
}

}   // namespace

Result<crypto::SecretBytes> create_key_file(const std::filesystem::path& path,
                                            const crypto::SecretBytes& passphrase, crypto::Argon2Cost cost) {
    const auto salt = crypto::random_array<sizeof(crypto::PasswordSalt)>();
    const auto key = TRY(crypto::key_from_password(passphrase, salt, cost));
    auto kek = TRY(crypto::SecretBytes::random(kek_bytes));

    Buffer file;
    append(file, as_bytes(magic));
    append_big_endian(file, format_version);
    append_big_endian(file, cost.passes);
    append_big_endian(file, cost.memory_kib);
    append(file, salt);
    TRY(crypto::seal_to(file, key, sealing_context(file), kek.reveal()));
    append(file, crypto::sha256(file));
    TRY(write_durably(path, file, Readable::by_owner, Existing::keep));
    return kek;
}

Result<crypto::SecretBytes> open_key(Bytes file, const crypto::SecretBytes& passphrase) {
    // The digest tells a damaged file from a wrong passphrase. It protects nothing: the seal does.
    if (file.size() != file_bytes) return fail(Errc::corrupt, "not a key file");
    const auto digest = crypto::sha256(file.first(checked_bytes));
    if (!crypto::equal_in_constant_time(digest, file.subspan(checked_bytes)))
        return fail(Errc::corrupt, "the key file is damaged");

    WireReader in{file};
    if (as_text(in.take(magic.size())) != magic) return fail(Errc::corrupt, "not a key file");
    if (in.u8() != format_version) return fail(Errc::corrupt, "a key file of a newer version");
    const auto passes = in.u32();
    const auto memory_kib = in.u32();
    crypto::PasswordSalt salt;
    std::ranges::copy(in.take(salt.size()), salt.begin());
    const auto key =
        TRY(crypto::key_from_password(passphrase, salt, {.passes = passes, .memory_kib = memory_kib}));
    auto kek = crypto::open_secret(key, sealing_context(file.first(header_bytes)),
                                   file.subspan(header_bytes, crypto::sealed_size(kek_bytes)));
    if (!kek) return fail(Errc::denied, "wrong passphrase");
    return kek;
}

Result<crypto::SecretBytes> open_key_file(const std::filesystem::path& path,
                                          const crypto::SecretBytes& passphrase) {
    const auto file = TRY(read_file(path));
    return open_key(file, passphrase);
}

Result<crypto::SecretBytes> read_passphrase(int fd) {
    constexpr std::size_t bytes_max = crypto::Argon2Limits{}.password_bytes_max;
    auto text = TRY(crypto::SecretBytes::allocate(bytes_max + 1));
    const auto memory = text.reveal_writable();
    std::size_t size = 0;
    while (size < memory.size()) {
        const auto got = ::read(fd, memory.data() + size, memory.size() - size);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0)
            return fail(Errc::unavailable,
                        std::string{"cannot read the passphrase: "} + std::strerror(errno));
        if (got == 0) break;
        size += static_cast<std::size_t>(got);
    }
    if (size > 0 && memory[size - 1] == std::byte{'\n'}) --size;
    if (size == 0) return fail(Errc::denied, "the passphrase is empty");
    if (size > bytes_max) return fail(Errc::limit_exceeded, "the passphrase is too long");
    text.shrink(size);
    return text;
}

}   // namespace ward::keys
