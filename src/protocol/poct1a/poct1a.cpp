// SPDX-License-Identifier: Apache-2.0
#include "protocol/poct1a/poct1a.hpp"

#include <algorithm>

#include "event/poct1a.hpp"
#include "protocol/pending.hpp"
#include "protocol/text.hpp"
#include "protocol/unanswered.hpp"
#include "protocol/xml_tags.hpp"

namespace ward::protocol::poct1a {
namespace {

using event::Poct1aMessage;

constexpr std::size_t value_max = 100;

// Object PT of appendix B. A list of operators (OPL.R01) names staff, and no patient.
constexpr std::array<std::string_view, 6> identifying{"PT.patient_id", "PT.name",     "PT.birth_date",
                                                      "PT.gender_cd",  "PT.location", "PT.alt_id"};

/// HEL.R01: three letters and the revision.
bool is_message(std::string_view name) {
    constexpr auto letter = [](char c) { return c >= 'A' && c <= 'Z'; };
    constexpr auto digit = [](char c) { return c >= '0' && c <= '9'; };
    return name.size() == 7 && std::ranges::all_of(name.substr(0, 3), letter) && name.substr(3, 2) == ".R" &&
           std::ranges::all_of(name.substr(5), digit);
}

std::string* place(std::string_view field, event::Poct1aDevice& device) {
    if (field == "device_id") return &device.device_id;
    if (field == "vendor_id") return &device.vendor_id;
    if (field == "model_id") return &device.model_id;
    if (field == "serial_id") return &device.serial_id;
    if (field == "manufacturer_name") return &device.manufacturer_name;
    if (field == "hw_version") return &device.hw_version;
    if (field == "sw_version") return &device.sw_version;
    if (field == "device_name") return &device.device_name;
    return nullptr;
}

struct Draft {
    Poct1aMessage message;
    event::Poct1aAcknowledgement acknowledgement;
    std::uint32_t patient_items = 0;
};

void read_identifying(const Tag& tag, Draft& draft, const Output& out) {
    // A name may have its value in parts of its own, so that its tag is enough.
    if (tag.value.empty() && !tag.name.ends_with(".name")) return;
    const auto known = std::ranges::find(identifying, tag.name);
    if (known == identifying.end()) return;
    ++draft.patient_items;
    auto& found = draft.message.patient_fields;
    if (std::ranges::find(found, *known) == found.end()) found.push_back(*known);
    if (tag.name == "PT.patient_id" && draft.message.patient.empty())
        draft.message.patient = out.pseudonym(tag.value);
}

void read(const Tag& tag, Draft& draft, const Output& out) {
    if (tag.closes) return;
    auto& message = draft.message;
    auto field = tag.name;
    const auto object = take_until(field, '.');
    if (object == "HDR") {
        if (field == "control_id") message.control_id = clipped(tag.value, value_max);
        if (field == "version_id") message.version_id = clipped(tag.value, value_max);
    } else if (object == "ACK") {
        if (field == "type_cd") draft.acknowledgement.code = code_in(tag.value);
        if (field == "ack_control_id") message.acknowledged_id = clipped(tag.value, value_max);
        if (field == "error_detail_cd") draft.acknowledgement.error_code = code_in(tag.value);
    } else if (object == "DEV") {
        if (!message.device) message.device.emplace();
        if (auto* text = place(field, *message.device)) *text = clipped(tag.value, value_max);
    } else if (tag.name == "DTV.command_cd" || tag.name == "REQ.request_cd") {
        message.command = clipped(tag.value, value_max);
    } else {
        read_identifying(tag, draft, out);
    }
}

class Poct1aSession final : public Session {
public:
    void data(Side from, Bytes bytes, Output& out) override {
        each_message(pending_[index(from)], bytes, limits.tag_bytes_max, out, decode_tag,
                     [&](const Tag& tag) { take(from, tag, out); });
    }
    void gap(Side from, std::uint64_t /*lost*/, Output& out) override {
        pending_[index(from)].give_up(out);
        lose(drafts_[index(from)], out);
        torn_[index(from)] = true;
    }
    void end(Output& out) override {
        for (const auto side : {Side::client, Side::server}) {
            gap(side, 0, out);
            unanswered_[index(side)].end(out);
        }
    }
    std::size_t memory() const noexcept override {
        std::size_t bytes = sizeof *this;
        for (const auto& pending : pending_) bytes += pending.memory();
        for (const auto& draft : drafts_) bytes += draft ? sizeof(Draft) + limits.draft_bytes_max : 0;
        for (const auto& waiting : unanswered_) bytes += waiting.memory();
        return bytes;
    }

private:
    /// A message whose end was not seen.
    static void lose(std::unique_ptr<Draft>& draft, Output& out) {
        if (!draft) return;
        out.skipped(Uninspected::gap, draft->message.size);
        out.exposed(draft->patient_items);
        draft.reset();
    }

    void take(Side from, const Tag& tag, Output& out) {
        auto& draft = drafts_[index(from)];
        if (is_message(tag.name) && !tag.closes) {
            lose(draft, out);
            draft = std::make_unique<Draft>();
            draft->message.type = tag.name;
            draft->message.from = from;
            torn_[index(from)] = false;
        }
        if (!draft && torn_[index(from)]) return out.skipped(Uninspected::gap, tag.outside);
        if (!draft && tag.outside > 0) return out.malformed("bytes between messages", tag.outside);
        if (!draft) return;
        draft->message.size += tag.size;
        if (tag.closes && tag.name == draft->message.type) {
            const auto whole = std::exchange(draft, nullptr);
            complete(*whole, out);
        } else {
            read(tag, *draft, out);
        }
    }

    void complete(Draft& draft, Output& out) {
        auto& told = draft.message;
        out.exposed(draft.patient_items);
        if (!told.type.starts_with("ACK")) {
            auto& askers = unanswered_[index(told.from)];
            const auto key = told.control_id;
            return askers.ask(key, std::move(told), limits.unanswered_max, out);
        }
        auto& asked = unanswered_[index(event::other(told.from))];
        const bool answered = asked.settle(
            [&](const std::string& key, const Poct1aMessage&) { return key == told.acknowledged_id; },
            [&](Poct1aMessage& message, std::int64_t latency_us) {
                draft.acknowledgement.latency_us = latency_us;
                message.acknowledgement = std::move(draft.acknowledgement);
                return true;
            },
            out);
        if (answered) return;
        told.acknowledgement = std::move(draft.acknowledgement);
        out.emit(std::move(told));
    }

    std::array<Pending, 2> pending_;
    std::array<std::unique_ptr<Draft>, 2> drafts_;
    std::array<bool, 2> torn_{};   // what comes is the rest of a message whose beginning was lost
    std::array<Unanswered<std::string, Poct1aMessage>, 2> unanswered_;   // by who sent the message
};

/// The first tag that is neither a declaration nor a comment.
Verdict first_tag(std::string_view text) {
    for (;;) {
        const auto begin = text.find_first_not_of(" \t\r\n");
        if (begin == std::string_view::npos) return Verdict::unsure;
        text.remove_prefix(begin);
        if (text[0] != '<') return Verdict::no;
        const auto end = text.find('>');
        const bool declares = text.size() > 1 && (text[1] == '?' || text[1] == '!');
        if (declares && end != std::string_view::npos) {
            text.remove_prefix(end + 1);
            continue;
        }
        if (declares) return Verdict::unsure;
        const auto name = text.substr(1, 7);
        if (name.size() == 7) return is_message(name) ? Verdict::yes : Verdict::no;
        const bool plausible =
            std::ranges::all_of(name.substr(0, 3), [](char c) { return c >= 'A' && c <= 'Z'; });
        return plausible && (name.size() < 4 || name[3] == '.') ? Verdict::unsure : Verdict::no;
    }
}

}   // namespace

Decode<Tag> decode_tag(Bytes input) {
    const auto text = as_text(input);
    const auto begin = text.find('<');
    if (begin != 0) {
        const auto size = std::min(begin, text.size());
        const auto blanks = std::ranges::count_if(
            text.substr(0, size), [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; });
        Tag tag;
        tag.size = size;
        tag.outside = size - static_cast<std::size_t>(blanks);
        return Decoded<Tag>{tag, size};
    }
    const auto end = text.find('>');
    if (end == std::string_view::npos) return NeedMore{1};
    Tag tag;
    tag.size = end + 1;
    if (const auto xml = XmlTags{text.substr(0, end + 1)}.next()) {
        tag.name = xml->name;
        tag.value = xml->attribute("V");   // appendix B: where every value is
        tag.closes = xml->kind == XmlTag::Kind::end;
        tag.outside = tag.size;
    }
    return Decoded<Tag>{tag, end + 1};
}

Verdict probe(Bytes first, Side /*from*/) { return first_tag(as_text(first)); }

std::unique_ptr<Session> open_session() { return std::make_unique<Poct1aSession>(); }

}   // namespace ward::protocol::poct1a
