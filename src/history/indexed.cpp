// SPDX-License-Identifier: Apache-2.0
#include "history/indexed.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "core/text.hpp"

namespace ward::history {
namespace {

constexpr std::array fields{
    IndexedField{"event_type"},
    IndexedField{"app_proto"},
    IndexedField{"proto"},
    IndexedField{"flow_id"},
    IndexedField{"community_id"},
    IndexedField{"src_ip", Reach::address},
    IndexedField{"dest_ip", Reach::address},
    IndexedField{"src_port"},
    IndexedField{"dest_port"},
    IndexedField{"alert.signature"},
    IndexedField{"alert.signature_id"},
    IndexedField{"anomaly.event"},
    IndexedField{"arp.src_ip", Reach::address},
    IndexedField{"arp.src_mac"},
    IndexedField{"astm.patient"},
    IndexedField{"atna.patient"},
    IndexedField{"dcerpc.ntlmssp.user"},
    IndexedField{"device.addresses", Reach::address},
    IndexedField{"device.id"},
    IndexedField{"device.name"},
    IndexedField{"dhcp.assigned_ip", Reach::address},
    IndexedField{"dhcp.client_mac"},
    IndexedField{"dhcp.hostname"},
    IndexedField{"dhcpv6.client_mac"},
    IndexedField{"dicom.called"},
    IndexedField{"dicom.calling"},
    IndexedField{"dicom.patient"},
    IndexedField{"dicom.sop_instance"},
    IndexedField{"dns.answers.rdata", Reach::address},
    IndexedField{"dns.rrname", Reach::name},
    IndexedField{"ether.dest_macs"},
    IndexedField{"ether.src_macs"},
    IndexedField{"fhir.patient"},
    IndexedField{"flood.source_macs.value"},
    IndexedField{"flood.sources.value", Reach::address},
    IndexedField{"flood.targets.value", Reach::address},
    IndexedField{"ftp.user"},
    IndexedField{"hl7.control_id"},
    IndexedField{"hl7.patient"},
    IndexedField{"http.hostname", Reach::name},
    IndexedField{"http.http_user_agent"},
    IndexedField{"intellivue.mac"},
    IndexedField{"krb5.cname"},
    IndexedField{"krb5.sname"},
    IndexedField{"krb5.user"},
    IndexedField{"ldap.ntlmssp.user"},
    IndexedField{"ldap.user"},
    IndexedField{"llmnr.rrname", Reach::name},
    IndexedField{"mdns.hosts.address", Reach::address},
    IndexedField{"mdns.hosts.name", Reach::name},
    IndexedField{"mqtt.client"},
    IndexedField{"mysql.user"},
    IndexedField{"nbns.rrname"},
    IndexedField{"pgsql.user"},
    IndexedField{"poct1a.patient"},
    IndexedField{"sip.from"},
    IndexedField{"smb.file.path"},
    IndexedField{"smb.filename"},
    IndexedField{"smb.named_pipe"},
    IndexedField{"smb.ntlmssp.host"},
    IndexedField{"smb.ntlmssp.user"},
    IndexedField{"smb.share"},
    IndexedField{"snmp.sys_name"},
    IndexedField{"ssh.client.hassh.hash"},
    IndexedField{"ssh.server.hassh.hash"},
    IndexedField{"tls.fingerprint"},
    IndexedField{"tls.ja3.hash"},
    IndexedField{"tls.ja3s.hash"},
    IndexedField{"tls.ja4"},
    IndexedField{"tls.sni", Reach::name},
};

const std::vector<Several> several{
    {"ip", {"src_ip", "dest_ip"}},
    {"port", {"src_port", "dest_port"}},
    {"mac",
     {"ether.src_macs", "ether.dest_macs", "arp.src_mac", "dhcp.client_mac", "dhcpv6.client_mac",
      "flood.source_macs.value", "intellivue.mac"}},
    {"name", {"dns.rrname", "tls.sni", "http.hostname", "llmnr.rrname", "mdns.hosts.name"}},
    {"patient",
     {"hl7.patient", "dicom.patient", "fhir.patient", "astm.patient", "poct1a.patient", "atna.patient"}},
    {"user",
     {"krb5.user", "krb5.cname", "smb.ntlmssp.user", "ldap.user", "ldap.ntlmssp.user", "dcerpc.ntlmssp.user",
      "ftp.user", "mysql.user", "pgsql.user"}},
};

/// FNV-1a of 64 bits, folded: what is on disk depends on it.
class Hash {
public:
    explicit Hash(std::string_view path) { add(path), add(std::string_view{"\0", 1}); }
    void add(std::string_view text) noexcept {
        for (const char c : text) value_ = (value_ ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
    }
    Key key() const noexcept { return static_cast<Key>(value_ ^ value_ >> 32U); }
    Key key_with(std::string_view text) const noexcept {
        Hash whole = *this;
        whole.add(text);
        return whole.key();
    }

private:
    std::uint64_t value_ = 0xcbf29ce484222325U;
};

struct Row {
    std::string_view rest;   // of the path, behind its first name
    Reach by;
    Hash begun;
};

/// By the first name of the path, so that one walk over an event's members finds what it has.
const std::map<std::string_view, std::vector<Row>>& rows() {
    static const auto made = [] {
        std::map<std::string_view, std::vector<Row>> all;
        for (const auto& field : fields) {
            auto rest = field.path;
            const auto first = take_until(rest, '.');
            all[first].push_back({rest, field.by, Hash{field.path}});
        }
        return all;
    }();
    return made;
}

// Few, since each is a key more: a query of other lengths looks up the next shorter one.
constexpr std::array<unsigned, 2> v4_bits{24, 16};
constexpr std::array<unsigned, 2> v6_bits{64, 48};
const auto& bits_of(const IpAddress& address) { return address.is_v4() ? v4_bits : v6_bits; }

void append_prefixes(const Hash& begun, std::string_view text, std::vector<Key>& out) {
    const auto address = parse_ip_address(text);
    if (!address) return;
    for (const auto bits : bits_of(*address))
        out.push_back(begun.key_with(to_text(prefix_of(*address, bits))));
}

constexpr std::size_t domains_max = 8;   // of one name, the longest left out

void append_domains(const Hash& begun, std::string_view name, std::vector<Key>& out) {
    auto end = name.size();
    for (std::size_t i = 0; i < domains_max && end > 0; ++i) {
        end = name.rfind('.', end - 1);
        if (end == std::string_view::npos) return;
        out.push_back(begun.key_with("*" + std::string{name.substr(end)}));
    }
}

void append_keys_of(const Row& row, json::Value value, std::vector<Key>& out) {
    each_value(value, row.rest, [&](json::Value one) {
        const auto text = canonical(one);
        if (!text) return true;
        out.push_back(row.begun.key_with(*text));
        if (row.by == Reach::address) append_prefixes(row.begun, *text, out);
        if (row.by == Reach::name) append_domains(row.begun, lowered(one.text()), out);
        return true;
    });
}

}   // namespace

std::span<const IndexedField> indexed_fields() { return fields; }
std::span<const Several> several_fields() { return several; }

const IndexedField* find_indexed(std::string_view path) {
    const auto* const found = std::ranges::find(fields, path, &IndexedField::path);
    return found == fields.end() ? nullptr : found;
}

void append_keys(json::Value event, std::vector<Key>& out) {
    for (const auto& [key, raw_key, value] : event.members()) {
        const auto found = rows().find(key);
        if (found == rows().end()) continue;
        for (const auto& row : found->second) append_keys_of(row, value, out);
    }
}

std::optional<std::vector<Key>> keys_of(std::string_view path, std::string_view value) {
    if (find_indexed(path) == nullptr) return std::nullopt;
    const Hash begun{path};
    std::vector keys{begun.key_with(canonical_text(value))};
    if (const auto number = canonical_number(value)) keys.push_back(begun.key_with(*number));
    return keys;
}

std::optional<std::vector<Key>> keys_of(std::string_view path, const Prefix& prefix) {
    const auto* const field = find_indexed(path);
    if (field == nullptr || field->by != Reach::address) return std::nullopt;
    if (prefix.bits == (prefix.address.is_v4() ? 32U : 128U))
        return keys_of(path, ward::to_text(prefix.address));
    for (const auto bits : bits_of(prefix.address))
        if (bits <= prefix.bits)
            return std::vector{Hash{path}.key_with(to_text(prefix_of(prefix.address, bits)))};
    return std::nullopt;
}

std::optional<std::vector<Key>> keys_below(std::string_view path, std::string_view domain) {
    const auto* const field = find_indexed(path);
    const auto labels = static_cast<std::size_t>(std::ranges::count(domain, '.')) + 1;
    if (field == nullptr || field->by != Reach::name || labels > domains_max) return std::nullopt;
    return std::vector{Hash{path}.key_with("*." + lowered(domain))};
}

}   // namespace ward::history
