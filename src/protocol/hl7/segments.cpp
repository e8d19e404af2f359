// SPDX-License-Identifier: Apache-2.0
#include "protocol/hl7/segments.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "core/word.hpp"
#include "protocol/text.hpp"

namespace ward::protocol::hl7 {
namespace {

// How much of one field an event keeps.
constexpr std::size_t value_max = 100;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// The first fields of a segment, by their HL7 number: [0] is the segment's name.
template <std::size_t count>
class Split {
public:
    Split(std::string_view segment, char separator) {
        for (auto& field : fields_) {
            if (segment.empty()) break;
            field = take_until(segment, separator);
        }
    }
    std::string_view operator[](std::size_t number) const { return fields_[number]; }

private:
    std::array<std::string_view, count> fields_{};
};

/// Where field `number` begins, or npos. Counts separators eight characters at a time: a monitor's message
/// has a dozen OBX segments, and the device stands behind seventeen other fields of each.
std::size_t field_begin(std::string_view segment, char separator, std::size_t number) {
    std::size_t at = 0;
    std::size_t before = number;   // separators to pass
    for (; before > 0 && segment.size() - at >= word::size; at += word::size) {
        auto marks = word::zero_bytes(word::load(segment, at) ^ word::of(separator));
        const auto count = word::count(marks);
        if (count < before) {
            before -= count;
            continue;
        }
        for (; before > 1; --before) marks &= marks - 1;
        return at + word::before_first(marks) + 1;
    }
    for (; before > 0; --before) {
        at = segment.find(separator, at);
        if (at == std::string_view::npos) return at;
        ++at;
    }
    return at;
}

/// One field far down a segment, without looking at the others.
std::string_view field(std::string_view segment, char separator, std::size_t number) {
    const auto begin = field_begin(segment, separator, number);
    if (begin == std::string_view::npos) return {};
    return segment.substr(begin, segment.find(separator, begin) - begin);
}

/// HL7 v2.5.1, chapter 2.5.3: two double quotes say that a value was deleted. Delimiters and blanks are none.
bool has_value(std::string_view field, const Delimiters& delimiters) {
    return std::ranges::any_of(field, [&](char c) {
        return c != ' ' && c != '"' && c != delimiters.component && c != delimiters.repetition &&
               c != delimiters.subcomponent;
    });
}

/// A segment's name as one integer, to compare it fast; 0 for what is shorter.
constexpr std::uint32_t code(std::string_view segment) {
    if (segment.size() < 3) return 0;
    const auto letter = [&](std::size_t at) {
        return std::uint32_t{static_cast<unsigned char>(segment[at])};
    };
    return letter(0) << 16U | letter(1) << 8U | letter(2);
}

struct Identifying {
    std::string_view segment;
    std::size_t number;
    std::string_view name;
    bool is_identifier = false;   // data type CX: without its first component it says only who assigns it
};

// The fields that name a patient or those around him: HL7 v2.5.1, chapters 3 and 6; HIPAA, 164.514(b)(2).
constexpr std::array identifying{
    Identifying{"PID", 2, "PID-2", true},   Identifying{"PID", 3, "PID-3", true},
    Identifying{"PID", 4, "PID-4", true},   Identifying{"PID", 5, "PID-5"},
    Identifying{"PID", 6, "PID-6"},         Identifying{"PID", 7, "PID-7"},
    Identifying{"PID", 9, "PID-9"},         Identifying{"PID", 11, "PID-11"},
    Identifying{"PID", 13, "PID-13"},       Identifying{"PID", 14, "PID-14"},
    Identifying{"PID", 18, "PID-18", true}, Identifying{"PID", 19, "PID-19"},
    Identifying{"PID", 20, "PID-20"},       Identifying{"PID", 21, "PID-21", true},
    Identifying{"PID", 29, "PID-29"},       Identifying{"PV1", 19, "PV1-19", true},
    Identifying{"NK1", 2, "NK1-2"},         Identifying{"NK1", 4, "NK1-4"},
    Identifying{"NK1", 5, "NK1-5"},         Identifying{"GT1", 3, "GT1-3"},
    Identifying{"GT1", 5, "GT1-5"},         Identifying{"GT1", 6, "GT1-6"},
    Identifying{"GT1", 12, "GT1-12"},       Identifying{"IN1", 16, "IN1-16"},
    Identifying{"IN1", 18, "IN1-18"},       Identifying{"IN1", 19, "IN1-19"},
    Identifying{"IN1", 36, "IN1-36"},       Identifying{"IN1", 49, "IN1-49", true},
    Identifying{"IN2", 2, "IN2-2"},         Identifying{"MRG", 1, "MRG-1", true},
    Identifying{"MRG", 7, "MRG-7"},         Identifying{"QPD", 3, "QPD-3"},
    Identifying{"QRD", 8, "QRD-8"},
};

bool identifies(std::string_view field, const Identifying& known, const Delimiters& delimiters) {
    if (!known.is_identifier) return has_value(field, delimiters);
    while (!field.empty()) {
        auto identifier = take_until(field, delimiters.repetition);
        if (has_value(take_until(identifier, delimiters.component), delimiters)) return true;
    }
    return false;
}

void read_identifying(std::string_view segment, Draft& draft) {
    const auto name = code(segment);
    for (const auto& known : identifying) {
        if (code(known.segment) != name) continue;
        if (!identifies(field(segment, draft.delimiters.field, known.number), known, draft.delimiters))
            continue;
        auto& found = draft.message.patient_fields;
        if (std::ranges::find(found, known.name) == found.end()) found.push_back(known.name);
    }
}

/// GS1 General Specifications, 7.8: in a UDI that people can read, identifiers stand in parentheses.
std::string udi_element(std::string_view value, std::string_view identifier) {
    const auto begin = value.find(identifier);
    if (begin == std::string_view::npos) return {};
    value.remove_prefix(begin + identifier.size());
    return clipped(value.substr(0, value.find_first_of("(^")), value_max);
}

void keep_device(event::Hl7Device device, std::size_t devices_max, Draft& draft) {
    auto& devices = draft.message.devices;
    if (devices.size() >= devices_max) return;
    // Of a UDI, (01) is the product and (21) its serial number.
    if (device.udi_device.empty()) device.udi_device = udi_element(device.value, "(01)");
    if (device.serial.empty()) device.serial = udi_element(device.value, "(21)");
    if (std::ranges::find(devices, device) == devices.end()) devices.push_back(std::move(device));
}

/// HL7 v2.9, 2A.3.20: data type EI has four parts, and the third one needs the fourth, which says what kind
/// it is. An identifier stands without blanks. With blanks it may be a model and its short number, or
/// somebody's words, and a long number is a patient's or a date.
bool is_device(std::string_view value, const Delimiters& delimiters) {
    if (!has_value(value, delimiters)) return false;
    for (auto all = value; !all.empty();) {
        auto rest = take_until(all, delimiters.repetition);
        for (int part = 0; part < 2; ++part) take_until(rest, delimiters.component);
        const auto universal = take_until(rest, delimiters.component);
        const auto type = take_until(rest, delimiters.component);
        constexpr std::size_t type_max = 7;   // table 0301: EUI-64, ISO, DNS
        if (!universal.empty() && (code_in(type).empty() || type.size() > type_max)) return false;
    }
    if (value.find(' ') == std::string_view::npos) return true;
    constexpr std::size_t model_digits_max = 5;
    std::size_t digits = 0;
    std::size_t longest = 0;
    for (const char c : value) longest = std::max(longest, digits = is_digit(c) ? digits + 1 : 0);
    return longest > 0 && longest <= model_digits_max &&
           value.find_first_of(",;:?!") == std::string_view::npos;
}

void read_observer(std::string_view segment, std::size_t devices_max, Draft& draft) {
    const auto value = field(segment, draft.delimiters.field, 18);
    if (is_device(value, draft.delimiters))
        keep_device({"OBX-18", clipped(value, value_max)}, devices_max, draft);
}

/// HL7 v2.9, 7.4.4: PRT-10 names a device, PRT-16 its product and PRT-20 its serial number.
void read_participation(std::string_view segment, std::size_t devices_max, Draft& draft) {
    const auto value = [&](std::size_t number) {
        const auto found = field(segment, draft.delimiters.field, number);
        return is_device(found, draft.delimiters) ? clipped(found, value_max) : std::string{};
    };
    event::Hl7Device device{"PRT-10", value(10), value(16), value(20)};
    if (device.value.empty()) {
        device.field = device.udi_device.empty() ? "PRT-20" : "PRT-16";
        device.value = device.udi_device.empty() ? device.serial : device.udi_device;
    }
    if (!device.value.empty()) keep_device(std::move(device), devices_max, draft);
}

/// PID-3 is the list of identifiers; before version 2.3, PID-2 or PID-4 may be all there is.
void read_patient(std::string_view segment, const Output& out, Draft& draft) {
    for (const std::size_t number : {3U, 2U, 4U}) {
        auto identifiers = field(segment, draft.delimiters.field, number);
        auto first = take_until(identifiers, draft.delimiters.repetition);
        const auto id = trimmed(take_until(first, draft.delimiters.component));
        if (has_value(id, draft.delimiters) && draft.message.patient.empty())
            draft.message.patient = out.pseudonym(id);
    }
}

/// Since version 2.5 ERR-3 is a code, before ERR-1 a place and a code. What else there is may quote the
/// message.
std::string_view error_code(std::string_view segment, const Delimiters& delimiters) {
    const Split<4> fields{segment, delimiters.field};
    auto code = fields[3];
    if (code.empty()) {
        code = fields[1];
        for (int place = 0; place < 3; ++place) take_until(code, delimiters.component);
        code = take_until(code, delimiters.subcomponent);
    }
    code = trimmed(take_until(code, delimiters.component));
    constexpr std::size_t code_max = 3;   // table 0357
    return code.size() <= code_max && std::ranges::all_of(code, is_digit) ? code : std::string_view{};
}

void read_acknowledgement(std::string_view segment, Draft& draft) {
    constexpr std::array<std::string_view, 6> codes{"AA", "AE", "AR", "CA", "CE", "CR"};   // table 0008
    const Split<3> fields{segment, draft.delimiters.field};
    draft.answers = true;
    if (std::ranges::find(codes, fields[1]) != codes.end()) draft.answer.code = fields[1];
    draft.message.acknowledged_id = clipped(trimmed(fields[2]), value_max);
}

bool is_capital(char c) { return c >= 'A' && c <= 'Z'; }
/// Three characters as tables 0003 and 0076 have them.
bool is_three(std::string_view text) {
    return text.size() == 3 && is_capital(text[0]) &&
           std::ranges::all_of(text, [](char c) { return is_capital(c) || is_digit(c); });
}

/// MSH-9: ORU^R01^ORU_R01, tables 0076, 0003 and 0354. A trigger event has a digit, or is one of a few.
bool is_type(std::string_view type, char component) {
    const auto code = take_until(type, component);
    const auto event = take_until(type, component);
    auto structure = take_until(type, component);
    const bool triggers = event.empty() || (is_three(event) && (std::ranges::any_of(event, is_digit) ||
                                                                event.starts_with("PC") || event == "CNQ"));
    const auto stem = take_until(structure, '_');
    const bool structured = (stem.empty() || is_three(stem)) && (structure.empty() || is_three(structure));
    return is_three(code) && triggers && structured && type.empty();
}

/// MSH-12: 2.5.1.
bool is_version(std::string_view version) {
    constexpr std::size_t size_max = 8;
    const auto behind = version.substr(std::min<std::size_t>(1, version.size()));
    return !version.empty() && version.size() <= size_max && is_digit(version[0]) &&
           (behind.empty() || behind[0] == '.') &&
           std::ranges::all_of(behind, [](char c) { return is_digit(c) || c == '.'; });
}

bool is_one_of(std::string_view word, std::span<const std::string_view> table) {
    return std::ranges::find(table, word) != table.end();
}

constexpr std::array<std::string_view, 3> processing_ids{"P", "T", "D"};        // table 0103
constexpr std::array<std::string_view, 4> conditions{"AL", "NE", "ER", "SU"};   // table 0155
// Table 0211, and what senders write for it.
constexpr std::array<std::string_view, 34> character_sets{
    "ASCII",         "8859/1",         "8859/2",         "8859/3",         "8859/4",    "8859/5",
    "8859/6",        "8859/7",         "8859/8",         "8859/9",         "8859/15",   "ISO IR6",
    "ISO IR14",      "ISO IR87",       "ISO IR100",      "ISO IR101",      "ISO IR109", "ISO IR110",
    "ISO IR126",     "ISO IR127",      "ISO IR138",      "ISO IR144",      "ISO IR148", "ISO IR159",
    "ISO IR166",     "GB 18030-2000",  "KS X 1001",      "CNS 11643-1992", "BIG-5",     "UNICODE",
    "UNICODE UTF-8", "UNICODE UTF-16", "UNICODE UTF-32", "UTF-8"};

/// MSH-18 repeats; all of it is told, or nothing.
std::string_view character_set(std::string_view field, char repetition) {
    for (auto rest = field; !rest.empty();)
        if (!is_one_of(take_until(rest, repetition), character_sets)) return {};
    return field;
}

/// What a header says in codes. MSH-1 is the separator itself, so what is split off as n is MSH-(n+1).
struct Coded {
    Coded(const Split<18>& fields, const Delimiters& delimiters)
        : type(trimmed(fields[8])),
          processing_id(fields[10]),
          version(fields[11]),
          accept(fields[14]),
          application(fields[15]),
          country(fields[16]) {
        for (auto* field : {&processing_id, &version, &country})
            *field = trimmed(take_until(*field, delimiters.component));
        const bool bare = type.size() == 3 && type != "ACK";
        has_form = is_type(type, delimiters.component) && (!bare || is_version(version));
    }
    /// Whether each field is what its number says. Where the end of the header is missing, or is another byte
    /// than CR, the fields of a patient's segment stand in it.
    bool is_sound() const {
        const auto is_condition = [](std::string_view field) {
            return field.empty() || is_one_of(field, conditions);
        };
        constexpr std::size_t country_size = 3;   // ISO 3166
        return has_form && (version.empty() || is_version(version)) && is_condition(accept) &&
               is_condition(application) && country.size() <= country_size;
    }

    std::string_view type, processing_id, version, accept, application, country;
    bool has_form;   // of the type: a name of three letters looks like one, but no version follows it
};

}   // namespace

void read_header(std::string_view segment, Draft& draft) {
    draft.has_header = true;
    draft.delimiters = {};
    if (segment.size() > 3) draft.delimiters.field = segment[3];
    if (segment.size() > 4) draft.delimiters.component = segment[4];
    if (segment.size() > 5) draft.delimiters.repetition = segment[5];
    if (segment.size() > 7 && segment[7] != draft.delimiters.field)
        draft.delimiters.subcomponent = segment[7];
    const Split<18> fields{segment, draft.delimiters.field};
    const Coded coded{fields, draft.delimiters};
    auto& message = draft.message;
    draft.control_id = clipped(trimmed(fields[9]), value_max);
    if (coded.has_form) message.type = coded.type;
    if (is_version(coded.version)) message.version = coded.version;
    if (is_one_of(coded.processing_id, processing_ids)) message.processing_id = coded.processing_id;
    if (is_one_of(coded.accept, conditions)) message.accept_acknowledgement = coded.accept;
    if (is_one_of(coded.application, conditions)) message.application_acknowledgement = coded.application;
    // HL7 v2.9, 2.13.9: MSH-25 is the last field.
    constexpr std::ptrdiff_t fields_max = 25;
    if (!coded.is_sound() || std::ranges::count(segment, draft.delimiters.field) > fields_max) {
        draft.hides_fields = true;
        message.framing.push_back("malformed MSH");
        return;
    }
    message.control_id = draft.control_id;
    message.sending_application = clipped(fields[2], value_max);
    message.sending_facility = clipped(fields[3], value_max);
    message.receiving_application = clipped(fields[4], value_max);
    message.receiving_facility = clipped(fields[5], value_max);
    message.character_set = character_set(fields[17], draft.delimiters.repetition);
}

void read_segment(std::string_view segment, std::size_t devices_max, const Output& out, Draft& draft) {
    const auto name = code(segment);
    // Text with a line end in it is no segment.
    if (segment.size() > 3 && segment[3] != draft.delimiters.field) return;
    if (name == code("OBX")) {
        read_observer(segment, devices_max, draft);
    } else if (name == code("PRT")) {
        read_participation(segment, devices_max, draft);
    } else if (name == code("MSA")) {
        read_acknowledgement(segment, draft);
    } else if (name == code("ERR")) {
        draft.answer.error_code = error_code(segment, draft.delimiters);
    } else {
        if (name == code("PID")) read_patient(segment, out, draft);
        read_identifying(segment, draft);
    }
}

}   // namespace ward::protocol::hl7
