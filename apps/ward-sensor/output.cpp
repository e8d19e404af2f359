// SPDX-License-Identifier: Apache-2.0
#include "apps/ward-sensor/output.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>
#include <utility>

namespace ward::sensor {

namespace {

Result<int> make_file(const std::string& path) {
    const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (descriptor < 0) return fail(Errc::denied, "cannot write " + path + ": " + std::strerror(errno));
    return descriptor;
}

}   // namespace

Result<Output> Output::open(const std::string& path, std::uint64_t rotate_bytes) {
    if (path.empty()) return Output{"standard output", ::dup(STDOUT_FILENO), 0};
    return Output{path, TRY(make_file(path)), rotate_bytes};
}

Result<> Output::rotate() {
    for (unsigned i = kept_max; i > 0; --i) {
        const auto older = name_ + "." + std::to_string(i);
        // The first time there are fewer than are kept.
        (void)!::rename((i == 1 ? name_ : name_ + "." + std::to_string(i - 1)).c_str(), older.c_str());
    }
    TRY(close());
    descriptor_ = TRY(make_file(name_));
    written_ = 0;
    return {};
}

Output::Output(Output&& other) noexcept
    : name_(std::move(other.name_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      rotate_bytes_(other.rotate_bytes_),
      written_(other.written_) {}

Output::~Output() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

Result<> Output::write(std::string_view text) {
    if (rotate_bytes_ > 0 && written_ > 0 && written_ + text.size() > rotate_bytes_) TRY(rotate());
    written_ += text.size();
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
