// SPDX-License-Identifier: Apache-2.0
// A keeper in a folder of its own, and what its tests ask it.
#pragma once

#include <cstring>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "core/scratch_folder.hpp"
#include "crypto/random.hpp"
#include "keys/keeper.hpp"

namespace ward::keys {

inline constexpr crypto::Argon2Cost cheap{.passes = 1, .memory_kib = 8};
inline constexpr UnwrapLimits tight{.burst = 20, .per_hour = 60, .window = std::chrono::minutes{60}};
inline constexpr Time noon =
    Time{std::chrono::sys_days{std::chrono::year{2026} / 3 / 1} + std::chrono::hours{12}};

inline crypto::SecretBytes secret_of(std::string_view text) {
    return crypto::SecretBytes::copy_of(as_bytes(text)).value();
}

inline Owner some_owner() { return crypto::random_array<16>(); }

/// Opened and unsealed, with a new key file if there is none.
inline Keeper opened_keeper(const std::filesystem::path& folder, Time now, UnwrapLimits limits = tight) {
    auto keeper = Keeper::open({.directory = folder, .limits = limits, .cost = cheap}, now).value();
    EXPECT_TRUE(
        keeper.unseal(secret_of("an invented passphrase"), Keeper::KeyFile::made_if_nothing_is_wrapped));
    return keeper;
}

/// The fields of the reply.
inline Result<Buffer> ask(Keeper& keeper, const Request& request, Time now) {
    Buffer bytes(8192);
    WireWriter fields{bytes};
    TRY(keeper.answer(request, now, fields));
    EXPECT_FALSE(fields.overflowed());
    bytes.resize(fields.written());
    return bytes;
}

struct Made {
    Owner owner;
    KeyId id;
    Buffer data_key;
    Buffer wrapped;
};

inline Made make_key(Keeper& keeper, Time now, const Owner& owner = some_owner()) {
    const auto reply = ask(keeper, {.op = Op::create, .owner = owner}, now).value();
    WireReader fields{reply};
    Made made{.owner = owner, .id = {}, .data_key = {}, .wrapped = {}};
    std::ranges::copy(fields.take(16), made.id.begin());
    append(made.data_key, fields.take(32));
    append(made.wrapped, fields.take(fields.remaining()));
    return made;
}

inline Result<Buffer> unwrap(Keeper& keeper, const Made& made, Time now) {
    return ask(keeper, {.op = Op::unwrap, .owner = made.owner, .key = made.id}, now);
}

}   // namespace ward::keys
