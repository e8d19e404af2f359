// SPDX-License-Identifier: Apache-2.0
// A nats-server of one's own, on this machine only: its configuration, and who may do what there.
#pragma once

#include <filesystem>

#include "bus/connection.hpp"

namespace ward::bus {

/// What is in the folder of such a server. Whoever connects reads a folder of its own, in which it finds
/// nobody else's password.
struct ServerFiles {
    explicit ServerFiles(std::filesystem::path place) : folder(std::move(place)) {}
    std::filesystem::path folder;
    std::string configuration() const { return folder / "nats.conf"; }
    std::filesystem::path publisher() const { return folder / "publisher"; }
    std::filesystem::path receiver() const { return folder / "receiver"; }

    Address for_publisher() const { return {publisher() / "url", publisher() / "credentials", {}}; }
    Address for_receiver() const { return {receiver() / "url", receiver() / "credentials", {}}; }
};

/// Before each start of the server: writes its configuration, new passwords, and another port where the one
/// from before is taken. The folder must be there, and nobody else's.
Result<> prepare_server(const ServerFiles& files);

}   // namespace ward::bus
