// SPDX-License-Identifier: Apache-2.0
#include "detect/hosts.hpp"

#include <algorithm>

namespace ward::detect {

void Hosts::learn_client(const Seen& flow) {
    if (!flow.client.is_private() || !flow.server.is_private() || flow.whole["proto"].text() != "TCP" ||
        count_of(flow.own["bytes_toclient"]) == 0 || flow.whole["tcp"]["state"].text() == "reset")
        return;
    auto& clients = hosts_.at(flow.server).clients;
    if (clients.size() < clients_max && std::ranges::find(clients, flow.client) == clients.end())
        clients.push_back(flow.client);
}

void Hosts::learn(const Seen& seen) {
    if (seen.is("dns")) {
        const auto name = seen.text("rrname");
        for (const auto answer : seen.own["answers"].items()) {
            const auto type = answer["rrtype"].text();
            if (name.empty() || (type != "A" && type != "AAAA")) continue;
            if (const auto address = parse_ip_address(answer["rdata"].text()))
                hosts_.at(*address).name = name;
        }
    }
    if (seen.is("flow")) learn_client(seen);
    if (seen.is("device"))
        for (const auto text : seen.own["addresses"].items())
            if (const auto address = parse_ip_address(text.text()))
                hosts_.at(*address).role = seen.text("role");
}

void Hosts::introduce(Seen& seen) {
    if (const auto* client = hosts_.find(seen.client)) {
        seen.client_role = client->role;
        seen.client_serves = client->clients.size() == clients_max;
    }
    if (const auto* server = hosts_.find(seen.server)) {
        seen.server_role = server->role;
        seen.server_name = server->name;
        seen.server_serves = server->clients.size() == clients_max;
    }
}

}   // namespace ward::detect
