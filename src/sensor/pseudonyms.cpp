// SPDX-License-Identifier: Apache-2.0
#include "sensor/pseudonyms.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <memory>
#include <sys/stat.h>
#include <unistd.h>

#include "crypto/hash.hpp"

namespace ward::sensor {
namespace {

constexpr std::size_t key_bytes_min = 32;
constexpr std::size_t key_bytes_max = 4096;

Result<crypto::SecretBytes> read_key(const std::string& file) {
    const int opened = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    if (opened < 0) return fail(Errc::not_found, "pseudonym key " + file + ": " + std::strerror(errno));
    struct stat about {};
    ::fstat(opened, &about);
    auto key = crypto::SecretBytes::allocate(key_bytes_max);
    const auto size = key ? ::read(opened, key->reveal_writable().data(), key_bytes_max) : -1;
    ::close(opened);
    if (!key) return key;
    if ((about.st_mode & 077U) != 0)
        return fail(Errc::denied, "pseudonym key " + file + " can be read by others; chmod 600 it");
    if (size < static_cast<ssize_t>(key_bytes_min))
        return fail(Errc::malformed, "pseudonym key " + file +
                                         " has fewer than 32 bytes; make one with: "
                                         "(umask 077; head -c 32 /dev/urandom > " +
                                         file + ")");
    key->shrink(static_cast<std::size_t>(size));
    return key;
}

}   // namespace

Result<protocol::Pseudonymise> load_pseudonymiser(const std::string& file) {
    const auto key = TRY(read_key(file));
    const auto mac = std::make_shared<const crypto::HmacSha256>(TRY(crypto::HmacSha256::with_key(key)));
    return protocol::Pseudonymise{[mac](std::string_view identifier) {
        constexpr std::string_view purpose = "patient identifier\n";
        const auto digest = (*mac)(as_bytes(purpose), as_bytes(identifier));
        return event::Pseudonym{to_hex(Bytes{digest}.first(16))};
    }};
}

}   // namespace ward::sensor
