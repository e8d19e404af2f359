// SPDX-License-Identifier: Apache-2.0
#include "protocol/mdns/mdns.hpp"

#include <algorithm>

#include "event/mdns.hpp"
#include "protocol/dns/message.hpp"
#include "protocol/text.hpp"

namespace ward::protocol::mdns {
namespace {

constexpr Limits limits;
constexpr std::uint16_t a = 1, ptr = 12, txt = 16, aaaa = 28, srv = 33;

// Keys of TXT records that name a make or a model (Bonjour printing, AirPlay, Cast, device-info). All others
// stay out: people give their names to `fn` and `note`.
constexpr std::array<std::string_view, 16> telling{
    "model",   "rmodel",  "md",     "am",           "ty",      "mfg",     "mdl", "usb_mfg",
    "usb_mdl", "product", "vendor", "manufacturer", "osxvers", "srcvers", "fv",  "version"};

// Services of devices, whose instances are named for what and where they are. Computers, phones and tablets
// name theirs for who owns them.
constexpr std::array<std::string_view, 18> of_devices{
    "_ipp",    "_ipps",   "_printer",    "_pdl-datastream", "_scanner",  "_uscan",
    "_uscans", "_privet", "_dicom",      "_dicom-tls",      "_acr-nema", "_http",
    "_https",  "_rtsp",   "_axis-video", "_axis-nvr",       "_sip",      "_modbus"};

/// RFC 6763, section 4.1: an instance stands before a service and its transport. Of other instances than
/// those of devices the service is kept; a host's name as it is.
std::string told_of(std::string_view name) {
    const auto transport = std::max(name.rfind("._tcp") + 1, name.rfind("._udp") + 1);
    if (transport < 2) return clipped(name);
    const auto service = name.rfind('.', transport - 2) + 1;
    const auto type = name.substr(service, transport - 1 - service);
    const bool device = std::ranges::any_of(
        of_devices, [type](std::string_view known) { return equal_ignoring_case(type, known); });
    return clipped(device ? name : name.substr(service));
}

/// One entry per name, within the limit.
event::MdnsInstance* instance_of(std::string_view name, event::Mdns& told) {
    auto instance = told_of(name);
    const auto known = std::ranges::find(told.services, instance, &event::MdnsInstance::instance);
    if (known != told.services.end()) return &*known;
    if (told.services.size() >= limits.services_max) return nullptr;
    told.services.push_back({std::move(instance), {}, {}, {}});
    return &told.services.back();
}

void read_texts(Bytes data, event::MdnsInstance& service) {
    WireReader in{data};
    while (in.remaining() > 0 && service.txt.size() < limits.texts_max) {
        const auto text = as_text(in.take(in.u8()));
        auto rest = text;
        const auto key = take_until(rest, '=');
        const bool tells = std::ranges::any_of(
            telling, [key](std::string_view known) { return equal_ignoring_case(key, known); });
        if (tells && !rest.empty()) service.txt.push_back(clipped(text));
    }
}

void read_record(const dns::MessageReader& message, const dns::Record& record, event::Mdns& told) {
    switch (record.type) {
        case ptr:
            if (told.pointers.size() < limits.services_max)
                told.pointers.push_back(told_of(message.name_in(record.data)));
            break;
        case srv:
            if (auto* service = instance_of(record.name, told)) {
                WireReader in{record.data};
                in.skip(4);   // priority and weight
                service->port = in.u16();
                service->host = told_of(message.name_in(in.rest()));
            }
            break;
        case txt:
            if (auto* service = instance_of(record.name, told)) read_texts(record.data, *service);
            break;
        case a:
        case aaaa:
            if (told.hosts.size() < limits.services_max)
                told.hosts.push_back({told_of(record.name), message.text_of(record)});
            break;
        default: break;
    }
}

class MdnsSession final : public Session {
public:
    void data(Side /*from*/, Bytes bytes, Output& out) override {
        dns::MessageReader in{bytes};
        const auto header = in.header();
        event::Mdns told;
        told.type = header.is_response() ? "response" : "query";
        for (std::size_t i = 0; i < std::min<std::size_t>(header.questions, limits.records_max) && in.ok();
             ++i) {
            const auto question = in.question();
            if (in.ok() && told.questions.size() < limits.questions_max)
                told.questions.push_back({told_of(question.name), dns::type_name(question.type)});
        }
        const std::size_t records = std::size_t{header.answers} + header.authorities + header.additionals;
        for (std::size_t i = 0; i < std::min(records, limits.records_max) && in.ok(); ++i) {
            const auto record = in.record();
            if (in.ok()) read_record(in, record, told);
        }
        if (!in.ok()) out.malformed("mDNS record", in.remaining());
        out.emit(std::move(told));
    }
    void gap(Side /*from*/, std::uint64_t /*lost*/, Output& /*out*/) override {}
    void end(Output& /*out*/) override {}
    std::size_t memory() const noexcept override { return sizeof *this; }
};

}   // namespace

Verdict probe(Bytes first, Side /*from*/) {
    dns::MessageReader in{first};
    const auto header = in.header();
    // RFC 6762, section 18: of the flags only QR, AA and TC mean anything. A one-shot question has an id.
    if (!in.ok() || (header.flags & 0x79ffU) != 0) return Verdict::no;
    if (header.questions == 0 && header.answers == 0) return Verdict::no;
    const auto name = header.questions > 0 ? in.question().name : in.record().name;
    if (!in.ok()) return Verdict::no;
    return header.id == 0 && name.ends_with(".local") ? Verdict::yes : Verdict::unsure;
}

std::unique_ptr<Session> open_session() { return std::make_unique<MdnsSession>(); }

}   // namespace ward::protocol::mdns
