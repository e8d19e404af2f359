// SPDX-License-Identifier: Apache-2.0
#include "protocol/hl7/hl7.hpp"

#include <algorithm>
#include <deque>

#include "protocol/hl7/framing.hpp"
#include "protocol/hl7/segments.hpp"

namespace ward::protocol::hl7 {
namespace {

constexpr Limits limits;

/// Messages and acknowledgements of one connection; either side may send either.
class Hl7Session final : public Session {
public:
    void data(Side from, Bytes bytes, Output& out) override {
        Reading reading{*this, from, out};
        framings_[index(from)].feed(as_text(bytes), reading);
    }
    void gap(Side from, std::uint64_t /*lost*/, Output& /*out*/) override { framings_[index(from)].lose(); }
    void end(Output& out) override {
        for (auto& waiting : unanswered_)
            while (!waiting.empty()) tell_oldest(waiting, out);
    }
    std::size_t memory() const noexcept override {
        std::size_t bytes = sizeof *this;
        for (const auto& framing : framings_) bytes += framing.memory();
        for (const auto& waiting : unanswered_) bytes += waiting.size() * (sizeof(Draft) + 256);
        return bytes;
    }

private:
    struct Reading;
    using Unanswered = std::deque<Draft>;

    static void tell_oldest(Unanswered& waiting, Output& out) {
        out.emit(std::move(waiting.front().message));
        waiting.pop_front();
    }

    void complete(Side from, Draft& draft, Output& out) {
        if (!draft.has_header) {
            // An empty frame is a sender's way to test the line.
            if (draft.message.size > 0) out.malformed("message without MSH", draft.message.size);
            return;
        }
        draft.message.from = from;
        out.patient_items += static_cast<std::uint32_t>(draft.message.patient_fields.size());
        const bool answers = !draft.acknowledgement_code.empty();
        const bool answered = answers && answer(unanswered_[index(event::other(from))], draft, out);
        if (answered && draft.message.type.starts_with("ACK")) return;
        if (answers) {
            // An answer with content of its own, or to nothing that was seen.
            if (!answered) draft.message.acknowledgement = {draft.acknowledgement_code, draft.error_code, {}};
            out.emit(std::move(draft.message));
            return;
        }
        auto& waiting = unanswered_[index(from)];
        waiting.push_back(std::move(draft));
        if (waiting.size() > limits.unanswered_max) tell_oldest(waiting, out);
    }

    static bool answer(Unanswered& waiting, const Draft& answer, Output& out) {
        const auto asked = std::ranges::find(
            waiting, answer.acknowledged_id,
            [](const Draft& draft) -> const std::string& { return draft.message.control_id; });
        if (asked == waiting.end()) return false;
        const auto latency = std::chrono::duration_cast<std::chrono::microseconds>(out.now - asked->began);
        asked->message.acknowledgement = {answer.acknowledgement_code, answer.error_code, latency.count()};
        out.emit(std::move(asked->message));
        waiting.erase(asked);
        return true;
    }

    /// What Framing calls while one piece of the stream is read.
    struct Reading {
        Hl7Session& session;
        Side from;
        Output& out;
        Draft& draft = session.drafts_[index(from)];

        void begin_message() {
            draft = {};
            draft.began = out.now;
        }
        void segment(std::string_view text) {
            if (text.starts_with("MSH")) {
                if (draft.has_header) {   // several messages in one frame
                    end_message();
                    begin_message();
                }
                read_header(text, draft);
            } else if (draft.has_header) {
                read_segment(text, limits.devices_max, out, draft);
            }
            ++draft.message.segments;
            draft.message.size += text.size() + 1;
        }
        void end_message() {
            draft.began = out.now;   // an answer's latency counts from the last byte
            session.complete(from, draft, out);
        }
        void oddity(std::string_view what) {
            auto& framing = draft.message.framing;
            if (std::ranges::find(framing, what) == framing.end()) framing.push_back(what);
        }
        void garbage(std::size_t bytes) { out.malformed("bytes between frames", bytes); }
        void cut(std::size_t bytes) {
            draft.message.size += bytes;
            out.skipped(Uninspected::cap, bytes);
        }
    };

    std::array<Framing<Reading>, 2> framings_{Framing<Reading>{limits.segment_bytes_max},
                                              Framing<Reading>{limits.segment_bytes_max}};
    std::array<Draft, 2> drafts_;
    std::array<Unanswered, 2> unanswered_;   // by who sent the message
};

/// The beginning of a header with its delimiters: `MSH|^~\&|`, or with others.
Verdict looks_like_header(std::string_view text) {
    constexpr std::string_view name = "MSH";
    if (!name.starts_with(text.substr(0, name.size()))) return Verdict::no;
    if (text.size() < 9) return Verdict::unsure;
    const auto separator = static_cast<unsigned char>(text[3]);
    const bool plausible = separator > ' ' && separator < 0x7f && text.find(text[3], 4) <= 9;
    return plausible ? Verdict::yes : Verdict::no;
}

}   // namespace

Verdict probe(Bytes first, Side /*from*/) {
    auto text = as_text(first);
    const auto begin = text.find_first_not_of("\x0b\r\n");
    if (begin == std::string_view::npos) return Verdict::unsure;
    if (const auto verdict = looks_like_header(text.substr(begin)); verdict != Verdict::no) return verdict;
    // Picked up in the middle of a message: the next one may begin here.
    const auto frame = text.find("\x0bMSH");
    return frame == std::string_view::npos ? Verdict::no : looks_like_header(text.substr(frame + 1));
}

std::unique_ptr<Session> open_session() { return std::make_unique<Hl7Session>(); }

}   // namespace ward::protocol::hl7
