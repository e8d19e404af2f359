// SPDX-License-Identifier: Apache-2.0
#include "protocol/protocols.hpp"

#include <algorithm>

#include "protocol/astm/astm.hpp"
#include "protocol/bacnet/bacnet.hpp"
#include "protocol/carescape/carescape.hpp"
#include "protocol/dcerpc/dcerpc.hpp"
#include "protocol/dhcp/dhcp.hpp"
#include "protocol/dicom/dicom.hpp"
#include "protocol/dns/dns.hpp"
#include "protocol/dtls/dtls.hpp"
#include "protocol/ftp/ftp.hpp"
#include "protocol/hl7/hl7.hpp"
#include "protocol/http/http.hpp"
#include "protocol/http2/http2.hpp"
#include "protocol/imap/imap.hpp"
#include "protocol/intellivue/intellivue.hpp"
#include "protocol/krb5/krb5.hpp"
#include "protocol/ldap/ldap.hpp"
#include "protocol/mdns/mdns.hpp"
#include "protocol/modbus/modbus.hpp"
#include "protocol/mqtt/mqtt.hpp"
#include "protocol/mysql/mysql.hpp"
#include "protocol/nbns/nbns.hpp"
#include "protocol/ntp/ntp.hpp"
#include "protocol/poct1a/poct1a.hpp"
#include "protocol/pop3/pop3.hpp"
#include "protocol/postgres/postgres.hpp"
#include "protocol/quic/quic.hpp"
#include "protocol/rdp/rdp.hpp"
#include "protocol/rtp/rtp.hpp"
#include "protocol/sip/sip.hpp"
#include "protocol/smb/smb.hpp"
#include "protocol/smtp/smtp.hpp"
#include "protocol/snmp/snmp.hpp"
#include "protocol/ssdp/ssdp.hpp"
#include "protocol/ssh/ssh.hpp"
#include "protocol/stun/stun.hpp"
#include "protocol/syslog/syslog.hpp"
#include "protocol/telnet/telnet.hpp"
#include "protocol/tls/tls.hpp"
#include "protocol/vnc/vnc.hpp"
#include "protocol/wsd/wsd.hpp"

namespace ward::protocol {
namespace {

constexpr std::array table{
    Protocol{"dicom", Transport::tcp, {104, 11112, 2762, 4242}, dicom::probe, dicom::open_session},
    Protocol{"tls", Transport::tcp, {443, 8443, 993, 2762}, tls::probe, tls::open_session},
    Protocol{"dns", Transport::udp, {53}, dns::probe, dns::open_session},
    Protocol{"dns", Transport::tcp, {53}, dns::probe_stream, dns::open_stream_session},
    Protocol{"nbns", Transport::udp, {137}, nbns::probe, nbns::open_session},
    Protocol{"mdns", Transport::udp, {5353}, mdns::probe, mdns::open_session},
    Protocol{"llmnr", Transport::udp, {5355}, dns::probe_llmnr, dns::open_llmnr_session},
    Protocol{"dhcp", Transport::udp, {67, 68}, dhcp::probe, dhcp::open_session},
    Protocol{"dhcpv6", Transport::udp, {547, 546}, dhcp::probe_v6, dhcp::open_v6_session},
    Protocol{"ssh", Transport::tcp, {22}, ssh::probe, ssh::open_session},
    Protocol{"snmp", Transport::udp, {161, 162}, snmp::probe, snmp::open_session},
    Protocol{"ntp", Transport::udp, {123}, ntp::probe, ntp::open_session},
    Protocol{"hl7", Transport::tcp, {2575, 6661}, hl7::probe, hl7::open_session},
    Protocol{"astm", Transport::tcp, {5000, 4000, 3001}, astm::probe, astm::open_session},
    Protocol{"poct1a", Transport::tcp, {}, poct1a::probe, poct1a::open_session},
    Protocol{"syslog", Transport::tcp, {601, 6514, 514, 1514}, syslog::probe_stream, syslog::open_stream},
    Protocol{"syslog", Transport::udp, {514}, syslog::probe_datagram, syslog::open_datagrams},
    Protocol{"http2", Transport::tcp, {80, 8080, 50051}, http2::probe, http2::open_session},
    Protocol{"http", Transport::tcp, {80, 8080, 8000, 8008}, http::probe, http::open_session},
    Protocol{"smtp", Transport::tcp, {25, 587, 2525}, smtp::probe, smtp::open_session},
    Protocol{"ftp", Transport::tcp, {21, 2121}, ftp::probe, ftp::open_session},
    Protocol{"smb", Transport::tcp, {445, 139}, smb::probe, smb::open_session},
    Protocol{"dcerpc", Transport::tcp, {135}, dcerpc::probe, dcerpc::open_session},
    Protocol{"krb5", Transport::tcp, {88}, krb5::probe_tcp, krb5::open_tcp_session},
    Protocol{"krb5", Transport::udp, {88}, krb5::probe_udp, krb5::open_udp_session},
    Protocol{"ldap", Transport::tcp, {389, 3268}, ldap::probe_tcp, ldap::open_tcp_session},
    Protocol{"ldap", Transport::udp, {389}, ldap::probe_udp, ldap::open_udp_session},
    Protocol{"bacnet", Transport::udp, {47808}, bacnet::probe, bacnet::open_session},
    Protocol{"modbus", Transport::tcp, {502}, modbus::probe, modbus::open_session},
    Protocol{"intellivue", Transport::udp, {24105, 24005}, intellivue::probe, intellivue::open_session},
    Protocol{"ssdp", Transport::udp, {1900}, ssdp::probe, ssdp::open_session},
    Protocol{"wsd", Transport::udp, {3702}, wsd::probe, wsd::open_session},
    Protocol{"sip", Transport::udp, {5060}, sip::probe, sip::open_session},
    Protocol{"sip", Transport::tcp, {5060}, sip::probe, sip::open_session},
    Protocol{"dtls", Transport::udp, {}, dtls::probe, dtls::open_session},
    Protocol{"stun", Transport::udp, {3478, 19302}, stun::probe, stun::open_session},
    Protocol{"quic", Transport::udp, {443, 80, 8443}, quic::probe, quic::open_session},
    Protocol{"rtp", Transport::udp, {}, rtp::probe, rtp::open_session, rtp::probe_series},
    Protocol{"rdp", Transport::tcp, {3389}, rdp::probe, rdp::open_session},
    Protocol{"telnet", Transport::tcp, {23, 2323}, telnet::probe, telnet::open_session},
    Protocol{"imap", Transport::tcp, {143}, imap::probe, imap::open_session},
    Protocol{"pop3", Transport::tcp, {110}, pop3::probe, pop3::open_session},
    Protocol{"mqtt", Transport::tcp, {1883}, mqtt::probe, mqtt::open_session},
    Protocol{"carescape-time", Transport::udp, {2000}, carescape::probe_time, carescape::open_time_session},
    Protocol{
        "carescape", Transport::udp, {7000}, carescape::probe_discovery, carescape::open_discovery_session},
    Protocol{"rfb", Transport::tcp, {5900, 5901}, vnc::probe, vnc::open_session},
    Protocol{"mysql", Transport::tcp, {3306}, mysql::probe, mysql::open_session},
    Protocol{"pgsql", Transport::tcp, {5432}, postgres::probe, postgres::open_session},
};

}   // namespace

bool Protocol::has_port(std::uint16_t port) const noexcept {
    return port != 0 && std::ranges::find(ports, port) != ports.end();
}

std::string_view name(Grounds grounds) {
    switch (grounds) {
        case Grounds::none: return "none";
        case Grounds::content: return "content";
        case Grounds::port_and_content: return "port and content";
    }
    return "none";
}

std::span<const Protocol> protocols() { return table; }

Guess recognise(Transport transport, std::uint16_t server_port, Bytes first, Side from) {
    Guess guess;
    const Protocol* likely = nullptr;
    for (const auto& protocol : table) {
        if (protocol.transport != transport) continue;
        const auto verdict = protocol.probe(first, from);
        if (verdict == Verdict::no) continue;
        if (verdict == Verdict::yes) return {&protocol, Grounds::content, false};
        guess.undecided = true;
        if (likely == nullptr && protocol.has_port(server_port)) likely = &protocol;
    }
    if (likely == nullptr) return guess;
    return {likely, Grounds::port_and_content, false};
}

Guess recognise_series(Transport transport, std::span<const Bytes> datagrams) {
    for (const auto& protocol : table)
        if (protocol.transport == transport && protocol.probe_series != nullptr &&
            protocol.probe_series(datagrams) == Verdict::yes)
            return {&protocol, Grounds::content, false};
    return {};
}

}   // namespace ward::protocol
