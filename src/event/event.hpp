// SPDX-License-Identifier: Apache-2.0
// Something observed: when, between whom, and what. Immutable once it is made.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/address.hpp"
#include "event/fields.hpp"

namespace ward::event {

/// Which side of a conversation: the client is who began it.
enum class Side : std::uint8_t { client, server };

constexpr Side other(Side side) { return side == Side::client ? Side::server : Side::client; }
constexpr std::size_t index(Side side) { return static_cast<std::size_t>(side); }
constexpr std::string_view name(Side side) { return side == Side::client ? "client" : "server"; }

/// A keyed hash of a patient's identifier: equal for the same patient, unreadable without the key.
struct Pseudonym {
    std::string text;   // 32 hexadecimal digits, or empty where there is no key
    auto operator<=>(const Pseudonym&) const = default;
    bool empty() const noexcept { return text.empty(); }
    operator std::string_view() const noexcept { return text; }
};

struct Endpoint {
    IpAddress address;
    std::uint16_t port = 0;
    MacAddress mac;   // of the frame: a router's, where there is one between
};

struct Conversation {
    std::uint64_t flow_id = 0;   // 0: belongs to no flow
    Endpoint client;
    Endpoint server;
    std::uint8_t ip_protocol = 0;   // IANA's number: 6 is TCP, 17 is UDP
    std::uint8_t icmp_code = 0;     // of the first message; the ports are types, as community ids pair them
    std::vector<std::uint16_t> vlans;   // outermost first
    std::string_view app_protocol;      // a name from the protocol table, or empty
};

/// What was observed, as one of this folder's structs. Each has
///   static constexpr std::string_view event_type = "…";   // EVE's name of it, and of its member
///   template <class Visitor> void fields(Visitor&& visit) const;   // the one list of its fields
class Payload {
public:
    template <class T>
        requires Record<T>
    Payload(T value) : box_(std::make_unique<Box<T>>(std::move(value))) {}

    std::string_view type() const noexcept { return box_->type(); }
    /// Appends the fields as a JSON object.
    void write(json::Writer& writer) const { box_->write(writer); }
    /// Nothing if it is something else.
    template <class T>
    const T* as() const noexcept {
        return box_->tag() == &Box<T>::own_tag ? &static_cast<const Box<T>&>(*box_).value : nullptr;
    }

private:
    struct Content {
        virtual ~Content() = default;
        virtual std::string_view type() const noexcept = 0;
        virtual const void* tag() const noexcept = 0;
        virtual void write(json::Writer& writer) const = 0;
    };
    template <class T>
    struct Box final : Content {
        static constexpr char own_tag = 0;
        explicit Box(T content) : value(std::move(content)) {}
        std::string_view type() const noexcept override { return T::event_type; }
        const void* tag() const noexcept override { return &own_tag; }
        void write(json::Writer& writer) const override {
            Fields fields{writer};
            writer.begin_object();
            value.fields(fields);
            writer.end_object();
        }
        T value;
    };
    std::unique_ptr<const Content> box_;
};

struct Event {
    Time at;
    std::uint64_t packet = 0;   // in the capture, from 1: the packet that completed it
    Conversation between;
    Payload what;
};

}   // namespace ward::event
