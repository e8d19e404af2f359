// SPDX-License-Identifier: Apache-2.0
#include "segment/plan.hpp"

#include <fmt/format.h>

namespace ward::segment {
namespace {

/// A basic string of TOML 1.0. What a plan holds is printable, so that nothing else needs an escape.
std::string quoted(std::string_view text) {
    std::string out{'"'};
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out += '"';
}

template <class Range, class Text>
std::string listed(const Range& range, Text text) {
    std::string out;
    for (const auto& one : range) (out += out.empty() ? "" : ", ") += text(one);
    return out;
}

void append(std::string& out, std::string_view key, const std::string& value) {
    if (!value.empty()) out += fmt::format("{} = {}\n", key, quoted(value));
}

}   // namespace

std::string_view name(Protocol protocol) { return protocol == Protocol::tcp ? "tcp" : "udp"; }

std::string to_text(const std::vector<Ports>& ports) {
    return listed(ports, [](const Ports& one) {
        return one.first == one.last ? std::to_string(one.first) : fmt::format("{}-{}", one.first, one.last);
    });
}

std::string to_text(const Plan& plan) {
    std::string out = "version = 1\n";
    for (const auto& zone : plan.zones) {
        out += "\n[[zone]]\n";
        append(out, "name", zone.name);
        append(out, "networks", listed(zone.networks, [](const Network& one) { return to_text(one); }));
        append(out, "roles", listed(zone.roles, [](const std::string& one) { return one; }));
        append(out, "about", zone.about);
    }
    for (const auto& one : plan.allowed) {
        out += "\n[[allow]]\n";
        append(out, "from", one.from);
        append(out, "to", one.to);
        append(out, "protocol", std::string{name(one.protocol)});
        append(out, "ports", to_text(one.ports));
        append(out, "why", one.why);
    }
    return out;
}

}   // namespace ward::segment
