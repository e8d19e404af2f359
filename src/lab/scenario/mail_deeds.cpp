// SPDX-License-Identifier: Apache-2.0
#include "lab/scenario/mail_deeds.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "core/assert.hpp"
#include "lab/care/floor.hpp"

namespace ward::lab {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;

constexpr auto themes =
    std::to_array<std::pair<std::string_view, Theme>>({{"password", Theme::password},
                                                       {"second-factor", Theme::second_factor},
                                                       {"shared-paper", Theme::shared_paper},
                                                       {"invoice", Theme::invoice},
                                                       {"newsletter", Theme::newsletter}});

constexpr std::string_view doubtful_answers =
    "{I tried, but it asks again.|Done.|Is this real?|It does not open.|What is this about?|I did it on "
    "<day>.}";
constexpr std::string_view hijacked_words =
    "{as discussed,|one more thing:|about this again:|sorry, the last one was not right:} {the new "
    "version is here|"
    "please see|please have a look at this|the papers are here}: <link>{\n\nPlease answer by <day>.|}";

/// Who fishes sets up a domain as everybody else does, or does not care.
Checks checks_of_stranger(Random& random) {
    using enum Verdict;
    if (random.chance(0.6)) return {pass, pass, pass};
    return random.chance(0.5) ? Checks{pass, none, none} : Checks{softfail, none, none};
}

microseconds spread_of(const Cast& cast) { return minutes{static_cast<int>(cast.step->number("minutes"))}; }

}   // namespace

const Firm& MailDeeds::some_firm(Theme theme) {
    const auto wanted = theme == Theme::newsletter ? Trade::society : Trade::supplies;
    std::vector<const Firm*> fitting;
    for (const auto& firm : post_.firms())
        if (firm.trade == wanted) fitting.push_back(&firm);
    return *dice_->pick(fitting);   // there are some of each trade
}

MailDeeds::Sender MailDeeds::sender_of(const Cast& cast, Theme theme) {
    auto& composer = post_.composer();
    const auto wanted = cast.step->word("sender");
    if (wanted == "house") return Sender{composer.of_house("IT Service Desk", "noreply"), {}};
    const auto& firm = some_firm(theme);
    const auto& box = theme == Theme::newsletter ? firm.people.front() : dice_->pick(firm.people);
    if (wanted == "firm") return Sender{composer.of_firm(firm, box, *dice_), {}};
    const auto checks = checks_of_stranger(*dice_);
    if (wanted == "firm-taken-over")
        return Sender{composer.of_firm(firm, box, *dice_), look_alike_of(composer.domain(), *dice_)};
    if (wanted == "like-firm") {
        const auto domain = look_alike_of(firm.domain, *dice_);
        const auto local = box.address.substr(0, box.address.find('@') + 1);
        return Sender{{{box.name, local + domain}, std::nullopt, checks}, domain};
    }
    WARD_ASSERT(wanted == "like-house");
    const auto domain = look_alike_of(composer.domain(), *dice_);
    constexpr std::array<std::string_view, 4> locals{"servicedesk", "noreply", "it-support", "account"};
    return Sender{
        {{"IT Service Desk", fmt::format("{}@{}", dice_->pick(locals), domain)}, std::nullopt, checks},
        domain};
}

std::vector<StaffId> MailDeeds::some_staff(std::size_t count) {
    std::vector<StaffId> all;
    for (std::uint32_t i = 0; i < story_.hospital().staff.size(); ++i) all.push_back(StaffId{i});
    return dice_->sample(std::move(all), count);
}

Result<> MailDeeds::send_mail(const Cast& cast) {
    const auto wanted = cast.step->word("theme");
    const auto found = std::ranges::find(themes, wanted, &decltype(themes)::value_type::first);
    WARD_ASSERT(found != themes.end());
    const auto theme = found->second;
    const auto sender = sender_of(cast, theme);
    const auto readers = some_staff(static_cast<std::size_t>(cast.step->number("readers")));
    // Who answers, or does as it says, may be whose account others use from then on.
    if (!readers.empty()) actors_.remember(cast.step->word("as"), actors_.at_desk(readers.front()));
    story_.agenda().at(cast.at,
                       [this, cast, theme, sender, readers] { send_to_each(cast, theme, sender, readers); });
    return {};
}

void MailDeeds::send_to_each(const Cast& cast, Theme theme, const Sender& sender,
                             const std::vector<StaffId>& readers) {
    const auto answers = static_cast<std::size_t>(cast.step->number("answers"));
    const auto& topic = dice_->pick(topics_of(theme));
    for (std::size_t i = 0; i < readers.size(); ++i) {
        Talk talk{.topic = &topic,
                  .writer = sender.party,
                  .readers = {post_.composer().of_staff(readers[i])},
                  .link_domain = sender.link_domain,
                  .label = cast.label};
        const bool is_answered = i < answers;
        story_.agenda().in(between(*dice_, 0us, spread_of(cast)),
                           [this, is_answered, talk = std::move(talk)]() mutable {
                               auto sent = post_.open(std::move(talk));
                               if (is_answered) answer(std::move(sent));
                           });
    }
}

/// Who got it does as it says, or asks what it is.
void MailDeeds::answer(Talk talk) {
    std::swap(talk.writer, talk.readers.front());
    talk.link_domain.clear();
    story_.agenda().in(between(*dice_, 4min, 90min), [this, talk = std::move(talk)]() mutable {
        post_.answer(std::move(talk), doubtful_answers);
    });
}

Result<> MailDeeds::hijack_threads(const Cast& cast) {
    for (int left = static_cast<int>(cast.step->number("threads")); left > 0; --left)
        story_.agenda().at(cast.at + between(*dice_, 0us, spread_of(cast)),
                           [this, cast] { hijack_one(cast, 0); });
    return {};
}

/// Once there is one that can be.
void MailDeeds::hijack_one(const Cast& cast, int tries) {
    constexpr int tries_max = 100;
    auto talk = post_.some_talk_with_a_firm(*dice_);
    if (!talk || tries > tries_max) {
        if (tries < tries_max)
            story_.agenda().in(10min, [this, cast, tries] { hijack_one(cast, tries + 1); });
        return;
    }
    if (!talk->writer.checks) {
        const auto firm =
            std::ranges::find_if(talk->readers, [](const Party& one) { return one.checks.has_value(); });
        std::swap(talk->writer, *firm);
    }
    std::erase_if(talk->readers, [](const Party& one) { return one.checks.has_value(); });
    if (talk->readers.empty()) return hijack_one(cast, tries + 1);
    talk->link_domain = look_alike_of(domain_of(talk->writer.box), *dice_);
    const auto local = talk->writer.box.address.substr(0, talk->writer.box.address.find('@') + 1);
    if (dice_->chance(0.5)) talk->reply_to = local + talk->link_domain;
    talk->label = cast.label;
    auto sent = post_.answer(std::move(*talk), hijacked_words);
    if (dice_->chance(0.5)) answer(std::move(sent));
}

Result<> MailDeeds::announce_domain(const Cast& cast) {
    auto moved = some_firm(Theme::invoice);
    const auto before = moved;
    constexpr std::array<std::string_view, 4> words{"-group", "-online", "-health", "-care"};
    moved.domain.insert(moved.domain.find('.'), dice_->pick(words));
    for (auto& box : moved.people)
        box.address = box.address.substr(0, box.address.find('@') + 1) + moved.domain;
    const auto readers = some_staff(static_cast<std::size_t>(cast.step->number("readers")));
    for (const auto who : readers) {
        const auto tell = [this, cast, who](const Firm& firm, Theme theme, const std::string& domain) {
            post_.open({.topic = &dice_->pick(topics_of(theme)),
                        .writer = post_.composer().of_firm(firm, firm.people.front(), *dice_),
                        .readers = {post_.composer().of_staff(who)},
                        .slots = {{"domain", domain}},
                        .label = cast.label});
        };
        const auto at = cast.at + between(*dice_, 0us, spread_of(cast));
        story_.agenda().at(
            at, [tell, before, domain = moved.domain] { tell(before, Theme::new_domain, domain); });
        story_.agenda().at(at + between(*dice_, 2h, 9h),
                           [tell, moved] { tell(moved, Theme::invoice, moved.domain); });
    }
    return {};
}

}   // namespace ward::lab
