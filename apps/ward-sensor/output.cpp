// SPDX-License-Identifier: Apache-2.0
#include "apps/ward-sensor/output.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>
#include <utility>

namespace ward::sensor {

Result<Output> Output::open(const std::string& path) {
    if (path.empty()) return Output{"standard output", ::dup(STDOUT_FILENO)};
    const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (descriptor < 0) return fail(Errc::denied, "cannot write " + path + ": " + std::strerror(errno));
    return Output{path, descriptor};
}

Output::Output(Output&& other) noexcept
    : name_(std::move(other.name_)), descriptor_(std::exchange(other.descriptor_, -1)) {}

Output::~Output() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

Result<> Output::write(std::string_view text) {
    while (!text.empty()) {
        const auto count = ::write(descriptor_, text.data(), text.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return fail(Errc::unavailable, "cannot write " + name_ + ": " + std::strerror(errno));
        text.remove_prefix(static_cast<std::size_t>(count));
    }
    return {};
}

Result<> Output::close() {
    if (::close(std::exchange(descriptor_, -1)) == 0) return {};
    return fail(Errc::unavailable, "cannot write " + name_ + ": " + std::strerror(errno));
}

}   // namespace ward::sensor
