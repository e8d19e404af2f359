// SPDX-License-Identifier: Apache-2.0
#include "lab/all_feeds.hpp"

namespace ward::lab {
namespace {

constexpr std::size_t mllp_framing = 3;   // VT before a message, FS and CR behind it

}   // namespace

AllFeeds::AllFeeds(Story& story, Truth& truth, FeedTakers takers)
    : truth_(truth),
      takers_(std::move(takers)),
      atna_(story),
      hl7_(story, [this](Hl7Message message) { carry(std::move(message)); }),
      fhir_(story, [this](FhirTransaction transaction) { carry(std::move(transaction)); }) {
    if (!takers_.frame) return;
    traffic_.emplace(
        story,
        [this](const Frame& frame) {
            truth_.see(frame);
            takers_.frame(frame);
        },
        [this](const DicomFile& file) {
            if (takers_.file) takers_.file(file);
        });
}

void AllFeeds::see(const Act& act, const Story& story) {
    truth_.see(act, story);
    if (traffic_) traffic_->see(act, story);
    hl7_.see(act, story);
    fhir_.see(act, story);
    const bool is_broken = std::holds_alternative<EntryBroken>(act.what);
    if (!is_broken && !is_audited(act)) return;
    if (is_broken) truth_.note_entry(act.label, act.at, entry_place_);
    auto entry = is_broken ? atna_broken(act, story) : atna_.frame(act, story);
    entry_place_ += entry.size();
    if (traffic_) traffic_->carry_audit(act, entry.size());
    takers_.entry(act, story, std::move(entry));
}

void AllFeeds::pass(Moment until) {
    if (traffic_) traffic_->pass(until);
}

void AllFeeds::carry(Hl7Message message) {
    truth_.see(message, message_place_);
    message_place_ += message.text.size() + mllp_framing;
    if (traffic_) traffic_->carry(message);
    takers_.message(std::move(message));
}

void AllFeeds::carry(FhirTransaction transaction) {
    if (traffic_) traffic_->carry(transaction);
    takers_.transaction(std::move(transaction));
}

}   // namespace ward::lab
