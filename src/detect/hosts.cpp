// SPDX-License-Identifier: Apache-2.0
#include "detect/hosts.hpp"

namespace ward::detect {

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
    if (seen.is("device"))
        for (const auto text : seen.own["addresses"].items())
            if (const auto address = parse_ip_address(text.text()))
                hosts_.at(*address).role = seen.text("role");
}

void Hosts::introduce(Seen& seen) {
    if (const auto* client = hosts_.find(seen.client)) seen.client_role = client->role;
    if (const auto* server = hosts_.find(seen.server)) {
        seen.server_role = server->role;
        seen.server_name = server->name;
    }
}

}   // namespace ward::detect
