// SPDX-License-Identifier: Apache-2.0
// What the attacks share: where the programs and the shared data are, chance, and how a refusal reads.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "http/message.hpp"
#include "json/document.hpp"
#include "keys/key_file.hpp"
#include "tests/running_ward.hpp"

namespace ward::attacks {

inline std::filesystem::path programs_folder() { return WARD_PROGRAMS; }

/// The FHIR data that lies beside the project, if it is there.
inline std::optional<std::filesystem::path> shared_fhir() {
    const char* const elsewhere = std::getenv("WARD_SHARED_DATA");
    const std::filesystem::path shared = elsewhere != nullptr ? elsewhere : WARD_SOURCE_DIR "/../shared/data";
    if (!std::filesystem::is_directory(shared / "fhir")) return std::nullopt;
    return shared / "fhir";
}

inline std::vector<std::filesystem::path> json_files(const std::filesystem::path& folder) {
    std::vector<std::filesystem::path> files;
    for (const auto& file : std::filesystem::directory_iterator{folder})
        if (file.path().extension() == ".json") files.push_back(file.path());
    std::ranges::sort(files);
    return files;
}

/// WARD_SEED repeats a run.
inline std::uint32_t chosen_seed() {
    const char* const wanted = std::getenv("WARD_SEED");
    const auto seed = wanted != nullptr ? static_cast<std::uint32_t>(std::strtoul(wanted, nullptr, 10))
                                        : std::random_device{}();
    std::printf("WARD_SEED=%u\n", seed);
    return seed;
}

/// A key file of the lowest cost, for a Ward that starts without half a second of Argon2.
inline void make_cheap_key_file(const std::filesystem::path& folder) {
    std::filesystem::create_directories(folder / "data");
    const auto passphrase = crypto::SecretBytes::copy_of(as_bytes(test_passphrase));
    WARD_ASSERT(passphrase && keys::create_key_file(folder / "data" / "ward.key", *passphrase, {1, 8}));
}

/// "code: diagnostics" of an OperationOutcome; empty if the body is none.
inline std::string refusal_in(const http::Response& response) {
    const auto outcome = json::Document::parse(response.body);
    if (!outcome || (*outcome)["resourceType"].text() != "OperationOutcome") return {};
    for (const auto issue : (*outcome)["issue"].items())
        return std::string{issue["code"].text()} + ": " + std::string{issue["diagnostics"].text()};
    return {};
}

}   // namespace ward::attacks
