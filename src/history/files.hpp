// SPDX-License-Identifier: Apache-2.0
// The files of a store and their tables, as writer and readers know them: docs/formats/event-store.md.
#pragma once

#include <array>
#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "history/keeping.hpp"
#include "store/migrations.hpp"

namespace ward::history {

using DayOfEvents = std::chrono::sys_days;   // in UTC

inline constexpr std::string_view day_module = "events";
inline constexpr std::array day_steps{store::Migration{"events of a day", R"(
    CREATE TABLE publisher (id {integer} PRIMARY KEY, name TEXT NOT NULL UNIQUE,
        highest {integer} NOT NULL) {strict};
    CREATE TABLE recent (id {integer} PRIMARY KEY, class {integer} NOT NULL, events {integer} NOT NULL,
        first {integer} NOT NULL, last {integer} NOT NULL, bytes {bytes} NOT NULL) {strict};
    CREATE TABLE block (id {integer} PRIMARY KEY, events {integer} NOT NULL, first {integer} NOT NULL,
        last {integer} NOT NULL) {strict};
    CREATE TABLE block_bytes (id {integer} PRIMARY KEY, bytes {bytes} NOT NULL) {strict};
    CREATE TABLE segment (id {integer} PRIMARY KEY, class {integer} NOT NULL, level {integer} NOT NULL,
        first_block {integer} NOT NULL, blocks {integer} NOT NULL,
        generation {integer} NOT NULL) {strict};
    CREATE TABLE page (id {integer} PRIMARY KEY, bytes {bytes} NOT NULL) {strict};
)"}};

inline constexpr std::string_view state_module = "history";
inline constexpr std::array state_steps{store::Migration{"publishers", R"(
    CREATE TABLE publisher (name TEXT PRIMARY KEY, watermark {integer} NOT NULL, missing {integer} NOT NULL,
        refused {integer} NOT NULL, misdated {integer} NOT NULL) {clustered};
)"},
                                        store::Migration{"devices and people", R"(
    CREATE TABLE device (id TEXT PRIMARY KEY, first {integer} NOT NULL, last {integer} NOT NULL,
        about_at {integer} NOT NULL, about TEXT NOT NULL) {clustered};
    CREATE TABLE person (name TEXT PRIMARY KEY, first {integer} NOT NULL, last {integer} NOT NULL,
        hosts TEXT NOT NULL) {clustered};
)"}};

/// Blocks are numbered from 0 within their class.
constexpr std::int64_t block_id(Class one, std::int64_t number) {
    return static_cast<std::int64_t>(index(one)) << 32U | number;
}
/// Pages of a segment by the first key of each.
constexpr std::int64_t page_id(std::int64_t segment, std::uint32_t key) { return segment << 32U | key; }

std::filesystem::path state_path(const std::filesystem::path& folder);
/// events-2026-11-30.db
std::filesystem::path day_path(const std::filesystem::path& folder, DayOfEvents day);
/// The days that there are files of, ascending. Other names are passed over. Errc::not_found.
Result<std::vector<DayOfEvents>> days_in(const std::filesystem::path& folder);

}   // namespace ward::history
