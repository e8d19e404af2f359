// SPDX-License-Identifier: Apache-2.0
#include "apps/ward-vault/serve.hpp"

#include <cstdio>
#include <cstdlib>
#include <fmt/format.h>
#include <memory>
#include <poll.h>
#include <thread>

#include "core/log.hpp"
#include "feeds/feeds.hpp"
#include "http/server.hpp"
#include "keys/client.hpp"
#include "vault/api.hpp"
#include "vault/identity.hpp"
#include "vault/startup.hpp"

namespace ward {
namespace {

/// The host that clients are told: the address, unless it stands for all of this machine's.
std::string host_of(const ServeOptions& options) {
    const auto host = options.listen.substr(0, options.listen.rfind(':'));
    const bool is_any = host == "0.0.0.0" || host == "[::]";
    return is_any && !options.names.empty() ? options.names.front() : host;
}

/// Until it is told to stop. Errc::corrupt when what it serves was altered meanwhile.
Result<> wait_for_end(const vault::Vault& vault, const ServeOptions& options, const sigset_t& stop_signals) {
    constexpr timespec a_second{1, 0};
    for (;;) {
        const int signal = sigtimedwait(&stop_signals, nullptr, &a_second);
        if (signal > 0) {
            log::info("stopping", {{"signal", signal}});
            return {};
        }
        if (vault.is_violated() && !options.despite_violation)
            return fail(Errc::corrupt, "another program has changed records.db; run ward ledger verify");
    }
}

/// While something takes long at the start, a wish to stop ends the program as a power cut would.
class EarlyEnd {
public:
    explicit EarlyEnd(const sigset_t& stop_signals)
        : thread_([stop_signals](const std::stop_token& started) {
              constexpr timespec a_moment{0, 50'000'000};
              while (!started.stop_requested())
                  if (sigtimedwait(&stop_signals, nullptr, &a_moment) > 0) std::_Exit(0);
          }) {}

private:
    std::jthread thread_;
};

/// ward-keys may be starting too, at the same time or again.
Result<keys::PublicKeys> ask_when_there(keys::Client& keys, const sigset_t& stop_signals) {
    const EarlyEnd early{stop_signals};
    constexpr int tries = 100, pause_ms = 100;
    for (int i = 0;; ++i) {
        auto answer = keys.public_keys();
        if (answer || answer.error().code != Errc::unavailable || i == tries) return answer;
        ::poll(nullptr, 0, pause_ms);
    }
}

}   // namespace

Result<> serve(const ServeOptions& options, const sigset_t& stop_signals) {
    const SystemClock clock;
    const vault::VaultPaths paths{options.directory};
    keys::Client keys{paths.keys().socket()};
    const auto public_keys = TRY(ask_when_there(keys, stop_signals));
    const auto identity = TRY(vault::load_or_make_identity(paths, keys, options.names, clock.now()));
    const auto origin = TRY(vault::ledger_identity(paths, options.origin, public_keys.ledger));

    auto access = TRY(load_access(options.access));
    auto feed_settings = TRY(feeds::read_settings(options.feeds, identity));

    // Before there are threads, and before the first byte of a client.
    TRY(vault::confine_to(paths));

    // The server goes first when this ends: it calls the others.
    std::unique_ptr<vault::Vault> vault;
    std::unique_ptr<vault::Provider> provider;
    std::unique_ptr<vault::Gate> gate;
    std::unique_ptr<feeds::Feeds> feeds;
    std::unique_ptr<vault::Api> api;
    http::ServerOptions server_options;
    server_options.address = options.listen;
    server_options.limits.body_bytes_max = options.body_mib_max << 20;
    server_options.error_body = vault::Api::error_body();
    server_options.refused = [&api](int status, std::string_view what, const std::string& peer_address,
                                    UniqueFunction<void()> go_on) {
        api->note_refused(status, what, peer_address, std::move(go_on));
    };
    if (access.clients != nullptr && !access.clients->certificates_pem().empty())
        server_options.clients = {access.clients->certificates_pem(), http::TlsClients::Need::optional};
    auto server = TRY(http::Server::open(std::move(server_options), identity,
                                         [&api](http::Request request, http::Respond respond) {
                                             api->answer(std::move(request), std::move(respond));
                                         }));
    const auto base_url = fmt::format("https://{}:{}/fhir", host_of(options), server.port());
    const auto violation =
        options.despite_violation ? vault::OnViolation::serve_what_opens : vault::OnViolation::refuse;
    {
        const EarlyEnd early{stop_signals};
        vault = TRY(vault::Vault::open(
            {options.directory, origin, base_url, violation, options.facility_index}, keys, clock));
    }
    provider = make_provider(access, base_url);
    gate = std::make_unique<vault::Gate>(public_keys.token, origin, provider.get());
    vault::DoorParts door{.gate = *gate,
                          .clients = access.clients.get(),
                          .sign = [&keys](std::string_view text) { return keys.sign_token(text); },
                          .issuer = origin,
                          .token_url = base_url.substr(0, base_url.rfind('/')) + "/token",
                          .provider = provider.get(),
                          .policy = access.policy};
    feeds = TRY(feeds::Feeds::open(*vault, std::move(feed_settings)));
    if (options.remap || options.remap_feed) TRY(feeds::remap(*vault, options.remap_feed));
    api = std::make_unique<vault::Api>(
        *vault, std::move(door),
        vault::ApiOptions{origin, options.body_mib_max << 20, [&feeds] { return feeds->as_of(); },
                          std::move(access.cross_origin)});
    server.start();
    feeds->start();
    TRY(vault::announce(paths, base_url));
    std::printf("ward: serving %s\n", base_url.c_str());
    std::fflush(stdout);

    auto ended = wait_for_end(*vault, options, stop_signals);
    server.stop();
    TRY(vault::retract(paths));
    return ended;
}

}   // namespace ward
