// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>

#include "core/output.hpp"
#include "notify/findings.hpp"

namespace ward::notify {
namespace {

constexpr std::size_t line_bytes_max = std::size_t{1} << 20U;
constexpr std::size_t compared = 64;   // bytes

}   // namespace

std::vector<GrowingFile::Opened> GrowingFile::opened() const {
    std::vector<Opened> files;
    // The newest first: one that is renamed meanwhile comes twice, and none is missed.
    for (unsigned number = 0; number <= Output::kept_max; ++number) {
        const auto name = number == 0 ? file_.string() : file_.string() + "." + std::to_string(number);
        UniqueFd fd{::open(name.c_str(), O_RDONLY | O_CLOEXEC)};
        struct stat status {};
        if (!fd || ::fstat(fd.get(), &status) != 0) continue;
        if (std::ranges::find(files, status.st_ino, &Opened::inode) == files.end())
            files.push_back({std::move(fd), status.st_ino});
    }
    std::ranges::reverse(files);
    return files;
}

bool GrowingFile::is_another(const Opened& file) const {
    if (file.inode != inode_) return true;
    std::string text(before_.size(), '\0');
    const auto size = ::pread(file.fd.get(), text.data(), text.size(),
                              static_cast<off_t>(offset_ - std::min<std::uint64_t>(offset_, text.size())));
    return size != static_cast<ssize_t>(text.size()) || text != before_;
}

Result<> GrowingFile::read(const Opened& file, std::size_t bytes_max, std::vector<std::string>& lines) {
    std::string text(bytes_max, '\0');
    const auto size = ::pread(file.fd.get(), text.data(), text.size(), static_cast<off_t>(offset_));
    if (size < 0) return fail(Errc::unavailable, file_.string() + ": " + std::strerror(errno));
    text.resize(static_cast<std::size_t>(size));
    std::size_t begin = 0;
    for (auto end = text.find('\n'); end != std::string::npos; end = text.find('\n', begin)) {
        if (end > begin) lines.push_back(text.substr(begin, end - begin));
        begin = end + 1;
    }
    // What is longer than any finding is passed over in pieces, which are none either.
    if (begin == 0 && text.size() >= line_bytes_max) begin = text.size();
    offset_ += begin;
    if (begin > 0) before_ = text.substr(begin - std::min(begin, compared), std::min(begin, compared));
    return {};
}

Result<std::vector<std::string>> GrowingFile::news(std::size_t bytes_max) {
    const auto files = opened();
    auto file = std::ranges::find(files, inode_, &Opened::inode);
    // When the one at hand was removed, so were older ones, or they were read.
    if (file == files.end() && !files.empty()) file = inode_ == 0 ? files.begin() : std::prev(files.end());
    std::vector<std::string> lines;
    for (; file != files.end() && lines.empty(); ++file) {
        if (is_another(*file)) {
            inode_ = file->inode;
            offset_ = 0;
            before_.clear();
        }
        for (auto before = offset_ + 1; lines.empty() && before != offset_;) {
            before = offset_;
            TRY(read(*file, std::max(bytes_max, line_bytes_max), lines));
        }
    }
    return lines;
}

}   // namespace ward::notify
