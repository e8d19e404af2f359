// SPDX-License-Identifier: Apache-2.0
// Vectors of transparency-dev: Merkle proofs, good and bad, and a complete log with each of its checkpoints.
#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <regex>

#include <gtest/gtest.h>

#include "ledger/bed_test.hpp"

namespace ward::ledger {
namespace {

namespace fs = std::filesystem;

fs::path vectors(std::string_view name) {
    const char* const moved = std::getenv("WARD_SHARED_DATA");
    return fs::path{moved != nullptr ? moved : WARD_SOURCE_DIR "/../shared/data"} / "vectors" / name;
}

std::string content(const fs::path& path) {
    std::ifstream file{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
}

/// One proof: a flat JSON object of numbers, texts and one list of texts.
class Vector {
public:
    explicit Vector(const fs::path& path) : path_(path), json_(content(path)) {}

    std::uint64_t number(const std::string& name) const { return std::stoull(find(name, "([0-9]+)")); }

    /// Some hashes there are too short or too long to be one; then any other hash will do.
    Digest hash(const std::string& name) const { return to_digest(find(name, "\"([^\"]*)\"")); }

    bool hashes_are_whole() const { return whole_; }

    std::vector<Digest> proof() const {
        std::vector<Digest> hashes;
        static const std::regex each{"\"([^\"]*)\""};
        const auto list = find("proof", R"((\[[^\]]*\]|null))");
        for (std::sregex_iterator next{list.begin(), list.end(), each}, end; next != end; ++next)
            hashes.push_back(to_digest((*next)[1]));
        return hashes;
    }

    bool is_wrong() const { return find("wantErr", "(true|false)") == "true"; }
    std::string name() const { return path_.string(); }

private:
    std::string find(const std::string& name, const std::string& value) const {
        std::smatch found;
        const bool is_there = std::regex_search(json_, found, std::regex{"\"" + name + "\": " + value});
        EXPECT_TRUE(is_there) << name << " in " << path_;
        return is_there ? found[1].str() : "0";
    }

    Digest to_digest(const std::string& base64) const {
        const auto bytes = from_base64(base64).value_or(Buffer{});
        whole_ = whole_ && bytes.size() == sizeof(Digest);
        Digest digest{};
        std::ranges::copy(Bytes{bytes}.first(std::min(bytes.size(), digest.size())), digest.begin());
        return digest;
    }

    fs::path path_;
    std::string json_;
    mutable bool whole_ = true;
};

std::vector<Vector> read_all(std::string_view folder) {
    std::vector<Vector> found;
    std::error_code absent;
    for (const auto& file : fs::recursive_directory_iterator{vectors(folder), absent})
        if (file.path().extension() == ".json") found.emplace_back(file.path());
    return found;
}

TEST(Vectors, InclusionProofsHoldOrNotAsTheySay) {
    const auto all = read_all("merkle/inclusion");
    if (all.empty()) GTEST_SKIP() << "no " << vectors("merkle/inclusion");
    for (const auto& vector : all) {
        const auto root = vector.hash("root");
        const auto leaf = vector.hash("leafHash");
        const bool held =
            check_inclusion(leaf, vector.number("leafIdx"), vector.number("treeSize"), vector.proof(), root)
                .has_value() &&
            vector.hashes_are_whole();
        EXPECT_EQ(held, !vector.is_wrong()) << vector.name();
    }
    EXPECT_GE(all.size(), 90U);
}

TEST(Vectors, ConsistencyProofsHoldOrNotAsTheySay) {
    const auto all = read_all("merkle/consistency");
    if (all.empty()) GTEST_SKIP() << "no " << vectors("merkle/consistency");
    for (const auto& vector : all) {
        const TreeHead old_head{vector.number("size1"), vector.hash("root1")};
        const TreeHead head{vector.number("size2"), vector.hash("root2")};
        const bool held = check_consistency(old_head, head, vector.proof()).has_value();
        EXPECT_EQ(held, !vector.is_wrong()) << vector.name();
    }
    EXPECT_GE(all.size(), 90U);
}

class TesseraLog : public testing::Test {
protected:
    static constexpr std::uint64_t size = 15;

    void SetUp() override {
        if (!fs::exists(vectors("tlog/checkpoint"))) GTEST_SKIP() << "no " << vectors("tlog");
        const auto bundle = read_file(vectors("tlog/tile/entries/000.p/15"), 1 << 20).value();
        const auto parsed = parse_entries(bundle, size).value();
        for (const auto entry : parsed) entries.emplace_back(entry.begin(), entry.end());
    }

    static std::string checkpoint(std::uint64_t at) {
        return content(vectors("tlog/checkpoint." + std::to_string(at)));
    }

    VerifierKey key = parse_verifier_key(public_key).value();
    std::vector<Buffer> entries;

    // Not among the files. That it is the key is shown by its id and by sixteen signatures.
    static constexpr std::string_view public_key =
        "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx";
};

TEST_F(TesseraLog, VerifiesAtEachOfItsCheckpoints) {
    const ScratchFolder folder;
    fs::copy(vectors("tlog/tile"), folder / "tile", fs::copy_options::recursive);
    for (std::uint64_t at = 0; at <= size; ++at) {
        fs::copy_file(vectors("tlog/checkpoint." + std::to_string(at)), folder / "checkpoint",
                      fs::copy_options::overwrite_existing);
        const auto report = verify_log({.folder = folder.path(),
                                        .key = key,
                                        .staged_size = []() -> Result<std::uint64_t> { return size; },
                                        .since = checkpoint(at / 2)});
        ASSERT_TRUE(report) << at << ": " << report.error().what;
        EXPECT_EQ(report->checkpoint.head.size, at);
        EXPECT_EQ(report->files, 2 * at);
        EXPECT_EQ(report->files_ahead, 2 * (size - at));
    }
}

TEST_F(TesseraLog, IsWrittenByteForByteFromItsEntries) {
    const ScratchFolder folder;
    std::string stored;
    const auto read_entries = [&](std::uint64_t first, std::uint64_t count, const auto& entry) -> Result<> {
        for (auto i = first; i < first + count; ++i) TRY(entry(entries.at(i)));
        return {};
    };
    // The private key is not ours to have: the signatures are those of the files, if the text is.
    std::uint64_t next = 0;
    const auto sign = [&](std::string_view text) -> Result<crypto::Signature> {
        const auto note = TRY(parse_note(checkpoint(next)));
        EXPECT_EQ(text, note.text);
        crypto::Signature signature;
        std::ranges::copy(note.signatures.at(0).bytes, signature.value.begin());
        return signature;
    };
    auto log = Log::open({.folder = folder.path(),
                          .key = key,
                          .read_entries = read_entries,
                          .sign = sign,
                          .load_checkpoint = [&]() -> Result<std::string> { return stored; },
                          .swap_checkpoint = [&](auto, const auto&, auto note) -> Result<> {
                              stored = note;
                              return {};
                          }});
    ASSERT_TRUE(log) << log.error().what;
    for (; next <= size; ++next) {
        const auto published = log->publish(next);
        ASSERT_TRUE(published) << published.error().what;
        EXPECT_EQ(content(folder / "checkpoint"), checkpoint(next));
    }
    std::uint64_t files = 0;
    for (const auto& file : fs::recursive_directory_iterator{folder / "tile"}) {
        if (!file.is_regular_file()) continue;
        const auto path = file.path().lexically_relative(folder.path());
        EXPECT_EQ(content(file.path()), content(vectors("tlog") / path)) << path;
        ++files;
    }
    EXPECT_EQ(files, 2 * size);
}

}   // namespace
}   // namespace ward::ledger
