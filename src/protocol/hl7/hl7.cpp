// SPDX-License-Identifier: Apache-2.0
#include "protocol/hl7/hl7.hpp"

#include <algorithm>
#include <optional>

#include "protocol/hl7/framing.hpp"
#include "protocol/hl7/segments.hpp"
#include "protocol/unanswered.hpp"

namespace ward::protocol::hl7 {
namespace {

using event::Hl7Message;

constexpr Limits limits;

/// HL7 v2.9, 2.10.3: what stands around the messages of a file or a batch belongs to none of them.
bool is_of_batch(std::string_view segment) {
    if (segment.size() < 3 || segment[2] != 'S') return false;
    const bool names = segment[0] == 'F' || segment[0] == 'B';
    return names && (segment[1] == 'H' || segment[1] == 'T');
}

/// Messages and acknowledgements of one connection; either side may send either.
class Hl7Session final : public Session {
public:
    void data(Side from, Bytes bytes, Output& out) override {
        Reading reading{*this, from, out};
        framings_[index(from)].feed(as_text(bytes), reading);
    }
    void gap(Side from, std::uint64_t /*lost*/, Output& out) override {
        Reading reading{*this, from, out};
        framings_[index(from)].lose(reading);
    }
    void end(Output& out) override {
        for (const auto side : {Side::client, Side::server}) {
            Reading reading{*this, side, out};
            framings_[index(side)].end(reading);
        }
        for (auto& waiting : unanswered_) waiting.end(out);
    }
    std::size_t memory() const noexcept override {
        std::size_t bytes = sizeof *this;
        for (const auto& framing : framings_)
            bytes += framing.memory() + (framing.inside() ? limits.draft_bytes_max : 0);
        for (const auto& waiting : unanswered_) bytes += waiting.memory();
        return bytes;
    }

private:
    struct Reading;
    using Waiting = Unanswered<std::string, Hl7Message>;

    void complete(Side from, Draft& draft, Output& out) {
        if (!draft.has_header) {
            if (!draft.block.empty()) return commit_oldest(event::other(from), draft.block, out);
            // An empty frame is a sender's way to test the line.
            if (draft.message.size > 0) out.malformed("message without MSH", draft.message.size);
            return;
        }
        draft.message.from = from;
        out.exposed(draft.identifying_fields());
        if (draft.answers) return answer(draft, out);
        wait(draft, out);
    }

    void wait(Draft& draft, Output& out) {
        auto& waiting = unanswered_[index(draft.message.from)];
        waiting.ask(draft.control_id, std::move(draft.message), limits.unanswered_max, draft.last, out);
    }

    void answer(Draft& draft, Output& out) {
        auto& told = draft.message;
        const auto asker = event::other(told.from);
        close_if_open(asker, told.acknowledged_id, out);
        const auto id = whole_id(asker, told.acknowledged_id);
        const bool answered = unanswered_[index(asker)].settle(
            [&](const std::string& key, const Hl7Message&) { return key == id; },
            [&](Hl7Message& asked, std::int64_t latency_us) {
                draft.answer.latency_us = latency_us;
                // What stood where its control id should be is not told here either.
                if (asked.control_id.empty()) told.acknowledged_id.clear();
                return acknowledge(asked, draft.answer);
            },
            out);
        // HL7 v2.9, 2.9.3: in the enhanced mode an application's answer is committed itself.
        const bool commits = draft.answer.code.starts_with('C');
        const bool waits = !commits && may_come(told.accept_acknowledgement);
        const bool commits_answer =
            commits && !answered && acknowledgement_[index(asker)] == told.acknowledged_id;
        if (told.type.starts_with("ACK") && (answered || commits_answer)) {
            if (waits) acknowledgement_[index(told.from)] = draft.control_id;
            return;
        }
        // An answer with content of its own, or to nothing that was seen.
        if (!answered) acknowledge(told, draft.answer);
        if (waits) return wait(draft, out);
        out.emit(std::move(told));
    }

    /// HL7 before v2.7 allows MSH-10 20 characters, and some receivers keep no more of it.
    std::string whole_id(Side asker, const std::string& id) const {
        constexpr std::size_t old_size = 20;
        const auto& waiting = unanswered_[index(asker)];
        std::string whole = id;
        const auto continues = [&](const std::string& key) {
            if (!key.starts_with(id)) return false;
            whole = key;
            return true;
        };
        return id.size() == old_size && waiting.count(continues) == 1 ? whole : id;
    }

    /// Table 0155: ER and SU depend on what the receiver makes of it.
    static bool may_come(std::string_view condition) { return !condition.empty() && condition != "NE"; }

    /// True if no other acknowledgement follows: HL7 v2.9, 2.9.3.
    static bool acknowledge(Hl7Message& asked, const event::Hl7Acknowledgement& answer) {
        const bool commits = answer.code.starts_with('C');
        (commits ? asked.commit : asked.acknowledgement) = answer;
        return answer.code != "CA" || !may_come(asked.application_acknowledgement);
    }

    /// MLLP release 2, 3.1: a frame with one byte answers the block before. It names none.
    void commit_oldest(Side asker, std::string_view block, Output& out) {
        unanswered_[index(asker)].settle(
            [](const std::string&, const Hl7Message& asked) { return !asked.commit; },
            [&](Hl7Message& asked, std::int64_t latency_us) {
                asked.commit = {std::string{block}, {}, latency_us};
                return block == "NAK" || asked.application_acknowledgement == "NE";
            },
            out);
    }

    /// A sender that writes no FS is answered before its next VT says where its message ended.
    void close_if_open(Side side, std::string_view id, Output& out) {
        const auto& draft = drafts_[index(side)];
        auto& framing = framings_[index(side)];
        if (!framing.inside() || !draft.has_header || draft.answers || draft.control_id != id) return;
        Reading reading{*this, side, out};
        framing.close(reading);
    }

    /// What Framing calls while one piece of the stream is read.
    struct Reading {
        Hl7Session& session;
        Side from;
        Output& out;
        Draft& draft = session.drafts_[index(from)];

        void begin_message() { draft = {}; }
        void segment(std::string_view text) {
            if (text.starts_with("MSH") && looks_like_header(text) == Verdict::yes) {
                if (draft.has_header) {   // several messages in one frame
                    end_message();
                    begin_message();
                }
                read_header(text, draft);
            } else if (is_of_batch(text)) {
                return;
            } else if (draft.has_header) {
                read_segment(text, limits.devices_max, out, draft);
            } else if (text == "\x06" || text == "\x15") {
                draft.block = text == "\x06" ? "ACK" : "NAK";
            }
            ++draft.message.segments;
            draft.message.size += text.size() + 1;
            draft.last = out.now;
        }
        void end_message() { session.complete(from, draft, out); }
        void oddity(std::string_view what) {
            auto& framing = draft.message.framing;
            if (std::ranges::find(framing, what) == framing.end()) framing.push_back(what);
        }
        void garbage(std::size_t bytes) { out.malformed("bytes between frames", bytes); }
        void cut(std::size_t bytes) {
            draft.message.size += bytes;
            draft.capped += bytes;
            out.skipped(Uninspected::cap, bytes);
        }
        void lose_message() {
            lost(draft.message.size - draft.capped);
            out.exposed(draft.identifying_fields());
        }
        void lost(std::size_t bytes) { out.skipped(Uninspected::gap, bytes); }
    };

    std::array<Framing<Reading>, 2> framings_{Framing<Reading>{limits.segment_bytes_max},
                                              Framing<Reading>{limits.segment_bytes_max}};
    std::array<Draft, 2> drafts_;
    std::array<Waiting, 2> unanswered_;   // by who sent the message
    // The last acknowledgement that is not told itself, and waits for a commit: its control id.
    std::array<std::optional<std::string>, 2> acknowledgement_;
};

}   // namespace

Verdict probe(Bytes first, Side /*from*/) {
    auto text = as_text(first);
    const auto begin = text.find_first_not_of("\x0b\r\n");
    if (begin == std::string_view::npos) return Verdict::unsure;
    if (const auto verdict = looks_like_beginning(text.substr(begin)); verdict != Verdict::no) return verdict;
    // Picked up in the middle of a message: the next one may begin here.
    const auto frame = text.find("\x0bMSH");
    return frame == std::string_view::npos ? Verdict::no : looks_like_header(text.substr(frame + 1));
}

std::unique_ptr<Session> open_session() { return std::make_unique<Hl7Session>(); }

}   // namespace ward::protocol::hl7
