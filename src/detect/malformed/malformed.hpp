// SPDX-License-Identifier: Apache-2.0
// Who sends to clinical systems what no reader expects, time and again and in several ways.
#pragma once

#include <array>
#include <optional>
#include <string>

#include "core/lru_map.hpp"
#include "detect/detector.hpp"
#include "detect/recent.hpp"

namespace ward::detect {

struct MalformedLimits {
    std::chrono::minutes window{60};
    std::size_t broken_min = 4;   // messages or associations in it, where they are broken in several ways
    std::size_t alike_min = 10;   // where all are broken in the same way, as by a program that is wrong
    std::size_t whole_factor =
        2;   // a client that sends so many times as many whole ones just errs now and then
    std::chrono::hours told_for{6};
    std::size_t server_min = 10;             // recognised conversations that make a port a protocol's
    std::chrono::hours trail_known_min{4};   // before that who writes to it is not known
    std::chrono::hours trail_known{24};      // after which all are, that write each day
    std::size_t kept_max = 2'048;
    std::size_t clients_max = 4'096;
};

class Malformed final : public Detector {
public:
    explicit Malformed(IpAddressHash hash = {}, MalformedLimits limits = {})
        : limits_(limits),
          clients_{Clients{limits.clients_max, hash}, Clients{limits.clients_max, hash}},
          servers_(limits.clients_max, hash),
          trails_(limits.clients_max, hash) {}

    void see(const Seen& seen, Findings& findings) override;
    std::size_t forgotten() const override {
        return clients_[0].forgotten() + clients_[1].forgotten() + servers_.forgotten() + trails_.forgotten();
    }
    void state(state::Kept& kept) override {
        for (auto& clients : clients_) kept.entries(clients, limits_);
        kept(servers_, trails_);
    }

private:
    enum class Spoken : std::uint8_t { hl7, dicom };
    struct Broken {
        Time at{};
        std::string how;
        std::string event{};
        IpAddress server;
        std::string control_id{};

        void state(state::Kept& kept) { kept(at, how, event, server, control_id); }
    };
    struct Whole {
        Time at{};

        void state(state::Kept& kept) { kept(at); }
    };
    struct Client {
        explicit Client(const MalformedLimits& limits)
            : broken(limits.window, limits.kept_max), whole(limits.window, limits.kept_max) {}

        Recent<Broken> broken;
        Recent<Whole> whole;
        std::optional<Time> told{};

        void state(state::Kept& kept) { kept(broken, whole, told); }
    };
    using Clients = LruMap<IpAddress, Client, IpAddressHash>;
    /// What its ports speak, and how often that was recognised.
    struct Port {
        std::uint16_t number = 0;
        Spoken spoken{};
        std::size_t times = 0;

        void state(state::Kept& kept) { kept(number, spoken, times); }
    };
    struct Sender {
        IpAddress address;
        Time first{};

        void state(state::Kept& kept) { kept(address, first); }
    };
    /// A server that takes entries of an audit trail under encryption.
    struct Trail {
        std::vector<Sender> senders{};

        void state(state::Kept& kept) { kept(senders); }
    };

    void see_message(const Seen& seen, Findings& findings);
    void see_association(const Seen& seen, Findings& findings);
    void see_flow(const Seen& seen, Findings& findings);
    void see_trail(const Seen& seen, Findings& findings);
    void recognised(const Seen& seen, Spoken spoken);
    Client& client_of(const Seen& seen, Spoken spoken);
    void broke(const Seen& seen, Spoken spoken, std::string_view how, Findings& findings);
    Finding told(const Seen& seen, Spoken spoken, const Client& client,
                 const std::vector<std::string_view>& ways) const;

    MalformedLimits limits_;
    std::array<Clients, 2> clients_;   // by what they speak
    LruMap<IpAddress, std::vector<Port>, IpAddressHash> servers_;
    LruMap<IpAddress, Trail, IpAddressHash> trails_;
};

}   // namespace ward::detect
