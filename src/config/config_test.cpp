// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>

#include "config/describe.hpp"
#include "config/load.hpp"
#include "config/nearest.hpp"
#include "core/scratch_folder.hpp"

namespace ward::config {
namespace {

std::string complaint(std::string_view text) {
    const auto config = parse(text, "ward.toml");
    return config ? "" : config.error().what;
}

std::string text_of(const std::filesystem::path& path) {
    std::ifstream file{path};
    return {std::istreambuf_iterator<char>{file}, {}};
}

TEST(Config, KeepsTheDefaultOfWhatTheFileDoesNotSet) {
    const auto config = parse("[server]\nlisten = \"0.0.0.0:443\"\n", "ward.toml").value();
    EXPECT_EQ(config.server.listen, "0.0.0.0:443");
    EXPECT_EQ(config.server.body_mib_max, ServerSettings{}.body_mib_max);
    EXPECT_EQ(config.keys.unwrap_burst, 200);
}

TEST(Config, ReadsEveryKindOfValue) {
    const auto config = parse(
                            "[server]\nhost_names = [\"a.example\", \"10.0.0.1\"]\nbody_mib_max = 8\n"
                            "[keys]\npassphrase_file = \"/etc/ward/passphrase\"\n",
                            "ward.toml")
                            .value();
    EXPECT_EQ(config.server.host_names, (std::vector<std::string>{"a.example", "10.0.0.1"}));
    EXPECT_EQ(config.server.body_mib_max, 8);
    EXPECT_EQ(config.keys.passphrase_file, "/etc/ward/passphrase");
}

TEST(Config, NamesTheLineAndTheNearestKey) {
    EXPECT_EQ(complaint("[keys]\nunwrap_burst = 3\nunwrap_per_our = 4\n"),
              "ward.toml:3: unknown key keys.unwrap_per_our; did you mean keys.unwrap_per_hour?");
    EXPECT_EQ(complaint("listen = \"x\"\n"), "ward.toml:1: unknown key listen; did you mean server.listen?");
    EXPECT_EQ(complaint("[severs]\nlisten = \"x\"\n"),
              "ward.toml:2: unknown key severs.listen; did you mean server.listen?");
    EXPECT_EQ(complaint("[data.more]\npath = \"x\"\n"),
              "ward.toml:1: unknown key data.more; did you mean data.path?");
}

TEST(Config, RefusesAnEmptySectionOnlyIfItIsUnknown) {
    EXPECT_EQ(complaint("[audit]\n").substr(0, 30), "ward.toml:1: unknown key audit");
    EXPECT_EQ(complaint("[server]\n"), "");
}

TEST(Config, RefusesWrongTypesAndRanges) {
    EXPECT_EQ(complaint("[keys]\nunwrap_burst = \"many\"\n"),
              "ward.toml:2: keys.unwrap_burst must be a whole number");
    EXPECT_EQ(complaint("[keys]\n\nunwrap_burst = 0\n"),
              "ward.toml:3: keys.unwrap_burst must be from 1 to 1000000");
    EXPECT_EQ(complaint("[server]\nlisten = 8443\n"), "ward.toml:2: server.listen must be a text in quotes");
    EXPECT_EQ(complaint("[server]\nhost_names = [\"a\", 3]\n"),
              "ward.toml:2: server.host_names must be a list of texts, as in [\"a\", \"b\"]");
    EXPECT_EQ(complaint("[server]\nhost_names = []\n"),
              "ward.toml:2: server.host_names must be a list of texts, as in [\"a\", \"b\"]");
    EXPECT_EQ(complaint("server = 3\n"), "ward.toml:1: unknown key server; did you mean server.listen?");
}

TEST(Config, TellsTheFirstOfSeveralErrors) {
    EXPECT_EQ(complaint("[server]\nlisten = 1\n[data]\npth = \"x\"\n").substr(0, 12), "ward.toml:2:");
    EXPECT_EQ(complaint("[server]\nlisen = 1\n[data]\npath = 1\n").substr(0, 12), "ward.toml:2:");
}

TEST(Config, NamesTheLineOfWhatIsNotToml) {
    EXPECT_EQ(complaint("[data]\npath = /var\n").substr(0, 12), "ward.toml:2:");
}

TEST(Config, RefusesAFileThatIsTooLong) {
    EXPECT_EQ(complaint(std::string(file_bytes_max, '\n')), "");
    EXPECT_EQ(complaint(std::string(file_bytes_max + 1, '\n')), "ward.toml has more than 65536 bytes");
}

TEST(Config, ComesFromTheNamedFileBeforeTheVariable) {
    const ScratchFolder folder;
    std::ofstream{folder / "named.toml"} << "[data]\npath = \"named\"\n";
    std::ofstream{folder / "variable.toml"} << "[data]\npath = \"variable\"\n";
    ::setenv("WARD_CONFIG", (folder / "variable.toml").c_str(), 1);
    EXPECT_EQ(load_chosen((folder / "named.toml").string()).value().data.path, "named");
    EXPECT_EQ(load_chosen("").value().data.path, "variable");
    EXPECT_EQ(load_chosen((folder / "missing.toml").string()).error().code, Errc::not_found);
    ::unsetenv("WARD_CONFIG");
}

TEST(Describe, NamesEachKeyOnceAndExplainsIt) {
    std::vector<std::string> keys;
    for (const auto& setting : describe()) {
        EXPECT_FALSE(setting.text.empty()) << setting.key;
        keys.push_back(setting.section + "." + setting.key);
    }
    std::ranges::sort(keys);
    EXPECT_EQ(std::ranges::adjacent_find(keys), keys.end());
}

TEST(Describe, WritesAFileThatLoadsToTheSame) {
    Config config;
    config.server.host_names = {"a \"quoted\" \\ name\n\x7f", "b"};
    config.keys.unwrap_burst = 7;
    const auto loaded = parse(to_toml(config, Form::set), "ward.toml").value();
    EXPECT_EQ(loaded.server.host_names, config.server.host_names);
    EXPECT_EQ(to_toml(loaded, Form::set), to_toml(config, Form::set));
    EXPECT_EQ(to_toml(parse(to_toml(config, Form::commented), "ward.toml").value(), Form::set),
              to_toml({}, Form::set));
}

// On a failure, write what the test prints to the file.
TEST(Describe, IsWhatTheManualAndThePackageSay) {
    const std::filesystem::path tree = WARD_SOURCE_DIR;
    EXPECT_EQ(text_of(tree / "docs/configuration.md"), to_markdown());
    const auto packaged = text_of(tree / "packaging/ward.toml");
    const auto settings = packaged.find("\n\n");   // after the file's own first lines
    ASSERT_NE(settings, std::string::npos);
    EXPECT_EQ(packaged.substr(settings + 2), to_toml({}, Form::commented));
}

TEST(Nearest, CountsLettersAddedRemovedAndChanged) {
    EXPECT_EQ(edit_distance("", "abc"), 3U);
    EXPECT_EQ(edit_distance("abc", ""), 3U);
    EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
    EXPECT_EQ(edit_distance("same", "same"), 0U);
}

}   // namespace
}   // namespace ward::config
