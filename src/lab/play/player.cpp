// SPDX-License-Identifier: Apache-2.0
#include "lab/play/player.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace ward::lab {
namespace {

constexpr std::size_t open_max = 32;   // connections to each receiver: Ward takes 64 of one address
constexpr std::size_t refusals_max = 5;

constexpr std::string_view message_advice =
    "Is Ward running, and does a feed of it listen there ([hl7] feeds in ward.toml)? Where that says tls, "
    "--trust names Ward's certificate";
constexpr std::string_view trail_advice =
    "Does something that takes syslog over a stream listen there, under TLS if there is a --trust?";
constexpr std::string_view resource_advice =
    "Is Ward running, does it listen there ([server] listen in ward.toml), and is --trust its tls.crt?";

}   // namespace

Player::Player(const PlayWish& wish, Days& days, std::optional<http::TlsRole> role,
               std::optional<FrameSocket> socket)
    : wish_(wish),
      role_(std::move(role)),
      socket_(std::move(socket)),
      feeds_(days.story(), days.truth(), takers()) {
    if (wish.messages) messages_.emplace(manner(*wish.messages, message_advice), open_max);
    if (wish.trail) trail_.emplace(manner(*wish.trail, trail_advice), open_max);
    if (wish.resources) resources_.emplace(manner(*wish.resources, resource_advice), open_max);
}

Manner Player::manner(const Receiver& receiver, std::string_view advice) const {
    return {receiver, role_ ? &*role_ : nullptr, wish_.patience, wish_.stop, advice};
}

FeedTakers Player::takers() {
    FeedTakers takers{[this](Hl7Message message) { take(std::move(message)); },
                      [this](FhirTransaction transaction) { take(std::move(transaction)); },
                      [this](const Act& act, const Story& story, std::string entry) {
                          take_entry(act, story, std::move(entry));
                      }};
    if (!socket_) return takers;
    takers.frame = [this](const Frame& frame) { take(frame); };
    return takers;
}

void Player::take_entry(const Act& act, const Story& story, std::string entry) {
    if (!trail_) return;
    // Behind a broken entry no other could be read.
    const Sender sender{sender_of_entry(act, story), is_audited(act) ? 0 : act.label};
    due_.push_back({act.at, [this, sender, entry = std::move(entry)]() mutable {
                        return send_entry(sender, std::move(entry));
                    }});
}

void Player::take(Hl7Message message) {
    if (!messages_) return;
    const auto at = message.at;
    due_.push_back({at, [this, message = std::move(message)] { return send_message(message); }});
}

void Player::take(FhirTransaction transaction) {
    if (!resources_) return;
    const auto at = transaction.at;
    due_.push_back(
        {at, [this, transaction = std::move(transaction)] { return send_transaction(transaction); }});
}

void Player::take(const Frame& frame) {
    due_.push_back({frame.at, [this, bytes = frame.bytes] { return send_frame(bytes); }});
}

Result<> Player::send_until(Moment until, const Pace& pace) {
    feeds_.pass(until);
    std::ranges::stable_sort(due_, {}, &Due::at);
    for (auto& one : due_) {
        pace.wait_for(one.at);
        played_.until = one.at;
        TRY(one.send());
    }
    due_.clear();
    played_.until = until;
    return {};
}

Result<> Player::finish() {
    const auto end = [](auto& lines) -> Result<> {
        return lines ? lines->each([](auto& line) { return line.finish(); }) : Result<>{};
    };
    TRY(end(trail_));
    TRY(end(messages_));
    return end(resources_);
}

Played Player::played() {
    if (trail_)
        static_cast<void>(trail_->each([this](const SyslogLine& line) -> Result<> {
            played_.entries += line.arrived();
            return {};
        }));
    return std::move(played_);
}

void Player::note_refusal(std::string what, const Answer& answer) {
    ++played_.refused;
    if (played_.refusals.size() < refusals_max)
        played_.refusals.push_back(fmt::format("{}: {}", what, answer.why));
}

Result<> Player::send_message(const Hl7Message& message) {
    if (message.is_cut) {
        auto line = messages_->another();
        TRY(line.send_cut(message.text));
        ++played_.broken_off;
        return {};
    }
    Answer answer;
    if (message.has_own_line) {
        auto line = messages_->another();
        answer = TRY(line.send(message.text, message.control_id));
        TRY(line.finish());
    } else {
        auto* line = TRY(messages_->of({message.from}));
        answer = TRY(line->send(message.text, message.control_id));
    }
    ++played_.messages;
    if (answer.is_taken) return {};
    if (message.is_refused)
        ++played_.broken_refused;
    else
        note_refusal(fmt::format("HL7 {} {}", message.type, message.control_id), answer);
    return {};
}

Result<> Player::send_transaction(const FhirTransaction& transaction) {
    auto* line = TRY(resources_->of({transaction.from}));
    const auto answer = TRY(line->send(transaction.bundle, wish_.token));
    ++played_.transactions;
    if (!answer.is_taken) note_refusal(fmt::format("FHIR transaction {}", played_.transactions), answer);
    return {};
}

Result<> Player::send_entry(Sender sender, std::string entry) {
    auto* line = TRY(trail_->of(sender));
    return line->send(std::move(entry));
}

Result<> Player::send_frame(const Buffer& bytes) {
    TRY(socket_->send(bytes, Deadline{wish_.patience, wish_.stop}));
    ++played_.frames;
    return {};
}

}   // namespace ward::lab
