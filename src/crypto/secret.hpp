// SPDX-License-Identifier: Apache-2.0
// Memory for keys, and what a process does to keep its memory to itself.
#pragma once

#include <cstddef>
#include <span>

#include "core/bytes.hpp"
#include "core/result.hpp"

namespace ward::crypto {

/// Bytes that are locked in memory, absent from core files and from forked children, and wiped when they go.
/// They move, but are not copied by accident, compared or printed. A moved-from one is empty.
class SecretBytes {
public:
    static constexpr std::size_t bytes_max = std::size_t{1} << 20;

    SecretBytes() noexcept = default;

    /// Zeroed. Fails with Errc::limit_exceeded when no more memory may be locked (RLIMIT_MEMLOCK).
    static Result<SecretBytes> allocate(std::size_t size);
    static Result<SecretBytes> copy_of(Bytes bytes);
    /// A fresh key or seed.
    static Result<SecretBytes> random(std::size_t size);

    SecretBytes(SecretBytes&& other) noexcept;
    SecretBytes& operator=(SecretBytes&& other) noexcept;
    ~SecretBytes();

    std::size_t size() const noexcept { return bytes_.size(); }

    /// The one way to the bytes; easy to find in a review. Borrowed: valid while this object is.
    Bytes reveal() const noexcept { return bytes_; }
    std::span<std::byte> reveal_writable() noexcept { return bytes_; }

    /// Drops the bytes after the first `size`, for a secret read from a stream of unknown length.
    void shrink(std::size_t size);

private:
    explicit SecretBytes(std::span<std::byte> bytes) noexcept : bytes_(bytes), capacity_(bytes.size()) {}

    std::span<std::byte> bytes_;
    std::size_t capacity_ = 0;   // as allocated; `bytes_` may have shrunk since
};

/// Overwrites with zeros, and the compiler may not leave it out.
void wipe(std::span<std::byte> bytes) noexcept;

/// Whether two texts of one length are equal, in a time that does not depend on where they differ.
bool equal_in_constant_time(Bytes left, Bytes right) noexcept;

/// No core files, and no ptrace by other processes of the same user. Does all that it can; the error
/// (Errc::unavailable) names what the system refused, for one warning in the log.
Result<> hide_memory();

/// The same, and no swap, for what runs as a service.
Result<> harden_process();

}   // namespace ward::crypto
