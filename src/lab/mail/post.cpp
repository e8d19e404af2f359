// SPDX-License-Identifier: Apache-2.0
#include "lab/mail/post.hpp"

#include <algorithm>

#include "lab/care/floor.hpp"

namespace ward::lab {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;

constexpr std::size_t talks_max = 64;
constexpr int letters_max = 6;   // of a talk
constexpr int tries_max = 96;    // in steps of half an hour

constexpr std::string_view thanks =
    "{Thank you|Thanks|All right|Good to know|Fine}{, <day> then|, noted|}{.|!} {I will tell the "
    "others.|Until <day>.|}";

std::size_t firms_for(Size size) {
    switch (size) {
        case Size::clinic: return 12;
        case Size::small: return 36;
        default: return 90;
    }
}

bool is_outside(const Party& party) { return party.checks.has_value(); }

}   // namespace

Post::Post(Story& story)
    : story_(story),
      random_(story.dice("post")),
      composer_(story),
      firms_(make_firms(story.random().stream("firms"), firms_for(story.hospital().size))) {}

Talk Post::open(Talk talk) {
    auto letter = composer_.open(talk);
    return send(std::move(talk), std::move(letter));
}

Talk Post::answer(Talk talk, std::string_view words) {
    auto letter = composer_.answer(talk, words);
    return send(std::move(talk), std::move(letter));
}

Talk Post::send(Talk talk, Letter letter) {
    talk.last = std::move(letter);
    ++talk.letters;
    std::vector<StaffId> readers;
    for (const auto& reader : talk.readers)
        if (reader.staff) readers.push_back(*reader.staff);
    story_.tell(talk.writer.staff, MailSent{talk.last, std::move(readers), talk.about}, talk.label);
    const bool with_firm = std::ranges::any_of(talk.readers, is_outside) || is_outside(talk.writer);
    if (with_firm && talk.letters > 1 && !talk.about && talk.label == 0) {
        talks_.push_back(talk);
        if (talks_.size() > talks_max) talks_.pop_front();
    }
    await_answer(talk);
    return talk;
}

void Post::await_answer(Talk talk) {
    // What a scenario begins is answered as the scenario says.
    if (talk.label != 0) return;
    // Who was answered answers less.
    const auto likely = talk.topic->answered * (talk.letters > 1 ? 0.5 : 1);
    if (talk.topic->answer.empty() || talk.letters >= letters_max || !random_->chance(likely)) return;
    std::vector<std::size_t> able;
    for (std::size_t i = 0; i < talk.readers.size(); ++i)
        if (talk.readers[i].staff || talk.readers[i].checks) able.push_back(i);
    if (able.empty()) return;
    // From now on, who answers writes.
    auto& next = talk.readers[random_->pick(able)];
    std::swap(talk.writer, next);
    std::swap(next, talk.readers.front());
    if (random_->chance(0.5)) talk.readers.resize(1);
    talk.reply_to.clear();
    const auto delay = minutes_of(random_->around(45, 3));
    story_.agenda().in(delay,
                       [this, talk = std::move(talk)]() mutable { answer_once_there(std::move(talk), 0); });
}

void Post::answer_once_there(Talk talk, int tries) {
    const auto hour = hour_of(story_.now());
    const bool is_there = talk.writer.staff ? story_.roster().is_on_duty(*talk.writer.staff, story_.now())
                                            : hour >= 7 && hour < 21;
    if (is_there) {
        // The topic's words are those of whom it was written to.
        const auto words = talk.letters % 2 == 1 ? talk.topic->answer : thanks;
        answer(std::move(talk), words);
        return;
    }
    if (tries == tries_max) return;
    story_.agenda().in(between(*random_, 10min, 50min), [this, tries, talk = std::move(talk)]() mutable {
        answer_once_there(std::move(talk), tries + 1);
    });
}

std::optional<Talk> Post::some_talk_with_a_firm(Random& random) const {
    if (talks_.empty()) return std::nullopt;
    return random.pick(talks_);
}

}   // namespace ward::lab
