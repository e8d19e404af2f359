// SPDX-License-Identifier: Apache-2.0
// `test`: what a message meets on its way, said as exactly as it is known.
#include <cstdio>

#include "apps/ward-notify/commands.hpp"
#include "apps/ward-notify/running.hpp"
#include "apps/ward-notify/settings.hpp"
#include "confine/confine.hpp"
#include "notify/sender.hpp"

namespace ward::notify {
namespace {

struct Trial {
    Channel channel;
    std::string to;
    Message message;
};

Result<std::vector<Trial>> trials(const Channels& channels, const CommandOptions& options) {
    const bool all = !options.webhook && !options.mail && !options.syslog;
    if ((options.webhook && !channels.webhook) || (options.mail && !channels.mail) ||
        (options.syslog && !channels.syslog) || channels_of(channels).empty())
        return fail(Errc::not_found, "it is not set; see [notify] in ward.toml");
    const auto now = SystemClock{}.now();
    const auto notice = test_notice(now);
    const Message message{notice.id, {}, now, {notice}};
    std::vector<Trial> tried;
    if (channels.webhook && (all || options.webhook))
        tried.push_back({Channel::webhook, channels.webhook->to.url, message});
    if (channels.mail && (all || options.mail)) {
        const auto& mail = *channels.mail;
        tried.push_back({Channel::mail, mail.by.url + " for " + joined(mail.envelope.to, ", "), message});
        if (!mail.page_to.empty()) {
            auto page = message;
            page.id = page.notices.front().id = make_id({"page", notice.id});
            page.notices.front().level = Notice::level_max;
            tried.push_back({Channel::mail, mail.by.url + " for " + joined(mail.page_to, ", "), page});
        }
    }
    if (channels.syslog && (all || options.syslog))
        tried.push_back({Channel::syslog, channels.syslog->to.url, message});
    return tried;
}

void print(const Trial& trial, const Attempt& attempt) {
    const auto is_udp = trial.to.starts_with("udp:");
    std::printf("%s: %s\n", std::string{name(trial.channel)}.c_str(), trial.to.c_str());
    std::printf("  connected to: %s\n", attempt.peer.empty() ? "nobody" : attempt.peer.c_str());
    if (!attempt.peer.empty()) std::printf("  TLS: %s\n", attempt.tls.empty() ? "none" : attempt.tls.c_str());
    if (!attempt.answer.empty()) std::printf("  answer: %s\n", attempt.answer.c_str());
    if (!attempt.done)
        std::printf("  failed: %s\n", attempt.done.error().what.c_str());
    else if (trial.channel == Channel::syslog)
        std::printf("  handed over%s as %s; syslog has no answer: look whether it arrived\n",
                    is_udp ? " to the network" : "", trial.message.id.c_str());
    else
        std::printf("  accepted as %s\n", trial.message.id.c_str());
}

}   // namespace

Result<> try_out(const Channels& channels, const CommandOptions& options) {
    const auto tried = TRY(trials(channels, options));
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)   // which need more of the kernel
    TRY(confine::confine_on_bus({.read = read_by(channels), .read_write = {}}));
#endif
    std::size_t failed = 0;
    for (const auto& trial : tried) {
        const auto attempt = send(channels, trial.channel, trial.message);
        print(trial, attempt);
        if (!attempt.done) ++failed;
    }
    if (failed == 0) return {};
    return fail(Errc::unavailable, std::to_string(failed) + " of " + std::to_string(tried.size()) +
                                       " test messages did not arrive");
}

}   // namespace ward::notify
