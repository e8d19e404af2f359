// SPDX-License-Identifier: Apache-2.0
#include "apps/ward-watch/memory.hpp"

#include <fstream>

#include "core/durable_file.hpp"
#include "core/log.hpp"
#include "crypto/hash.hpp"

namespace ward::watch {
namespace {

constexpr state::Tag tag{{'W', 'S', 'T', 'A'}, 1};
constexpr std::size_t publishers_max = 100'000;
constexpr std::uintmax_t file_bytes_max = std::uintmax_t{4} << 30U;

Result<Buffer> read_file_whole(const std::filesystem::path& file) {
    std::error_code error;
    const auto bytes = std::filesystem::file_size(file, error);
    if (error) return fail(Errc::unavailable, file.string() + ": " + error.message());
    if (bytes > file_bytes_max) return fail(Errc::corrupt, file.string() + ": too large");
    std::ifstream in{file, std::ios::binary};
    std::string text(bytes, '\0');
    if (!in.read(text.data(), static_cast<std::streamsize>(bytes)))
        return fail(Errc::unavailable, file.string() + ": cannot be read");
    const auto whole = as_bytes(text);
    return Buffer{whole.begin(), whole.end()};
}

Error damaged(const std::filesystem::path& file) {
    return {Errc::corrupt, file.string() + ": damaged; without the file all is learned anew"};
}

}   // namespace

Result<> keep_state(const std::filesystem::path& file, Watch& watch, const Looked& looked) {
    state::Writer out;
    out.tag(tag);
    out.count(looked.size());
    for (const auto& [publisher, number] : looked) {
        out.bytes(as_bytes(publisher));
        out.count(number);
    }
    out.bytes(watch.save());
    out.raw(crypto::sha256(out.state()));
    return write_durably(file, out.state(), Readable::by_owner, Existing::replace);
}

Result<Looked> recall_state(const std::filesystem::path& file, Watch& watch) {
    std::error_code error;
    if (!std::filesystem::exists(file, error) && !error)
        return fail(Errc::not_found, file.string() + ": is not there");
    const auto whole = TRY(read_file_whole(file));
    if (whole.size() < sizeof(Digest)) return tl::unexpected(damaged(file));
    const auto told = Bytes{whole}.first(whole.size() - sizeof(Digest));
    const auto digest = crypto::sha256(told);
    if (!std::ranges::equal(digest, Bytes{whole}.last(sizeof(Digest)))) return tl::unexpected(damaged(file));
    state::Reader in{told};
    in.tag(tag);
    Looked looked;
    const auto publishers = in.count(0, publishers_max);
    for (std::size_t i = 0; i < publishers; ++i) {
        const auto name = in.bytes();
        looked[std::string{as_text(name)}] = in.count(0, ~std::uint64_t{0});
    }
    const auto saved = in.bytes();
    if (!in.finished()) return tl::unexpected(damaged(file));
    const auto anew = watch.restore(saved);
    if (!anew) return tl::unexpected(damaged(file));
    for (const auto name : *anew) log::warn("a detector begins anew", {{"detector", name}});
    return looked;
}

}   // namespace ward::watch
