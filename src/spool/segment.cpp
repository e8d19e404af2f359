// SPDX-License-Identifier: Apache-2.0
#include "spool/segment.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "spool/checksum.hpp"
#include "wire/wire_reader.hpp"

namespace ward::spool {
namespace {

constexpr std::string_view magic = "WardSpl1";
constexpr std::string_view ending = ".events";
constexpr std::size_t digits = 20;   // of the largest sequence number: names sort as numbers do
constexpr std::size_t hex_digits = 32;
constexpr std::size_t stored_bytes_max = 64;

tl::unexpected<Error> refused(std::string_view what, const std::filesystem::path& path) {
    return fail(Errc::unavailable, fmt::format("{} {}: {}", what, path.string(), std::strerror(errno)));
}

std::optional<Sequence> number(std::string_view text) {
    Sequence value = 0;
    const auto* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    return error == std::errc{} && stop == end ? std::optional{value} : std::nullopt;
}

std::optional<Sequence> first_of(const std::string& name) {
    if (name.size() != digits + ending.size() || !name.ends_with(ending)) return std::nullopt;
    return number(std::string_view{name}.substr(0, digits));
}

}   // namespace

std::optional<PublisherId> PublisherId::from_hex(std::string_view text) {
    const auto bytes = ward::from_hex(text);
    PublisherId id;
    if (!bytes || bytes->size() != id.value.size()) return std::nullopt;
    std::ranges::copy(*bytes, id.value.begin());
    return id.hex() == text ? std::optional{id} : std::nullopt;
}

Buffer encode(const SegmentHead& head) {
    Buffer bytes;
    append(bytes, as_bytes(magic));
    append(bytes, head.publisher.value);
    append_big_endian(bytes, head.first);
    append_big_endian(bytes, checksum(bytes));
    return bytes;
}

Decode<SegmentHead> decode_segment_head(Bytes input) noexcept {
    if (input.size() < segment_head_bytes) return NeedMore{segment_head_bytes - input.size()};
    WireReader in{input};
    if (as_text(in.take(magic.size())) != magic) return Malformed{"no segment of a spool"};
    SegmentHead head;
    std::ranges::copy(in.take(head.publisher.value.size()), head.publisher.value.begin());
    head.first = in.u64();
    const auto covered = input.first(segment_head_bytes - sizeof(std::uint32_t));
    if (in.u32() != checksum(covered)) return Malformed{"checksum differs"};
    return Decoded<SegmentHead>{head, segment_head_bytes};
}

SegmentEnd end_of(Bytes segment, Sequence first) {
    SegmentEnd end{segment_head_bytes, first};
    for (std::size_t at = segment_head_bytes; at < segment.size();) {
        const auto rest = segment.subspan(at);
        const auto decoded = decode_record(rest);
        if (const auto* whole = std::get_if<Decoded<Record>>(&decoded)) {
            at += whole->consumed;
            end = {at, whole->message.last() + 1};
            continue;
        }
        const auto length = damaged_length(rest);
        if (!length) break;
        at += *length;
    }
    return end;
}

std::filesystem::path segment_path(const std::filesystem::path& folder, Sequence first) {
    return folder / fmt::format("{:0{}}{}", first, digits, ending);
}

Result<std::vector<Segment>> segments_in(const std::filesystem::path& folder) {
    std::error_code error;
    std::vector<Segment> found;
    std::filesystem::directory_iterator entries{folder, error};
    while (!error && entries != std::filesystem::directory_iterator{}) {
        const auto first = first_of(entries->path().filename());
        std::error_code gone;   // given up just now
        const auto bytes = first ? entries->file_size(gone) : 0;
        if (first && !gone) found.push_back({entries->path(), *first, bytes});
        entries.increment(error);
    }
    if (error) return fail(Errc::unavailable, fmt::format("{}: {}", folder.string(), error.message()));
    std::ranges::sort(found, {}, &Segment::first);
    return found;
}

Result<Buffer> read_at(int file, std::uint64_t offset, std::size_t size) {
    Buffer bytes(size);
    std::size_t filled = 0;
    while (filled < size) {
        const auto got =
            ::pread(file, bytes.data() + filled, size - filled, static_cast<off_t>(offset + filled));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0)
            return fail(Errc::unavailable, std::string{"cannot read a spool: "} + std::strerror(errno));
        if (got == 0) break;
        filled += static_cast<std::size_t>(got);
    }
    bytes.resize(filled);
    return bytes;
}

Result<> sync_file(int file) {
    if (::fdatasync(file) == 0) return {};
    return fail(Errc::unavailable, std::string{"cannot sync a spool: "} + std::strerror(errno));
}

Result<> write_stored(const std::filesystem::path& folder, const Stored& stored) {
    const auto path = folder / "stored";
    const auto unfinished = folder / "stored.new";
    const auto text = fmt::format("{} {}\n", stored.publisher.hex(), stored.watermark);
    const UniqueFd file{::open(unfinished.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600)};
    if (!file || ::write(file.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size()))
        return refused("cannot write", unfinished);
    if (::rename(unfinished.c_str(), path.c_str()) != 0) return refused("cannot put in place", path);
    return {};
}

std::optional<Stored> read_stored(const std::filesystem::path& folder) {
    const UniqueFd file{::open((folder / "stored").c_str(), O_RDONLY | O_CLOEXEC)};
    if (!file) return std::nullopt;
    const auto bytes = read_at(file.get(), 0, stored_bytes_max);
    if (!bytes) return std::nullopt;
    const auto text = as_text(*bytes);
    if (text.size() < hex_digits + 2 || text[hex_digits] != ' ' || text.back() != '\n') return std::nullopt;
    const auto publisher = PublisherId::from_hex(text.substr(0, hex_digits));
    const auto watermark = number(text.substr(hex_digits + 1, text.size() - hex_digits - 2));
    if (!publisher || !watermark) return std::nullopt;
    return Stored{*publisher, *watermark};
}

Result<Filling> filling_of(const std::filesystem::path& folder) {
    Filling filling;
    const auto segments = TRY(segments_in(folder));
    if (segments.empty()) return filling;
    for (const auto& segment : segments) filling.bytes += segment.bytes;
    filling.oldest = segments.front().first;
    const auto& newest = segments.back();
    const UniqueFd file{::open(newest.path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)};
    if (!file) return refused("cannot open", newest.path);
    const auto bytes = TRY(read_at(file.get(), 0, newest.bytes));
    const auto head = decode_segment_head(bytes);
    filling.last = end_of(bytes, newest.first).next - 1;
    const auto stored = read_stored(folder);
    const auto* known = std::get_if<Decoded<SegmentHead>>(&head);
    if (stored && known != nullptr && stored->publisher == known->message.publisher)
        filling.stored = stored->watermark;
    return filling;
}

}   // namespace ward::spool
