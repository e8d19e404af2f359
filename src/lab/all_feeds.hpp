// SPDX-License-Identifier: Apache-2.0
// All that the hospital's systems send of a story, brought to the truth and to who takes it.
#pragma once

#include <optional>
#include <string>

#include "lab/feeds/atna_sender.hpp"
#include "lab/feeds/fhir_feed.hpp"
#include "lab/feeds/hl7_feed.hpp"
#include "lab/frames/traffic.hpp"
#include "lab/scenario/truth.hpp"

namespace ward::lab {

/// An entry of the trail as it stands in the stream; an act that is not audited is one that broke it.
using TakeEntry = std::function<void(const Act& act, const Story& story, std::string entry)>;

/// Of one act in the order in which it is sent: messages and transactions, then the trail's entry. Frames
/// when their time has come.
struct FeedTakers {
    TakeHl7 message;
    TakeFhir transaction;
    TakeEntry entry;
    TakeFrame frame{};   // if empty none is made: most of the work is theirs
    TakeDicom file{};    // if empty they are in frames alone
};

/// Borrows the story and the truth.
class AllFeeds final : public Witness {
public:
    AllFeeds(Story& story, Truth& truth, FeedTakers takers);
    AllFeeds(const AllFeeds&) = delete;
    AllFeeds& operator=(const AllFeeds&) = delete;

    void see(const Act& act, const Story& story) override;
    /// Frames until then are taken.
    void pass(Moment until);

private:
    void carry(Hl7Message message);
    void carry(FhirTransaction transaction);

    Truth& truth_;
    FeedTakers takers_;
    AtnaSender atna_;
    std::optional<Traffic> traffic_{};
    Hl7Feed hl7_;
    FhirFeed fhir_;
    // Where the next stands in a file of them.
    std::uint64_t message_place_ = 0;
    std::uint64_t entry_place_ = 0;
};

}   // namespace ward::lab
