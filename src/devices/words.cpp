// SPDX-License-Identifier: Apache-2.0
#include "devices/words.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "devices/roles.hpp"

namespace ward::devices {
namespace {

using Row = std::pair<std::string_view, std::string_view>;   // what the text contains, what that means

constexpr bool is_letter(char c) { return lower(c) >= 'a' && lower(c) <= 'z'; }

/// The first row whose text stands in `text` as words of its own: "GE" is not in "image".
template <std::size_t size>
std::string_view meaning(const std::array<Row, size>& table, std::string_view text) {
    for (const auto& [words, means] : table) {
        auto rest = text;
        for (;;) {
            const auto found = std::ranges::search(rest, words, {}, lower, lower);
            if (found.empty()) break;
            const auto at = static_cast<std::size_t>(found.begin() - rest.begin());
            const auto end = at + words.size();
            const bool begins = at == 0 || !is_letter(words.front()) || !is_letter(rest[at - 1]);
            const bool ends = end == rest.size() || !is_letter(rest[end]);
            if (begins && ends) return means;
            rest.remove_prefix(at + 1);
        }
    }
    return {};
}

constexpr std::array<Row, 62> makers{{
    {"philips", "Philips"},
    {"ge healthcare", "GE HealthCare"},
    {"ge medical", "GE HealthCare"},
    {"siemens", "Siemens"},
    {"draeger", "Dräger"},
    {"dräger", "Dräger"},
    {"drager", "Dräger"},
    {"mindray", "Mindray"},
    {"nihon kohden", "Nihon Kohden"},
    {"spacelabs", "Spacelabs"},
    {"masimo", "Masimo"},
    {"medtronic", "Medtronic"},
    {"covidien", "Medtronic"},
    {"b. braun", "B. Braun"},
    {"bbraun", "B. Braun"},
    {"baxter", "Baxter"},
    {"fresenius", "Fresenius"},
    {"carefusion", "BD"},
    {"becton dickinson", "BD"},
    {"alaris", "BD"},
    {"icu medical", "ICU Medical"},
    {"hospira", "ICU Medical"},
    {"smiths medical", "Smiths Medical"},
    {"hamilton medical", "Hamilton Medical"},
    {"getinge", "Getinge"},
    {"maquet", "Getinge"},
    {"welch allyn", "Welch Allyn"},
    {"hillrom", "Hillrom"},
    {"roche", "Roche"},
    {"abbott", "Abbott"},
    {"sysmex", "Sysmex"},
    {"beckman coulter", "Beckman Coulter"},
    {"radiometer", "Radiometer"},
    {"fujifilm", "Fujifilm"},
    {"canon medical", "Canon Medical"},
    {"agfa", "Agfa"},
    {"carestream", "Carestream"},
    {"hologic", "Hologic"},
    {"samsung", "Samsung"},
    {"olympus", "Olympus"},
    {"karl storz", "Karl Storz"},
    {"stryker", "Stryker"},
    {"elekta", "Elekta"},
    {"varian", "Varian"},
    {"capsule", "Capsule"},
    {"ascom", "Ascom"},
    {"cisco", "Cisco"},
    {"juniper", "Juniper"},
    {"fortinet", "Fortinet"},
    {"aruba", "Aruba"},
    {"mikrotik", "MikroTik"},
    {"ubiquiti", "Ubiquiti"},
    {"hewlett", "HP"},
    {"laserjet", "HP"},
    {"zebra", "Zebra"},
    {"lexmark", "Lexmark"},
    {"hikvision", "Hikvision"},
    {"axis", "Axis"},
    {"polycom", "Polycom"},
    {"yealink", "Yealink"},
    {"snom", "Snom"},
    {"roku", "Roku"},
}};

// The narrower first: Android's browsers say Linux, and iOS's say Mac OS X.
constexpr std::array<Row, 26> systems{{
    {"windows phone", "Windows Phone"},
    {"windows nt 10.0", "Windows 10 or later"},
    {"windows nt 6.3", "Windows 8.1"},
    {"windows nt 6.2", "Windows 8"},
    {"windows nt 6.1", "Windows 7"},
    {"windows nt 6.0", "Windows Vista"},
    {"windows nt 5.2", "Windows XP x64 or 2003"},
    {"windows nt 5.1", "Windows XP"},
    {"windows nt 5.0", "Windows 2000"},
    {"windows ce", "Windows CE"},
    {"windows", "Windows"},
    {"msft", "Windows"},
    {"microsoft", "Windows"},
    {"android", "Android"},
    {"iphone", "iOS"},
    {"ipad", "iOS"},
    {"mac os x", "macOS"},
    {"darwin", "macOS"},
    {"vxworks", "VxWorks"},
    {"qnx", "QNX"},
    {"ubuntu", "Linux Ubuntu"},
    {"debian", "Linux Debian"},
    {"cros", "ChromeOS"},
    {"freebsd", "FreeBSD"},
    {"linux", "Linux"},
    {"udhcp", "Linux"},
}};

constexpr std::array<Row, 36> role_words{{
    {"infusion", roles::infusion_pump},
    {"syringe", roles::infusion_pump},
    {"infusomat", roles::infusion_pump},
    {"perfusor", roles::infusion_pump},
    {"alaris", roles::infusion_pump},
    {"ventilator", roles::ventilator},
    {"evita", roles::ventilator},
    {"central station", roles::central_station},
    {"patient monitor", roles::patient_monitor},
    {"intellivue", roles::patient_monitor},
    {"carescape", roles::patient_monitor},
    {"bedside monitor", roles::patient_monitor},
    {"analyzer", roles::analyser},
    {"analyser", roles::analyser},
    {"printer", roles::printer},
    {"laserjet", roles::printer},
    {"jetdirect", roles::printer},
    {"officejet", roles::printer},
    {"imagerunner", roles::printer},
    {"network camera", roles::camera},
    {"ip camera", roles::camera},
    {"networkvideotransmitter", roles::camera},
    {"ip phone", roles::phone},
    {"sip phone", roles::phone},
    {"yealink", roles::phone},
    {"snom", roles::phone},
    {"polycom", roles::phone},
    {"x-lite", roles::phone},
    {"iphone", roles::phone},
    {"cisco ios", roles::network_gear},
    {"catalyst", roles::network_gear},
    {"routeros", roles::network_gear},
    {"junos", roles::network_gear},
    {"switch", roles::network_gear},
    {"internetgatewaydevice", roles::network_gear},
    {"router", roles::network_gear},
}};

/// What follows the word in the comment, up to a separator: "model IP-200;".
std::string after_word(std::string_view comment, std::string_view word) {
    while (!comment.empty()) {
        auto part = trimmed(take_until(comment, ';'));
        if (part.size() <= word.size() || !starts_ignoring_case(part, word)) continue;
        part.remove_prefix(word.size());
        if (part.front() == ' ' || part.front() == '=' || part.front() == ':')
            return std::string{trimmed(part.substr(1))};
    }
    return {};
}

}   // namespace

std::string_view maker_in(std::string_view text) { return meaning(makers, text); }
std::string_view operating_system_in(std::string_view text) { return meaning(systems, text); }
std::string_view system_family(std::string_view system) {
    const auto first = take_until(system, ' ');
    if (first == "Android" || first == "ChromeOS") return "Linux";
    return first == "iOS" || first == "macOS" ? "Apple" : first;
}

std::string_view role_in(std::string_view text) { return meaning(role_words, text); }

std::string_view host_of(std::string_view name) {
    name = trimmed(name.substr(0, name.find('<')));
    const bool is_address = name.find_first_not_of("0123456789.:[]") == std::string_view::npos;
    const bool is_uuid = name.size() == 36 && std::ranges::count(name, '-') == 4;
    const auto host = name.substr(0, name.find('.'));
    return is_address || is_uuid || equal_ignoring_case(host, "localhost") ? std::string_view{} : host;
}

IpAddress v4_in(std::string_view text) {
    IpAddress address{{}, IpAddress::Family::v4};
    for (std::size_t i = 0; i < 4; ++i) {
        const auto part = take_until(text, '.');
        unsigned number = 256;
        const auto end = std::from_chars(part.begin(), part.end(), number).ptr;
        if (part.empty() || end != part.end() || number > 255) return {};
        address.bytes[i] = static_cast<std::byte>(number);
    }
    return text.empty() ? address : IpAddress{};
}

Product product_in(std::string_view user_agent) {
    if (user_agent.starts_with("Mozilla/") || user_agent.starts_with("Opera/")) return {};
    Product product;
    auto rest = user_agent;
    product.software = take_until(rest, ' ');
    std::ranges::replace(product.software, '/', ' ');
    const auto open = rest.find('(');
    if (open == std::string_view::npos) return product;
    const auto comment = rest.substr(open + 1, rest.find(')', open) - open - 1);
    product.model = after_word(comment, "model");
    product.serial = after_word(comment, "SN");
    return product;
}

}   // namespace ward::devices
