// SPDX-License-Identifier: Apache-2.0
// `ward ledger`: whether anything was altered, and proofs that others can check.
#include <cstdio>
#include <fmt/format.h>
#include <memory>
#include <unistd.h>

#include "apps/ward/command.hpp"
#include "apps/ward/place.hpp"
#include "json/writer.hpp"
#include "ledger/log.hpp"
#include "ledger/proof.hpp"
#include "vault/identity.hpp"
#include "vault/verify.hpp"

namespace ward::cli {
namespace {

struct VerifyOptions {
    Place place;
    std::string since_file;
    bool json = false;
};

void print_json(const vault::VerifyReport& report) {
    std::string text;
    json::Writer writer{text};
    writer.begin_object().key("verified").boolean(true);
    writer.key("entries").number(static_cast<std::int64_t>(report.entries));
    writer.key("unpublished").number(static_cast<std::int64_t>(report.unpublished));
    writer.key("keys").number(static_cast<std::int64_t>(report.keys));
    writer.key("tokens").number(static_cast<std::int64_t>(report.tokens));
    writer.key("files").number(static_cast<std::int64_t>(report.files));
    writer.member("checkpoint", report.checkpoint).end_object();
    std::printf("%s\n", text.c_str());
}

void print_failure(const Error& error) {
    std::string text;
    json::Writer{text}
        .begin_object()
        .key("verified")
        .boolean(false)
        .member("reason", error.what)
        .end_object();
    std::printf("%s\n", text.c_str());
}

Exit verify(const VerifyOptions& options) {
    vault::VerifyOptions wish;
    if (!options.since_file.empty()) {
        auto since = vault::read_file(options.since_file);
        if (!since) return report(since.error());
        wish.since = *std::move(since);
    }
    if (::isatty(STDERR_FILENO) != 0)
        wish.progress = [](std::uint64_t done, std::uint64_t total) {
            std::fprintf(stderr, "%llu of %llu entries\r", static_cast<unsigned long long>(done),
                         static_cast<unsigned long long>(total));
        };
    const auto directory = directory_of(options.place);
    if (!directory) return report(directory.error());
    const auto verified = vault::verify(vault::VaultPaths{*directory}, wish);
    if (!verified) {
        if (options.json) print_failure(verified.error());
        // A signature that does not fit is a violation too.
        const auto exit = report(verified.error());
        return verified.error().code == Errc::denied ? Exit::violated : exit;
    }
    if (options.json) {
        print_json(*verified);
    } else {
        std::printf("verified: %llu entries, %llu keys, %llu index tokens, %llu ledger files\n%s",
                    static_cast<unsigned long long>(verified->entries),
                    static_cast<unsigned long long>(verified->keys),
                    static_cast<unsigned long long>(verified->tokens),
                    static_cast<unsigned long long>(verified->files), verified->checkpoint.c_str());
        if (verified->unpublished > 0)
            std::printf("%llu entries wait for the next checkpoint\n",
                        static_cast<unsigned long long>(verified->unpublished));
    }
    return Exit::done;
}

struct ProofOptions {
    Place place;
    std::uint64_t entry = 0;
    std::string proof_file;
    std::string key_file;
};

Result<ledger::VerifierKey> verifier_key(const std::filesystem::path& file) {
    auto text = TRY(vault::read_file(file));
    while (text.ends_with('\n')) text.pop_back();
    return ledger::parse_verifier_key(text);
}

/// The entry itself travels with its proof, so that who checks needs nothing but the log's public key.
Result<std::string> prove(const ProofOptions& options) {
    const vault::VaultPaths paths{TRY(directory_of(options.place))};
    const auto key = TRY(verifier_key(paths.ledger_key()));
    auto proof = TRY(ledger::prove(paths.ledger(), key, options.entry));
    auto database = TRY(store::Database::open(paths.records(), store::Mode::read_only));
    const auto row = TRY(vault::Records{database}.at(static_cast<std::int64_t>(options.entry)));
    if (!row) return fail(Errc::corrupt, fmt::format("entry {} has no row", options.entry));
    proof.extra = vault::leaf_of(row->version);
    TRY(ledger::verify_proof(proof, *proof.extra, key));
    return ledger::format_proof(proof);
}

Exit write_proof(const ProofOptions& options) {
    const auto proof = prove(options);
    if (!proof) return report(proof.error());
    std::printf("%s", proof->c_str());
    return Exit::done;
}

Result<std::string> check(const ProofOptions& options) {
    const auto key = TRY(verifier_key(options.key_file));
    const auto text = TRY(vault::read_file(options.proof_file));
    const auto proof = TRY(ledger::parse_proof(text));
    if (!proof.extra) return fail(Errc::malformed, "the proof does not carry its entry");
    const auto checkpoint = TRY(ledger::verify_proof(proof, *proof.extra, key));
    return fmt::format("entry {} is in {} at size {}", proof.index, checkpoint.origin, checkpoint.head.size);
}

Exit check_proof(const ProofOptions& options) {
    const auto checked = check(options);
    if (!checked) {
        const auto exit = report(checked.error());
        return checked.error().code == Errc::denied ? Exit::violated : exit;
    }
    std::printf("verified: %s\n", checked->c_str());
    return Exit::done;
}

}   // namespace

void add_ledger(CLI::App& app, Action& chosen) {
    auto* ledger = app.add_subcommand("ledger", "Check the ledger, and prove what is in it");
    ledger->require_subcommand(1);
    ledger->footer("Example: ward ledger verify --data /var/lib/ward");

    auto verify_options = std::make_shared<VerifyOptions>();
    auto* verify_command = ledger->add_subcommand(
        "verify", "Check every record, index, key and ledger file, also while Ward runs");
    add_place_options(*verify_command, verify_options->place);
    verify_command
        ->add_option("--since", verify_options->since_file,
                     "An earlier checkpoint that must lead to this one")
        ->type_name("FILE");
    verify_command->add_flag("--json", verify_options->json, "Print the result as JSON");
    verify_command->footer(
        "Ends with 3 and the first wrong thing if anything was altered.\n"
        "Example: ward ledger verify --data /var/lib/ward --since checkpoint.last-week");
    verify_command->callback(
        [verify_options, &chosen] { chosen = [verify_options] { return verify(*verify_options); }; });

    auto proof_options = std::make_shared<ProofOptions>();
    auto* prove_command =
        ledger->add_subcommand("prove", "Write a proof (C2SP tlog-proof) that an entry is in the ledger");
    add_place_options(*prove_command, proof_options->place);
    prove_command->add_option("entry", proof_options->entry, "The number of the entry, from 0")
        ->required()
        ->type_name("ENTRY");
    prove_command->footer("Example: ward ledger prove --data /var/lib/ward 42 > 42.tlog-proof");
    prove_command->callback(
        [proof_options, &chosen] { chosen = [proof_options] { return write_proof(*proof_options); }; });

    auto* check_command =
        ledger->add_subcommand("check", "Check a proof with nothing but the ledger's public key");
    check_command->add_option("proof", proof_options->proof_file, "The proof")
        ->required()
        ->check(CLI::ExistingFile)
        ->type_name("PROOF");
    check_command->add_option("--key", proof_options->key_file, "The ledger's public key (ledger.vkey)")
        ->required()
        ->check(CLI::ExistingFile)
        ->type_name("FILE");
    check_command->footer("Example: ward ledger check 42.tlog-proof --key ledger.vkey");
    check_command->callback(
        [proof_options, &chosen] { chosen = [proof_options] { return check_proof(*proof_options); }; });
}

}   // namespace ward::cli
