// SPDX-License-Identifier: Apache-2.0
// A Modbus transaction. Register values are not kept; what identifies a device is.
#pragma once

#include "event/event.hpp"

namespace ward::event {

struct Modbus {
    static constexpr std::string_view event_type = "modbus";

    std::uint16_t transaction_id = 0;
    std::uint8_t unit_id = 0;
    std::uint8_t function_raw = 0;
    std::string_view function;
    std::string_view access;   // read, write
    std::optional<std::uint16_t> address;
    std::optional<std::uint16_t> quantity;
    std::optional<std::uint16_t> diagnostic;   // sub-function
    bool answered = false;
    bool request_unseen = false;
    std::optional<std::uint8_t> exception;
    std::string vendor;   // of Read Device Identification
    std::string product;
    std::string revision;
    std::string model;
    std::optional<std::int64_t> latency_us;

    template <class Visitor>
    void fields(Visitor&& visit) const {
        visit("transaction_id", transaction_id);
        visit("unit_id", unit_id);
        visit("function_raw", function_raw);
        visit("function", function);
        visit("access", access);
        visit("address", address);
        visit("quantity", quantity);
        visit("diagnostic", diagnostic);
        visit("answered", answered);
        if (request_unseen) visit("request_unseen", request_unseen);
        visit("exception", exception);
        visit("vendor", vendor);
        visit("product", product);
        visit("revision", revision);
        visit("model", model);
        visit("latency_us", latency_us);
    }
};

}   // namespace ward::event
