// SPDX-License-Identifier: Apache-2.0
#include "protocol/snmp/snmp.hpp"

#include "event/snmp.hpp"
#include "protocol/text.hpp"
#include "protocol/unanswered.hpp"
#include "wire/der.hpp"

namespace ward::protocol::snmp {
namespace {

constexpr Limits limits;
constexpr std::uint8_t response_tag = 0xa2, trap_v1_tag = 0xa4, trap_v2_tag = 0xa7, report_tag = 0xa8;

std::string_view pdu_name(std::uint8_t tag) {
    constexpr std::array<std::string_view, 9> names{"get_request",    "get_next_request", "response",
                                                    "set_request",    "trap_v1",          "get_bulk_request",
                                                    "inform_request", "trap_v2",          "report"};
    const auto number = static_cast<std::size_t>(tag) - 0xa0;
    return number < names.size() ? names[number] : std::string_view{};
}

std::uint32_t number_of(Bytes content) {
    std::uint32_t value = 0;
    for (const auto byte : content.last(std::min<std::size_t>(content.size(), 4)))
        value = value << 8U | std::to_integer<std::uint32_t>(byte);
    return value;
}

/// Tables may be indexed by names, of users (RFC 3414, usmUserTable) or of scripts, whose characters are arcs
/// then (RFC 2578, 7.7). An OID ends before three of them.
std::string without_text(std::string oid) {
    constexpr std::size_t arcs_before_index = 8;
    std::size_t begin = 0;   // of the characters
    std::size_t spelled = 0;
    std::size_t arc = 0;
    for (std::size_t at = 0; at < oid.size(); ++arc) {
        const auto end = std::min(oid.find('.', at), oid.size());
        const auto value = number(std::string_view{oid}.substr(at, end - at)).value_or(0);
        const bool is_character = arc >= arcs_before_index && value >= ' ' && value <= '~';
        if (!is_character)
            spelled = 0;
        else if (++spelled == 1)
            begin = at;
        if (spelled == 3) return oid.substr(0, begin - 1);
        at = end + 1;
    }
    return oid;
}

struct Message {
    event::Snmp told;
    std::uint8_t pdu_tag = 0;
    std::uint32_t key = 0;   // the request's number, or of version 3 the message's
};

/// RFC 3418: three objects of the system group name the device.
void read_variable(Bytes binding, bool is_answer, event::Snmp& told) {
    DerReader in{binding};
    const auto name = in.next_if(der::object_identifier);
    const auto value = in.next();
    if (!name || !value) return;
    ++told.var_count;
    auto oid = oid_text(name->content);
    if (is_answer && value->tag == der::octet_string) {
        if (oid == "1.3.6.1.2.1.1.1.0") told.sys_descr = clipped(as_text(value->content));
        if (oid == "1.3.6.1.2.1.1.5.0") told.sys_name = clipped(as_text(value->content));
    }
    if (is_answer && value->tag == der::object_identifier && oid == "1.3.6.1.2.1.1.2.0")
        told.sys_object_id = oid_text(value->content);
    if (told.vars.size() < limits.variables_max) told.vars.push_back(without_text(std::move(oid)));
}

bool read_pdu(const DerElement& pdu, Message& message) {
    message.pdu_tag = pdu.tag;
    message.told.pdu_type = pdu_name(pdu.tag);
    if (message.told.pdu_type.empty()) return false;
    DerReader in{pdu.content};
    if (pdu.tag == trap_v1_tag) {
        // RFC 1157, section 4.1.6: enterprise, agent, two numbers and a time.
        for (int i = 0; i < 5; ++i) in.next();
    } else {
        const auto request = in.next_if(der::integer);
        const auto status = in.next_if(der::integer);
        in.next_if(der::integer);
        if (!request || !status) return false;
        if (message.told.version != 3) message.key = number_of(request->content);
        if (pdu.tag == response_tag) message.told.error_status = number_of(status->content);
    }
    const auto list = in.next_if(der::sequence);
    if (!list) return false;
    DerReader variables{list->content};
    while (const auto binding = variables.next())
        read_variable(binding->content, pdu.tag == response_tag, message.told);
    return true;
}

/// RFC 3412, section 6, and RFC 3414, section 2.4.
bool read_version3(DerReader& in, Message& message) {
    constexpr std::uint8_t privacy = 2;
    const auto header = in.next_if(der::sequence);
    const auto security = in.next_if(der::octet_string);
    if (!header || !security) return false;
    DerReader fields{header->content};
    const auto id = fields.next_if(der::integer);
    fields.next_if(der::integer);   // the longest message it takes
    const auto flags = fields.next_if(der::octet_string);
    if (!id || !flags || flags->content.size() != 1) return false;
    message.key = number_of(id->content);
    message.told.encrypted = (std::to_integer<std::uint8_t>(flags->content.front()) & privacy) != 0;
    if (const auto parameters = DerReader{security->content}.next_if(der::sequence)) {
        DerReader user_model{parameters->content};
        const auto engine = user_model.next_if(der::octet_string);
        user_model.next_if(der::integer);
        user_model.next_if(der::integer);
        const auto user = user_model.next_if(der::octet_string);
        if (engine)
            message.told.engine_id =
                to_hex(engine->content.first(std::min(engine->content.size(), limits.engine_bytes_max)));
        if (user && !user->content.empty()) message.told.credentials = "user";
    }
    if (message.told.encrypted) return true;
    const auto scoped = in.next_if(der::sequence);
    if (!scoped) return false;
    DerReader inside{scoped->content};
    inside.next_if(der::octet_string);
    inside.next_if(der::octet_string);
    const auto pdu = inside.next();
    return pdu && read_pdu(*pdu, message);
}

std::optional<Message> read(Bytes datagram) {
    const auto outer = DerReader{datagram}.next_if(der::sequence);
    if (!outer) return std::nullopt;
    DerReader in{outer->content};
    const auto version = in.next_if(der::integer);
    if (!version || version->content.size() != 1) return std::nullopt;
    Message message;
    const auto number = number_of(version->content);
    if (number != 0 && number != 1 && number != 3) return std::nullopt;
    message.told.version = static_cast<std::uint8_t>(number == 3 ? 3 : number + 1);
    if (number == 3) return read_version3(in, message) ? std::optional{std::move(message)} : std::nullopt;
    const auto community = in.next_if(der::octet_string);
    const auto pdu = in.next();
    if (!community || !pdu || !read_pdu(*pdu, message)) return std::nullopt;
    message.told.credentials = "community";
    return message;
}

class SnmpSession final : public Session {
public:
    void data(Side from, Bytes bytes, Output& out) override {
        auto message = read(bytes);
        if (!message) return out.malformed("no SNMP message", bytes.size());
        auto& told = message->told;
        if (told.encrypted) out.skipped(Uninspected::encrypted, bytes.size());
        const auto tag = message->pdu_tag;
        const bool answers = told.encrypted ? from == Side::server : tag == response_tag || tag == report_tag;
        const auto complete = [&](event::Snmp& request) {
            request.error_status = told.error_status;
            request.sys_descr = std::move(told.sys_descr);
            request.sys_object_id = std::move(told.sys_object_id);
            request.sys_name = std::move(told.sys_name);
            // What a walk got says more than where it stood.
            if (!told.vars.empty() && tag == response_tag) request.vars = std::move(told.vars);
            if (!told.engine_id.empty()) request.engine_id = std::move(told.engine_id);
        };
        if (answers && unanswered_.answer(message->key, out, complete)) return;
        if (answers || tag == trap_v1_tag || tag == trap_v2_tag) return out.emit(std::move(told));
        unanswered_.ask(message->key, std::move(told), limits.waiting_max, out);
    }
    void gap(Side /*from*/, std::uint64_t /*lost*/, Output& /*out*/) override {}
    void end(Output& out) override { unanswered_.end(out); }
    std::size_t memory() const noexcept override { return sizeof *this + 4 * unanswered_.memory(); }

private:
    Unanswered<std::uint32_t, event::Snmp> unanswered_;
};

}   // namespace

Verdict probe(Bytes first, Side /*from*/) {
    // Nested lengths that agree, a version and a known PDU: nothing else has all that.
    return first.front() == std::byte{der::sequence} && read(first) ? Verdict::yes : Verdict::no;
}

std::unique_ptr<Session> open_session() { return std::make_unique<SnmpSession>(); }

}   // namespace ward::protocol::snmp
