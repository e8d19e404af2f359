// SPDX-License-Identifier: Apache-2.0
#include "lab/frames/traffic.hpp"

namespace ward::lab {

Traffic::Traffic(Story& story, TakeFrame take, TakeDicom take_dicom)
    : tap_(std::move(take)),
      hl7_(tap_, story),
      office_(tap_, story),
      sealed_(office_.wires),
      routine_(office_),
      deeds_(office_),
      devices_(office_.wires, std::move(take_dicom)),
      device_deeds_(office_, devices_) {}

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
    const auto& story = office_.wires.story();
    if (const auto* broken = std::get_if<EntryBroken>(&act.what)) {
        const Wires::Belonging belonging{office_.wires, act.label};
        return sealed_.carry(broken->workstation, SealedLines::syslog_port, bytes, 0, act.at);
    }
    const auto site = act.by ? story.hospital().at(story.hospital().at(*act.by).home).site : 0;
    sealed_.carry(story.network().one_of(DeviceKind::ehr_server, site), SealedLines::syslog_port, bytes, 0,
                  act.at);
}

}   // namespace ward::lab
