// SPDX-License-Identifier: Apache-2.0
#include "lab/frames/office/dns.hpp"

#include <fmt/format.h>
#include <map>

#include "wire/wire_reader.hpp"

namespace ward::lab {
namespace {

class DnsEncoder {
public:
    Buffer encode(const DnsMessage& message) {
        number(message.id);
        number(message.flags);
        number(1);
        number(static_cast<std::uint16_t>(message.answers.size()));
        number(static_cast<std::uint16_t>(message.authorities.size()));
        number(0);
        name(message.name);
        number(static_cast<std::uint16_t>(message.type));
        number(1);   // IN
        for (const auto& record : message.answers) add(record);
        for (const auto& record : message.authorities) add(record);
        return std::move(out_);
    }

private:
    void number(std::uint16_t value) { append_big_endian(out_, value); }

    /// RFC 1035, 4.1.4: a name that ends as one before points there.
    void name(std::string_view rest) {
        while (!rest.empty()) {
            if (const auto before = names_.find(rest); before != names_.end()) {
                number(static_cast<std::uint16_t>(0xc000 | before->second));
                return;
            }
            if (out_.size() < 0x4000) names_.emplace(rest, out_.size());
            rest = label(rest);
        }
        out_.push_back(std::byte{0});
    }

    std::string_view label(std::string_view name) {
        const auto first = name.substr(0, name.find('.'));
        append_big_endian(out_, static_cast<std::uint8_t>(first.size()));
        append(out_, as_bytes(first));
        return name.substr(std::min(name.size(), first.size() + 1));
    }

    void add(const DnsRecord& record) {
        name(record.name);
        number(static_cast<std::uint16_t>(record.type));
        number(1);
        append_big_endian(out_, record.seconds);
        const auto at = out_.size();
        number(0);
        content(record);
        const auto size = out_.size() - at - 2;
        out_[at] = static_cast<std::byte>(size >> 8);
        out_[at + 1] = static_cast<std::byte>(size & 255);
    }

    void content(const DnsRecord& record) {
        switch (record.type) {
            case DnsType::a: append_big_endian(out_, record.address); return;
            case DnsType::srv:
                number(0);     // priority
                number(100);   // weight
                number(record.port);
                // RFC 2782, "Target": not compressed.
                for (std::string_view rest{record.target}; !rest.empty();) rest = label(rest);
                out_.push_back(std::byte{0});
                return;
            case DnsType::soa:
                name(record.target);
                name("hostmaster." + record.name);
                append_big_endian(out_, record.serial);
                for (const std::uint32_t seconds : {900U, 600U, 86'400U, 3'600U})   // RFC 1035, 3.3.13
                    append_big_endian(out_, seconds);
                return;
            default: name(record.target);
        }
    }

    Buffer out_;
    std::map<std::string, std::size_t, std::less<>> names_;   // and where they stand
};

}   // namespace

Buffer dns_message(const DnsMessage& message) { return DnsEncoder{}.encode(message); }

std::string dns_name_of(Address address) {
    return fmt::format("{}.{}.{}.{}.in-addr.arpa", address & 255U, address >> 8 & 255U, address >> 16 & 255U,
                       address >> 24);
}

}   // namespace ward::lab
