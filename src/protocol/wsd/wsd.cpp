// SPDX-License-Identifier: Apache-2.0
#include "protocol/wsd/wsd.hpp"

#include <algorithm>
#include <array>

#include "event/wsd.hpp"
#include "protocol/uri.hpp"
#include "protocol/xml_tags.hpp"

namespace ward::protocol::wsd {
namespace {

// WS-Discovery 1.1, 4 to 6; WS-Transfer, for the metadata of DPWS 1.1, 5.
constexpr std::array actions{"Hello",          "Bye",        "Probe", "ProbeMatches", "Resolve",
                             "ResolveMatches", "GetResponse"};

// IEEE 11073-20701: of the services that change a device's settings, alerts and context.
constexpr std::array commands{"SetService/SetValue",           "SetService/SetString",
                              "SetService/Activate",           "SetService/SetAlertState",
                              "SetService/SetMetricState",     "SetService/SetComponentState",
                              "ContextService/SetContextState"};

// IEEE 11073-10207, InvocationState.
constexpr std::array invocation_states{"Wait", "Start", "Cnclld", "CnclldMan", "Fin", "FinMod", "Fail"};

std::string plain(std::string_view text) {
    std::string out = clipped(text);
    for (auto at = out.find("&amp;"); at != std::string::npos; at = out.find("&amp;", at + 1))
        out.erase(at + 1, 4);
    return out;
}

void read_list(std::string_view text, std::vector<std::string>& list) {
    while (!text.empty()) {
        const auto end = text.find_first_of(" \t\r\n");
        const auto word = text.substr(0, end);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        if (word.empty() || list.size() >= limits.list_max) continue;
        if (auto value = plain(word); std::ranges::find(list, value) == list.end())
            list.push_back(std::move(value));
    }
}

/// A message while its tags pass by.
struct Reading {
    event::Wsd told;
    bool in_reference = false;
    std::uint32_t patient_items = 0;
};

/// IEEE 11073-20701, 9.3: contexts of a device are scopes. Those of patients, operators and workflows name
/// people. RFC 3986, 3.1: a scheme's case does not matter.
void read_scopes(std::string_view text, Reading& reading) {
    auto& told = reading.told;
    std::vector<std::string> scopes;
    read_list(text, scopes);
    for (auto& scope : scopes) {
        if (starts_ignoring_case(scope, "sdc.ctxt.pat")) {
            ++reading.patient_items;
            continue;
        }
        const bool is_location = starts_ignoring_case(scope, "sdc.ctxt.loc");
        if (starts_ignoring_case(scope, "sdc.ctxt.") && !is_location) continue;
        if (is_location)
            if (const auto query = scope.find('?'); query != std::string::npos)
                told.location = scope.substr(query + 1);
        if (told.scopes.size() >= limits.list_max) continue;
        told.scopes.push_back(is_location ? std::move(scope) : uri_template(scope));
    }
}

void read_tag(const XmlTag& tag, Reading& reading) {
    auto& told = reading.told;
    const auto is = [&](std::string_view name) { return tag.name == name; };
    if (is("EndpointReference")) reading.in_reference = true;
    if (is("Action")) {
        const auto action = tag.content.substr(tag.content.rfind('/') + 1);
        if (std::ranges::find(actions, action) != actions.end()) told.action = std::string{action};
    }
    if (is("Address") && std::exchange(reading.in_reference, false) && told.endpoint_reference.empty())
        told.endpoint_reference = uri_template(plain(tag.content));
    if (is("Types")) {
        read_list(tag.content, told.types);
        for (auto& type : told.types) type = uri_template(type);   // prefix:name, of XML
    }
    if (is("Scopes")) read_scopes(tag.content, reading);
    if (is("XAddrs")) {
        read_list(tag.content, told.x_addresses);
        for (auto& address : told.x_addresses) address = uri_template(address);
    }
    if (is("Manufacturer")) told.manufacturer = plain(tag.content);
    if (is("ModelName")) told.model_name = plain(tag.content);
    if (is("ModelNumber")) told.model_number = plain(tag.content);
    if (is("FirmwareVersion")) told.firmware_version = plain(tag.content);
    if (is("SerialNumber")) told.serial_number = plain(tag.content);
}

bool is_medical(const event::Wsd& told) {
    return std::ranges::any_of(told.types,
                               [](std::string_view type) { return type.ends_with(":MedicalDevice"); }) ||
           std::ranges::any_of(told.scopes,
                               [](std::string_view scope) { return starts_ignoring_case(scope, "sdc."); });
}

class WsdSession final : public Session {
public:
    void data(Side /*from*/, Bytes bytes, Output& out) override {
        if (!tell(as_text(bytes), out)) out.malformed("no WS-Discovery message", bytes.size());
    }
    void gap(Side /*from*/, std::uint64_t /*lost*/, Output& /*out*/) override {}
    void end(Output& /*out*/) override {}
    std::size_t memory() const noexcept override { return sizeof *this; }
};

}   // namespace

bool tell(std::string_view text, Output& out) {
    Reading reading;
    auto& told = reading.told;
    XmlTags tags{text};
    std::size_t count = 0;
    while (const auto tag = tags.next()) {
        if (++count > limits.tags_max) {
            out.skipped(Uninspected::cap, tags.left());
            break;
        }
        if (tag->kind == XmlTag::Kind::begin) read_tag(*tag, reading);
    }
    // WS-Transfer's GetResponse is used for other things than a device's metadata.
    const bool metadata =
        !told.manufacturer.empty() || !told.model_name.empty() || !told.firmware_version.empty();
    if (told.action.empty() || (told.action == "GetResponse" && !metadata)) return false;
    out.exposed(reading.patient_items);
    if (is_medical(told)) {
        out.emit(event::Sdc{std::move(told)});
    } else {
        out.emit(std::move(told));
    }
    return true;
}

bool tell_command(std::string_view asked, std::string_view answered, Output& out) {
    event::Sdc told;
    XmlTags tags{asked};
    for (std::size_t count = 0; told.action.empty() && count < limits.tags_max; ++count) {
        const auto tag = tags.next();
        if (!tag || tag->name == "Body") break;
        if (tag->name != "Action") continue;
        for (const std::string_view command : commands)
            if (tag->content.ends_with(command)) told.action = command.substr(command.rfind('/') + 1);
    }
    if (told.action.empty()) return false;
    tags = XmlTags{answered};
    for (std::size_t count = 0; told.invocation_state.empty() && count < limits.tags_max; ++count) {
        const auto tag = tags.next();
        if (!tag) break;
        if (tag->kind == XmlTag::Kind::begin && tag->name == "InvocationState" &&
            std::ranges::find(invocation_states, tag->content) != invocation_states.end())
            told.invocation_state = std::string{tag->content};
    }
    out.emit(std::move(told));
    return true;
}

Verdict probe(Bytes first, Side /*from*/) {
    const auto text = as_text(first.first(std::min<std::size_t>(first.size(), 2048)));
    const auto begin = text.find('<');
    if (begin == std::string_view::npos || begin > 3) return Verdict::no;
    const bool soap = text.find("Envelope") != std::string_view::npos;
    return soap && text.find("/discovery") != std::string_view::npos ? Verdict::yes : Verdict::no;
}

std::unique_ptr<Session> open_session() { return std::make_unique<WsdSession>(); }

}   // namespace ward::protocol::wsd
