// SPDX-License-Identifier: Apache-2.0
#include "notify/sender.hpp"

#include <fmt/format.h>
#include <fstream>

#include "core/log.hpp"
#include "core/text.hpp"
#include "crypto/hash.hpp"

namespace ward::notify {
namespace {

constexpr std::size_t secret_bytes_max = 4096;

/// `setting` is what names the file. White space around the secret, a line's end above all, is none of it.
Result<std::string> read_secret(const std::string& file, std::string_view setting) {
    const auto wrong = [&](std::string_view what) {
        return fail(Errc::malformed, fmt::format("[notify] {}: {} {}", setting, file, what));
    };
    std::ifstream stream{file, std::ios::binary};
    std::string text(secret_bytes_max + 1, '\0');
    stream.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(stream.gcount()));
    if (trimmed(text).empty()) return wrong("cannot be read, or is empty");
    if (text.size() > secret_bytes_max) return wrong("is too long for a secret");
    return std::string{trimmed(text)};
}

Result<Login> read_login(const std::string& file) {
    if (file.empty()) return Login{};
    constexpr std::string_view setting = "smtp_credentials_file";
    const auto text = TRY(read_secret(file, setting));
    std::string_view rest{text};
    const auto user = trimmed(take_until(rest, '\n')), password = trimmed(take_until(rest, '\n'));
    if (user.empty() || password.empty())
        return fail(
            Errc::malformed,
            fmt::format("[notify] {}: {} must have a user and a password in two lines", setting, file));
    return Login{std::string{user}, std::string{password}};
}

Attempt send(const Channels::Webhook& webhook, const std::string& authorities, const Message& message,
             const TransferLimits& limits) {
    const auto body = to_webhook(message);
    std::vector<std::string> headers{"Content-Type: application/json", "Ward-Message: " + message.id,
                                     "Expect:"};
    if (!webhook.secret_file.empty()) {
        const auto secret = read_secret(webhook.secret_file, "webhook_secret_file");
        if (!secret) return {.done = tl::unexpected(secret.error())};
        const auto code = crypto::hmac_sha256(as_bytes(*secret), as_bytes(body));
        headers.push_back("Ward-Signature: sha256=" + to_hex(code));
    }
    return post(webhook.to, body, headers, authorities, limits);
}

Attempt send(const Channels::Mail& mail, const Channels& channels, const Message& message,
             const TransferLimits& limits) {
    auto envelope = mail.envelope;
    if (message.pages() && !mail.page_to.empty()) envelope.to = mail.page_to;
    const auto login = read_login(mail.credentials_file);
    if (!login) return {.done = tl::unexpected(login.error())};
    return send_mail(mail, envelope, to_mail(message, envelope), *login, channels.host,
                     channels.authorities_file, limits);
}

Attempt send(const Channels::Syslog& syslog, const Channels& channels, const Message& message,
             const TransferLimits& limits) {
    std::vector<std::string> lines;
    for (const auto& notice : message.notices)
        lines.push_back(syslog.format == SyslogFormat::cef ? to_cef(notice, channels.host)
                                                           : to_syslog(notice, channels.host));
    return send_lines(syslog.to, lines, channels.authorities_file, limits);
}

}   // namespace

std::vector<Channel> channels_of(const Channels& channels) {
    std::vector<Channel> all;
    if (channels.webhook) all.push_back(Channel::webhook);
    if (channels.mail) all.push_back(Channel::mail);
    if (channels.syslog) all.push_back(Channel::syslog);
    return all;
}

Attempt send(const Channels& channels, Channel channel, const Message& message,
             const TransferLimits& limits) {
    switch (channel) {
        case Channel::webhook:
            return send(channels.webhook.value(), channels.authorities_file, message, limits);
        case Channel::mail: return send(channels.mail.value(), channels, message, limits);
        case Channel::syslog: return send(channels.syslog.value(), channels, message, limits);
    }
    return {};
}

Result<> send_due(Outbox& outbox, const Channels& channels, const Clock& clock,
                  const TransferLimits& limits) {
    for (const auto channel : channels_of(channels))
        for (const auto& [number, message] : TRY(outbox.due(channel, clock.now()))) {
            const auto attempt = send(channels, channel, message, limits);
            if (attempt.done) {
                TRY(outbox.sent(number, clock.now()));
                log::info("message sent", {{"channel", name(channel)},
                                           {"message", message.id},
                                           {"notices", message.notices.size()}});
                continue;
            }
            const auto& error = attempt.done.error();
            const auto after = TRY(outbox.failed(number, clock.now()));
            if (after == Outbox::After::given_up)
                log::error("message given up", {{"channel", name(channel)},
                                                {"message", message.id},
                                                {"notices", message.notices.size()},
                                                {"reason", error.what}});
            else
                log::warn("message not sent",
                          {{"channel", name(channel)}, {"message", message.id}, {"reason", error.what}});
            if (error.code == Errc::unavailable) break;
        }
    return {};
}

}   // namespace ward::notify
