// SPDX-License-Identifier: Apache-2.0
#include "detect/tunnel/tunnel.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

#include "detect/domain.hpp"

namespace ward::detect {
namespace {

constexpr std::size_t evidence_max = 8;   // of one pair: its questions are all alike

/// No top-level domain has a digit, but for those of other scripts (RFC 3696, section 2).
bool ends_in_a_domain(std::string_view name) {
    const auto last = name.substr(name.rfind('.') + 1);
    if (last.starts_with("xn--")) return true;
    return std::ranges::all_of(last, [](char c) { return c >= 'a' && c <= 'z'; });
}

/// Names that stand for addresses, and of this network, carry what they stand for.
bool is_of_the_network(std::string_view name) {
    return name.ends_with(".arpa") || name.ends_with(".local") || name.ends_with(".ip6.int");
}

/// "_ldap._tcp": which service is wanted, in the words of a standard (RFC 2782, RFC 6376).
std::string_view without_services(std::string_view payload) {
    while (payload.starts_with('_') && payload.find('.') != std::string_view::npos)
        payload.remove_prefix(payload.find('.') + 1);
    return payload.starts_with('_') ? std::string_view{} : payload;
}

std::size_t place_of(char c) {
    if (c >= 'a' && c <= 'z') return static_cast<std::size_t>(c - 'a');
    if (c >= '0' && c <= '9') return static_cast<std::size_t>(26 + c - '0');
    return c == '-' ? 36 : c == '_' ? 37 : 38;
}

/// Resolvers ask for the same name in ever other case, lest somebody else answers.
std::string lowercase(std::string_view name) {
    std::string lower{name};
    for (auto& c : lower)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return lower;
}

/// A byte that UTF-8 continues a character with: what was one byte on the wire may be three here.
bool continues(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

/// Lists of senders and files say "no" or an address of the loopback network (RFC 5782, section 2.1).
bool is_lookup(json::Value dns) {
    if (dns["rcode"].text() == "NXDOMAIN") return true;
    const auto answers = dns["answers"].items();
    return dns["answers"].size() > 0 && std::ranges::all_of(answers, [](json::Value answer) {
               return answer["rdata"].text().starts_with("127.");
           });
}

std::uint64_t text_in(json::Value dns) {
    std::uint64_t sum = 0;
    for (const auto answer : dns["answers"].items()) {
        const auto type = answer["rrtype"].text();
        if (type != "A" && type != "AAAA") sum += answer["rdata"].text().size();
    }
    return sum;
}

}   // namespace

bool Tunnel::Asked::add(std::string_view name) {
    const auto bit = std::hash<std::string_view>{}(name) % name_bits;
    auto& word = names[bit / 64];
    const auto mask = std::uint64_t{1} << (bit % 64);
    if ((word & mask) != 0) return false;
    word |= mask;
    return true;
}

std::size_t Tunnel::count_asker(const Seen& seen, const std::string& domain) {
    auto& askers = domains_.at(domain).askers;
    if (askers.size() <= limits_.askers_max && std::ranges::find(askers, seen.client) == askers.end())
        askers.push_back(seen.client);
    return askers.size();
}

/// A tunnel may stand below a name that somebody rented beside many who did the same.
std::string Tunnel::domain_for(const Seen& seen, std::string_view name) {
    if (!ends_in_a_domain(name)) {   // a server that takes any name
        auto server = to_text(seen.server);
        count_asker(seen, server);
        return server;
    }
    const auto whole = domain_of(name);
    std::string domain{whole};
    const auto askers = count_asker(seen, domain);
    const auto part = one_label_more(name, whole);
    // Of what only one asks for, the part is each time another.
    if (askers < 2 || part.size() == name.size()) return domain;
    std::string deeper{part};
    count_asker(seen, deeper);
    return askers > limits_.askers_max ? deeper : domain;
}

void Tunnel::fade(Asked& asked, Time now) const {
    if (now - asked.since < limits_.halved_after) return;
    asked.since = now;
    asked.names = {};
    for (auto* sum :
         {&asked.count, &asked.carried, &asked.answered, &asked.replies, &asked.lookups, &asked.odd})
        *sum /= 2;
    for (auto& times : asked.spread) times /= 2;
}

/// As what one host asked for, or nobody is ever more than all others of the last months together.
void Tunnel::fade(Domain& domain, Time now) const {
    if (now - domain.since < limits_.halved_after) return;
    domain.since = now;
    domain.carried /= 2;
}

std::uint64_t Tunnel::count(const Seen& seen, std::string_view name, std::string_view payload,
                            Asked& asked) const {
    if (!asked.add(name)) return 0;
    ++asked.count;
    asked.answered += text_in(seen.own);
    if (!seen.text("rcode").empty()) {
        ++asked.replies;
        if (is_lookup(seen.own)) ++asked.lookups;
    }
    const auto type = seen.text("rrtype");
    if (type == "NULL" || type.starts_with("TYPE65")) ++asked.odd;   // of private use (RFC 6895, section 3.1)
    if (asked.count <= evidence_max) asked.evidence.add(conversation_of(seen));
    std::uint64_t size = 0;
    for (const auto c : payload)
        if (c != '.' && !continues(c)) ++size;
    if (size < limits_.long_min) return 0;
    for (const auto c : payload)
        if (c != '.' && !continues(c)) ++asked.spread[place_of(c)];
    asked.carried += size;
    return size;
}

double Tunnel::entropy_of(const Asked& asked) {
    double all = 0, sum = 0;
    for (const auto times : asked.spread) all += times;
    for (const double times : asked.spread)
        if (times > 0) sum -= times / all * std::log2(times / all);
    return sum;
}

bool Tunnel::is_odd(const Asked& asked, const Domain& domain) const {
    const bool among_many = domain.askers.size() > limits_.askers_max;
    const auto times = among_many ? limits_.above_others : 1;
    if (asked.count < limits_.names_min * times) return false;
    // In names that many hosts ask for, what one carries is beside what all others do.
    if (among_many && asked.carried * 2 <= domain.carried) return false;
    const bool outwards =
        asked.carried >= limits_.carried_min * times && entropy_of(asked) >= limits_.entropy_min;
    return outwards || (!among_many && asked.answered >= limits_.answered_min);
}

void Tunnel::see(const Seen& seen, Findings& findings) {
    if (!seen.is("dns") || !seen.has_ends() || !seen.client.is_private()) return;
    if (seen.server.is_private()) resolvers_.at(seen.server) = seen.now;
    const auto name = lowercase(seen.text("rrname"));
    if (name.empty() || is_of_the_network(name) || resolvers_.find(seen.client)) return;
    const auto domain = domain_for(seen, name);
    const bool is_below = name.ends_with(domain);
    const auto payload = without_services(
        std::string_view{name}.substr(0, is_below ? name.size() - domain.size() : name.size()));
    if (payload.empty()) return;
    auto& asked = pairs_.at({seen.client, domain});
    if (asked.count == 0) asked.since = seen.now;
    fade(asked, seen.now);
    const auto carried = count(seen, name, payload, asked);
    auto& all = domains_.at(domain);
    fade(all, seen.now);
    all.carried += carried;
    if (asked.told && seen.now - *asked.told < limits_.told_for) return;
    if (!is_odd(asked, all)) return;
    asked.told = seen.now;
    findings.push_back(told(seen, domain, asked, all.askers.size()));
}

Finding Tunnel::told(const Seen& seen, const std::string& domain, const Asked& asked,
                     std::size_t askers) const {
    const auto host = to_text(seen.client);
    const bool lookups = asked.replies > 0 && asked.lookups * 100 >= asked.replies * limits_.lookups_percent;
    const bool odd = asked.odd * 2 > asked.count;
    const bool among_many = askers > limits_.askers_max;
    Finding finding{.kind = "dns-tunnel",
                    .at = seen.now,
                    .severity = seen.client_serves ? Severity::medium : Severity::high,
                    .confidence = (odd ? 75 : 60) - (lookups ? 25 : 0) - (among_many ? 15 : 0),
                    .sentence = fmt::format(
                        "The computer {} looks up one name after the other below {}, none of which is a "
                        "name that people give: data may be leaving in them, and orders come back.",
                        host, domain)};
    finding.facts = {{"different names below one domain", fmt::format("fewer than {}", limits_.names_min),
                      std::to_string(asked.count)},
                     {"characters in long names", fmt::format("fewer than {}", limits_.carried_min),
                      std::to_string(asked.carried)},
                     {"bits in a character of them", "below 3 where names are counted up",
                      fmt::format("{:.1f}", entropy_of(asked))},
                     {"characters in answers that are no addresses",
                      fmt::format("fewer than {}", limits_.answered_min), std::to_string(asked.answered)},
                     {"computers that look up names below it", "many, of what many have installed",
                      among_many ? "several" : std::to_string(askers)}};
    if (lookups)
        finding.against.push_back({"answers that say no more than yes or no", "",
                                   fmt::format("{} of {}", asked.lookups, asked.replies)});
    if (among_many) finding.against.push_back({"computers that ask below it, too", "", "several, far less"});
    weigh_serving(seen, finding);
    finding.harmless_if = "a program on this computer asks its maker about files or senders in this way";
    finding.techniques = {"T1071.004", "T1572", "T1048.003"};
    finding.systems = {host, domain};
    finding.events = asked.evidence.ids();
    return finding;
}

}   // namespace ward::detect
