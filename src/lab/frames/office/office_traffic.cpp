// SPDX-License-Identifier: Apache-2.0
#include "lab/frames/office/office_traffic.hpp"

namespace ward::lab {

OfficeTraffic::OfficeTraffic(Office& office)
    : wires_(office.wires),
      shares_(office.shares),
      rounds_(office.wires, office.resolver),
      record_(office.wires, office.resolver),
      browsing_(office.wires, office.resolver),
      sign_ins_(office),
      housekeeping_(office),
      mail_(office.wires, office.resolver) {
    office.directory.begin();
    rounds_.begin();
    record_.begin();
    browsing_.begin();
    sign_ins_.begin();
    office.desks.begin();
    housekeeping_.begin();
    shares_.begin();
}

/// At a workstation one connection serves whoever comes next; what is said from a laptop is its user's alone.
std::uint32_t OfficeTraffic::label_of(const Act& act, DeviceId at) const {
    return wires_.network().at(at).kind == DeviceKind::laptop ? act.label : 0;
}

void OfficeTraffic::see(const Act& act, const Story&) {
    if (const auto* session = std::get_if<SessionChanged>(&act.what)) {
        const Wires::Belonging belonging{wires_, label_of(act, session->workstation)};
        if (act.by) sign_ins_.see(*session, *act.by, act.at);
        if (session->what == SessionChanged::What::closed) record_.sign_off(session->workstation, act.at);
    } else if (const auto* opened = std::get_if<ChartOpened>(&act.what)) {
        const Wires::Belonging belonging{wires_, label_of(act, opened->workstation)};
        record_.open_chart(*opened, act.at);
    } else if (const auto* sent = std::get_if<MailSent>(&act.what)) {
        const Wires::Belonging belonging{wires_, act.label};
        mail_.see(*sent, act.at);
    } else if (const auto* touched = std::get_if<FileTouched>(&act.what)) {
        const Wires::Belonging belonging{wires_, act.label};
        shares_.touch(*touched, act.at);
    }
}

}   // namespace ward::lab
