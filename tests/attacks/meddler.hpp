// SPDX-License-Identifier: Apache-2.0
// What somebody with a data directory in hand, and no key, does to it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "store/database.hpp"
#include "tests/attacks/small_store.hpp"

namespace ward::attacks {

/// How a change can show.
enum class Evidence {
    always,        // verify must name it
    if_it_tells,   // a byte of a file may mean nothing: verify must name it, or every row reads as before
    if_it_loses,   // what a crash leaves too: verify must name it, or opening must bring all back
};

struct Meddling {
    std::string_view name;
    Evidence evidence;
    std::string what;   // exactly
};

/// Changes a copy of a store. The chance is the caller's, so that a seed tells the whole run.
class Meddler {
public:
    Meddler(const SmallStore& store, std::filesystem::path copy, std::mt19937& random)
        : store_(store), copy_(std::move(copy)), random_(random) {}

    /// Makes the copy anew and changes it once.
    Meddling meddle();

private:
    using Act = std::optional<std::string> (Meddler::*)();   // nothing: it would have changed nothing
    struct Kind {
        std::string_view name;
        unsigned weight;
        Evidence evidence;
        Act act;
    };
    static const std::vector<Kind>& kinds();

    std::optional<std::string> flip_column();
    std::optional<std::string> swap_column();
    std::optional<std::string> swap_rows();
    std::optional<std::string> delete_row();
    std::optional<std::string> add_token();
    std::optional<std::string> flip_wrapped_key();
    std::optional<std::string> swap_wrapped_keys();
    std::optional<std::string> delete_wrapped_key();
    std::optional<std::string> put_back_records();
    std::optional<std::string> put_back_keys();
    std::optional<std::string> put_back_records_and_ledger();
    std::optional<std::string> put_back_ledger();
    std::optional<std::string> put_back_ledger_and_change();
    std::optional<std::string> put_back_tile();
    std::optional<std::string> put_back_checkpoint();
    std::optional<std::string> delete_ledger_file();
    std::optional<std::string> add_ledger_file();
    std::optional<std::string> flip_file_byte();

    std::optional<std::string> flip_in(const std::filesystem::path& database, std::string_view table,
                                       std::string_view keys, std::string_view column);
    std::optional<std::string> run(const std::filesystem::path& database, const std::string& sql);
    std::optional<std::string> put_back(const std::vector<std::string>& names);
    std::size_t below(std::size_t count);
    std::vector<std::filesystem::path> ledger_files(const std::filesystem::path& directory) const;

    const SmallStore& store_;
    std::filesystem::path copy_;
    std::mt19937& random_;
};

/// Every row of every table of both databases, as text.
Result<std::vector<std::string>> all_rows(const std::filesystem::path& directory);

}   // namespace ward::attacks
