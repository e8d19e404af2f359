// SPDX-License-Identifier: Apache-2.0
// The consents in patients' charts, kept as they were read while the chart's keys are in use: they are asked
// at each read.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/mutex.hpp"
#include "policy/consent.hpp"
#include "vault/keyring.hpp"
#include "vault/records.hpp"

namespace ward::vault {

class Sealer;

using Consents = std::shared_ptr<const std::vector<policy::Consent>>;

struct ConsentLimits {
    std::size_t active_max = 100;   // of one patient
    std::int64_t stored_max = 1'000;
    std::size_t patients_max = 512;
};

/// Callable from several threads. Borrows the sealer.
class KnownConsents {
public:
    explicit KnownConsents(Sealer& sealer, ConsentLimits limits = {}) : sealer_(sealer), limits_(limits) {}

    /// The consents to privacy that are active in the chart, as `reader` sees it: the index says whether
    /// those that are known are still the ones. Null where there are too many to be looked at.
    Result<Consents> of(const std::string& patient, store::Database& reader);

    /// Drops those of charts whose keys are not in use any more.
    void forget_idle();

private:
    struct Known {
        std::weak_ptr<const OwnerKeys> keys;
        std::vector<std::int64_t> seqs;
        Consents consents;
    };

    Consents known(const std::string& patient, const SharedKeys& keys,
                   const std::vector<std::int64_t>& seqs) const;
    Result<Consents> read(const std::string& patient, const Records& records,
                          const std::vector<std::int64_t>& seqs) const;
    void keep(const std::string& patient, Known known);

    Sealer& sealer_;
    ConsentLimits limits_;
    mutable Mutex mutex_;   // guards the table
    std::unordered_map<std::string, Known> known_ GUARDED_BY(mutex_);
};

}   // namespace ward::vault
