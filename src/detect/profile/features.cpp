// SPDX-License-Identifier: Apache-2.0
#include "detect/profile/features.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

#include "detect/pair.hpp"

namespace ward::detect {
namespace {

constexpr std::uint64_t kind_bits = 7;         // of a word
constexpr std::uint16_t lent_ports = 32'768;   // where systems begin to lend ports to clients

constexpr std::array<FeatureWords, features> words{{
    {"bytes sent", true, "T1048"},
    {"bytes received", true, "T1105"},
    {"bytes sent to the internet", true, "T1048"},
    {"bytes received from the internet", true, "T1105"},
    {"connections that it began", false, "T1046"},
    {"hosts of the own network that it spoke to", false, "T1046"},
    {"hosts on the internet that it spoke to", false, "T1071"},
    {"ports that it called", false, "T1046"},
    {"connections that came to nothing", false, "T1046"},
    {"protocols that it spoke", false, "T1071"},
    {"connections that it answered", false, "T1071"},
    {"hosts that it answered", false, "T1071"},
    {"names that it asked for", false, "T1071.004"},
    {"names that it asked for and that there are not", false, "T1568"},
    {"files that it read", false, "T1039"},
    {"files that it wrote, renamed or deleted", false, "T1486"},
    {"sign-ins and tickets that it asked for", false, "T1078"},
    {"sessions of remote work and administration that it began", false, "T1021"},
    {"medical messages that it sent", false, "T1071"},
    {"programs and certificates (TLS) that none of its kind had", false, "T1071.001"},
    {"ports and protocols that none of its kind used", false, "T1571"},
    {"work by night", false, ""},
    {"work at the weekend", false, ""},
}};

bool has_come_to_nothing(const Seen& flow) {
    const auto state = flow.whole["tcp"]["state"].text();
    return flow.protocol.empty() && (state == "syn_sent" || state == "reset");
}

}   // namespace

const FeatureWords& words_of(std::size_t feature) { return words[feature]; }

std::string to_text(std::size_t feature, double value) {
    if (!words[feature].is_bytes) return fmt::format("{:.0f}", value);
    if (value < 1e3) return fmt::format("{:.0f} bytes", value);
    if (value < 1e6) return fmt::format("{:.1f} kB", value / 1e3);
    return fmt::format("{:.1f} MB", value / 1e6);
}

bool Window::is_of_kind(std::uint64_t word) {
    const auto kind = static_cast<Word>(word & kind_bits);
    return kind == Word::port || kind == Word::protocol || kind == Word::handshake;
}

bool Window::add(Word kind, std::uint64_t word, const IpAddressHash& hash) {
    return words_.add((folded(word, 5, hash.secret) & ~kind_bits) | static_cast<std::uint64_t>(kind));
}

void Window::set_hour(const Seen& seen) {
    if (std::exchange(has_hour_, true)) return;
    const auto since_midnight = seen.local_time_at(seen.now);
    const std::chrono::weekday day{std::chrono::floor<std::chrono::days>(seen.now + seen.utc_offset)};
    at(Feature::night) = since_midnight < std::chrono::hours{6} || since_midnight >= std::chrono::hours{22};
    at(Feature::weekend) = day == std::chrono::Saturday || day == std::chrono::Sunday;
}

bool Window::count_flow(const Seen& seen, const IpAddressHash& hash) {
    bool is_fresh = false;
    const auto sent = static_cast<float>(count_of(seen.own["bytes_toserver"]));
    const auto received = static_cast<float>(count_of(seen.own["bytes_toclient"]));
    const bool outside = is_outside(seen.server);
    at(Feature::sent) += sent;
    at(Feature::received) += received;
    at(Feature::begun) += 1;
    if (outside) {
        at(Feature::sent_outside) += sent;
        at(Feature::received_outside) += received;
    }
    if (has_come_to_nothing(seen)) at(Feature::came_to_nothing) += 1;
    const auto count_new = [&](Word kind, Feature feature, std::uint64_t word) {
        if (!add(kind, word, hash)) return;
        at(feature) += 1;
        is_fresh = true;
    };
    if (outside)
        count_new(Word::peer_outside, Feature::peers_outside, hash(seen.server));
    else if (seen.server.is_private())
        count_new(Word::peer, Feature::peers, hash(seen.server));
    if (seen.server_port > 0 && seen.server_port < lent_ports)
        count_new(Word::port, Feature::ports, seen.server_port);
    if (!seen.protocol.empty())
        count_new(Word::protocol, Feature::protocols, hash_of(seen.protocol, hash.secret));
    return is_fresh;
}

void Window::count_files(const Seen& seen) {
    if (seen.text("share_type") == "PIPE") return;
    const auto transfer = seen.own["transfer"];
    if (count_of(transfer["read_bytes"]) > 0) at(Feature::files_read) += 1;
    if (count_of(transfer["written_bytes"]) > 0 || !seen.text("action").empty())
        at(Feature::files_written) += 1;
}

Activity activity_in(const Seen& seen) {
    struct Named {
        std::string_view type;
        Activity activity;
    };
    static constexpr auto all = std::to_array<Named>({{"flow", Activity::flow},
                                                      {"dns", Activity::name},
                                                      {"hl7", Activity::medical},
                                                      {"smb", Activity::files},
                                                      {"tls", Activity::handshake},
                                                      {"dicom", Activity::medical},
                                                      {"krb5", Activity::sign_in},
                                                      {"ldap", Activity::sign_in},
                                                      {"fhir", Activity::medical},
                                                      {"astm", Activity::medical},
                                                      {"poct1a", Activity::medical},
                                                      {"rdp", Activity::remote_work},
                                                      {"ssh", Activity::remote_work},
                                                      {"rfb", Activity::remote_work},
                                                      {"telnet", Activity::remote_work},
                                                      {"dcerpc", Activity::remote_work}});
    const auto* found = std::ranges::find(all, seen.type, &Named::type);
    return found == all.end() ? Activity::none : found->activity;
}

bool Window::count_client(Activity activity, const Seen& seen, const IpAddressHash& hash) {
    set_hour(seen);
    switch (activity) {
        case Activity::none: return false;
        case Activity::flow: return count_flow(seen, hash);
        case Activity::name: return count_name(seen, hash);
        case Activity::handshake: return count_handshake(seen, hash);
        case Activity::files: count_files(seen); return false;
        case Activity::sign_in: at(Feature::sign_ins) += 1; return false;
        case Activity::medical: at(Feature::medical) += 1; return false;
        case Activity::remote_work: at(Feature::remote_work) += 1; return true;
    }
    return false;
}

bool Window::count_name(const Seen& seen, const IpAddressHash& hash) {
    if (!add(Word::name, hash_of(seen.text("rrname"), hash.secret), hash)) return false;
    at(Feature::names) += 1;
    if (seen.text("rcode") == "NXDOMAIN") at(Feature::names_missing) += 1;
    return true;
}

/// Certificates of the own network only: those outside are as many as there are sites.
bool Window::count_handshake(const Seen& seen, const IpAddressHash& hash) {
    bool is_fresh = false;
    const auto count = [&](std::string_view text) {
        if (!text.empty()) is_fresh |= add(Word::handshake, hash_of(text, hash.secret), hash);
    };
    count(seen.text("ja4"));
    if (!is_outside(seen.server)) count(seen.text("fingerprint"));
    return is_fresh;
}

bool Window::count_server(const Seen& seen, const IpAddressHash& hash) {
    set_hour(seen);
    at(Feature::sent) += static_cast<float>(count_of(seen.own["bytes_toclient"]));
    at(Feature::received) += static_cast<float>(count_of(seen.own["bytes_toserver"]));
    if (has_come_to_nothing(seen)) return false;
    at(Feature::answered) += 1;
    const bool is_fresh = add(Word::client, hash(seen.client), hash);
    if (is_fresh) at(Feature::clients) += 1;
    return is_fresh;
}

Features Window::row(const Distinct& known) const {
    auto row = sums_;
    each_of_kind([&](std::uint64_t word) {
        const bool is_handshake = static_cast<Word>(word & kind_bits) == Word::handshake;
        if (!known.is_full() && !known.has(word))
            row[index(is_handshake ? Feature::new_handshakes : Feature::new_protocols)] += 1;
    });
    return row;
}

}   // namespace ward::detect
