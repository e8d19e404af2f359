// SPDX-License-Identifier: Apache-2.0
#include "lab/frames/devices/intellivue.hpp"

#include <array>
#include <cmath>
#include <string_view>

#include "wire/wire_reader.hpp"

namespace ward::lab::intellivue {
namespace {

using namespace std::string_view_literals;

// The guide's constants around the user's part, which are ISO 8327, 8823 and 8650 in BER.
constexpr auto session_parameters = "\x05\x08\x13\x01\x00\x16\x01\x02\x80\x00\x14\x02\x00\x02"sv;
constexpr auto request_presentation =
    "\x31\x80\xa0\x80\x80\x01\x01\x00\x00\xa2\x80\xa0\x03\x00\x00\x01\xa4\x80\x30\x80\x02\x01\x01\x06\x04\x52"
    "\x01\x00\x01\x30\x80\x06\x02\x51\x01\x00\x00\x00\x00\x30\x80\x02\x01\x02\x06\x0c\x2a\x86\x48\xce\x14\x02"
    "\x01\x00\x00\x00\x01\x01\x30\x80\x06\x0c\x2a\x86\x48\xce\x14\x02\x01\x00\x00\x00\x02\x01\x00\x00\x00\x00"
    "\x00\x00\x61\x80\x30\x80\x02\x01\x01\xa0\x80\x60\x80\xa1\x80\x06\x0c\x2a\x86\x48\xce\x14\x02\x01\x00\x00"
    "\x00\x03\x01\x00\x00\xbe\x80\x28\x80\x06\x0c\x2a\x86\x48\xce\x14\x02\x01\x00\x00\x00\x01\x01\x02\x01\x02"
    "\x81"sv;
constexpr auto response_presentation =
    "\x31\x80\xa0\x80\x80\x01\x01\x00\x00\xa2\x80\xa0\x03\x00\x00\x01\xa5\x80\x30\x80\x80\x01\x00\x81\x02\x51"
    "\x01\x00\x00\x30\x80\x80\x01\x00\x81\x0c\x2a\x86\x48\xce\x14\x02\x01\x00\x00\x00\x02\x01\x00\x00\x00\x00"
    "\x61\x80\x30\x80\x02\x01\x01\xa0\x80\x61\x80\xa1\x80\x06\x0c\x2a\x86\x48\xce\x14\x02\x01\x00\x00\x00\x03"
    "\x01\x00\x00\xa2\x03\x02\x01\x00\xa3\x05\xa1\x03\x02\x01\x00\xbe\x80\x28\x80\x02\x01\x02\x81"sv;

constexpr std::uint16_t confirmed_event_report = 1, confirmed_action = 7;
constexpr std::uint16_t medical_device_system = 33, numeric_class = 6, object_partition = 1;
constexpr std::uint16_t mds_create = 0x0d06, extended_poll = 0xf13b;
enum class Apdu : std::uint16_t { invoke = 1, result = 2 };

class Writer {
public:
    Writer& u16(std::size_t value) {
        append_big_endian(out_, static_cast<std::uint16_t>(value));
        return *this;
    }
    Writer& u32(std::size_t value) {
        append_big_endian(out_, static_cast<std::uint32_t>(value));
        return *this;
    }
    Writer& bytes(Bytes content) {
        append(out_, content);
        return *this;
    }
    Writer& counted(Bytes content) { return u16(content.size()).bytes(content); }
    /// A list of `count` entries, which `content` is.
    Writer& list(std::size_t count, Bytes content) { return u16(count).counted(content); }
    Writer& system() { return u16(medical_device_system).u32(0); }
    Bytes all() const { return out_; }

private:
    Buffer out_;
};

/// A session header: type, and the length in one byte or, behind 0xff, in two.
Buffer session(std::uint8_t type, Bytes content) {
    Buffer out{std::byte{type}};
    if (content.size() < 0xff) {
        out.push_back(static_cast<std::byte>(content.size()));
    } else {
        out.push_back(std::byte{0xff});
        append_big_endian(out, static_cast<std::uint16_t>(content.size()));
    }
    append(out, content);
    return out;
}

/// MDSEUserInfoStd of either side, with the profile of polling: every second at most, 1,456 bytes a message.
Buffer user_part(std::uint32_t system_type) {
    Writer extension, profile, profiles, out;
    extension.u16(0xf001).counted(Writer{}.u32(0x8c000000).u32(0).all());
    profile.u32(0x80000000).u32(8'000).u32(1'456).u32(1'456).u32(0xffffffff).u32(0x60000000);
    profile.list(1, extension.all());
    profiles.u16(1).counted(profile.all());
    out.u32(0x80000000).u32(0x40000000).u32(0).u32(system_type).u32(0x20000000).u32(0);
    out.list(1, profiles.all());
    const auto all = out.all();
    return {all.begin(), all.end()};
}

Buffer association(std::uint8_t type, std::string_view presentation, const Buffer& user) {
    Writer content;
    content.bytes(as_bytes(presentation));
    Buffer inner;
    append(inner, content.all());
    inner.push_back(static_cast<std::byte>(user.size()));
    append(inner, user);
    inner.resize(inner.size() + 16);
    Buffer out;
    append(out, as_bytes(session_parameters));
    append(out, session(0xc1, inner));
    return session(type, out);
}

/// A datagram of the session: presentation context 2, then one remote operation.
Buffer operation(Apdu kind, std::uint16_t invoke, std::uint16_t command, Bytes argument) {
    Writer inner, out;
    inner.u16(invoke).u16(command).counted(argument);
    out.u16(0xe100).u16(2).u16(static_cast<std::uint16_t>(kind)).counted(inner.all());
    const auto all = out.all();
    return {all.begin(), all.end()};
}

/// FLOAT-Type: an exponent of ten in eight bits, a mantissa in 24.
std::uint32_t float_bits(double value, int decimals) {
    const auto mantissa = static_cast<std::int32_t>(std::lround(value * std::pow(10, decimals)));
    return static_cast<std::uint32_t>(-decimals) << 24U | (static_cast<std::uint32_t>(mantissa) & 0xffffffU);
}

/// Century, year, month, day, hour, minute, second and its fractions, two decimal digits in a byte.
Buffer absolute_time(Moment at) {
    const std::chrono::year_month_day day{std::chrono::floor<std::chrono::days>(at)};
    const std::chrono::hh_mm_ss clock{
        std::chrono::floor<std::chrono::seconds>(at - std::chrono::floor<std::chrono::days>(at))};
    const auto year = static_cast<unsigned>(static_cast<int>(day.year()));
    Buffer out;
    for (const unsigned value :
         {year / 100, year % 100, static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()),
          static_cast<unsigned>(clock.hours().count()), static_cast<unsigned>(clock.minutes().count()),
          static_cast<unsigned>(clock.seconds().count()), 0U})
        out.push_back(static_cast<std::byte>(value / 10 << 4U | value % 10));
    return out;
}

/// Characters of 16 bits, with a zero behind them.
Buffer wide(std::string_view ascii) {
    Buffer out;
    for (const char c : ascii) append_big_endian(out, static_cast<std::uint16_t>(c));
    append_big_endian<std::uint16_t>(out, 0);
    return out;
}

/// A string of characters, to an even length.
Writer& put_label(Writer& out, std::string text) {
    if (text.size() % 2 == 1) text += '\0';
    return out.counted(as_bytes(text));
}

}   // namespace

Buffer connect() { return association(0x0d, request_presentation, user_part(0x80000000)); }
Buffer accept() { return association(0x0e, response_presentation, user_part(0x00800000)); }

Buffer release() {
    return session(0x09,
                   as_bytes("\xc1\x16\x61\x80\x30\x80\x02\x01\x01\xa0\x80\x62\x80\x80\x01\x00\x00\x00\x00\x00"
                            "\x00\x00\x00\x00"sv));
}
Buffer released() {
    return session(0x0a,
                   as_bytes("\xc1\x16\x61\x80\x30\x80\x02\x01\x01\xa0\x80\x63\x80\x80\x01\x00\x00\x00\x00\x00"
                            "\x00\x00\x00\x00"sv));
}

Buffer create_event(const System& system, std::uint16_t invoke, std::uint32_t ticks) {
    Writer model, serial, product, label, id, attributes, created, out;
    put_label(put_label(model, system.manufacturer), system.model);
    serial.u16(1).u16(0);
    put_label(serial, system.serial);
    product.list(1, serial.all());
    label.counted(wide(system.bed_label));
    id.counted(std::as_bytes(std::span{system.mac}));
    attributes.u16(0x0928).counted(model.all()).u16(0x092d).counted(product.all());
    attributes.u16(0x091e).counted(label.all()).u16(0x0984).counted(id.all());
    created.system().list(4, attributes.all());
    out.system().u32(ticks).u16(mds_create).counted(created.all());
    return operation(Apdu::invoke, invoke, confirmed_event_report, out.all());
}

Buffer create_event_result(std::uint16_t invoke, std::uint32_t ticks) {
    Writer out;
    out.system().u32(ticks).u16(mds_create).u16(0);
    return operation(Apdu::result, invoke, confirmed_event_report, out.all());
}

Buffer poll_numerics(std::uint16_t invoke, std::uint16_t poll_number, std::chrono::seconds lasting) {
    Writer period, request, out;
    period.u16(0xf13e).counted(Writer{}.u32(static_cast<std::size_t>(lasting.count()) * 8'000).all());
    request.u16(poll_number).u16(object_partition).u16(numeric_class).u16(0).list(1, period.all());
    out.system().u32(0).u16(extended_poll).counted(request.all());
    return operation(Apdu::invoke, invoke, confirmed_action, out.all());
}

Buffer numerics(const Telling& telling, std::span<const Numeric> values) {
    Writer polled, contexts, reply, out;
    for (const auto& numeric : values) {
        Writer observed, attribute;
        observed.u16(numeric.physiological_id).u16(0).u16(numeric.unit);
        observed.u32(float_bits(numeric.value, numeric.decimals));
        attribute.u16(0x0950).counted(observed.all());
        polled.u16(numeric.handle).list(1, attribute.all());
    }
    contexts.u16(0).list(values.size(), polled.all());
    reply.u16(telling.poll_number).u16(telling.sequence).u32(telling.ticks).bytes(absolute_time(telling.at));
    reply.u16(object_partition).u16(numeric_class).u16(0).list(1, contexts.all());
    out.system().u16(extended_poll).counted(reply.all());
    return operation(Apdu::result, telling.invoke, confirmed_action, out.all());
}

}   // namespace ward::lab::intellivue
