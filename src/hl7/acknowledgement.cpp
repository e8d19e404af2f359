// SPDX-License-Identifier: Apache-2.0
#include "hl7/acknowledgement.hpp"

#include <algorithm>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <optional>

#include "core/text.hpp"
#include "core/utf8.hpp"

namespace ward::hl7 {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// MSH-12, as a number that orders: 2.3.1 is 231, 2.5 is 250; 0 for anything else.
int version_number(std::string_view version) {
    if (!version.starts_with("2.") || version.size() < 3 || !is_digit(version[2])) return 0;
    int number = 200 + (version[2] - '0') * 10;
    if (version.size() >= 5 && version[3] == '.' && is_digit(version[4])) number += version[4] - '0';
    return number;
}

/// Table 0155. What is no value of it is no wish.
enum class Wish { none, always, never, on_error, on_success };

Wish wish_of(std::string_view code) {
    if (code == "AL") return Wish::always;
    if (code == "NE") return Wish::never;
    if (code == "ER") return Wish::on_error;
    if (code == "SU") return Wish::on_success;
    return Wish::none;
}

bool wants(Wish wish, bool failed) {
    return wish == Wish::always || wish == (failed ? Wish::on_error : Wish::on_success);
}

/// What ERR says of a code: its text in table 0357.
std::string_view name_of(ErrorCode code) {
    switch (code) {
        case ErrorCode::segment_sequence: return "Segment sequence error";
        case ErrorCode::required_field_missing: return "Required field missing";
        case ErrorCode::data_type: return "Data type error";
        case ErrorCode::table_value_not_found: return "Table value not found";
        case ErrorCode::unsupported_message_type: return "Unsupported message type";
        case ErrorCode::unsupported_event_code: return "Unsupported event code";
        case ErrorCode::unsupported_processing_id: return "Unsupported processing id";
        case ErrorCode::unsupported_version_id: return "Unsupported version id";
        case ErrorCode::unknown_key_identifier: return "Unknown key identifier";
        case ErrorCode::duplicate_key_identifier: return "Duplicate key identifier";
        case ErrorCode::record_locked: return "Application record locked";
        case ErrorCode::internal_error: return "Application internal error";
    }
    return "Application internal error";
}

/// The header that is answered, with the delimiters of its sender, so that its fields can be given back as
/// they came.
class Answerer {
public:
    Answerer(std::string_view text, const Outcome& outcome, Time now) : outcome_(outcome), now_(now) {
        constexpr std::size_t header_bytes_max = 4'096;   // fields come back: not more than this of them
        auto head = Message::parse(
            text.substr(0, std::min(text.find_first_of("\r\n", first_line(text)), header_bytes_max)));
        if (head) header_.emplace(*std::move(head));
        if (header_) delimiters_ = header_->delimiters();
        version_ = version_number(field(12));
    }

    std::string_view field(std::size_t number) const {
        return header_ ? header_->header()[number].raw() : std::string_view{};
    }
    bool is_answer() const { return field(9).starts_with("ACK"); }
    Wish accept() const { return wish_of(field(15)); }
    Wish application() const { return wish_of(field(16)); }

    std::string write(std::string_view code, std::string_view id) const {
        const char f = delimiters_.field;
        std::string out = fmt::format("MSH{}{}{}{}{}", f, delimiters_.component, delimiters_.repetition,
                                      delimiters_.escape, delimiters_.subcomponent);
        const auto add = [&](std::string_view field) { out.append(1, f).append(field); };
        for (const std::size_t number : {5U, 6U, 3U, 4U}) add(field(number));
        add(timestamp());
        add({});
        add(type());
        add(id);
        add(field(11).empty() ? "P" : field(11));
        add(field(12).empty() ? "2.5" : field(12));
        if (const auto set = set_of(out + std::string{field(10)}); !set.empty()) {
            for (int number = 13; number < 18; ++number) add({});
            add(set);
        }
        out += fmt::format("\rMSA{}{}{}{}", f, code, f, field(10));
        if (outcome_.fault != nullptr) out += version_ != 0 && version_ < 250 ? old_error() : error();
        out += '\r';
        return out;
    }

private:
    static std::size_t first_line(std::string_view text) {
        const auto begin = text.find("MSH");
        return begin == std::string_view::npos ? 0 : begin;
    }

    /// MSH-18: fields that are given back may be more than ASCII.
    std::string_view set_of(std::string_view answer) const {
        if (std::ranges::all_of(answer, [](char c) { return (static_cast<unsigned char>(c) & 0x80U) == 0; }))
            return {};
        return is_utf8(answer) ? "UNICODE UTF-8" : field(18);
    }

    std::string timestamp() const {
        return fmt::format("{:%Y%m%d%H%M%S}+0000", std::chrono::floor<std::chrono::seconds>(now_));
    }

    /// HL7 v2.9, 2.14.9: the event is the one of the message that is answered. 2.2 and before knew ACK alone.
    std::string type() const {
        if (version_ != 0 && version_ < 230) return "ACK";
        const auto event = header_ ? header_->header()[9][2].raw() : std::string_view{};
        const char c = delimiters_.component;
        if (version_ != 0 && version_ < 250) return event.empty() ? "ACK" : fmt::format("ACK{}{}", c, event);
        return fmt::format("ACK{}{}{}ACK", c, event, c);
    }

    /// ERR since 2.5: ERR-2 says where, ERR-3 what, ERR-8 in words.
    std::string error() const {
        const auto& fault = *outcome_.fault;
        const char f = delimiters_.field, c = delimiters_.component;
        auto place = fmt::format("{}{}{}", fault.segment, c, fault.occurrence);
        if (fault.field != 0) place += fmt::format("{}{}", c, fault.field);
        return fmt::format("\rERR{0}{0}{2}{0}{3}{1}{4}{1}HL70357{0}E{0}{0}{0}{0}{5}", f, c, place,
                           static_cast<int>(fault.code), name_of(fault.code), fault.what);
    }

    /// Before: ERR-1 is segment, sequence, field and a code.
    std::string old_error() const {
        const auto& fault = *outcome_.fault;
        const char c = delimiters_.component, s = delimiters_.subcomponent;
        return fmt::format("\rERR{0}{1}{2}{3}{2}{4}{2}{5}{6}{7}{6}HL70357", delimiters_.field, fault.segment,
                           c, fault.occurrence,
                           fault.field == 0 ? std::string{} : fmt::format("{}", fault.field),
                           static_cast<int>(fault.code), s, name_of(fault.code));
    }

    const Outcome& outcome_;
    Time now_;
    std::optional<Message> header_;
    Delimiters delimiters_;
    int version_ = 0;
};

}   // namespace

Read<> check_header(const Message& message) {
    const auto header = message.header();
    if (header[9][1].empty())
        return refuse({ErrorCode::required_field_missing, "MSH", 1, 9, "the message type is missing"});
    if (header[10].empty())
        return refuse({ErrorCode::required_field_missing, "MSH", 1, 10, "the message control id is missing"});
    const auto version = header[12][1].raw();
    if (!version.empty() && version_number(version) == 0)
        return refuse({ErrorCode::unsupported_version_id, "MSH", 1, 12, "the version is none of 2.1 to 2.9"});
    return {};
}

std::vector<std::string> answers(std::string_view text, const Outcome& outcome, std::string_view id,
                                 Time now) {
    const Answerer answerer{text, outcome, now};
    std::vector<std::string> all;
    if (answerer.is_answer()) return all;   // or two receivers would thank each other for ever
    const bool failed = outcome.fault != nullptr;
    const auto code = [&](char mode) {
        return fmt::format("{}{}", mode, !failed ? 'A' : outcome.is_refused ? 'R' : 'E');
    };
    const auto accept = answerer.accept();
    const auto application = answerer.application();
    if (accept == Wish::none && application == Wish::none) {
        all.push_back(answerer.write(code('A'), id));
        return all;
    }
    if (wants(accept, failed)) all.push_back(answerer.write(code('C'), id));
    // What was not taken in has no further answer (HL7 v2.9, 2.9.3.2).
    if (wants(application, failed) && (all.empty() || !failed))
        all.push_back(answerer.write(code('A'), all.empty() ? std::string{id} : fmt::format("{}-A", id)));
    return all;
}

}   // namespace ward::hl7
