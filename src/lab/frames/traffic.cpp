// SPDX-License-Identifier: Apache-2.0
#include "lab/frames/traffic.hpp"

#include "lab/feeds/audit.hpp"

namespace ward::lab {

Traffic::Traffic(Story& story, TakeFrame take, TakeDicom take_dicom)
    : tap_(std::move(take)),
      hl7_(tap_, story),
      office_(tap_, story),
      sealed_(office_.wires),
      routine_(office_),
      deeds_(office_),
      devices_(office_.wires, std::move(take_dicom)),
      device_deeds_(office_, devices_),
      equipment_(office_.wires) {}

void Traffic::see(const Act& act, const Story& story) {
    tap_.pass(act.at);
    devices_.see(act, story);
    routine_.see(act, story);
    deeds_.see(act, story);
    device_deeds_.see(act, story);
}

void Traffic::carry(const Hl7Message& message) {
    const Wires::Belonging belonging{office_.wires, message.label};
    hl7_.carry(message);
}

void Traffic::carry(const FhirTransaction& transaction) {
    constexpr std::size_t headers = 1'400, answer = 900;   // a token has most of the first
    sealed_.carry(transaction.from, SealedLines::https_port, transaction.bundle.size() + headers, answer,
                  transaction.at);
}

void Traffic::carry_audit(const Act& act, std::size_t bytes) {
    const auto from = sender_of_entry(act, office_.wires.story());
    if (!std::holds_alternative<EntryBroken>(act.what))
        return sealed_.carry(from, SealedLines::syslog_port, bytes, 0, act.at);
    const Wires::Belonging belonging{office_.wires, act.label};
    sealed_.carry(from, SealedLines::syslog_port, bytes, 0, act.at);
}

}   // namespace ward::lab
