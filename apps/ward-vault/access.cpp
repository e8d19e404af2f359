// SPDX-License-Identifier: Apache-2.0
#include "apps/ward-vault/access.hpp"

#include <fmt/format.h>

#include "vault/identity.hpp"

namespace ward {
namespace {

/// Says which file an error is about.
template <class T>
Result<T> in_file(const std::string& file, Result<T> result) {
    if (!result) return fail(result.error().code, fmt::format("{}: {}", file, result.error().what));
    return result;
}

}   // namespace

void add_access_options(CLI::App& app, AccessOptions& options) {
    app.add_option("--policy", options.policy_file, "Who may do what to whom");
    app.add_option("--clients", options.clients_file, "The registered systems");
    app.add_option("--page-origin", options.page_origins, "A site whose pages may use the API");
    app.add_option("--oidc-issuer", options.issuer, "The OpenID Connect provider");
    app.add_option("--oidc-audience", options.audience, "What the provider's tokens call this server");
    app.add_option("--oidc-authorities", options.authorities_file,
                   "Who vouches for the provider's certificate");
    app.add_option("--oidc-roles-claim", options.roles_claim, "The claim that holds roles");
    app.add_option("--oidc-client-id", options.client_id, "Who this server is to the provider");
    app.add_option("--oidc-secret-file", options.secret_file, "The secret of that");
}

Result<Access> load_access(const AccessOptions& options) {
    Access access;
    if (const auto& file = options.policy_file; !file.empty()) {
        const auto text = TRY(vault::read_file(file));
        access.policy =
            std::make_shared<const policy::Policy>(TRY(in_file(file, policy::Policy::parse(text))));
    }
    if (const auto& file = options.clients_file; !file.empty()) {
        const auto text = TRY(vault::read_file(file));
        access.clients = std::make_unique<vault::Clients>(TRY(in_file(file, vault::Clients::parse(text))));
    }
    access.cross_origin = TRY(vault::CrossOrigin::with(options.page_origins));
    if (options.issuer.empty()) return access;
    if (!options.issuer.starts_with("https://"))
        return fail(Errc::malformed, "the provider's issuer begins with https://");
    access.authorities_pem = TRY(vault::read_file(options.authorities_file));
    access.provider = {options.issuer, options.audience, options.roles_claim, options.client_id, {}};
    if (!options.secret_file.empty()) {
        auto& secret = access.provider.client_secret;
        secret = TRY(vault::read_file(options.secret_file));
        while (secret.ends_with('\n') || secret.ends_with('\r')) secret.pop_back();
    }
    return access;
}

std::unique_ptr<vault::Provider> make_provider(Access& access, const std::string& base_url) {
    if (access.provider.issuer.empty()) return nullptr;
    if (access.provider.audience.empty()) access.provider.audience = base_url;
    return std::make_unique<vault::Provider>(std::move(access.provider),
                                             vault::fetch_over_tls(std::move(access.authorities_pem)));
}

}   // namespace ward
