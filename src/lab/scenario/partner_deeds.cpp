// SPDX-License-Identifier: Apache-2.0
#include "lab/scenario/partner_deeds.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "lab/care/floor.hpp"

namespace ward::lab {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;

}   // namespace

/// Of the step's trade, one that no other step plays with.
Result<PartnerId> PartnerDeeds::partner_of(const Cast& cast) {
    const auto name = cast.step->word("as", cast.step->id);
    if (const auto known = known_.find(name); known != known_.end()) return known->second;
    const auto wanted = cast.step->word("partner", "any");
    const auto& partners = story_.outsiders().partners;
    std::vector<PartnerId> able;
    bool is_trade = wanted == "any";
    for (std::uint32_t i = 0; i < partners.size(); ++i) {
        if (wanted != "any" && name_of(partners[i].trade) != wanted) continue;
        is_trade = true;
        if (std::ranges::none_of(known_, [&](const auto& one) { return one.second == PartnerId{i}; }))
            able.push_back(PartnerId{i});
    }
    if (!is_trade) return tl::unexpected(wrong(*cast.step, fmt::format("no partner is a '{}'", wanted)));
    if (able.empty()) return tl::unexpected(nobody(*cast.step));
    const auto chosen = random_.pick(able);
    known_.insert_or_assign(std::string{name}, chosen);
    return chosen;
}

Result<> PartnerDeeds::lose(const Cast& cast) {
    const auto partner = TRY(partner_of(cast));
    const auto until = cast.at + minutes{static_cast<int>(cast.step->number("minutes", 600))};
    story_.agenda().at(cast.at, [this, cast, partner, until] {
        routine_.silence(partner, until);
        truth_.note_silence(cast.label, story_.outsiders().at(partner).name, cast.at, until);
    });
    return {};
}

Result<> PartnerDeeds::pause(const Cast& cast) {
    const auto partner = TRY(partner_of(cast));
    const auto notice = std::max(story_.begin(), cast.at - between(random_, 1h, 8h));
    story_.agenda().at(notice, [this, cast, partner] { routine_.announce(partner, cast.label); });
    return lose(cast);
}

Result<> PartnerDeeds::move(const Cast& cast) {
    const auto partner = TRY(partner_of(cast));
    story_.agenda().at(cast.at, [this, cast, partner] {
        routine_.move_with_notice(partner, cast.at + between(random_, 2h, 5h), cast.label);
    });
    return {};
}

Result<> PartnerDeeds::call(const Cast& cast) {
    const auto& step = *cast.step;
    const auto where = step.word("from", "own");
    if (where != "own" && where != "elsewhere")
        return tl::unexpected(wrong(step, "'from' is own or elsewhere"));
    PartnerRoutine::Call call{.partner = TRY(partner_of(cast)),
                              .kilobytes_sent = step.number("kilobytes_sent", 9),
                              .kilobytes_received = step.number("kilobytes_received", 6),
                              .label = cast.label};
    if (where == "elsewhere") call.from = any_address_outside(random_);
    const auto span = minutes{static_cast<int>(step.number("minutes", 60))};
    for (int left = static_cast<int>(random_.around(step.number("calls", 20), 1.25)); left > 0; --left)
        story_.agenda().at(cast.at + between(random_, 0us, span), [this, call] {
            auto one = call;
            one.kilobytes_sent = random_.around(call.kilobytes_sent, 2.5);
            one.kilobytes_received = random_.around(call.kilobytes_received, 3);
            routine_.call(one);
        });
    return {};
}

}   // namespace ward::lab
