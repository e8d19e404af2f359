// SPDX-License-Identifier: Apache-2.0
#include "lab/frames/devices/sdc.hpp"

#include <fmt/format.h>

namespace ward::lab::sdc {
namespace {

constexpr std::string_view transfer = "http://schemas.xmlsoap.org/ws/2004/09/transfer";
constexpr std::string_view eventing = "http://schemas.xmlsoap.org/ws/2004/08/eventing";
constexpr std::string_view services = "http://standards.ieee.org/downloads/11073/11073-20701-2018";
constexpr std::string_view whoever_asks = "http://www.w3.org/2005/08/addressing/anonymous";
constexpr std::string_view named_discovery =
    R"( xmlns:dpws="http://docs.oasis-open.org/ws-dd/ns/dpws/2009/01")"
    R"( xmlns:mdpws="http://standards.ieee.org/downloads/11073/11073-20702-2016")";
constexpr std::string_view searched_types = "mdpws:MedicalDevice";
constexpr std::string_view named_messages =
    R"( xmlns:msg="http://standards.ieee.org/downloads/11073/11073-10207-2017/message")"
    R"( xmlns:pm="http://standards.ieee.org/downloads/11073/11073-10207-2017/participant")"
    R"( xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance")";
constexpr std::string_view named_eventing =
    R"( xmlns:wse="http://schemas.xmlsoap.org/ws/2004/08/eventing")"
    R"( xmlns:dpws="http://docs.oasis-open.org/ws-dd/ns/dpws/2009/01")";
constexpr std::string_view named_metadata =
    R"( xmlns:wsx="http://schemas.xmlsoap.org/ws/2004/09/mex")"
    R"( xmlns:dpws="http://docs.oasis-open.org/ws-dd/ns/dpws/2009/01")";

constexpr auto of_sdc = ws_discovery::Version::oasis_1_1;

std::string text_of(const ws_discovery::Envelope& envelope, const Message& message) {
    return ws_discovery::text_of(of_sdc, envelope, message);
}

ws_discovery::Target target_of(const Endpoint& endpoint) {
    return {endpoint.id, std::string{named_discovery}, "dpws:Device mdpws:MedicalDevice", endpoint.scope,
            endpoint.location};
}

/// `element`: msg:MetricState in a report, pm:State in an MDIB.
std::string metric_of(std::string_view element, std::string_view handle, double value,
                      std::uint64_t version) {
    return fmt::format(R"(<{0} xsi:type="pm:NumericMetricState" DescriptorHandle="{1}" )"
                       R"(StateVersion="{2}" ActivationState="On"><pm:MetricValue Value="{3:.1f}">)"
                       R"(<pm:MetricQuality Validity="Vld"/></pm:MetricValue></{0}>)",
                       element, handle, version, value);
}

std::string states_of(std::string_view element, const Infusion& infusion) {
    return metric_of(element, "rate.ch0.vmd0", infusion.rate, infusion.version) +
           metric_of(element, "volume.ch0.vmd0", infusion.infused, infusion.version);
}

/// One of the codes of 11073-10101.
std::string descriptor_of(std::string_view handle, int code, int unit) {
    return fmt::format(
        R"(<pm:Metric xsi:type="pm:NumericMetricDescriptor" Handle="{}" MetricCategory="Set" )"
        R"(MetricAvailability="Cont" Resolution="0.1"><pm:Type Code="{}"/><pm:Unit Code="{}"/>)"
        R"(</pm:Metric>)",
        handle, code, unit);
}

}   // namespace

std::string hello(const Endpoint& endpoint, const Message& message) {
    return ws_discovery::hello(of_sdc, target_of(endpoint), message);
}

std::string bye(const Endpoint& endpoint, const Message& message) {
    return ws_discovery::bye(of_sdc, target_of(endpoint), message);
}

std::string probe(const Message& message) {
    return ws_discovery::probe(of_sdc, named_discovery, searched_types, message);
}

std::string probe_matches(const Endpoint& endpoint, const Message& message) {
    return ws_discovery::probe_matches(of_sdc, target_of(endpoint), message);
}

std::string get_metadata(const Endpoint& to, const Message& message) {
    return text_of({fmt::format("{}/Get", transfer), to.id}, message);
}

std::string metadata(const Endpoint& from, const Product& product, const Message& message) {
    constexpr std::string_view section =
        R"(<wsx:MetadataSection )"
        R"(Dialect="http://docs.oasis-open.org/ws-dd/ns/dpws/2009/01/{}">{}</wsx:MetadataSection>)";
    const auto model = fmt::format(
        "<dpws:ThisModel><dpws:Manufacturer>{}</dpws:Manufacturer><dpws:ModelName>{}"
        "</dpws:ModelName></dpws:ThisModel>",
        product.vendor, product.model);
    const auto device = fmt::format(
        "<dpws:ThisDevice><dpws:FriendlyName>{}</dpws:FriendlyName><dpws:FirmwareVersion>{}"
        "</dpws:FirmwareVersion><dpws:SerialNumber>{}</dpws:SerialNumber></dpws:ThisDevice>",
        product.model, product.firmware, product.serial);
    const auto hosted = fmt::format(
        R"(<dpws:Relationship Type="http://docs.oasis-open.org/ws-dd/ns/dpws/2009/01/host"><dpws:Hosted>)"
        R"(<wsa:EndpointReference><wsa:Address>{}sdc</wsa:Address></wsa:EndpointReference>)"
        R"(<dpws:ServiceId>{}</dpws:ServiceId></dpws:Hosted></dpws:Relationship>)",
        from.location, "GetService SetService StateEventService");
    return text_of(
        {fmt::format("{}/GetResponse", transfer),
         whoever_asks,
         named_metadata,
         {},
         fmt::format("<wsx:Metadata>{}{}{}</wsx:Metadata>", fmt::format(section, "ThisModel", model),
                     fmt::format(section, "ThisDevice", device),
                     fmt::format(section, "Relationship", hosted))},
        message);
}

std::string get_description(const Endpoint& to, const Message& message) {
    return text_of(
        {fmt::format("{}/GetService/GetMdib", services), to.id, named_messages, {}, "<msg:GetMdib/>"},
        message);
}

std::string description(const Endpoint& from, const Product& product, const Infusion& infusion,
                        const Message& message) {
    const auto tree = fmt::format(
        R"(<pm:MdDescription><pm:Mds Handle="mds0"><pm:Type Code="69985"/><pm:Sco Handle="sco0">)"
        R"(<pm:Operation xsi:type="pm:SetValueOperationDescriptor" Handle="set.rate" )"
        R"(OperationTarget="rate.ch0.vmd0"/></pm:Sco>)"
        R"(<pm:MetaData><pm:Manufacturer>{}</pm:Manufacturer>)"
        R"(<pm:ModelName>{}</pm:ModelName><pm:SerialNumber>{}</pm:SerialNumber></pm:MetaData>)"
        R"(<pm:Vmd Handle="vmd0"><pm:Channel Handle="ch0.vmd0">{}{}</pm:Channel></pm:Vmd>)"
        R"(</pm:Mds></pm:MdDescription>)",
        product.vendor, product.model, product.serial, descriptor_of("rate.ch0.vmd0", 157'784, 265'266),
        descriptor_of("volume.ch0.vmd0", 157'864, 263'762));
    return text_of(
        {fmt::format("{}/GetService/GetMdibResponse", services),
         whoever_asks,
         named_messages,
         {},
         fmt::format(R"(<msg:GetMdibResponse SequenceId="{0}" MdibVersion="{1}"><msg:Mdib )"
                     R"(SequenceId="{0}" MdibVersion="{1}">{2}<pm:MdState>{3}</pm:MdState></msg:Mdib>)"
                     R"(</msg:GetMdibResponse>)",
                     from.id, infusion.version, tree, states_of("pm:State", infusion))},
        message);
}

std::string subscribe(const Endpoint& to, std::string_view sink, const Message& message) {
    return text_of(
        {fmt::format("{}/Subscribe", eventing),
         to.id,
         named_eventing,
         {},
         fmt::format(R"(<wse:Subscribe><wse:Delivery Mode="{0}/DeliveryModes/Push"><wse:NotifyTo>)"
                     R"(<wsa:Address>{1}</wsa:Address>)"
                     R"(</wse:NotifyTo></wse:Delivery><wse:Expires>PT2H</wse:Expires>)"
                     R"(<wse:Filter Dialect="http://docs.oasis-open.org/ws-dd/ns/dpws/2009/01/Action">)"
                     R"({2}/StateEventService/EpisodicMetricReport )"
                     R"({2}/SetService/OperationInvokedReport</wse:Filter></wse:Subscribe>)",
                     eventing, sink, services)},
        message);
}

std::string subscribed(const Endpoint& from, const Message& message) {
    return text_of(
        {fmt::format("{}/SubscribeResponse", eventing),
         whoever_asks,
         named_eventing,
         {},
         fmt::format(
             "<wse:SubscribeResponse><wse:SubscriptionManager><wsa:Address>{}subscription</wsa:Address>"
             "</wse:SubscriptionManager><wse:Expires>PT2H</wse:Expires></wse:SubscribeResponse>",
             from.location)},
        message);
}

std::string renew(const Endpoint& to, const Message& message) {
    return text_of({fmt::format("{}/Renew", eventing),
                    to.id,
                    named_eventing,
                    {},
                    "<wse:Renew><wse:Expires>PT2H</wse:Expires></wse:Renew>"},
                   message);
}

std::string renewed(const Message& message) {
    return text_of({fmt::format("{}/RenewResponse", eventing),
                    whoever_asks,
                    named_eventing,
                    {},
                    "<wse:RenewResponse><wse:Expires>PT2H</wse:Expires></wse:RenewResponse>"},
                   message);
}

std::string metric_report(std::string_view sink, const Endpoint& from, const Infusion& infusion,
                          const Message& message) {
    return text_of({fmt::format("{}/StateEventService/EpisodicMetricReport", services),
                    sink,
                    named_messages,
                    {},
                    fmt::format(R"(<msg:EpisodicMetricReport SequenceId="{}" MdibVersion="{}">)"
                                R"(<msg:ReportPart>{}</msg:ReportPart>)"
                                R"(</msg:EpisodicMetricReport>)",
                                from.id, infusion.version, states_of("msg:MetricState", infusion))},
                   message);
}

std::string set_rate(const Endpoint& to, double rate, const Message& message) {
    return text_of(
        {fmt::format("{}/SetService/SetValue", services),
         to.id,
         named_messages,
         {},
         fmt::format("<msg:SetValue><msg:OperationHandleRef>set.rate</msg:OperationHandleRef>"
                     "<msg:RequestedNumericValue>{:.1f}</msg:RequestedNumericValue></msg:SetValue>",
                     rate)},
        message);
}

std::string set_rate_answered(const Endpoint& from, Invocation state, std::uint64_t version,
                              const Message& message) {
    return text_of(
        {fmt::format("{}/SetService/SetValueResponse", services),
         whoever_asks,
         named_messages,
         {},
         fmt::format(
             R"(<msg:SetValueResponse SequenceId="{}" MdibVersion="{}"><msg:InvocationInfo>)"
             R"(<msg:TransactionId>{}</msg:TransactionId><msg:InvocationState>{}</msg:InvocationState>)"
             R"(</msg:InvocationInfo></msg:SetValueResponse>)",
             from.id, version, version % 1'000 + 1, state == Invocation::waiting ? "Wait" : "Fail")},
        message);
}

}   // namespace ward::lab::sdc
