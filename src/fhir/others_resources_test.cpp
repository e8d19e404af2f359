// SPDX-License-Identifier: Apache-2.0
// Resources that others made: Synthea's and the examples of the specification.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "fhir/bundle.hpp"
#include "fhir/compartment.hpp"
#include "fhir/rewrite.hpp"
#include "fhir/values.hpp"
#include "json/document.hpp"

namespace ward::fhir {
namespace {

std::filesystem::path folder_of(std::string_view name) {
    const char* elsewhere = std::getenv("WARD_SHARED_DATA");
    return std::filesystem::path{elsewhere ? elsewhere : WARD_SOURCE_DIR "/../shared/data"} / name;
}

json::Document read(const std::filesystem::path& file) {
    std::ifstream stream{file, std::ios::binary};
    auto document = json::Document::parse({std::istreambuf_iterator<char>{stream}, {}});
    EXPECT_TRUE(document) << file << ": " << document.error().what;
    return *std::move(document);
}

// Reads, indexes, and writes back as the same JSON, with and without a map of links.
void round_trip(json::Value resource) {
    const auto type = resource_type(resource["resourceType"].text());
    ASSERT_TRUE(type);
    ASSERT_TRUE(index_values(*type, resource));
    patients_of(*type, resource);
    const LinkMap nothing = [](std::string_view) { return std::nullopt; };
    for (const auto* links : {static_cast<const LinkMap*>(nullptr), &nothing}) {
        std::string out;
        write_resource(resource, {.id = {}, .version_id = {}, .last_updated = {}, .links = links}, out);
        const auto again = json::Document::parse(std::move(out));
        ASSERT_TRUE(again) << again.error().what;
        ASSERT_TRUE(json::equal(resource, again->root()));
    }
}

TEST(OthersResources, SyntheaBundlesAreTakenApartAndWrittenBackEqual) {
    const auto folder = folder_of("fhir/synthea");
    if (!std::filesystem::exists(folder)) GTEST_SKIP() << folder << " is not here";
    std::size_t resources = 0;
    for (const auto& file : std::filesystem::directory_iterator{folder}) {
        const auto document = read(file.path());
        const auto bundle = parse_bundle(document.root());
        ASSERT_TRUE(bundle) << file.path() << ": " << bundle.error().diagnostics;
        for (const auto& entry : bundle->entries) {
            EXPECT_FALSE(entry.issue);
            round_trip(entry.resource);
            ++resources;
        }
    }
    EXPECT_GT(resources, 10'000u);
}

TEST(OthersResources, ExamplesOfTheSpecificationAreWrittenBackEqual) {
    const auto folder = folder_of("fhir/examples");
    if (!std::filesystem::exists(folder)) GTEST_SKIP() << folder << " is not here";
    std::size_t resources = 0;
    for (const auto& file : std::filesystem::directory_iterator{folder}) {
        SCOPED_TRACE(file.path());
        const auto document = read(file.path());
        round_trip(document.root());
        ++resources;
    }
    EXPECT_GT(resources, 300u);
}

}   // namespace
}   // namespace ward::fhir
