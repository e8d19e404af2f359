// SPDX-License-Identifier: Apache-2.0
#include "protocol/dicom/dicom.hpp"

#include <algorithm>

#include "protocol/dicom/dialogue.hpp"
#include "protocol/dicom/names.hpp"
#include "protocol/dicom/pdu_stream.hpp"
#include "protocol/text.hpp"

namespace ward::protocol::dicom {
namespace {

std::int64_t microseconds(std::chrono::nanoseconds span) {
    return std::chrono::duration_cast<std::chrono::microseconds>(span).count();
}

/// One association at a time; a connection carries one, and a peer that tries a second is still followed.
class DicomSession final : public Session {
public:
    void data(Side from, Bytes bytes, Output& out) override {
        bytes_[index(from)] += bytes.size();
        Reading reading{*this, from, out};
        streams_[index(from)].feed(bytes, reading);
    }
    void gap(Side from, std::uint64_t lost, Output& out) override {
        bytes_[index(from)] += lost;
        Reading reading{*this, from, out};
        streams_[index(from)].lose(lost, reading);
    }
    void end(Output& out) override {
        for (const auto side : {Side::client, Side::server}) {
            Reading reading{*this, side, out};
            streams_[index(side)].end(reading);
        }
        cut(out);
    }
    std::size_t memory() const noexcept override {
        std::size_t bytes = sizeof *this + (dialogue_ ? dialogue_->memory() : 0);
        for (const auto& stream : streams_) bytes += stream.memory();
        if (asked_) bytes += sizeof *asked_ + asked_->presentations.size() * 2048;
        return bytes;
    }

private:
    struct Reading;

    /// A capture may begin in the middle of an association.
    Dialogue& dialogue() {
        if (!dialogue_) dialogue_ = std::make_unique<Dialogue>();
        return *dialogue_;
    }

    void cut(Output& out) {
        if (asked_) {
            asked_->outcome = "unanswered";
            out.emit(*std::exchange(asked_, nullptr));
        }
        // A release that nobody confirmed is a cut too, and says who wanted it.
        finish("cut", released_by_, out);
    }

    /// `behind` are the bytes of the same piece that came after it: the next association's, if it ends one.
    void control(PduType type, Side from, Bytes body, std::size_t behind, Output& out) {
        auto& of_next = bytes_of_next_[index(from)];
        of_next = behind + (type == PduType::associate_request ? pdu_header_size + body.size() : 0);
        switch (type) {
            case PduType::associate_request: ask(body, out); break;
            case PduType::associate_accept: accept(body, out); break;
            case PduType::associate_reject: refuse(body, out); break;
            case PduType::release_request: released_by_ = from; break;
            case PduType::release_response:
                finish("released", released_by_.value_or(event::other(from)), out);
                break;
            case PduType::abort: abort(from, body, out); break;
            case PduType::transfer: break;
        }
        of_next = 0;
    }

    std::optional<Associate> read_associate(Bytes body, Output& out) {
        auto result = decode_associate(body);
        if (auto* decoded = std::get_if<0>(&result)) return std::move(decoded->message);
        if (const auto* bad = std::get_if<Malformed>(&result)) out.malformed(bad->reason, body.size());
        return std::nullopt;
    }

    void ask(Bytes body, Output& out) {
        auto associate = read_associate(body, out);
        if (!associate) return;
        if (asked_ || dialogue_) cut(out);
        began_ = out.now;
        asked_ = std::make_unique<event::DicomAssociation>();
        asked_->calling = std::move(associate->calling);
        asked_->called = std::move(associate->called);
        asked_->application_name = std::move(associate->application_name);
        asked_->presentations = std::move(associate->presentations);
        asked_->requestor = std::move(associate->user);
        if (!associate->username.empty())
            asked_->requestor->identity_user = out.pseudonym(lowered(associate->username));
    }

    /// The association that is answered now; without its request, an empty one.
    event::DicomAssociation take_asked(const Output& out) {
        event::DicomAssociation association;
        if (!asked_) return association;
        association = std::move(*std::exchange(asked_, nullptr));
        association.latency_us = microseconds(out.now - began_);
        return association;
    }

    void accept(Bytes body, Output& out) {
        auto associate = read_associate(body, out);
        if (!associate) return;
        auto association = take_asked(out);
        association.outcome = "accepted";
        // PS3.8, 9.3.3: the accept repeats the titles, and nobody may rely on them.
        if (association.called.empty()) association.called = std::move(associate->called);
        if (association.calling.empty()) association.calling = std::move(associate->calling);
        association.acceptor = std::move(associate->user);
        if (began_ == event::Time{}) began_ = out.now;
        auto& talk = dialogue();
        talk.calling = association.calling;
        talk.called = association.called;
        talk.presentations.clear();
        for (auto& answer : associate->presentations) join(answer, association, talk);
        talk.measure();
        out.emit(std::move(association));
    }

    /// Data cross only over an association that was accepted: its answer was lost to the capture.
    void transfer(Output& out) {
        auto& talk = dialogue();
        ++transfers_;
        if (!asked_) return;
        asked_->outcome = "accepted";
        asked_->answer_lost = true;
        talk.calling = asked_->calling;
        talk.called = asked_->called;
        talk.measure();
        out.emit(*std::exchange(asked_, nullptr));
    }

    static void join(event::DicomPresentation& answer, event::DicomAssociation& association, Dialogue& talk) {
        auto& proposed = association.presentations;
        auto known = std::ranges::find(proposed, answer.id, &event::DicomPresentation::id);
        if (known == proposed.end()) {
            if (proposed.size() >= limits.presentations_max) return;
            known = proposed.insert(proposed.end(), event::DicomPresentation{});
            known->id = answer.id;
        }
        known->result = answer.result;
        known->transfer_syntax = answer.transfer_syntax;
        if (answer.transfer_syntax.empty()) return;
        talk.presentations.push_back({answer.id, known->abstract_syntax, answer.transfer_syntax});
    }

    void refuse(Bytes body, Output& out) {
        WireReader in{body};
        in.skip(1);
        const auto result = in.u8();
        const auto source = in.u8();
        const auto reason = in.u8();
        auto association = take_asked(out);
        association.outcome = "rejected";
        association.refusal = {rejection_result(result), rejection_source(source),
                               rejection_reason(source, reason)};
        out.emit(std::move(association));
        forget();
    }

    void abort(Side from, Bytes body, Output& out) {
        WireReader in{body};
        in.skip(2);
        const auto source = in.u8();
        const auto reason = in.u8();
        if (asked_) {
            auto association = take_asked(out);
            association.outcome = "aborted";
            association.refusal = {"aborted", abort_source(source), abort_reason(source, reason)};
            out.emit(std::move(association));
        }
        finish("aborted", from, out, abort_source(source), abort_reason(source, reason));
    }

    void finish(std::string_view how, std::optional<Side> by, Output& out, std::string_view source = {},
                std::string_view reason = {}) {
        if (dialogue_) {
            dialogue_->end(out);
            event::DicomEnd told;
            told.how = how;
            told.by = by;
            told.abort_source = source;
            told.abort_reason = reason;
            told.calling = dialogue_->calling;
            told.called = dialogue_->called;
            told.operations = dialogue_->operations;
            told.bytes_from_client = bytes_from(Side::client);
            told.bytes_from_server = bytes_from(Side::server);
            told.data_pdus = transfers_;
            if (began_ != event::Time{}) told.duration_us = microseconds(out.now - began_);
            out.emit(std::move(told));
        }
        forget();
    }

    std::uint64_t bytes_from(Side side) const {
        const auto all = bytes_[index(side)];
        return all - std::min(all, bytes_of_next_[index(side)]);
    }

    void forget() {
        dialogue_.reset();
        released_by_.reset();
        began_ = {};
        bytes_ = bytes_of_next_;
        transfers_ = 0;
    }

    /// What PduStream calls while one piece of a stream is read.
    struct Reading {
        DicomSession& session;
        Side from;
        Output& out;

        void control(PduType type, Bytes body, std::size_t behind) {
            session.control(type, from, body, behind, out);
        }
        void transfer() { session.transfer(out); }
        void begin_value(std::uint8_t presentation, std::uint8_t control) {
            if (session.dialogue_) session.dialogue_->begin_value(from, presentation, control);
        }
        // The other side may have ended the association in the middle of a value.
        void value(Bytes bytes) {
            if (!session.dialogue_) return out.skipped(Uninspected::content, bytes.size());
            session.dialogue_->value(from, bytes, out);
        }
        void end_value() {
            if (session.dialogue_) session.dialogue_->end_value(from, out);
        }
        void lost_in_value(std::uint64_t bytes) {
            if (session.dialogue_) session.dialogue_->lost_in_value(from, bytes);
        }
        bool may_carry(std::uint8_t presentation) const {
            return !session.dialogue_ || session.dialogue_->may_carry(presentation);
        }
        void lost() {
            if (session.dialogue_) session.dialogue_->lost(from, out);
        }
        void malformed(std::string_view reason, std::size_t bytes) { out.malformed(reason, bytes); }
        void capped(std::size_t bytes) { out.skipped(Uninspected::cap, bytes); }
        void searched(std::size_t bytes) { out.skipped(Uninspected::gap, bytes); }
    };

    std::array<PduStream<Reading>, 2> streams_;
    std::unique_ptr<event::DicomAssociation> asked_;
    std::unique_ptr<Dialogue> dialogue_;
    event::Time began_{};
    std::optional<Side> released_by_;
    std::array<std::uint64_t, 2> bytes_{};
    std::array<std::uint64_t, 2> bytes_of_next_{};   // while one PDU is read
    std::uint64_t transfers_ = 0;
};

/// A-ASSOCIATE-RQ or -AC: its length, its version and a title of printable characters.
Verdict looks_like_associate(Bytes first) {
    WireReader in{first};
    in.skip(1);
    if (in.u8() != 0) return Verdict::no;
    if (in.remaining() < 4) return Verdict::unsure;
    const auto length = in.u32();
    if (length < 68 || length > limits.control_bytes_max) return Verdict::no;
    if (in.remaining() < 2) return Verdict::unsure;
    if (const auto version = in.u16(); version % 2 == 0) return Verdict::no;
    if (in.remaining() < 18) return Verdict::unsure;
    const bool reserved = in.u16() == 0;
    const auto title = as_text(in.take(16));
    const bool printable = std::ranges::all_of(title, [](char c) { return c >= ' ' && c <= '~'; });
    return reserved && printable && title.find_first_not_of(' ') != std::string_view::npos ? Verdict::yes
                                                                                           : Verdict::no;
}

/// In the middle of an association: sure with a command set, which begins with its own length (PS3.7, E.1).
Verdict looks_like_transfer(Bytes first) {
    constexpr std::size_t headers = pdu_header_size + pdv_header_size;
    if (first.size() < headers)
        return first.size() < 2 || first[1] == std::byte{} ? Verdict::unsure : Verdict::no;
    if (!begins_transfer(first)) return Verdict::no;
    const bool is_command = (first[headers - 1] & std::byte{1}) != std::byte{};
    if (!is_command) return Verdict::unsure;
    constexpr std::string_view group_length{"\0\0\0\0\x04\0\0\0", 8};
    const auto begin = as_text(first.subspan(headers)).substr(0, group_length.size());
    if (!group_length.starts_with(begin)) return Verdict::no;
    return begin.size() == group_length.size() ? Verdict::yes : Verdict::unsure;
}

}   // namespace

Verdict probe(Bytes first, Side from) {
    if (first.empty()) return Verdict::unsure;
    switch (std::to_integer<std::uint8_t>(first[0])) {
        case 1: return from == Side::client ? looks_like_associate(first) : Verdict::no;
        case 2: return from == Side::server ? looks_like_associate(first) : Verdict::no;
        case 4: return looks_like_transfer(first);
        case 3:
        case 5:
        case 6:
        case 7:
            // Ten bytes, most of them zero: the port has to agree.
            return first.size() < 10 || begins_short_pdu(first) ? Verdict::unsure : Verdict::no;
        default: return Verdict::no;
    }
}

std::unique_ptr<Session> open_session() { return std::make_unique<DicomSession>(); }

}   // namespace ward::protocol::dicom
