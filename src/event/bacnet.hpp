// SPDX-License-Identifier: Apache-2.0
// A BACnet service and its answer. Of values only those that name a device are kept.
#pragma once

#include "event/event.hpp"

namespace ward::event {

struct Bacnet {
    static constexpr std::string_view event_type = "bacnet";

    std::string_view bvlc;   // ASHRAE 135, annex J.2: of what is not plain traffic
    std::string_view pdu;    // Confirmed-Request-PDU …
    std::string_view response;
    std::string service;
    std::optional<std::uint8_t> invoke_id;
    std::optional<std::uint16_t> source_network;   // behind a router
    std::string source_address;
    std::string object;                             // device,108
    std::string property;                           // object-name, or its number
    std::string value;                              // of properties that name a device
    std::optional<std::uint32_t> device_instance;   // of an I-Am
    std::optional<std::uint32_t> vendor_id;
    std::optional<std::uint32_t> max_apdu_length;
    std::optional<std::uint32_t> error_class;
    std::optional<std::uint32_t> error_code;
    std::optional<std::uint8_t> reason;   // of a reject or abort
    bool request_unseen = false;
    std::optional<std::int64_t> latency_us;

    template <class Visitor>
    void fields(Visitor&& visit) const {
        visit("bvlc", bvlc);
        visit("pdu", pdu);
        visit("response", response);
        visit("service", service);
        visit("invoke_id", invoke_id);
        visit("source_network", source_network);
        visit("source_address", source_address);
        visit("object", object);
        visit("property", property);
        visit("value", value);
        visit("device_instance", device_instance);
        visit("vendor_id", vendor_id);
        visit("max_apdu_length", max_apdu_length);
        visit("error_class", error_class);
        visit("error_code", error_code);
        visit("reason", reason);
        if (request_unseen) visit("request_unseen", request_unseen);
        visit("latency_us", latency_us);
    }
};

}   // namespace ward::event
