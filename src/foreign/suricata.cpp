// SPDX-License-Identifier: Apache-2.0
#include "foreign/suricata.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "event/timestamp.hpp"
#include "foreign/suricata_tables.hpp"
#include "protocol/dcerpc/interfaces.hpp"
#include "protocol/smb/names.hpp"

namespace ward::foreign {
namespace {

using suricata::Ends;

constexpr std::size_t type_bytes_max = 64;
constexpr std::size_t vlans_max = 4;

/// Answers turn the ends around, and so does what is told when it was acknowledged. A server is known by what
/// Suricata says of the flow, else by its port, else by having the lower one.
bool is_turned(json::Value event, const suricata::Event& kind, const Envelope& envelope) {
    if (kind.ends != Ends::packet) return false;
    if (const auto client = event["flow"]["src_ip"].text(); !client.empty())
        return client != event["src_ip"].text() || port_in(event["flow"]["src_port"]) != envelope.client.port;
    if (const auto direction = event["direction"].text(); !direction.empty()) return direction == "to_client";
    const auto from = envelope.client.port, to = envelope.server.port;
    if (kind.port != 0 && (from == kind.port) != (to == kind.port)) return from == kind.port;
    constexpr std::uint16_t registered_max = 32'767;   // above are mostly ports of clients
    return from <= registered_max && to > registered_max;
}

/// A flow is told late, and in a capture from a file at whatever time its thread has; it ended when it ended.
std::optional<event::Time> time_of(json::Value event) {
    const auto ended = event::parse_timestamp(event["flow"]["end"].text());
    if (event["event_type"].text() == "flow" && ended) return ended;
    return event::parse_timestamp(event["timestamp"].text());
}

bool read_ends(json::Value event, const suricata::Event& kind, Envelope& envelope) {
    if (kind.ends == Ends::none) return true;
    const auto from = parse_ip_address(event["src_ip"].text()),
               to = parse_ip_address(event["dest_ip"].text());
    if (!from || !to) return !event["src_ip"].exists() && !event["dest_ip"].exists();
    envelope.client = {*from, port_in(event["src_port"]), {}};
    envelope.server = {*to, port_in(event["dest_port"]), {}};
    if (is_turned(event, kind, envelope)) std::swap(envelope.client, envelope.server);
    return true;
}

std::string_view app_protocol_of(json::Value event) {
    const auto known = event["app_proto"].text();
    return known == "failed" || known == "unknown" ? std::string_view{} : known;
}

void write_answers(json::Writer& writer, json::Value dns) {
    const auto answers = dns["answers"];
    const auto is_version_1 = !answers.exists() && dns["rdata"].exists();   // each answer alone
    if (answers.size() == 0 && !is_version_1) return;
    writer.key("answers").begin_array();
    const auto write = [&](json::Value answer) {
        writer.begin_object();
        write_fields(writer, answer, suricata::dns_answer);
        writer.end_object();
    };
    std::size_t told = 0;
    if (is_version_1) write(dns);
    for (const auto answer : answers.items())
        if (answer.is_object() && told++ < elements_max) write(answer);
    writer.end_array();
    writer.key("answer_count").number(static_cast<std::int64_t>(is_version_1 ? 1 : answers.size()));
}

/// Version 3 has a list of questions, the others the question itself.
void write_dns(json::Writer& writer, json::Value dns) {
    const auto questions = dns["queries"].items();
    const bool has_list = dns["queries"].size() > 0;
    write_fields(writer, has_list ? *questions.begin() : dns, suricata::dns_question);
    write_answers(writer, dns);
}

/// A request is told for itself, too.
void write_krb5(json::Writer& writer, json::Value krb5) {
    const auto type = krb5["msg_type"].text();
    if (!type.empty()) writer.member(type.ends_with("_REQ") ? "request" : "msg_type", type.substr(0, 64));
}

/// Which attributes a search asks for, and none of the values.
void write_filter_attributes(json::Writer& writer, json::Value filter, std::size_t& told, int depth) {
    constexpr int depth_max = 8;
    constexpr std::size_t name_bytes_max = 64;
    if (depth == depth_max) return;
    const bool is_present = filter["type"].text() == "present";
    for (const auto& member : filter.members()) {
        const bool is_name = member.key == "description" || member.key == "attribute" ||
                             member.key == "attribute_desc" || (is_present && member.key == "value");
        if (!member.value.is_string())
            write_filter_attributes(writer, member.value, told, depth + 1);
        else if (is_name && told++ < elements_max)
            writer.string(member.value.text().substr(0, name_bytes_max));
    }
    for (const auto element : filter.items()) write_filter_attributes(writer, element, told, depth + 1);
}

void write_ldap(json::Writer& writer, json::Value ldap) {
    static constexpr std::array<std::string_view, 4> scopes{"base_object", "single_level", "whole_subtree",
                                                            "subordinate_subtree"};
    const auto search = ldap["request"]["search_request"];
    const auto scope = count_in(search["scope"]);
    if (search["scope"].exists() && scope < scopes.size()) writer.member("scope", scopes[scope]);
    if (search["filter"].exists()) {
        writer.key("filter_attributes").begin_array();
        std::size_t told = 0;
        write_filter_attributes(writer, search["filter"], told, 0);
        writer.end_array();
    }
    std::int64_t entries = 0;
    json::Value last;
    for (const auto response : ldap["responses"].items()) {
        entries += response["operation"].text() == "search_result_entry" ? 1 : 0;
        last = response;
    }
    if (entries > 0) writer.key("entries").number(entries);
    const auto operation = last["operation"].text();
    writer.member_unless_empty("response", operation.substr(0, 64));
    writer.member_unless_empty("result", last[operation]["result_code"].text().substr(0, 64));
}

void write_dcerpc(json::Writer& writer, json::Value call) {
    write_fields(writer, call, suricata::dcerpc);
    const auto interfaces = call["interfaces"];
    if (interfaces.size() == 0) return;
    writer.key("interfaces").begin_array();
    std::string_view first;
    std::size_t told = 0;
    for (const auto interface : interfaces.items()) {
        if (told++ == elements_max) break;
        const auto uuid = interface["uuid"].text();
        const auto name = protocol::dcerpc::interface_name(uuid);
        if (told == 1) first = name;
        writer.begin_object()
            .member_unless_empty("uuid", uuid.substr(0, 36))
            .member_unless_empty("name", name);
        writer.end_object();
    }
    writer.end_array();
    if (!call["opnum"].exists()) return;
    const auto opnum = port_in(call["opnum"]);
    writer.member_unless_empty("operation", protocol::dcerpc::operation_name(first, opnum));
}

/// Suricata says of a reset connection that it is closed.
void write_tcp(json::Writer& writer, json::Value event) {
    const auto tcp = event["tcp"];
    if (!tcp.exists()) return;
    writer.key("tcp").begin_object();
    write_fields(writer, tcp, suricata::tcp);
    const bool is_reset = tcp["rst"].boolean().value_or(false) && tcp["state"].text() == "closed";
    writer.member_unless_empty("state", is_reset ? "reset" : tcp["state"].text().substr(0, 32));
    writer.end_object();
}

/// One file that was read or written, as ours when it is closed.
void write_transfer(json::Writer& writer, json::Value event) {
    const auto size = static_cast<std::int64_t>(count_in(event["fileinfo"]["size"]));
    const bool is_read = event["smb"]["command"].text().find("READ") != std::string_view::npos;
    writer.key("transfer").begin_object();
    writer.key(is_read ? "reads" : "writes").number(1);
    writer.key(is_read ? "read_bytes" : "written_bytes").number(size);
    writer.end_object();
}

}   // namespace

bool is_suricata(json::Value event) {
    static constexpr std::array<std::string_view, 5> marks{"ip_v", "pkt_src", "in_iface", "tx_id",
                                                           "pcap_filename"};
    if (event["told_by"].exists() || !event["event_type"].is_string()) return false;
    if (std::ranges::any_of(marks, [&](std::string_view mark) { return event[mark].exists(); })) return true;
    return event["flow"]["alerted"].exists() || event["dns"]["version"].exists() ||
           event["dns"]["type"].exists() || event["alert"]["gid"].exists() ||
           event["stats"]["decoder"].exists() || event["fileinfo"].exists() || event["smb"]["id"].exists();
}

Suricata::Tree Suricata::tree_of(json::Value smb, std::uint64_t flow_id) {
    const auto pipe = smb["named_pipe"].text();   // of a tree: the path of IPC$
    const bool is_pipe = smb["share_type"].text() == "PIPE" || smb["service"]["response"].text() == "IPC";
    const auto share = (pipe.empty() ? smb["share"].text() : pipe).substr(0, text_bytes_max);
    Tree tree{protocol::smb::share_name(share, {}),
              std::string{is_pipe ? "PIPE" : smb["share_type"].text().substr(0, type_bytes_max)}};
    const TreeId id{flow_id, count_in(smb["tree_id"])};
    if (smb["command"].text().find("TREE_CONNECT") != std::string_view::npos) {
        if (!share.empty()) trees_.at(id) = tree;
    } else if (const auto* known = trees_.find(id)) {
        tree = *known;
    }
    return tree;
}

void Suricata::write_smb(json::Writer& writer, json::Value smb, std::uint64_t flow_id) {
    write_fields(writer, smb, suricata::smb);
    const auto tree = tree_of(smb, flow_id);
    writer.member_unless_empty("share", tree.share).member_unless_empty("share_type", tree.type);
    const auto name = smb["filename"].text();
    if (tree.type == "PIPE")
        writer.member_unless_empty("named_pipe", protocol::smb::pipe_name(name));
    else
        write_fields(writer, smb, suricata::smb_file);
    if (smb["rename"].is_object()) writer.member("action", "renamed");
}

void Suricata::write_own(json::Writer& writer, json::Value event, const suricata::Event& kind,
                         std::uint64_t flow_id) {
    const auto own = event[kind.type];
    if (kind.type == "smb") return write_smb(writer, own, flow_id);
    if (kind.type == "dcerpc") return write_dcerpc(writer, own);
    if (kind.type == "fileinfo") {
        write_smb(writer, event["smb"], flow_id);
        return write_transfer(writer, event);
    }
    write_fields(writer, own, kind.fields);
    if (kind.type == "dns") write_dns(writer, own);
    if (kind.type == "krb5") write_krb5(writer, own);
    if (kind.type == "ldap") write_ldap(writer, own);
}

Taken Suricata::translate(json::Value event, std::string& out) {
    const auto type = event["event_type"].text();
    const auto* const kind = std::ranges::find(suricata::events, type, &suricata::Event::type);
    const bool is_file = type == "fileinfo";
    // Of other protocols the file's own event says as much.
    if (kind == suricata::events.end() || (is_file && !event["smb"].is_object()) ||
        event["rdp"]["event_type"].text() == "tls_handshake")
        return Taken::left_out;
    const auto at = time_of(event);
    if (!at) return Taken::malformed;
    Envelope envelope{.at = *at,
                      .type = is_file ? "smb" : type,
                      .told_by = "suricata",
                      .flow_id = count_in(event["flow_id"]),
                      .protocol = std::string{event["proto"].text().substr(0, type_bytes_max)},
                      .app_protocol = app_protocol_of(event),
                      .community_id = event["community_id"].text().substr(0, type_bytes_max)};
    if (!read_ends(event, *kind, envelope)) return Taken::malformed;
    for (const auto vlan : event["vlan"].items())
        if (envelope.vlans.size() < vlans_max) envelope.vlans.push_back(port_in(vlan));
    append(
        out, envelope, [&](json::Writer& writer) { write_own(writer, event, *kind, envelope.flow_id); },
        [&](json::Writer& writer) { write_tcp(writer, event); });
    if (const auto call = event["smb"]["dcerpc"]; type == "smb" && call.is_object()) {
        envelope.type = "dcerpc";
        append(
            out, envelope, [&](json::Writer& writer) { write_dcerpc(writer, call); }, [](json::Writer&) {});
    }
    return Taken::told;
}

}   // namespace ward::foreign
