// SPDX-License-Identifier: Apache-2.0
#include "protocol/products.hpp"

#include <vector>

#include "protocol/text.hpp"
#include "protocol/word_list.hpp"

namespace ward::protocol {
namespace {

// Makers, products, systems, and what they do. Some makers are called as people are: those can be told.
constexpr std::string_view known_words =
    ".net 3cx aarch aastra abbott access activesync adapter admin agent agfa airplay alaris allegro "
    "allyn amazon amd analyser analyzer android apache api app apple appliance application archive "
    "arm armhf aruba ascom asp asterisk auth authority avaya avm aws axis azure b. backup baxter "
    "bbraun bea beckman becton bedside bigip bind bitdefender bits boa bot braun bria bridge "
    "brother browser build bulletproof ca caddy camera canon capsule carefusion carescape "
    "carestream catalyst ce centos central cert certificate certification cfnetwork cgi chrome "
    "chromium cirpack cisco client clients clinical clinicals cloud cloudflare cloudfront clr "
    "collector commserver compatible component connect connector console controller core "
    "corporation coulter courier covidien cpu crios cros crowdstrike cups curl cyrus daemon dalvik "
    "darwin database dbeaver debian debug dell desktop devel device devices dhcp diagnostic dickinson dicom "
    "digital directory display domain dovecot draeger drager driver dräger edge edition elekta "
    "embedded embedthis encrypted engine enterprise epic epson ericsson esmtp esxi ethernet evita "
    "exchange exim express eyebeam f5 falcon fedora fhir fileserver filezilla firefox firewall "
    "firmware fortinet freebsd freeswitch fresenius fritz frontend ftp ftps fujifilm fujitsu fxios "
    "gateway ge gecko generic getinge ghs gigaset glassfish global gnu go goahead google "
    "grandstream gunicorn hamilton hapi hardware hat health healthcare hewlett hikvision hillrom "
    "his hl7 hologic hospira host hp hp-ux hpe http httpclient httpd https huawei humedica ibm icap "
    "icu idrac iis ilo imagerunner imaging imap imap4rev1 inc infusion infusomat innovaphone "
    "instrument integration intel intellivue interface internet internetgatewaydevice ios ip ipad "
    "iphone ipswitch iptv ipv4 ipv6 java javamail jboss jdbc jetdirect jetty jitsi json juniper "
    "junos jvm kabi kamailio kernel khtml kohden konica lab laserjet lexmark lg libcurl libpq "
    "library libwww lighttpd like linksys linphone linux lis lmtp local localhost logic ltd mac "
    "machine macintosh macos mail mailserver manager maquet mariadb masimo medical medtronic metrics "
    "microsoft mikrotik mindray minolta mirth mitel mobile modality modem module monitor monitoring "
    "moxa mozilla msft msie mswin mysql navicat ncsi nero net netbsd netgear netscaler netscape "
    "network networkvideotransmitter nfs nginx nihon nokia nortel npgsql nt nucleus nvidia odbc "
    "office officejet oficina olympus openbsd openresty openscape opensips openssh openssl openwrt "
    "opera oracle os outlook pacs panasonic panel patient pbx pc perfusor perl pgadmin pgbouncer "
    "pgjdbc philips phone php phusion plugin polycom pop pop3 portal postfix postgresql postscript "
    "powerpc powershell print printer prod product proftpd projector proliant protocol proxy psql "
    "psqlodbc pump pure pure-ftpd python qmail qnap qnx qpopper queue rack radiometer radius "
    "raspberry raspbian red redhat registrar release remote resin restlet rhel ricoh rimage ris "
    "roche roku rom rompager root router routeros rtsp ruby runtime rv safari samba samsung sap "
    "scanner scientific sdk secure security semaphore sendmail sensor serial server service "
    "services servlet session sftp sharp shop siemens sip sipps sippy smart smiths smtp snmp snom "
    "soap software solaris sony sophos spacelabs sqlalchemy squid squirrelmail ssh ssl stack "
    "station stick storage storz stryker suite sun sunos suse switch symantec synology syringe "
    "sysmex system systems tablet technologies telnet terminal test thermo thunderbird tls tomcat "
    "toshiba touch trident tv tversity twisted u ubiquiti ubuntu udhcp ultrasound undertow unify "
    "unit unix update upnp user-agent utm uvicorn varian varnish vendor ventilator version viewer "
    "virata vista vmware voip vpn vsftpd vxworks waitress web webdav webkit weblogic webs webserv "
    "webserver websocket websphere webview welch werkzeug wget wifi win windows winhttp wininet "
    "winrm wireless wordpress workstation wsgi x x-lite xbox xerox xp xpress yealink zabbix zebra "
    "zenworks zimbra zoiper zscaler";
constexpr auto known = sorted_words<count_words(known_words)>(known_words);

bool is_known(std::string_view word) { return holds(known, word); }

/// Whether the runs of letters and of digits in `word` are what versions and models have: short ones, or
/// known words. A longer number may be somebody's, a longer word a name.
bool has_short_runs(std::string_view word, std::size_t letters_max, std::size_t digits_max) {
    for (std::size_t at = 0; at < word.size();) {
        const auto length_of = [&](bool (*is)(char)) {
            auto end = at;
            while (end < word.size() && is(word[end])) ++end;
            return end - at;
        };
        const auto letters = length_of(is_letter);
        const auto digits = length_of(is_digit);
        if (letters > letters_max && !is_known(word.substr(at, letters))) return false;
        if (digits > digits_max) return false;
        at += std::max<std::size_t>(1, letters + digits);
    }
    return true;
}

/// RFC 9110, 5.6.2, and the colon of rv:109.0; but no apostrophe, which names have.
bool is_word(std::string_view text) {
    constexpr std::size_t word_max = 48;
    return !text.empty() && text.size() <= word_max && std::ranges::all_of(text, [](char c) {
        return is_letter(c) || is_digit(c) || std::string_view{"-_.+*!:~"}.find(c) != std::string_view::npos;
    });
}

bool has_digit(std::string_view text) { return std::ranges::any_of(text, is_digit); }
bool has_letter(std::string_view text) { return std::ranges::any_of(text, is_letter); }

/// 2.0.51.16, v3, 12u3
bool is_version(std::string_view word) {
    const auto number = word.substr(word.starts_with('v') || word.starts_with('V') ? 1 : 0);
    const std::size_t digits_max = number.find('.') != std::string_view::npos ? 5 : 4;   // 2.0.50727
    return !number.empty() && is_digit(number.front()) && is_word(word) &&
           has_short_runs(number, 4, digits_max);
}

/// Windows, GXP2000, SIP-T46S, x86_64
bool is_product(std::string_view word) {
    if (is_known(word)) return true;
    return is_word(word) && has_letter(word) && has_digit(word) && has_short_runs(word, 3, 4);
}

/// A product and its version, or the product alone where the version may be anything; empty where it is none.
std::string_view versioned(std::string_view word) {
    const auto slash = word.find('/');
    if (slash == std::string_view::npos || !is_word(word.substr(0, slash))) return {};
    const auto version = word.substr(slash + 1);
    constexpr std::size_t build_date = 8;   // Gecko/20100101
    const bool told = is_word(version) && has_digit(version) && has_short_runs(version, 4, build_date);
    return told ? word : word.substr(0, slash);
}

std::vector<std::string_view> words_of(std::string_view text, std::string_view separators) {
    constexpr std::size_t words_max = 32;
    std::vector<std::string_view> words;
    while (!text.empty() && words.size() < words_max) {
        text.remove_prefix(std::min(text.find_first_not_of(separators), text.size()));
        const auto word = text.substr(0, text.find_first_of(separators));
        if (!word.empty()) words.push_back(word);
        text.remove_prefix(word.size());
    }
    return words;
}

void add(std::string_view word, std::string& told) {
    if (!told.empty()) told += ' ';
    told += word;
}

/// All of one part of a comment, or nothing: Windows NT 10.0; model IP-200; SN L4-93.
bool is_part_told(std::string_view part) {
    auto words = words_of(part, " ,:=");
    if (words.empty()) return false;
    const bool serial = words.size() == 2 && equal_ignoring_case(words[0], "SN");
    if (serial) return is_word(words[1]) && has_digit(words[1]) && has_short_runs(words[1], 4, 12);
    if (words.size() > 1 && equal_ignoring_case(words[0], "model")) words.erase(words.begin());
    return is_product(words[0]) || !versioned(words[0]).empty()
               ? std::ranges::all_of(words,
                                     [](std::string_view word) {
                                         return is_product(word) || is_version(word) ||
                                                versioned(word) == word;
                                     })
               : false;
}

std::string comment_of(std::string_view comment) {
    std::string told;
    while (!comment.empty()) {
        const auto part = trimmed(take_until(comment, ';'));
        if (!is_part_told(part)) continue;
        told.append(told.empty() ? "" : "; ").append(part);
    }
    return told;
}

/// Up to the bracket that closes the comment which begins `text`.
std::string_view take_comment(std::string_view& text) {
    std::size_t depth = 0;
    std::size_t end = 0;
    for (; end < text.size(); ++end) {
        if (text[end] == '(') ++depth;
        if (text[end] == ')' && --depth == 0) break;
    }
    const auto comment = text.substr(1, end - 1);
    text.remove_prefix(std::min(end + 1, text.size()));
    return comment;
}

/// The words between two comments. The very first may be a product without version, but not where words
/// follow that are none's.
void add_products(std::string_view text, std::string& told) {
    constexpr std::string_view separators = " \t,;";
    const auto words = words_of(text, separators);
    bool follows_product = false;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const auto word = words[i];
        const auto next = i + 1 < words.size() ? words[i + 1] : std::string_view{};
        const bool is_first = i == 0 && told.empty() && is_word(word) && has_short_runs(word, 40, 4);
        const bool leads = next.empty() || is_product(next) || is_version(next) || !versioned(next).empty();
        const auto product = versioned(word);
        const bool is_told = is_product(word) || (is_first && leads) || (follows_product && is_version(word));
        follows_product = is_told || !product.empty();
        if (follows_product) add(is_told ? word : product, told);
    }
}

}   // namespace

std::string products_of(std::string_view field) {
    field = field.substr(0, field_text_max);
    std::string told;
    while (!field.empty()) {
        if (field.front() == '(') {
            const auto comment = comment_of(take_comment(field));
            if (!comment.empty()) add("(" + comment + ")", told);
            continue;
        }
        const auto text = field.substr(0, field.find('('));
        add_products(text, told);
        field.remove_prefix(text.size());
    }
    return told;
}

std::string version_of(std::string_view text) {
    constexpr std::size_t word_max = 64;
    const auto word = text.substr(0, std::min(text.find(' '), word_max));
    auto end = std::min(word.find_first_not_of("0123456789."), word.size());
    while (end > 0 && word[end - 1] == '.') --end;
    const auto number = word.substr(0, end);
    // A longer number without a dot may be somebody's.
    const bool is_number = number.find('.') != std::string_view::npos || number.size() <= 2;
    if (number.empty() || !is_number || !has_short_runs(number, 0, 5)) return {};
    while (end < word.size()) {
        const auto next = std::min(word.find_first_of("-+~_:", end + 1), word.size());
        const auto part = word.substr(end, next - end);
        if (!is_word(part) || !has_short_runs(part, 4, 5)) break;
        end = next;
    }
    std::string told{word.substr(0, end)};
    auto rest = trimmed(text.substr(word.size()));
    if (!rest.starts_with('(')) return told;
    const auto comment = comment_of(take_comment(rest));
    return comment.empty() ? told : told + " (" + comment + ")";
}

std::string products_in_greeting(std::string_view text) {
    std::string told;
    bool follows_product = false;
    for (const auto word : words_of(text.substr(0, field_text_max), " \t,;:()[]<>")) {
        const auto name = word.substr(0, word.find_first_of("/-_"));
        follows_product =
            is_known(word) || (follows_product && is_version(word)) ||
            (is_known(name) && has_digit(word) && has_short_runs(word.substr(name.size()), 3, 4));
        if (follows_product) add(word, told);
    }
    return told;
}

bool names_machine(std::string_view text) {
    const auto words = words_of(text, " ");
    if (words.size() != 1)
        return std::ranges::any_of(words, [](std::string_view word) {
            return is_known(word) || (has_letter(word) && has_digit(word));
        });
    const auto label = words[0];
    const bool is_plain = std::ranges::all_of(label, [](char c) {
        return is_letter(c) || is_digit(c) || std::string_view{"-_.:*[]"}.find(c) != std::string_view::npos;
    });
    const bool is_marked = label.find_first_of(".:*0123456789") != std::string_view::npos;
    const bool is_lower = std::ranges::none_of(label, [](char c) { return c >= 'A' && c <= 'Z'; });
    return is_plain && (is_marked || is_lower || is_known(label));
}

}   // namespace ward::protocol
