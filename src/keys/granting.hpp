// SPDX-License-Identifier: Apache-2.0
// The part of the keeper that lets more charts be opened than care needs: when two people have signed, so
// many owners, for so long, for one user, once. For one thread.
#pragma once

#include <chrono>
#include <map>
#include <set>
#include <string_view>
#include <vector>

#include "core/clock.hpp"
#include "core/result.hpp"
#include "keys/grant_store.hpp"
#include "keys/protocol.hpp"

namespace ward::keys {

class Granting {
public:
    /// `operator_wait`: how long after his enrolment a person counts, so that nobody invents two and uses
    /// them before anybody else has read that they were enrolled.
    static Result<Granting> open(GrantStore store, std::chrono::hours operator_wait);

    /// A new person, who proves to have his key. That the passphrase was right has been checked.
    Result<> enroll(std::string_view name, Bytes key_and_signature, Time now);
    /// The rest: a signature, and what it is over, by an enrolled person who counts already.
    Result<> request(std::string_view name, Bytes signature_and_text, Time now);
    Result<> approve(std::string_view name, Bytes signature_and_text, Time now);
    Result<> end(std::string_view name, Bytes signature_and_text, Time now);

    /// Counts an owner, on disk before this returns. Errc::denied for a grant that is not active,
    /// Errc::limit_exceeded when as many were opened as it allows.
    Result<> spend(const GrantId& id, const Owner& owner, Time now);

    /// Ends what has lasted long enough, or waited too long for somebody to approve it.
    Result<> expire(Time now);

    const std::vector<KeptGrant>& open_grants() const { return grants_; }
    Result<std::optional<GrantEvent>> event_after(std::uint64_t number) { return store_.event_after(number); }

private:
    Granting(GrantStore store, std::chrono::hours operator_wait, std::vector<KeptGrant> grants)
        : store_(store), operator_wait_(operator_wait), grants_(std::move(grants)) {}

    Result<> check_signature(GrantAct act, std::string_view name, Bytes signature_and_text, Time now);
    Result<KeptGrant*> find(std::string_view text);
    Result<> close(KeptGrant& grant, std::string_view who, Time now);

    GrantStore store_;
    std::chrono::hours operator_wait_;
    std::vector<KeptGrant> grants_;               // that have not ended
    std::map<GrantId, std::set<Owner>> opened_;   // as on disk
};

inline constexpr std::size_t signature_bytes = 64;

}   // namespace ward::keys
