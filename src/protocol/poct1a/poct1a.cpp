// SPDX-License-Identifier: Apache-2.0
#include "protocol/poct1a/poct1a.hpp"

#include <algorithm>
#include <deque>

#include "event/poct1a.hpp"
#include "protocol/pending.hpp"
#include "protocol/text.hpp"

namespace ward::protocol::poct1a {
namespace {

constexpr std::size_t value_max = 100;
constexpr std::string_view blank = " \t\r\n/>";

// Objects PT and OPR of appendix B, with the parts of a name that stand below PT.name.
constexpr std::array<std::string_view, 9> identifying{
    "PT.patient_id", "PT.name",         "PT.birth_date",           "PT.gender_cd", "PT.location", "PT.alt_id",
    "OPR.name",      "OPR.operator_id", "ORD.ordering_provider_id"};

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
    event::Poct1aMessage message;
    std::string acknowledged_id;
    event::Poct1aAcknowledgement acknowledgement;
    event::Time began{};
};

void read_identifying(const Tag& tag, Draft& draft, Output& out) {
    // A name may have its value in parts of its own, so that its tag is enough.
    if (tag.value.empty() && !tag.name.ends_with(".name")) return;
    const auto known = std::ranges::find(identifying, tag.name);
    if (known == identifying.end()) return;
    ++out.patient_items;
    auto& found = draft.message.patient_fields;
    if (std::ranges::find(found, *known) == found.end()) found.push_back(*known);
    if (tag.name == "PT.patient_id" && draft.message.patient.empty())
        draft.message.patient = out.pseudonym(tag.value);
}

void read(const Tag& tag, Draft& draft, Output& out) {
    if (tag.closes) return;
    auto& message = draft.message;
    auto field = tag.name;
    const auto object = take_until(field, '.');
    if (object == "HDR") {
        if (field == "control_id") message.control_id = clipped(tag.value, value_max);
        if (field == "version_id") message.version_id = clipped(tag.value, value_max);
    } else if (object == "ACK") {
        if (field == "type_cd") draft.acknowledgement.code = clipped(tag.value, value_max);
        if (field == "ack_control_id") draft.acknowledged_id = clipped(tag.value, value_max);
        if (field == "error_detail_cd") draft.acknowledgement.error_code = clipped(tag.value, value_max);
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
    void gap(Side from, std::uint64_t /*lost*/, Output& /*out*/) override {
        pending_[index(from)].clear();
        drafts_[index(from)].reset();
    }
    void end(Output& out) override {
        for (auto& waiting : unanswered_)
            while (!waiting.empty()) tell_oldest(waiting, out);
    }
    std::size_t memory() const noexcept override {
        std::size_t bytes = sizeof *this;
        for (const auto& pending : pending_) bytes += pending.memory();
        for (const auto& draft : drafts_) bytes += draft ? sizeof(Draft) + 1024 : 0;
        for (const auto& waiting : unanswered_) bytes += waiting.size() * (sizeof(Draft) + 1024);
        return bytes;
    }

private:
    using Unanswered = std::deque<Draft>;

    static void tell_oldest(Unanswered& waiting, Output& out) {
        out.emit(std::move(waiting.front().message));
        waiting.pop_front();
    }

    void take(Side from, const Tag& tag, Output& out) {
        auto& draft = drafts_[index(from)];
        if (is_message(tag.name) && !tag.closes) {
            draft = std::make_unique<Draft>();
            draft->message.type = tag.name;
            draft->message.from = from;
        }
        if (!draft) return;
        draft->message.size += tag.size;
        if (tag.closes && tag.name == draft->message.type) {
            const auto whole = std::exchange(draft, nullptr);
            whole->began = out.now;
            complete(from, *whole, out);
        } else {
            read(tag, *draft, out);
        }
    }

    void complete(Side from, Draft& draft, Output& out) {
        if (draft.message.type.starts_with("ACK")) {
            if (answer(unanswered_[index(event::other(from))], draft, out)) return;
            draft.message.acknowledgement = std::move(draft.acknowledgement);
            out.emit(std::move(draft.message));
            return;
        }
        auto& waiting = unanswered_[index(from)];
        waiting.push_back(std::move(draft));
        if (waiting.size() > limits.unanswered_max) tell_oldest(waiting, out);
    }

    static bool answer(Unanswered& waiting, Draft& answer, Output& out) {
        const auto asked = std::ranges::find(waiting, answer.acknowledged_id,
                                             [](const Draft& draft) { return draft.message.control_id; });
        if (asked == waiting.end()) return false;
        answer.acknowledgement.latency_us =
            std::chrono::duration_cast<std::chrono::microseconds>(out.now - asked->began).count();
        asked->message.acknowledgement = std::move(answer.acknowledgement);
        out.emit(std::move(asked->message));
        waiting.erase(asked);
        return true;
    }

    std::array<Pending, 2> pending_;
    std::array<std::unique_ptr<Draft>, 2> drafts_;
    std::array<Unanswered, 2> unanswered_;   // by who sent the message
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
        return Decoded<Tag>{Tag{.name = {}, .value = {}, .closes = false, .size = size}, size};
    }
    const auto end = text.find('>');
    if (end == std::string_view::npos) return NeedMore{1};
    Tag tag;
    tag.size = end + 1;
    auto inner = text.substr(1, end - 1);
    tag.closes = inner.starts_with('/');
    if (tag.closes) inner.remove_prefix(1);
    tag.name = inner.substr(0, inner.find_first_of(blank));
    // Appendix B: a value is an attribute named V; single quotes are XML too.
    for (auto at = inner.find("V="); at != std::string_view::npos; at = inner.find("V=", at + 1)) {
        const bool alone = at > 0 && blank.find(inner[at - 1]) != std::string_view::npos;
        if (!alone || at + 2 >= inner.size() || (inner[at + 2] != '"' && inner[at + 2] != '\'')) continue;
        auto quoted = inner.substr(at + 3);
        tag.value = take_until(quoted, inner[at + 2]);
        break;
    }
    return Decoded<Tag>{tag, end + 1};
}

Verdict probe(Bytes first, Side /*from*/) { return first_tag(as_text(first)); }

std::unique_ptr<Session> open_session() { return std::make_unique<Poct1aSession>(); }

}   // namespace ward::protocol::poct1a
