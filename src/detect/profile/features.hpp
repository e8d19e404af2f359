// SPDX-License-Identifier: Apache-2.0
// What a host did within an hour, as numbers.
#pragma once

#include <array>
#include <span>

#include "detect/distinct.hpp"
#include "detect/seen.hpp"

namespace ward::detect {

enum class Feature : std::uint8_t {
    sent,
    received,
    sent_outside,
    received_outside,
    begun,
    peers,
    peers_outside,
    ports,
    came_to_nothing,
    protocols,
    answered,
    clients,
    names,
    names_missing,
    files_read,
    files_written,
    sign_ins,
    remote_work,
    medical,
    new_handshakes,
    new_protocols,
    night,
    weekend
};
inline constexpr std::size_t features = 23;
constexpr std::size_t index(Feature feature) { return static_cast<std::size_t>(feature); }

struct FeatureWords {
    std::string_view what;
    bool is_bytes;
    std::string_view technique;   // of MITRE ATT&CK, that it speaks for when it is more than usual
};
const FeatureWords& words_of(std::size_t feature);
/// "41", "3.2 MB".
std::string to_text(std::size_t feature, double value);

using Features = std::array<float, features>;

/// What an event counts as, for its client.
enum class Activity : std::uint8_t { none, flow, name, handshake, files, sign_in, medical, remote_work };
Activity activity_in(const Seen& seen);

/// One host's. A few kinds of words are kept apart from others: what nobody of its kind had before is a
/// feature.
class Window {
public:
    /// True if it had this other end, port, name or the like for the first time in the hour.
    bool count_client(Activity activity, const Seen& seen, const IpAddressHash& hash);
    bool count_server(const Seen& flow, const IpAddressHash& hash);

    /// `known` are words that others of the kind had.
    Features row(const Distinct& known) const;
    /// Words of protocols, ports, handshakes: what is compared with others of the kind.
    template <class Each>
    void each_of_kind(Each&& each) const {
        words_.each([&](std::uint64_t word) {
            if (is_of_kind(word)) each(word);
        });
    }
    void clear() { *this = {}; }
    void state(state::Kept& kept) { kept(sums_, words_, has_hour_); }

private:
    enum class Word : std::uint8_t { peer, peer_outside, client, name, port, protocol, handshake, none };
    static bool is_of_kind(std::uint64_t word);

    bool count_flow(const Seen& seen, const IpAddressHash& hash);
    bool count_name(const Seen& seen, const IpAddressHash& hash);
    bool count_handshake(const Seen& seen, const IpAddressHash& hash);
    void count_files(const Seen& seen);
    bool add(Word kind, std::uint64_t word, const IpAddressHash& hash);
    float& at(Feature feature) { return sums_[index(feature)]; }
    void set_hour(const Seen& seen);

    Features sums_{};
    Distinct words_;
    bool has_hour_ = false;
};

}   // namespace ward::detect
