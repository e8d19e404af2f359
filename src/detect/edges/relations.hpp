// SPDX-License-Identifier: Apache-2.0
// Who had to do with whom or what, by an event.
#pragma once

#include <array>
#include <optional>

#include "core/hash.hpp"
#include "detect/distinct.hpp"
#include "detect/seen.hpp"
#include "state/kept.hpp"

namespace ward::detect {

/// From a host: to another host, to a kind of service, to a share. From an account: to a host or service
/// where it signed in. From either: to a patient.
enum class Relation : std::uint8_t { host, service, share, sign_in, patient };
inline constexpr std::size_t relations = 5;
constexpr std::size_t index(Relation relation) { return static_cast<std::size_t>(relation); }

/// A host, or an account, which is known by a pseudonym.
struct Actor {
    enum class Type : std::uint8_t { host_v4, host_v6, account };

    std::array<std::uint64_t, 2> words{};
    Type type = Type::host_v4;

    bool operator==(const Actor&) const = default;
    bool is_account() const noexcept { return type == Type::account; }
    void state(state::Kept& kept) { kept(words, type); }
};

Actor actor_of(const IpAddress& host);
/// Nothing if that is no pseudonym: 32 hexadecimal digits.
std::optional<Actor> actor_of_account(std::string_view pseudonym);
/// Its address; an account's pseudonym.
std::string to_text(const Actor& actor);

struct ActorHash {
    std::uint64_t secret = 0;
    std::size_t operator()(const Actor& actor) const noexcept {
        return folded(actor.words[0], actor.words[1] ^ static_cast<std::uint64_t>(actor.type), secret);
    }
};

/// The account that the event shows at work, by its pseudonym; empty if none.
std::string_view account_in(const Seen& seen);
/// The patient whose data the event carries; empty if none.
std::string_view patient_in(const Seen& seen);

/// A well-known protocol's, or a port's; nothing where the port was only lent for this once.
std::optional<std::uint64_t> offered_in(const Seen& seen, std::uint64_t secret);
/// A share with files, of this server; nothing if none was opened.
std::optional<std::uint64_t> share_of(const Seen& seen, std::uint64_t secret);
/// Where that account signs in: a ticket's service, or this server from this client.
std::uint64_t sign_in_of(const Seen& seen, std::uint64_t secret);

}   // namespace ward::detect
