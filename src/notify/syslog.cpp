// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "core/address.hpp"
#include "notify/escape.hpp"
#include "notify/format.hpp"

namespace ward::notify {
namespace {

// A message stays below the 2048 bytes that every receiver takes (RFC 5424, 6.1).
constexpr std::size_t value_bytes_max = 200, sentence_bytes_max = 700;

/// Facility 10, security; alert, error, warning; and notice for a test.
int priority(const Notice& notice) {
    const int severity = notice.what == What::test ? 5 : notice.pages() ? 1 : notice.level == 2 ? 3 : 4;
    return 10 * 8 + severity;
}

/// RFC 5424, 6.2.4: "-" where there is none.
std::string host_name(std::string_view host) {
    std::string out;
    for (const char c : host.substr(0, 255))
        if (c > ' ' && c <= '~') out += c;
    return out.empty() ? "-" : out;
}

std::string_view short_value(std::string_view text) { return beginning(text, value_bytes_max); }

struct Named {
    std::string_view key;
    std::string value;
};

/// CEF has a key each for what a machine is known by.
void add_source(std::vector<Named>& values, const std::string& machine) {
    const auto family = parse_ip_address(machine).value_or(IpAddress{}).family;
    using enum IpAddress::Family;
    values.push_back({family == v4 ? "src" : family == v6 ? "c6a2" : "shost", machine});
    if (family == v6) values.push_back({"c6a2Label", "source"});
}

}   // namespace

std::string to_syslog(const Notice& notice, std::string_view host) {
    std::string out = fmt::format("<{}>1 {} {} ward-notify - {} [ward@32473", priority(notice),
                                  to_instant(notice.at), host_name(host), name(notice.what));
    for (const auto& [key, value] : std::initializer_list<Named>{{"id", notice.id},
                                                                 {"case", std::to_string(notice.in_case)},
                                                                 {"level", std::to_string(notice.level)},
                                                                 {"risk", std::to_string(notice.risk)},
                                                                 {"kinds", joined(notice.kinds, " ")},
                                                                 {"machines", joined(notice.machines, " ")},
                                                                 {"indicator", notice.indicator},
                                                                 {"sites", joined(notice.sites, ", ")},
                                                                 {"harmless_if", notice.harmless_if}})
        if (!value.empty()) out += fmt::format(" {}=\"{}\"", key, as_parameter(short_value(value)));
    // 6.4: what is UTF-8 begins with its mark.
    out += "] \xef\xbb\xbf";
    return out + one_line(beginning(headline(notice) + ": " + notice.sentence, sentence_bytes_max));
}

std::string to_cef(const Notice& notice, std::string_view host) {
    constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto day = std::chrono::floor<std::chrono::days>(notice.at);
    const std::chrono::year_month_day date{day};
    const std::chrono::hh_mm_ss clock{std::chrono::floor<std::chrono::seconds>(notice.at - day)};
    const int severity = notice.what == What::test ? 0 : notice.pages() ? 10 : (notice.risk + 5) / 10;
    std::string out =
        fmt::format("<{}>{} {:>2} {:02}:{:02}:{:02} {} CEF:0|Ward|Ward|1|{}|{}|{}|", priority(notice),
                    months.at(static_cast<unsigned>(date.month()) - 1), static_cast<unsigned>(date.day()),
                    clock.hours().count(), clock.minutes().count(), clock.seconds().count(), host_name(host),
                    as_cef_field(name(notice.what)), as_cef_field(headline(notice)), severity);
    const auto& machines = notice.machines;
    const auto milliseconds = notice.at.time_since_epoch().count();
    std::vector<Named> values{{"externalId", notice.id}, {"rt", std::to_string(milliseconds)}};
    if (!machines.empty()) add_source(values, machines.front());
    values.insert(values.end(), {{"cn1Label", "case"},
                                 {"cn1", std::to_string(notice.in_case)},
                                 {"cn2Label", "risk"},
                                 {"cn2", std::to_string(notice.risk)},
                                 {"cn3Label", "level"},
                                 {"cn3", std::to_string(notice.level)}});
    const std::array lists{Named{"kinds", joined(notice.kinds, " ")},
                           Named{"machines", joined(machines, " ")}, Named{"indicator", notice.indicator},
                           Named{"sites", joined(notice.sites, ", ")},
                           Named{"harmlessIf", notice.harmless_if}};
    for (std::size_t i = 0; i < lists.size(); ++i)
        if (!lists.at(i).value.empty())
            out += fmt::format("cs{}Label={} cs{}={} ", i + 1, lists.at(i).key, i + 1,
                               as_cef_value(short_value(lists.at(i).value)));
    for (const auto& [key, value] : values)
        if (!value.empty()) out += fmt::format("{}={} ", key, as_cef_value(short_value(value)));
    return out + "msg=" + as_cef_value(beginning(notice.sentence, sentence_bytes_max));
}

}   // namespace ward::notify
