// SPDX-License-Identifier: Apache-2.0
#include "apps/ward-notify/settings.hpp"

#include <algorithm>
#include <array>
#include <unistd.h>

namespace ward::notify {
namespace {

/// What is wrong begins with the name of its setting.
template <class T>
Result<T> in_section(Result<T> read) {
    if (read) return read;
    return fail(read.error().code, "[notify] " + read.error().what);
}

Result<> check_addresses(const std::vector<std::string>& addresses, const char* setting) {
    for (const auto& address : addresses)
        if (!is_mail_address(address))
            return fail(Errc::malformed, std::string{setting} + ": " + address +
                                             " is no mail address as in soc@hospital.example");
    return {};
}

Result<std::optional<Channels::Mail>> mail_from(const config::NotifySettings& settings) {
    if (settings.smtp.empty()) return std::nullopt;
    Channels::Mail mail{.by = TRY(parse_mail_server(settings.smtp)),
                        .credentials_file = settings.smtp_credentials_file,
                        .envelope = {settings.mail_from, settings.mail_to},
                        .page_to = settings.page_to};
    TRY(check_addresses({settings.mail_from}, "mail_from"));
    TRY(check_addresses(settings.mail_to, "mail_to"));
    TRY(check_addresses(settings.page_to, "page_to"));
    if (settings.mail_to.empty()) return fail(Errc::malformed, "mail_to: names nobody who gets the mail");
    if (mail.by.scheme == "smtp+plain" && !mail.credentials_file.empty())
        return fail(Errc::malformed, "smtp: a password goes to nobody without TLS; write smtp://");
    return mail;
}

Result<Channels> read_channels(const config::NotifySettings& settings) {
    Channels channels{.authorities_file = settings.authorities_file};
    if (!settings.webhook.empty())
        channels.webhook = {TRY(parse_webhook(settings.webhook)), settings.webhook_secret_file};
    channels.mail = TRY(mail_from(settings));
    if (settings.syslog_format != "rfc5424" && settings.syslog_format != "cef")
        return fail(Errc::malformed, "syslog_format: is neither rfc5424 nor cef");
    if (!settings.syslog.empty())
        channels.syslog = {TRY(parse_syslog(settings.syslog)),
                           settings.syslog_format == "cef" ? SyslogFormat::cef : SyslogFormat::rfc5424};
    std::array<char, 256> host{};
    if (::gethostname(host.data(), host.size() - 1) == 0) channels.host = host.data();
    // It goes into EHLO and into lines of syslog.
    std::erase_if(channels.host, [](char c) { return c <= ' ' || c > '~' || c == '/'; });
    if (channels.host.empty()) channels.host = "localhost";
    return channels;
}

}   // namespace

Result<Channels> channels_from(const config::NotifySettings& settings) {
    return in_section(read_channels(settings));
}

Result<Sites> sites_from(const config::NotifySettings& settings) {
    auto sites = Sites::parse(settings.sites);
    if (!sites) return fail(sites.error().code, "[notify] sites: " + sites.error().what);
    return sites;
}

std::vector<std::filesystem::path> read_by(const Channels& channels) {
    std::vector<std::filesystem::path> paths{"/usr", "/etc"};
    // Where /etc/resolv.conf leads to.
    if (std::filesystem::exists("/run/systemd/resolve")) paths.emplace_back("/run/systemd/resolve");
    const auto add_folder_of = [&](const std::string& file) {
        if (!file.empty()) paths.push_back(std::filesystem::absolute(file).parent_path());
    };
    if (channels.webhook) add_folder_of(channels.webhook->secret_file);
    if (channels.mail) add_folder_of(channels.mail->credentials_file);
    add_folder_of(channels.authorities_file);
    return paths;
}

}   // namespace ward::notify
