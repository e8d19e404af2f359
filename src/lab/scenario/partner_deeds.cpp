// SPDX-License-Identifier: Apache-2.0
#include "lab/scenario/partner_deeds.hpp"

#include <algorithm>

#include "lab/care/floor.hpp"

namespace ward::lab {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;

}   // namespace

/// Of the step's trade, one that no other step plays with.
Result<PartnerId> PartnerDeeds::partner_of(const Cast& cast) {
    const auto as = cast.step->word("as");
    const auto name = as.empty() ? "step " + cast.step->id : std::string{as};
    if (const auto known = known_.find(name); known != known_.end()) return known->second;
    const auto wanted = cast.step->word("partner");
    const auto& partners = story_.outsiders().partners;
    std::vector<PartnerId> able;
    for (std::uint32_t i = 0; i < partners.size(); ++i) {
        if (wanted != "any" && name_of(partners[i].trade) != wanted) continue;
        if (std::ranges::none_of(known_, [&](const auto& one) { return one.second == PartnerId{i}; }))
            able.push_back(PartnerId{i});
    }
    if (able.empty()) return tl::unexpected(nobody(*cast.step));
    const auto chosen = dice_->pick(able);
    known_.insert_or_assign(name, chosen);
    return chosen;
}

Result<> PartnerDeeds::lose(const Cast& cast) {
    const auto partner = TRY(partner_of(cast));
    const auto until = cast.at + minutes{static_cast<int>(cast.step->number("minutes"))};
    story_.agenda().at(cast.at, [this, cast, partner, until] {
        routine_.silence(partner, until);
        const auto& whom = story_.outsiders().at(partner);
        truth_.note_silence(cast.label, {whom.name, whom.host, to_text(whom.address)}, cast.at, until);
    });
    return {};
}

Result<> PartnerDeeds::pause(const Cast& cast) {
    const auto partner = TRY(partner_of(cast));
    const auto notice = std::max(story_.begin(), cast.at - between(*dice_, 1h, 8h));
    story_.agenda().at(notice, [this, cast, partner] { routine_.announce(partner, cast.label); });
    return lose(cast);
}

Result<> PartnerDeeds::move(const Cast& cast) {
    const auto partner = TRY(partner_of(cast));
    story_.agenda().at(cast.at, [this, cast, partner] {
        routine_.move_with_notice(partner, cast.at + between(*dice_, 2h, 5h), cast.label);
    });
    return {};
}

Result<> PartnerDeeds::call(const Cast& cast) {
    const auto& step = *cast.step;
    PartnerRoutine::Call call{.partner = TRY(partner_of(cast)),
                              .kilobytes_sent = step.number("kilobytes_sent"),
                              .kilobytes_received = step.number("kilobytes_received"),
                              .label = cast.label};
    if (step.word("from") == "elsewhere") call.from = any_address_outside(*dice_);
    const auto span = minutes{static_cast<int>(step.number("minutes"))};
    for (int left = static_cast<int>(dice_->around(step.number("calls"), 1.25)); left > 0; --left)
        story_.agenda().at(cast.at + between(*dice_, 0us, span), [this, call] {
            auto one = call;
            one.kilobytes_sent = dice_->around(call.kilobytes_sent, 2.5);
            one.kilobytes_received = dice_->around(call.kilobytes_received, 3);
            routine_.call(one);
        });
    return {};
}

}   // namespace ward::lab
