// SPDX-License-Identifier: Apache-2.0
#include "crypto/secret.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <cstring>
#include <memory>
#include <sys/mman.h>
#include <utility>
#include <vector>

#include <sodium.h>

#include "core/assert.hpp"
#include "core/mutex.hpp"
#include "crypto/random.hpp"

namespace ward::crypto {
namespace {

constexpr std::size_t page_bytes = 4096;
constexpr std::size_t slab_bytes = 64 * 1024;
constexpr std::size_t slot_bytes_min = 32;
constexpr std::size_t slot_bytes_max = 4096;
constexpr std::size_t slot_classes = std::countr_zero(slot_bytes_max) - std::countr_zero(slot_bytes_min) + 1;

/// Pages between two pages that may not be touched, locked, absent from core files and from forked children.
Result<std::byte*> map_locked(std::size_t size) {
    const std::size_t whole = size + 2 * page_bytes;
    void* const mapped = ::mmap(nullptr, whole, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (mapped == MAP_FAILED) return fail(Errc::limit_exceeded, "no address space for secrets");
    std::byte* const pages = static_cast<std::byte*>(mapped) + page_bytes;
    if (::mprotect(pages, size, PROT_READ | PROT_WRITE) != 0 || ::mlock(pages, size) != 0 ||
        ::madvise(pages, size, MADV_DONTDUMP) != 0 || ::madvise(pages, size, MADV_WIPEONFORK) != 0) {
        const int cause = errno;
        ::munmap(mapped, whole);
        return fail(Errc::limit_exceeded,
                    std::string{"cannot lock memory for secrets: "} + std::strerror(cause));
    }
    return pages;
}

void unmap_locked(std::byte* pages, std::size_t size) noexcept {
    ::munmap(pages - page_bytes, size + 2 * page_bytes);
}

constexpr std::size_t slot_class(std::size_t size) {
    return static_cast<std::size_t>(std::bit_width((std::max(size, slot_bytes_min) - 1) / slot_bytes_min));
}

/// Hands out slots of locked slabs, each slab cut into slots of one size. A page a secret would spend the
/// usual 8 MiB of lockable memory on 2,000 keys, and two system calls on each. Slabs are kept for the next
/// secrets.
class LockedSlabs {
public:
    Result<std::byte*> take(std::size_t size_class) {
        const Lock lock{mutex_};
        auto& free = free_[size_class];
        if (free.empty()) {
            const std::size_t slot = slot_bytes_min << size_class;
            std::byte* const slab = TRY(map_locked(slab_bytes));
            slots_[size_class] += slab_bytes / slot;
            free.reserve(slots_[size_class]);   // so that giving a slot back never allocates
            for (std::size_t end = slab_bytes; end >= slot; end -= slot) free.push_back(slab + end - slot);
        }
        std::byte* const slot = free.back();
        free.pop_back();
        return slot;
    }

    void give_back(std::byte* slot, std::size_t size_class) noexcept {
        const Lock lock{mutex_};
        free_[size_class].push_back(slot);
    }

private:
    Mutex mutex_;   // guards the lists of free slots of the whole process
    std::array<std::vector<std::byte*>, slot_classes> free_ GUARDED_BY(mutex_);
    std::array<std::size_t, slot_classes> slots_ GUARDED_BY(mutex_){};
};

// One for the process, as the heap is: locked memory is a limit of the process. Never destroyed, because
// secrets of threads and of other globals may outlive it.
LockedSlabs& locked_slabs() {
    static LockedSlabs& slabs = *std::make_unique<LockedSlabs>().release();
    return slabs;
}

constexpr std::size_t whole_pages(std::size_t size) {
    return (size + page_bytes - 1) / page_bytes * page_bytes;
}

}   // namespace

Result<SecretBytes> SecretBytes::allocate(std::size_t size) {
    if (size == 0) return SecretBytes{};
    if (size > bytes_max) return fail(Errc::limit_exceeded, "secret too long");
    if (size > slot_bytes_max) {
        std::byte* const pages = TRY(map_locked(whole_pages(size)));
        return SecretBytes{std::span{pages, size}};
    }
    std::byte* const slot = TRY(locked_slabs().take(slot_class(size)));
    return SecretBytes{std::span{slot, size}};   // zeroed: new pages are, and slots are wiped when they go
}

Result<SecretBytes> SecretBytes::copy_of(Bytes bytes) {
    auto secret = TRY(allocate(bytes.size()));
    std::ranges::copy(bytes, secret.bytes_.begin());
    return secret;
}

Result<SecretBytes> SecretBytes::random(std::size_t size) {
    auto secret = TRY(allocate(size));
    random_bytes(secret.bytes_);
    return secret;
}

SecretBytes::SecretBytes(SecretBytes&& other) noexcept
    : bytes_(std::exchange(other.bytes_, {})), capacity_(std::exchange(other.capacity_, 0)) {}

SecretBytes& SecretBytes::operator=(SecretBytes&& other) noexcept {
    const SecretBytes old{std::move(*this)};
    bytes_ = std::exchange(other.bytes_, {});
    capacity_ = std::exchange(other.capacity_, 0);
    return *this;
}

SecretBytes::~SecretBytes() {
    if (capacity_ == 0) return;
    wipe({bytes_.data(), capacity_});
    if (capacity_ > slot_bytes_max)
        unmap_locked(bytes_.data(), whole_pages(capacity_));
    else
        locked_slabs().give_back(bytes_.data(), slot_class(capacity_));
}

void SecretBytes::shrink(std::size_t size) {
    WARD_ASSERT(size <= bytes_.size());
    wipe(bytes_.subspan(size));
    bytes_ = bytes_.first(size);
}

void wipe(std::span<std::byte> bytes) noexcept {
    if (!bytes.empty()) ::explicit_bzero(bytes.data(), bytes.size());
}

bool equal_in_constant_time(Bytes left, Bytes right) noexcept {
    return left.size() == right.size() && ::sodium_memcmp(left.data(), right.data(), left.size()) == 0;
}

}   // namespace ward::crypto
