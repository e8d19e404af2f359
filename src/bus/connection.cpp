// SPDX-License-Identifier: Apache-2.0
#include "bus/connection.hpp"

#include <algorithm>
#include <atomic>
#include <fstream>
#include <iterator>
#include <nats/nats.h>
#include <vector>

namespace ward::bus {
namespace {

constexpr std::chrono::milliseconds connecting_max{2000};
constexpr std::chrono::milliseconds writing_max{5000};
constexpr std::chrono::milliseconds ping_every{2000};
constexpr int io_bytes = 1 << 18;
constexpr std::size_t file_bytes_max = std::size_t{64} << 10U;

using Options = std::unique_ptr<natsOptions, decltype([](natsOptions* o) { natsOptions_Destroy(o); })>;
using Received = std::unique_ptr<natsMsg, decltype([](natsMsg* m) { natsMsg_Destroy(m); })>;

Result<> check(natsStatus status, const std::string& what) {
    if (status == NATS_OK) return {};
    auto error = what + ": " + natsStatus_GetText(status);
    if (const auto* detail = nats_GetLastError(nullptr); detail != nullptr && *detail != '\0')
        error += std::string{", "} + detail;
    return fail(Errc::unavailable, std::move(error));
}

Result<std::string> text_of(const std::string& path) {
    std::ifstream file{path, std::ios::binary};
    std::string text(file_bytes_max, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(std::max<std::streamsize>(file.gcount(), 0)));
    if (text.empty()) return fail(Errc::unavailable, path + ": cannot be read");
    return text;
}

/// Without blanks around them; empty ones are none.
std::vector<std::string> split(std::string_view text, char by) {
    std::vector<std::string> parts;
    while (!text.empty()) {
        const auto end = std::min(text.find(by), text.size());
        const auto part = text.substr(0, end);
        const auto first = part.find_first_not_of(" \r\n");
        if (first != std::string_view::npos)
            parts.emplace_back(part.substr(first, part.find_last_not_of(" \r\n") + 1 - first));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return parts;
}

std::string host_of(std::string_view url) {
    auto host = url.substr(url.find("://") + 3);
    host = host.substr(host.find('@') + 1);   // none: from 0 on
    if (host.starts_with('[')) return std::string{host.substr(1, host.find(']') - 1)};
    return std::string{host.substr(0, host.find_first_of(":/"))};
}

/// One of the servers, another one each time.
Result<std::string> server_of(const Address& address) {
    static std::atomic<std::size_t> turn = 0;
    const bool is_url = address.url.find("://") != std::string::npos;
    const auto urls = split(is_url ? address.url : TRY(text_of(address.url)), ',');
    if (urls.empty()) return fail(Errc::unavailable, address.url + ": no address of a bus");
    const auto& url = urls[turn++ % urls.size()];
    if (url.find("://") == std::string::npos) return fail(Errc::unavailable, url + ": no address of a bus");
    return url;
}

Result<> set_credentials(natsOptions& options, const std::string& path) {
    if (path.empty()) return {};
    const auto text = TRY(text_of(path));
    if (text.find("-----BEGIN NATS USER JWT-----") != std::string::npos)
        return check(natsOptions_SetUserCredentialsFromFiles(&options, path.c_str(), nullptr), path);
    const auto lines = split(text, '\n');
    if (lines.size() != 2) return fail(Errc::unavailable, path + ": no credentials of NATS, nor two lines");
    return check(natsOptions_SetUserInfo(&options, lines[0].c_str(), lines[1].c_str()), path);
}

Result<Options> options_for(const Address& address, const std::string& name) {
    natsOptions* made = nullptr;
    TRY(check(natsOptions_Create(&made), "bus options"));
    Options options{made};
    const auto url = TRY(server_of(address));
    TRY(check(natsOptions_SetURL(made, url.c_str()), url));
    TRY(set_credentials(*options, address.credentials));
    if (address.authorities.empty() && url.starts_with("tls://"))
        return fail(Errc::unavailable, url + ": no certificates are named that vouch for it");
    if (!address.authorities.empty()) {
        TRY(check(natsOptions_SetSecure(made, true), "bus TLS"));
        TRY(check(natsOptions_LoadCATrustedCertificates(made, address.authorities.c_str()),
                  address.authorities));
        // The library would take any certificate that these vouch for.
        TRY(check(natsOptions_SetExpectedHostname(made, host_of(url).c_str()), url));
    }
    const auto set = {natsOptions_SetName(made, name.c_str()), natsOptions_SetAllowReconnect(made, false),
                      natsOptions_SetTimeout(made, connecting_max.count()),
                      natsOptions_SetWriteDeadline(made, writing_max.count()),
                      natsOptions_SetPingInterval(made, ping_every.count()),
                      natsOptions_SetIOBufSize(made, io_bytes),
                      // Losses show in the numbers; by default the library prints them.
                      natsOptions_SetErrorHandler(
                          made, [](natsConnection*, natsSubscription*, natsStatus, void*) {}, nullptr)};
    for (const auto status : set) TRY(check(status, "bus options"));
    return options;
}

}   // namespace

void Subscription::Deleter::operator()(natsSubscription* subscription) const {
    natsSubscription_Destroy(subscription);
}

void Connection::Deleter::operator()(natsConnection* connection) const { natsConnection_Destroy(connection); }

Result<Connection> Connection::open(const Address& address, const std::string& name) {
    const auto options = TRY(options_for(address, name));
    natsConnection* made = nullptr;
    const auto status = natsConnection_Connect(&made, options.get());
    Connection connection;
    connection.connection_.reset(made);
    TRY(check(status, "cannot connect to the bus"));
    return connection;
}

Result<Subscription> Connection::subscribe(const std::string& subject, int pending_bytes_max) {
    natsSubscription* made = nullptr;
    const auto status = natsConnection_SubscribeSync(&made, connection_.get(), subject.c_str());
    Subscription subscription;
    subscription.subscription_.reset(made);
    TRY(check(status, "cannot subscribe to " + subject));
    TRY(check(natsSubscription_SetPendingLimits(made, -1, pending_bytes_max), subject));
    return subscription;
}

Result<> Connection::publish(const std::string& subject, Bytes bytes) {
    return check(natsConnection_Publish(connection_.get(), subject.c_str(), bytes.data(),
                                        static_cast<int>(bytes.size())),
                 "cannot publish");
}

Result<> Connection::flush(std::chrono::milliseconds patience) {
    return check(natsConnection_FlushTimeout(connection_.get(), patience.count()), "the bus does not answer");
}

bool Connection::is_alive() const {
    return natsConnection_Status(connection_.get()) == NATS_CONN_STATUS_CONNECTED;
}

Result<std::optional<Message>> Subscription::next(std::chrono::milliseconds patience) {
    natsMsg* got = nullptr;
    const auto status = natsSubscription_NextMsg(&got, subscription_.get(), patience.count());
    const Received message{got};
    // A slow consumer is told once, in the place of a message; what was lost is asked for again.
    if (status == NATS_TIMEOUT || status == NATS_SLOW_CONSUMER) return std::optional<Message>{};
    TRY(check(status, "the bus is gone"));
    const std::string_view text{natsMsg_GetData(got), static_cast<std::size_t>(natsMsg_GetDataLength(got))};
    const auto bytes = as_bytes(text);
    return std::optional{Message{natsMsg_GetSubject(got), {bytes.begin(), bytes.end()}}};
}

}   // namespace ward::bus
