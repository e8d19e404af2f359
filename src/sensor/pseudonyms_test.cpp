// SPDX-License-Identifier: Apache-2.0
#include "sensor/pseudonyms.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "core/scratch_folder.hpp"

namespace ward::sensor {
namespace {

class PseudonymsTest : public testing::Test {
protected:
    std::string key_file(std::string_view name, std::string_view bytes,
                         std::filesystem::perms readable = std::filesystem::perms::owner_read) {
        const auto path = folder / name;
        std::ofstream{path, std::ios::binary} << bytes;
        std::filesystem::permissions(path, readable);
        return path;
    }

    ScratchFolder folder;
    std::string key = std::string(31, 'k') + "1";
};

TEST_F(PseudonymsTest, AreEqualForTheSamePatientUnderTheSameKey) {
    const auto one = load_pseudonymiser(key_file("one", key)).value();
    const auto again = load_pseudonymiser(key_file("again", key)).value();
    const auto other = load_pseudonymiser(key_file("other", std::string(31, 'k') + "2")).value();
    EXPECT_EQ(one("4711"), again("4711"));
    EXPECT_NE(one("4711"), one("4712"));
    EXPECT_NE(one("4711"), other("4711"));
    EXPECT_EQ(one("4711").text.size(), 32u);
}

// HMAC-SHA256 of "patient identifier\n4711" by Python's hmac module.
TEST_F(PseudonymsTest, AreTheHmacThatTheyAreSaidToBe) {
    EXPECT_EQ(load_pseudonymiser(key_file("key", key)).value()("4711").text,
              "45e545b1e499ed41a28e66cb591ebe9c");
}

TEST_F(PseudonymsTest, AKeyThatOthersCanReadIsRefused) {
    using std::filesystem::perms;
    for (const auto others : {perms::group_read, perms::others_read, perms::others_write}) {
        const auto file = key_file("key", key, perms::owner_read | perms::owner_write | others);
        const auto loaded = load_pseudonymiser(file);
        ASSERT_FALSE(loaded);
        EXPECT_EQ(loaded.error().code, Errc::denied);
    }
}

TEST_F(PseudonymsTest, AShortKeyAndNoKeyAreErrors) {
    EXPECT_EQ(load_pseudonymiser(key_file("short", std::string(31, 'k'))).error().code, Errc::malformed);
    EXPECT_EQ(load_pseudonymiser(folder / "nowhere").error().code, Errc::not_found);
}

}   // namespace
}   // namespace ward::sensor
