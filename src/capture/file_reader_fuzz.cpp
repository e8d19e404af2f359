// SPDX-License-Identifier: Apache-2.0
#include <sys/mman.h>
#include <unistd.h>

#include "capture/file_reader.hpp"
#include "core/assert.hpp"

// A capture file of any kind, gzip too. It ends, each frame fits its limit, and no time is before the epoch.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace ward;
    using namespace ward::capture;
    static const int file = ::memfd_create("capture", MFD_CLOEXEC);
    WARD_ASSERT(file >= 0 && ::ftruncate(file, 0) == 0);
    WARD_ASSERT(::pwrite(file, data, size, 0) == static_cast<ssize_t>(size));
    auto reader = FileReader::open("/proc/self/fd/" + std::to_string(file));
    if (!reader) return 0;
    // What gzip makes of a small input is large, but not without end.
    constexpr std::size_t inflation_max = 1100;
    std::size_t bytes = 0;
    wire::Frame frame;
    while (reader->next(frame).value_or(false)) {
        WARD_ASSERT(frame.bytes.size() <= frame_bytes_max);
        WARD_ASSERT(frame.at >= wire::FrameTime{});
        bytes += frame.bytes.size() + 1;
        WARD_ASSERT(bytes <= (size + 64) * inflation_max);
    }
    return 0;
}
