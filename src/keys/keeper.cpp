// SPDX-License-Identifier: Apache-2.0
#include "keys/keeper.hpp"

#include <algorithm>

#include "core/log.hpp"
#include "crypto/random.hpp"
#include "crypto/seal.hpp"
#include "keys/grant_wire.hpp"
#include "keys/key_file.hpp"
#include "keys/paths.hpp"

namespace ward::keys {
namespace {

constexpr std::size_t key_bytes = 32;
constexpr std::uint32_t facility_key_version = 1;

// No name that can be asked for begins with a dot, so the seeds never leave.
constexpr std::string_view ledger_seed = ".ledger-seed";
constexpr std::string_view token_seed = ".token-seed";
constexpr std::string_view facility_key = ".facility-key";

/// A wrapped key that is moved to another owner does not open.
Buffer key_context(const Owner& owner, const KeyId& id) {
    Buffer context;
    append(context, as_bytes("ward-data-key-v1"));
    append(context, owner);
    append(context, id);
    return context;
}

Buffer secret_context(std::string_view name) {
    Buffer context;
    append(context, as_bytes("ward-secret-v1"));
    append(context, as_bytes(name));
    return context;
}

void tell(Alarm alarm, const UnwrapBudget& budget, Time now) {
    if (alarm == Alarm::none) return;
    const auto* const message =
        alarm == Alarm::exhausted ? "unwrap limit reached" : "unwraps are running close to the limit";
    log::error(message, {{"owners_left", budget.owners_left(now)},
                         {"owners_opened", budget.state().counted},
                         {"refused", budget.state().refused},
                         {"burst", budget.limits().burst},
                         {"per_hour", budget.limits().per_hour}});
}

/// RFC 7515, section 5.1: two parts in base64url with a dot between. The token key signs nothing else.
bool is_signing_input(std::string_view text) {
    const auto dot = text.find('.');
    if (dot == std::string_view::npos || dot == 0 || dot + 1 == text.size()) return false;
    return from_base64url(text.substr(0, dot)) && from_base64url(text.substr(dot + 1));
}

}   // namespace

Result<Keeper> Keeper::open(KeeperOptions options, Time now) {
    const KeyPaths paths{options.directory};
    TRY(make_private_folder(paths.folder()));
    auto store = TRY(KeyStore::open(paths.store()));
    const auto kept = TRY(store.budget());
    const auto budget =
        kept ? UnwrapBudget::resumed(options.limits, *kept) : UnwrapBudget::full(options.limits, now);
    TRY(store.keep_budget(budget.state()));
    const auto recent = TRY(store.counted_since(now - options.limits.window));
    auto granting = TRY(Granting::open(store.grants(), options.operator_wait));
    return Keeper{
        std::move(options), std::move(store), std::move(granting), budget, {recent.begin(), recent.end()}};
}

/// What records rest on is made before there are any, and never again: under another facility key nothing
/// would be found, as if it had never been.
Result<> Keeper::check_secrets() {
    const bool is_in_use = TRY(store_.count_keys()) > 0 || TRY(store_.last_signed());
    if (!is_in_use) return {};
    for (const auto name : {ledger_seed, token_seed, facility_key})
        if (!TRY(store_.secret(name)))
            return fail(Errc::corrupt, "keys.db: the secret " + std::string{name} + " is missing");
    return {};
}

Result<> Keeper::unseal(const crypto::SecretBytes& passphrase, KeyFile key_file) {
    if (unsealed_) return fail(Errc::conflict, "unsealed already");
    const auto path = KeyPaths{options_.directory}.key_file();
    auto kek = open_key_file(path, passphrase);
    if (!kek && kek.error().code == Errc::not_found && key_file == KeyFile::made_if_nothing_is_wrapped) {
        const bool nothing_wrapped = TRY(store_.is_empty());
        if (!nothing_wrapped)
            return fail(Errc::corrupt, "keys.db is there but its key file is not: " + path.string());
        kek = create_key_file(path, passphrase, options_.cost);
    }
    if (!kek) return tl::unexpected(kek.error());

    TRY(check_secrets());
    auto ledger = secret(*kek, ledger_seed, {});
    if (!ledger && ledger.error().code == Errc::corrupt)
        return fail(Errc::corrupt, "keys.db was wrapped under another key than that of " + path.string());
    if (!ledger) return tl::unexpected(ledger.error());
    const auto token = TRY(secret(*kek, token_seed, {}));
    TRY(secret(*kek, facility_key, {}));
    auto ledger_key = TRY(crypto::SigningKey::from_seed(*ledger));
    auto token_key = TRY(crypto::SigningKey::from_seed(token));
    unsealed_.emplace(Unsealed{*std::move(kek), std::move(ledger_key), std::move(token_key)});
    return {};
}

Result<> Keeper::answer(const Request& request, Time now, WireWriter& fields) {
    if (request.op == Op::status) {
        encode_status(TRY(status(now)), fields);
        return {};
    }
    if (request.op == Op::unseal) {
        const auto passphrase = TRY(crypto::SecretBytes::copy_of(request.payload));
        return unseal(passphrase, KeyFile::must_exist);
    }
    if (!unsealed_) return fail(Errc::unavailable, "sealed");
    switch (request.op) {
        case Op::create: return create(request.owner, now, fields);
        case Op::unwrap: return unwrap(request.owner, request.key, now, fields);
        case Op::unwrap_granted: return unwrap_granted(request, now, fields);
        case Op::enroll_operator:
        case Op::request_grant:
        case Op::approve_grant:
        case Op::end_grant:
        case Op::open_grant:
        case Op::grant_event: return answer_grant(request, now, fields);
        case Op::sign_checkpoint: return sign_checkpoint(as_text(request.payload), fields);
        case Op::sign_token: return sign_token(as_text(request.payload), fields);
        case Op::facility:
            fields.integer(facility_key_version);
            fields.put(TRY(secret(unsealed_->kek, facility_key, {})).reveal());
            return {};
        case Op::secret:
            fields.put(TRY(secret(unsealed_->kek, request.name, request.payload)).reveal());
            return {};
        case Op::public_keys:
            fields.put(unsealed_->ledger.public_key().value);
            fields.put(unsealed_->token.public_key().value);
            return {};
        case Op::status:
        case Op::unseal: break;
    }
    return fail(Errc::malformed, "unknown operation");
}

Result<> Keeper::create(const Owner& owner, Time now, WireWriter& fields) {
    const auto id = crypto::random_array<sizeof(KeyId)>();
    const auto data_key = TRY(crypto::SecretBytes::random(key_bytes));
    const auto wrapped = TRY(crypto::seal(unsealed_->kek, key_context(owner, id), data_key.reveal()));
    TRY(store_.add(owner, id, wrapped, now));
    note_counted(owner, now);
    fields.put(id);
    fields.put(data_key.reveal());
    fields.put(wrapped);
    return {};
}

Result<> Keeper::unwrap(const Owner& owner, const KeyId& id, Time now, WireWriter& fields) {
    const auto found = TRY(store_.find(owner, id));
    if (!found) return fail(Errc::not_found, "no such key");
    TRY(spend(owner, id, now));
    return give_out(owner, id, *found, fields);
}

Result<> Keeper::give_out(const Owner& owner, const KeyId& id, Bytes wrapped, WireWriter& fields) {
    fields.put(TRY(crypto::open_secret(unsealed_->kek, key_context(owner, id), wrapped)).reveal());
    return {};
}

/// Takes from the grant and leaves the budget, which is care's, as it is.
Result<> Keeper::unwrap_granted(const Request& request, Time now, WireWriter& fields) {
    GrantId grant{};
    if (request.payload.size() != grant.size()) return fail(Errc::malformed, "no grant is named");
    std::ranges::copy(request.payload, grant.begin());
    const auto found = TRY(store_.find(request.owner, request.key));
    if (!found) return fail(Errc::not_found, "no such key");
    TRY(granting_.spend(grant, request.owner, now));
    return give_out(request.owner, request.key, *found, fields);
}

/// Besides his own key, a new operator needs the passphrase: nobody who merely took over the vault becomes
/// one.
Result<> Keeper::enroll(const Request& request, Time now) {
    constexpr std::size_t proof_bytes = sizeof(crypto::PublicKey) + signature_bytes;
    constexpr std::chrono::seconds pause{10};   // each try takes the time and memory of a password hash
    if (request.payload.size() <= proof_bytes) return fail(Errc::malformed, "no passphrase");
    if (now - passphrase_wrong_ < pause && now >= passphrase_wrong_)
        return fail(Errc::limit_exceeded, "the passphrase was wrong a moment ago");
    const auto passphrase = TRY(crypto::SecretBytes::copy_of(request.payload.subspan(proof_bytes)));
    const auto opened = open_key_file(KeyPaths{options_.directory}.key_file(), passphrase);
    if (!opened && opened.error().code == Errc::denied) passphrase_wrong_ = now;
    if (!opened) return tl::unexpected(opened.error());
    return granting_.enroll(request.name, request.payload.first(proof_bytes), now);
}

Result<> Keeper::answer_grant(const Request& request, Time now, WireWriter& fields) {
    switch (request.op) {
        case Op::enroll_operator: return enroll(request, now);
        case Op::request_grant: return granting_.request(request.name, request.payload, now);
        case Op::approve_grant: return granting_.approve(request.name, request.payload, now);
        case Op::end_grant: return granting_.end(request.name, request.payload, now);
        default: break;
    }
    TRY(granting_.expire(now));
    if (request.payload.size() != sizeof(std::uint64_t)) return fail(Errc::malformed, "no number");
    const auto number = WireReader{request.payload}.u64();
    if (request.op == Op::grant_event) {
        if (const auto event = TRY(granting_.event_after(number))) encode_event(*event, fields);
        return {};
    }
    const auto& grants = granting_.open_grants();
    if (number < grants.size()) encode_grant(grants[number], fields);
    return {};
}

void Keeper::note_counted(const Owner& owner, Time now) {
    constexpr std::size_t tidied_from = 4'096;
    if (counted_.size() >= tidied_from && (counted_.size() & (counted_.size() - 1)) == 0)
        std::erase_if(counted_,
                      [&](const auto& entry) { return entry.second < now - options_.limits.window; });
    counted_[owner] = now;
}

/// Before a key is given out, it is on disk that it was.
Result<> Keeper::spend(const Owner& owner, const KeyId& id, Time now) {
    const auto known = counted_.find(owner);
    const auto [verdict, alarm] =
        budget_.ask(now, known == counted_.end() ? std::nullopt : std::optional{known->second});
    tell(alarm, budget_, now);
    switch (verdict) {
        case Verdict::repeated: return {};
        case Verdict::counted:
            TRY(store_.count_owner(owner, id, now, budget_.state()));
            note_counted(owner, now);
            return {};
        case Verdict::refused: break;
    }
    if (alarm != Alarm::none) TRY(store_.keep_budget(budget_.state()));
    return fail(Errc::limit_exceeded, "no more owners may be opened for now");
}

Result<> Keeper::sign_checkpoint(std::string_view text, WireWriter& fields) {
    const auto checkpoint = TRY(parse_checkpoint(text));
    const auto last = TRY(store_.last_signed());
    const bool grows = last && checkpoint.size > last->size;
    const bool same = last && checkpoint.size == last->size && checkpoint.root == last->root;
    if (last && (checkpoint.origin != last->origin || !(grows || same))) {
        log::error("refused to sign a checkpoint that contradicts the last one",
                   {{"size", checkpoint.size}, {"last_size", last->size}});
        return fail(Errc::conflict, "contradicts the last checkpoint signed");
    }
    if (!same) TRY(store_.keep_signed(checkpoint));   // before anyone can hold the signature
    fields.put(unsealed_->ledger.sign(as_bytes(text)).value);
    return {};
}

Result<> Keeper::sign_token(std::string_view signing_input, WireWriter& fields) const {
    if (!is_signing_input(signing_input)) return fail(Errc::malformed, "not the signing input of a token");
    fields.put(unsealed_->token.sign(as_bytes(signing_input)).value);
    return {};
}

Result<crypto::SecretBytes> Keeper::secret(const crypto::SecretBytes& kek, std::string_view name,
                                           Bytes offered) {
    const auto context = secret_context(name);
    const auto kept = TRY(store_.secret(name));
    if (kept) return crypto::open_secret(kek, context, *kept);
    auto fresh =
        TRY(offered.empty() ? crypto::SecretBytes::random(key_bytes) : crypto::SecretBytes::copy_of(offered));
    const auto sealed = TRY(crypto::seal(kek, context, fresh.reveal()));
    TRY(store_.add_secret(name, sealed));
    return fresh;
}

Result<Status> Keeper::status(Time now) {
    const auto& counters = budget_.state();
    return Status{.seal = unsealed_ ? Seal::unsealed : Seal::sealed,
                  .keys = TRY(store_.count_keys()),
                  .owners_opened = counters.counted,
                  .repeated = counters.repeated,
                  .refused = counters.refused,
                  .alarms = counters.alarms,
                  .owners_left = static_cast<std::uint64_t>(budget_.owners_left(now)),
                  .burst = static_cast<std::uint64_t>(budget_.limits().burst),
                  .per_hour = static_cast<std::uint64_t>(budget_.limits().per_hour)};
}

}   // namespace ward::keys
