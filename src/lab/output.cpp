// SPDX-License-Identifier: Apache-2.0
#include "lab/output.hpp"

#include <fmt/format.h>
#include <utility>

namespace ward::lab {

Result<OutputFile> OutputFile::create(const std::filesystem::path& path) {
    std::ofstream stream{path, std::ios::binary | std::ios::trunc};
    if (!stream) return fail(Errc::unavailable, fmt::format("{} cannot be written", path.string()));
    return OutputFile{path, std::move(stream)};
}

void OutputFile::write(Bytes bytes) {
    const auto text = as_text(bytes);
    stream_.write(text.data(), static_cast<std::streamsize>(text.size()));
    size_ += bytes.size();
}

Result<> OutputFile::finish() {
    stream_.close();
    if (stream_) return {};
    return fail(Errc::unavailable,
                fmt::format("{} could not be written whole; is the disk full?", path_.string()));
}

Result<OutputFolder> OutputFolder::create(std::filesystem::path target) {
    if (!target.has_filename()) target = target.parent_path();   // "made/"
    std::error_code error;
    if (std::filesystem::exists(target, error))
        return fail(Errc::conflict, fmt::format("{} is there already; name a new folder", target.string()));
    auto partial = target;
    partial += ".partial";
    std::filesystem::remove_all(partial, error);   // of a run that was interrupted
    if (!std::filesystem::create_directories(partial, error))
        return fail(Errc::unavailable,
                    fmt::format("{} cannot be made: {}", partial.string(), error.message()));
    return OutputFolder{std::move(target), std::move(partial)};
}

OutputFolder::OutputFolder(OutputFolder&& other) noexcept
    : target_(std::move(other.target_)), partial_(std::exchange(other.partial_, {})) {}

OutputFolder::~OutputFolder() {
    std::error_code ignored;
    if (!partial_.empty()) std::filesystem::remove_all(partial_, ignored);
}

Result<> OutputFolder::keep() {
    std::error_code error;
    std::filesystem::rename(partial_, target_, error);
    if (error)
        return fail(Errc::unavailable,
                    fmt::format("{} cannot be made: {}", target_.string(), error.message()));
    partial_.clear();
    return {};
}

}   // namespace ward::lab
