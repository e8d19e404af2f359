// SPDX-License-Identifier: Apache-2.0
// Exports of many charts (Bulk Data Access IG 2.0). Each needs a grant that two people signed, for the user
// who asks. Nothing of what it says is stored: a file is opened from the records when it is fetched.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "core/mutex.hpp"
#include "core/task_queue.hpp"
#include "vault/exchange.hpp"
#include "vault/export_plan.hpp"
#include "vault/export_wish.hpp"
#include "vault/kept_exports.hpp"
#include "vault/vault.hpp"

namespace ward::vault {

struct ExportsLimits {
    std::size_t open_max = 16;   // exports that are planned or can be fetched
    std::size_t user_open_max = 8;
    std::chrono::seconds retry_after{2};
};

/// Callable from several threads. A restart ends no export: one that was not planned yet is planned once its
/// status is asked.
class Exports {
public:
    explicit Exports(Vault& vault, const ExportsLimits& limits = {});
    /// What is not planned yet is given up, and planned after the next start.
    ~Exports();

    /// Refused without an active grant before anything is opened. `request` is what the manifest repeats.
    fhir::Checked<Reply> start(const Caller& caller, ExportWish wish, std::string request, AuditTrail& trail);

    /// Who did not start it is told that there is none.
    fhir::Checked<Reply> status(const Caller& caller, const std::string& id, AuditTrail& trail);
    fhir::Checked<Reply> file(const Caller& caller, const std::string& id, std::size_t number,
                              AuditTrail& trail);
    fhir::Checked<Reply> cancel(const Caller& caller, const std::string& id, AuditTrail& trail);

private:
    struct Job {
        ExportJob kept;
        ExportWish wish;   // what `kept` asks for
        std::string progress = "waiting";
        bool was_left = false;   // without a plan, when the program before this one ended
        std::optional<fhir::Issue> failure;
    };

    Result<> take_up();
    fhir::Checked<keys::KeptGrant> active_grant(const Caller& caller);
    fhir::Checked<> resume(const Caller& caller, const std::string& id, const Job& job);
    fhir::Checked<> add(const std::string& id, Job job);
    bool is_full(const std::map<std::string, Job>& jobs, const std::string& user) const;
    std::vector<std::string> make_room(const std::string& user, Time now);
    void drop(const std::string& id);
    void plan(const std::string& id, const Sight& sight);
    fhir::Checked<ExportPlan> make_plan(const std::string& id, const Job& job, const Sight& sight);
    bool note_progress(const std::string& id, std::string_view done);
    fhir::Checked<Job> find(const Caller& caller, const std::string& id);
    std::string manifest(const std::string& id, const Job& job) const;
    std::string address_of(const std::string& id) const;

    Vault& vault_;
    const ExportsLimits limits_;
    const KeptExports kept_{vault_};
    Mutex mutex_;   // guards the exports that there are
    std::map<std::string, Job> jobs_ GUARDED_BY(mutex_);
    TaskQueue planning_;   // the last: what it still does uses the others
};

}   // namespace ward::vault
