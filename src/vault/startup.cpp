// SPDX-License-Identifier: Apache-2.0
#include "vault/startup.hpp"

#include <csignal>
#include <fmt/format.h>
#include <unistd.h>

#include "confine/confine.hpp"
#include "json/document.hpp"
#include "json/writer.hpp"
#include "ledger/note.hpp"
#include "vault/identity.hpp"

namespace ward::vault {

Result<std::string> ledger_identity(const VaultPaths& paths, const std::string& wanted,
                                    const crypto::PublicKey& key) {
    if (auto text = read_file(paths.ledger_key())) {
        while (text->ends_with('\n')) text->pop_back();
        auto known = TRY(ledger::parse_verifier_key(*text));
        if (known.key != key)
            return fail(Errc::corrupt, fmt::format("{} names another key than ward-keys holds",
                                                   paths.ledger_key().string()));
        return known.name;
    }
    const auto digits = to_hex(key.value).substr(0, 12);
    const auto origin = wanted.empty() ? fmt::format("ward.invalid/{}", digits) : wanted;
    if (!ledger::is_key_name(origin))
        return fail(Errc::malformed, fmt::format("'{}' cannot name a ledger: no spaces and no '+'", origin));
    TRY(write_file(paths.ledger_key(),
                   ledger::format_verifier_key(ledger::make_verifier_key(origin, key)) + "\n"));
    return origin;
}

Result<> confine_to(const VaultPaths& paths) {
    TRY(keys::make_private_folder(paths.folder()));   // Landlock needs something to hold on to
    return confine::confine(confine::Role::vault,
                            {.read = {"/usr", "/etc", paths.keys().folder(), paths.ledger_key()},
                             .read_write = {paths.folder()}});
}

Result<> announce(const VaultPaths& paths, const std::string& base_url) {
    std::string text;
    json::Writer writer{text};
    writer.begin_object().member("baseUrl", base_url).key("process").number(::getpid()).end_object();
    return write_file(paths.running(), text);
}

Result<> retract(const VaultPaths& paths) {
    std::error_code error;
    std::filesystem::remove(paths.running(), error);
    return {};
}

Result<Running> find_running(const VaultPaths& paths) {
    const auto nobody = [&] {
        const auto directory = paths.root.string();
        return fail(Errc::unavailable, fmt::format("no Ward runs on {}; start it with: ward run --data {}",
                                                   directory, directory));
    };
    auto text = read_file(paths.running());
    if (!text) return nobody();
    const auto document = TRY(json::Document::parse(*std::move(text)));
    Running running{std::string{document["baseUrl"].text()},
                    static_cast<std::int64_t>(document["process"].number().value_or(0))};
    // A killed vault leaves its file behind.
    if (running.process <= 0 || ::kill(static_cast<pid_t>(running.process), 0) != 0) return nobody();
    return running;
}

}   // namespace ward::vault
