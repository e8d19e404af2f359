// SPDX-License-Identifier: Apache-2.0
// The one way in which records are opened for the answer to a search: what the caller may not see is as if it
// were not there, whether it would be matched, matched on the way to something else, counted or included.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "core/clock.hpp"
#include "json/document.hpp"
#include "vault/exchange.hpp"
#include "vault/sealer.hpp"

namespace ward::vault {

struct OpenedRecord {
    StoredVersion row;   // without `sealed`
    Body body;
    json::Document document;
};

/// What a row says, and in whose charts it lies. Nothing where its key is another patient's than the caller's
/// and not given out now: that it is needed would tell that there is something. Nothing of a message, either,
/// of which nobody knows yet in whose charts it lies, unless the caller may see whatever there is.
fhir::Checked<std::optional<Body>> open_for(const Sight& sight, Sealer& sealer, store::Database& reader,
                                            const StoredVersion& row);

/// Opens records for one request, and counts them. For one thread; borrows everything.
class Opener {
public:
    Opener(Sealer& sealer, store::Database& reader, const Sight& sight, Time now)
        : sealer_(sealer), reader_(reader), records_(reader), sight_(sight), now_(now) {}

    /// The record at a place that the index names; nothing if the caller may not do this with it.
    fhir::Checked<std::optional<OpenedRecord>> at(std::int64_t seq, Permission permission);

    /// The current version of a resource; nothing if there is none, too.
    fhir::Checked<std::optional<OpenedRecord>> current(fhir::ResourceType type, std::string_view id,
                                                       Permission permission);

    Sealer& sealer() { return sealer_; }
    const Records& records() const { return records_; }
    const Sight& sight() const { return sight_; }
    Time now() const { return now_; }
    std::size_t opened() const { return opened_; }
    std::size_t opened_bytes() const { return opened_bytes_; }

private:
    fhir::Checked<std::optional<OpenedRecord>> open(StoredVersion row, Permission permission);

    Sealer& sealer_;
    store::Database& reader_;
    Records records_;
    const Sight& sight_;
    Time now_;
    std::size_t opened_ = 0;
    std::size_t opened_bytes_ = 0;
};

}   // namespace ward::vault
