// SPDX-License-Identifier: Apache-2.0
#include "protocol/dns/message.hpp"

#include <algorithm>
#include <array>

#include "protocol/text.hpp"

namespace ward::protocol::dns {
namespace {

constexpr std::size_t name_bytes_max = 255;   // RFC 1035, section 2.3.4
constexpr int pointers_max = 16;              // in one name: each must point backwards, real ones have two

struct Known {
    std::uint16_t type;
    std::string_view name;
};

// IANA's registry of resource record types, sorted.
constexpr std::array types{
    Known{1, "A"},       Known{2, "NS"},     Known{5, "CNAME"},       Known{6, "SOA"},    Known{10, "NULL"},
    Known{12, "PTR"},    Known{13, "HINFO"}, Known{15, "MX"},         Known{16, "TXT"},   Known{17, "RP"},
    Known{18, "AFSDB"},  Known{24, "SIG"},   Known{25, "KEY"},        Known{28, "AAAA"},  Known{29, "LOC"},
    Known{33, "SRV"},    Known{35, "NAPTR"}, Known{37, "CERT"},       Known{38, "A6"},    Known{39, "DNAME"},
    Known{41, "OPT"},    Known{43, "DS"},    Known{44, "SSHFP"},      Known{46, "RRSIG"}, Known{47, "NSEC"},
    Known{48, "DNSKEY"}, Known{50, "NSEC3"}, Known{51, "NSEC3PARAM"}, Known{52, "TLSA"},  Known{64, "SVCB"},
    Known{65, "HTTPS"},  Known{99, "SPF"},   Known{249, "TKEY"},      Known{250, "TSIG"}, Known{251, "IXFR"},
    Known{252, "AXFR"},  Known{255, "ANY"},  Known{256, "URI"},       Known{257, "CAA"},
};

std::string address_text(Bytes bytes, IpAddress::Family family) {
    IpAddress address;
    address.family = family;
    std::ranges::copy(bytes, address.bytes.begin());
    return to_text(address);
}

/// RFC 1035, section 3.3.14: strings with their lengths before them.
std::string joined_strings(Bytes data) {
    std::string text;
    WireReader in{data};
    while (in.remaining() > 0 && text.size() < field_text_max) {
        if (!text.empty()) text += ' ';
        text += as_text(in.take(in.u8()));
    }
    return clipped(text);
}

}   // namespace

Header MessageReader::header() noexcept {
    Header header;
    header.id = in_.u16();
    header.flags = in_.u16();
    header.questions = in_.u16();
    header.answers = in_.u16();
    header.authorities = in_.u16();
    header.additionals = in_.u16();
    return header;
}

Question MessageReader::question() {
    Question question;
    question.name = name();
    question.type = in_.u16();
    question.record_class = in_.u16();
    return question;
}

Record MessageReader::record() {
    Record record;
    record.name = name();
    record.type = in_.u16();
    record.record_class = in_.u16();
    record.ttl = in_.u32();
    record.data = in_.take(in_.u16());
    return record;
}

std::string MessageReader::name() {
    std::string text;
    ok_ = read_name(in_, text) && ok_;
    return text;
}

std::string MessageReader::name_in(Bytes data) const {
    std::string text;
    WireReader in{data};
    return read_name(in, text) ? text : std::string{};
}

bool MessageReader::read_name(WireReader& in, std::string& name) const {
    WireReader labels = in;   // jumps about, while `in` stays behind the name
    bool jumped = false;
    for (int pointers = 0; pointers <= pointers_max;) {
        const std::size_t length = labels.u8();
        if (labels.truncated()) return false;
        if (length >= 0xc0) {   // RFC 1035, section 4.1.4
            const auto target = (length & 0x3fU) << 8U | labels.u8();
            if (labels.truncated() || target >= message_.size()) return false;
            if (!std::exchange(jumped, true)) in = labels;
            labels = WireReader{message_.subspan(target)};
            ++pointers;
            continue;
        }
        if (length > 63) return false;
        if (length == 0) {
            if (!jumped) in = labels;
            return true;
        }
        const auto label = as_text(labels.take(length));
        if (labels.truncated() || name.size() + length > name_bytes_max) return false;
        if (!name.empty()) name += '.';
        name += label;
    }
    return false;
}

std::string MessageReader::text_of(const Record& record) const {
    WireReader in{record.data};
    switch (record.type) {
        case 1: return record.data.size() == 4 ? address_text(record.data, IpAddress::Family::v4) : "";
        case 28: return record.data.size() == 16 ? address_text(record.data, IpAddress::Family::v6) : "";
        case 2:
        case 5:
        case 12:
        case 39: return name_in(record.data);
        case 15: {
            const auto preference = in.u16();
            return std::to_string(preference) + ' ' + name_in(in.rest());
        }
        case 16:
        case 99: return joined_strings(record.data);
        case 6: return name_in(record.data);   // the first of seven fields: the primary server
        case 33: {
            const auto priority = in.u16(), weight = in.u16(), port = in.u16();
            return std::to_string(priority) + ' ' + std::to_string(weight) + ' ' + std::to_string(port) +
                   ' ' + name_in(in.rest());
        }
        case 64:
        case 65: {   // RFC 9460, section 2.2: a name of one dot is the owner's own
            const auto priority = in.u16();
            const auto target = name_in(in.rest());
            return std::to_string(priority) + ' ' + (target.empty() ? "." : target);
        }
        default: return {};
    }
}

std::string type_name(std::uint16_t type) {
    const auto known = std::ranges::lower_bound(types, type, {}, &Known::type);
    if (known != types.end() && known->type == type) return std::string{known->name};
    return "TYPE" + std::to_string(type);   // RFC 3597, section 5
}

bool is_known_type(std::uint16_t type) { return std::ranges::binary_search(types, type, {}, &Known::type); }

std::string rcode_name(unsigned rcode) {
    constexpr std::array<std::string_view, 11> names{"NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN",
                                                     "NOTIMP",  "REFUSED", "YXDOMAIN", "YXRRSET",
                                                     "NXRRSET", "NOTAUTH", "NOTZONE"};
    return rcode < names.size() ? std::string{names[rcode]} : std::to_string(rcode);
}

std::string_view opcode_name(unsigned opcode) {
    switch (opcode) {
        case 0: return "QUERY";
        case 1: return "IQUERY";
        case 2: return "STATUS";
        case 4: return "NOTIFY";
        case 5: return "UPDATE";
        case 6: return "DSO";
        default: return "unassigned";
    }
}

std::string flags_text(std::uint16_t flags) {
    Buffer bytes;
    append_big_endian(bytes, flags);
    return to_hex(bytes);
}

}   // namespace ward::protocol::dns
