// SPDX-License-Identifier: Apache-2.0
// What a scenario does to the feeds that Ward reads: messages and entries that nobody should have sent, and
// those that only look like it.
#pragma once

#include "lab/care/care.hpp"
#include "lab/scenario/actors.hpp"

namespace ward::lab {

/// Borrows all of them.
class MessageDeeds {
public:
    MessageDeeds(Story& story, Care& care, Actors& actors)
        : story_(story), care_(care), actors_(actors), dice_(story.dice("message deeds")) {}

    /// Under the record's name: that two people are one.
    Result<> forge_merges(const Cast& cast);
    /// Under the laboratory's name: that a result was another.
    Result<> forge_results(const Cast& cast);
    /// Somebody was registered twice.
    Result<> merge_records(const Cast& cast);
    /// The laboratory corrects what it filed.
    Result<> correct_results(const Cast& cast);
    /// A system's messages come over connections of their own for a while, or from its stand-in.
    Result<> stand_in(const Cast& cast);
    /// Messages that no reader expects.
    Result<> send_oddly(const Cast& cast);
    /// Long documents, each in one message.
    Result<> file_documents(const Cast& cast);
    /// Entries of the audit trail that are broken.
    Result<> break_trail(const Cast& cast);

private:
    using Deed = void (MessageDeeds::*)(const Cast& cast, DeviceId from);

    /// So often as the step's `count` says, in its `minutes`.
    void repeat(const Cast& cast, DeviceId from, Deed deed);
    /// Once more, later, where there is nobody yet of whom it could tell.
    void wait(const Cast& cast, DeviceId from, Deed deed);
    void forge_merge(const Cast& cast, DeviceId from);
    void forge_result(const Cast& cast, DeviceId from);
    void merge(const Cast& cast, DeviceId from);
    void correct(const Cast& cast, DeviceId from);
    void send_odd(const Cast& cast, DeviceId from);
    void file_document(const Cast& cast, DeviceId from);
    StaffId anybody();
    void break_entry(const Cast& cast, DeviceId from);

    std::optional<PatientId> some_patient();
    std::optional<OrderId> some_result();
    std::optional<EncounterId> some_encounter();

    Story& story_;
    Care& care_;
    Actors& actors_;
    Dice dice_;
};

}   // namespace ward::lab
