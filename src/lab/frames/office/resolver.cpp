// SPDX-License-Identifier: Apache-2.0
#include "lab/frames/office/resolver.hpp"

#include <fmt/format.h>

namespace ward::lab {
namespace {

using namespace dns_flag;

constexpr std::uint16_t dns_port = 53;
constexpr std::uint16_t own_answer = response | authoritative | recursion_desired | recursion_available;
constexpr std::uint16_t passed_on = response | recursion_desired | recursion_available;
constexpr Address resolver_outside = 0xc633'6435;   // 198.51.100.53

constexpr auto gone = std::to_array<std::string_view>(
    {"wpad", "isatap", "print02", "oldfs", "intranet2", "scan-3w", "sccm01", "kms", "autodiscover", "fax1"});
constexpr auto lifetimes = std::to_array<std::uint32_t>({30, 60, 60, 120, 300, 300, 600, 1'800, 3'600});

}   // namespace

Moment Resolver::ask(const Device& client, DnsMessage message, std::uint16_t answer_flags,
                     std::vector<DnsRecord> answers, Moment at) {
    message.id = static_cast<std::uint16_t>(random_->next());
    message.flags = recursion_desired;
    const auto& server = wires_.server(DeviceKind::domain_controller, client.site);
    auto answer = message;
    answer.flags = answer_flags;
    answer.answers = std::move(answers);
    if (answer.answers.empty()) {   // RFC 2308, 2: the zone's SOA says how long that may be kept
        const auto& zone = wires_.network().domain;
        answer.authorities = {{.name = zone,
                               .type = DnsType::soa,
                               .seconds = 3'600,
                               .target = wires_.full_name(server),
                               .serial = 48'211}};
    }
    const Wires::Question question{client, server, wires_.next_port(client.address, server.address),
                                   dns_port};
    if ((answer_flags & authoritative) == 0 && random_->chance(0.4)) {
        forward(server, message, answer, at + milliseconds_of(0.4));
        at += milliseconds_of(random_->around(0.3, 1.5));
    }
    return wires_.ask(question, dns_message(message), dns_message(answer), at);
}

void Resolver::forward(const Device& server, DnsMessage question, const DnsMessage& answer, Moment at) {
    question.id = static_cast<std::uint16_t>(random_->next());
    auto known = answer;
    known.id = question.id;
    const auto other = outside(resolver_outside, server.site);
    wires_.ask({server, other, wires_.next_port(server.address, other.address), dns_port},
               dns_message(question), dns_message(known), at);
}

Moment Resolver::find(const Device& client, const Device& wanted, Moment at) {
    if (client.address == wanted.address || random_->chance(0.55)) return at;
    const auto name = wires_.full_name(wanted);
    const DnsRecord record{.name = name, .type = DnsType::a, .seconds = 1'200, .address = wanted.address};
    const auto there = ask(client, {.name = name, .type = DnsType::a}, own_answer, {record}, at);
    // Many ask for both kinds of address at once; this network has one.
    if (random_->chance(0.3))
        ask(client, {.name = name, .type = DnsType::aaaa}, own_answer, {}, at + milliseconds_of(0.1));
    return there;
}

Moment Resolver::find_outside(const Device& client, const std::string& name, Moment at) {
    if (random_->chance(0.3)) return at;
    const auto seconds = random_->pick(lifetimes);
    std::vector<DnsRecord> answers;
    auto named = name;
    if (random_->chance(0.35)) {   // hosted by somebody else
        named = fmt::format("{:x}.edge{}.cdn.example", random_->below(1U << 20), random_->between(1, 9));
        answers.push_back({.name = name, .type = DnsType::cname, .seconds = seconds, .target = named});
    }
    answers.push_back(
        {.name = named, .type = DnsType::a, .seconds = seconds, .address = address_outside(name)});
    const auto there = ask(client, {.name = name, .type = DnsType::a}, passed_on, answers, at);
    if (random_->chance(0.25) && answers.size() > 1) {
        answers.pop_back();
        ask(client, {.name = name, .type = DnsType::https}, passed_on, answers, at + milliseconds_of(0.2));
    }
    return there;
}

Moment Resolver::find_server_of(const Device& client, std::string_view service, std::uint16_t port,
                                Moment at) {
    const auto name = fmt::format("{}.{}", service, wires_.network().domain);
    const auto& controller = wires_.server(DeviceKind::domain_controller, client.site);
    const DnsRecord record{.name = name,
                           .type = DnsType::srv,
                           .seconds = 600,
                           .target = wires_.full_name(controller),
                           .port = port};
    return ask(client, {.name = name, .type = DnsType::srv}, own_answer, {record}, at);
}

Moment Resolver::find_name_of(const Device& client, const Device& other, Moment at) {
    const auto name = dns_name_of(other.address);
    const DnsRecord record{
        .name = name, .type = DnsType::ptr, .seconds = 1'200, .target = wires_.full_name(other)};
    return ask(client, {.name = name, .type = DnsType::ptr}, own_answer, {record}, at);
}

Moment Resolver::miss(const Device& client, Moment at) {
    const auto name = fmt::format("{}.{}", random_->pick(gone), wires_.network().domain);
    return ask(client, {.name = name, .type = DnsType::a}, own_answer | no_such_name, {}, at);
}

}   // namespace ward::lab
