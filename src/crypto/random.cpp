// SPDX-License-Identifier: Apache-2.0
#include "crypto/random.hpp"

#include <algorithm>
#include <cerrno>
#include <sys/random.h>

#include "core/assert.hpp"
#include "crypto/secret.hpp"

namespace ward::crypto {
namespace {

void draw(std::span<std::byte> target) {
    while (!target.empty()) {
        const auto drawn = ::getrandom(target.data(), target.size(), 0);
        if (drawn < 0 && errno == EINTR) continue;
        WARD_ASSERT(drawn > 0);   // without randomness there is no safe way on
        target = target.subspan(static_cast<std::size_t>(drawn));
    }
}

/// Random bytes drawn ahead; one system call for each salt would cost more than sealing a small record. The
/// first byte says how many are left, in units, and lives in the same secret memory, which the kernel zeroes
/// in a forked child: there the block is empty, whatever its parent had left.
class Block {
public:
    Block() {
        if (auto memory = SecretBytes::allocate(bytes)) memory_ = *std::move(memory);
    }

    bool give(std::span<std::byte> target) {
        const auto block = memory_.reveal_writable();
        if (block.empty()) return false;   // no lockable memory left: draw each time
        const std::size_t units = (target.size() + unit - 1) / unit;
        std::size_t left = std::to_integer<std::size_t>(block[0]);
        if (left < units) {
            draw(block.subspan(unit));
            left = bytes / unit - 1;
        }
        const auto given = block.subspan((left - units + 1) * unit, units * unit);
        std::ranges::copy(given.first(target.size()), target.begin());
        wipe(given);
        block[0] = static_cast<std::byte>(left - units);
        return true;
    }

    static constexpr std::size_t unit = 8;
    static constexpr std::size_t bytes = 2048;
    static constexpr std::size_t given_max = 256;
    static_assert(bytes / unit - 1 <= 255 && given_max / unit <= bytes / unit - 1);

private:
    SecretBytes memory_;
};

}   // namespace

void random_bytes(std::span<std::byte> target) {
    thread_local Block block;
    if (target.size() > Block::given_max || !block.give(target)) draw(target);
}

}   // namespace ward::crypto
