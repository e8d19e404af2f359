// SPDX-License-Identifier: Apache-2.0
#include "keys/key_file.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <sys/stat.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "core/scratch_folder.hpp"
#include "core/unique_fd.hpp"
#include "crypto/hash.hpp"

namespace ward::keys {
namespace {

constexpr crypto::Argon2Cost cheap{.passes = 1, .memory_kib = 8};

crypto::SecretBytes secret(std::string_view text) {
    return crypto::SecretBytes::copy_of(as_bytes(text)).value();
}

std::string read_text(const std::filesystem::path& path) {
    std::ifstream file{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
}

class KeyFile : public testing::Test {
protected:
    /// The file of a new key, as text.
    std::string made() {
        kek_ = create_key_file(path_, passphrase_, cheap).value();
        return read_text(path_);
    }

    const ScratchFolder folder_;
    const std::filesystem::path path_ = folder_.path() / "ward.key";
    const crypto::SecretBytes passphrase_ = secret("an invented passphrase");
    crypto::SecretBytes kek_;
};

TEST_F(KeyFile, OpensWithItsPassphraseAndNoOther) {
    made();
    const auto opened = open_key_file(path_, passphrase_).value();
    EXPECT_TRUE(crypto::equal_in_constant_time(opened.reveal(), kek_.reveal()));
    EXPECT_EQ(open_key_file(path_, secret("an invented passphras")).error().code, Errc::denied);
    EXPECT_EQ(open_key_file(path_, secret("An invented passphrase")).error().code, Errc::denied);
    EXPECT_EQ(open_key_file(path_, crypto::SecretBytes{}).error().code, Errc::denied);
}

TEST_F(KeyFile, IsForItsOwnerOnlyAndLeavesNothingBeside) {
    made();
    struct stat status {};
    ASSERT_EQ(::stat(path_.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0600U);
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator{folder_.path()}, {}), 1);
}

TEST_F(KeyFile, IsNeverReplaced) {
    const auto before = made();
    EXPECT_EQ(create_key_file(path_, passphrase_, cheap).error().code, Errc::conflict);
    EXPECT_EQ(read_text(path_), before);
}

TEST_F(KeyFile, HasTheLayoutOfItsDescription) {
    const auto text = made();
    EXPECT_EQ(text.size(), 169U);
    EXPECT_EQ(text.substr(0, 8), "ward.key");
    EXPECT_EQ(to_hex(as_bytes(text).subspan(8, 9)), "010000000100000008");
    EXPECT_EQ(text.find(as_text(kek_.reveal())), std::string::npos);
}

TEST_F(KeyFile, SaysThatItIsDamagedWhateverBitIsFlipped) {
    auto text = made();
    for (std::size_t bit = 0; bit < text.size() * 8; ++bit) {
        text[bit / 8] = static_cast<char>(text[bit / 8] ^ (1 << bit % 8));
        ASSERT_EQ(open_key(as_bytes(text), passphrase_).error().code, Errc::corrupt) << bit;
        text[bit / 8] = static_cast<char>(text[bit / 8] ^ (1 << bit % 8));
    }
    for (std::size_t size = 0; size < text.size(); ++size)
        ASSERT_EQ(open_key(as_bytes(text).first(size), passphrase_).error().code, Errc::corrupt) << size;
    EXPECT_EQ(open_key(as_bytes(text + "x"), passphrase_).error().code, Errc::corrupt);
    EXPECT_TRUE(open_key(as_bytes(text), passphrase_));
}

// Someone who alters the file can make its digest right again.
TEST_F(KeyFile, DoesNotOpenAlteredBySomeoneWhoKnowsTheFormat) {
    const auto text = made();
    for (std::size_t at = 0; at < text.size() - 32; ++at) {
        Buffer altered{as_bytes(text).begin(), as_bytes(text).end() - 32};
        altered[at] ^= std::byte{1};
        append(altered, crypto::sha256(altered));
        const auto opened = open_key(altered, passphrase_);
        ASSERT_FALSE(opened) << at;
        // Costs that would take hours or the whole memory are refused unread.
        const bool unread = (at >= 9 && at < 12) || at == 13;
        EXPECT_TRUE(!unread || opened.error().code == Errc::limit_exceeded) << at;
    }
}

TEST_F(KeyFile, IsNotFoundWhereThereIsNone) {
    EXPECT_EQ(open_key_file(path_, passphrase_).error().code, Errc::not_found);
    EXPECT_EQ(create_key_file(folder_.path() / "none" / "ward.key", passphrase_, cheap).error().code,
              Errc::unavailable);
}

Result<crypto::SecretBytes> passphrase_of(const std::string& text) {
    int ends[2];
    EXPECT_EQ(::pipe(ends), 0);
    const UniqueFd source{ends[0]};
    {
        const UniqueFd sink{ends[1]};
        EXPECT_EQ(::write(sink.get(), text.data(), text.size()), static_cast<ssize_t>(text.size()));
    }
    return read_passphrase(source.get());
}

TEST(Passphrase, IsTheFileWithoutItsLineEnd) {
    EXPECT_EQ(as_text(passphrase_of("two words\n").value().reveal()), "two words");
    EXPECT_EQ(as_text(passphrase_of("two words").value().reveal()), "two words");
    EXPECT_EQ(as_text(passphrase_of("two\nlines\n\n").value().reveal()), "two\nlines\n");
    EXPECT_EQ(passphrase_of("\n").error().code, Errc::denied);
    EXPECT_EQ(passphrase_of("").error().code, Errc::denied);
    EXPECT_EQ(passphrase_of(std::string(4096, 'p')).value().size(), 4096U);
    EXPECT_EQ(passphrase_of(std::string(4097, 'p')).error().code, Errc::limit_exceeded);
    EXPECT_EQ(read_passphrase(-1).error().code, Errc::unavailable);
}

}   // namespace
}   // namespace ward::keys
