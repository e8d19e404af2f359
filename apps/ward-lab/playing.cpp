// SPDX-License-Identifier: Apache-2.0
#include "apps/ward-lab/playing.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "apps/ward-lab/chosen.hpp"
#include "apps/ward-lab/progress.hpp"
#include "apps/ward-lab/stop.hpp"
#include "core/text.hpp"
#include "lab/output.hpp"
#include "lab/play/play.hpp"

namespace ward::lab {
namespace {

Result<PlayWish> wish_of(const CommandOptions& options) {
    PlayWish wish{TRY(days_of(options))};
    const auto set = [](std::optional<Receiver>& into, const std::string& text) -> Result<> {
        if (!text.empty()) into = TRY(parse_receiver(text));
        return {};
    };
    TRY(set(wish.messages, options.messages_to));
    TRY(set(wish.trail, options.trail_to));
    TRY(set(wish.resources, options.resources_to));
    wish.interface = options.interface;
    if (!wish.messages && !wish.trail && !wish.resources && wish.interface.empty())
        wish.messages = Receiver{"127.0.0.1", 2575};
    if (!options.trusted_file.empty()) wish.trusted_pem = TRY(text_of(options.trusted_file));
    if (!options.token_file.empty()) {
        const auto text = TRY(text_of(options.token_file));
        wish.token = trimmed(text);
    }
    wish.speed = speed_named(options.speed);
    wish.patience = std::chrono::seconds{options.patience_seconds};
    return wish;
}

void tell(const Played& played) {
    fmt::print(
        "sent {} HL7 messages, {} FHIR transactions, {} entries of the audit trail and {} frames; {} were "
        "refused\n",
        played.messages, played.transactions, played.entries, played.frames, played.refused);
    if (played.broken_refused + played.broken_off > 0)
        fmt::print(
            "of messages that are broken on purpose {} were refused too, and {} ended within their frame\n",
            played.broken_refused, played.broken_off);
    for (const auto& refusal : played.refusals) fmt::print(stderr, "refused: {}\n", refusal);
    if (played.refused > played.refusals.size())
        fmt::print(stderr, "refused: {} more\n", played.refused - played.refusals.size());
    if (played.failure) fmt::print(stderr, "ward lab: {}\n", played.failure->what);
    if (played.failure || played.is_stopped)
        fmt::print(stderr, "ward lab: {} at {:%Y-%m-%d %H:%M:%S} of the story, before its end\n",
                   played.failure ? "ended" : "stopped",
                   std::chrono::floor<std::chrono::seconds>(played.until));
}

}   // namespace

Result<int> play(const CommandOptions& options) {
    constexpr int failed = 1, refused = 3, by_signal = 128;
    auto wish = TRY(wish_of(options));
    std::optional<LateFile> truth;
    if (!options.truth_file.empty()) truth.emplace(TRY(LateFile::create(options.truth_file)));
    const StopRequest stop;
    wish.stop = stop.descriptor();
    Result<Played> played;
    {
        Progress progress{std::chrono::sys_days{wish.first_day}};
        wish.progress = [&](Moment now, Moment end) { progress.show(now, end); };
        played = lab::play(wish);
    }
    if (!played) return tl::unexpected(played.error());
    tell(*played);
    if (truth) TRY(truth->keep(played->truth));
    if (StopRequest::signal() != 0 && (played->is_stopped || played->failure))
        return by_signal + StopRequest::signal();
    if (played->failure) return failed;
    return played->refused > 0 ? refused : 0;
}

}   // namespace ward::lab
