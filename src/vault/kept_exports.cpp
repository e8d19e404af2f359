// SPDX-License-Identifier: Apache-2.0
#include "vault/kept_exports.hpp"

#include <algorithm>

#include "core/log.hpp"
#include "crypto/seal.hpp"
#include "wire/wire_reader.hpp"

namespace ward::vault {
namespace {

constexpr std::uint8_t format_version = 1;
constexpr std::int64_t sealed_bytes_max = std::int64_t{64} << 20;   // of as many rows as a plan may have

std::int64_t milliseconds(Time time) { return time.time_since_epoch().count(); }
Time time_of(std::int64_t milliseconds) { return Time{std::chrono::milliseconds{milliseconds}}; }

/// A row that was put back or renamed does not open, nor one that was made to last.
Buffer binding_of(std::string_view id, Time expires) {
    Buffer binding;
    append(binding, as_bytes("ward export v1"));
    append(binding, as_bytes(id));
    append_big_endian(binding, static_cast<std::uint64_t>(milliseconds(expires)));
    return binding;
}

void append_text(Buffer& bytes, std::string_view text) {
    append_big_endian(bytes, static_cast<std::uint32_t>(text.size()));
    append(bytes, as_bytes(text));
}

std::string take_text(WireReader& in) {
    const std::size_t size = in.u32();
    return std::string{as_text(in.take(size))};
}

void append_plan(Buffer& bytes, const ExportPlan& plan) {
    append_big_endian(bytes, static_cast<std::uint32_t>(plan.files.size()));
    for (const auto& file : plan.files) {
        append_big_endian(bytes, fhir::number_of(file.type));
        append_big_endian(bytes, static_cast<std::uint32_t>(file.seqs.size()));
        for (const auto seq : file.seqs) append_big_endian(bytes, static_cast<std::uint64_t>(seq));
    }
}

Buffer encode(const ExportJob& job) {
    Buffer bytes;
    append_big_endian(bytes, format_version);
    for (const auto* text : {&job.user, &job.client, &job.request, &job.group}) append_text(bytes, *text);
    append_big_endian(bytes, static_cast<std::uint8_t>(job.of));
    append(bytes, job.grant);
    append_big_endian(bytes, static_cast<std::uint64_t>(job.owners_max));
    append_big_endian(bytes, static_cast<std::uint64_t>(milliseconds(job.started)));
    append_big_endian(bytes, static_cast<std::uint8_t>(job.plan != nullptr));
    if (job.plan != nullptr) append_plan(bytes, *job.plan);
    return bytes;
}

Result<ExportPlan> take_plan(WireReader& in) {
    ExportPlan plan;
    const std::size_t files = in.u32();
    for (std::size_t i = 0; i < files && !in.truncated(); ++i) {
        const auto type = fhir::resource_type(in.u16());
        const std::size_t count = in.u32();
        if (!type || count > in.remaining() / sizeof(std::uint64_t)) break;
        auto& file = plan.files.emplace_back(ExportFile{*type, {}});
        file.seqs.reserve(count);
        for (std::size_t k = 0; k < count; ++k) file.seqs.push_back(static_cast<std::int64_t>(in.u64()));
    }
    if (plan.files.size() != files) return fail(Errc::corrupt, "a kept export is malformed");
    return plan;
}

Result<ExportJob> decode(Bytes bytes) {
    WireReader in{bytes};
    if (in.u8() != format_version) return fail(Errc::corrupt, "a kept export is of another version");
    ExportJob job;
    for (auto* text : {&job.user, &job.client, &job.request, &job.group}) *text = take_text(in);
    const auto of = in.u8();
    const auto grant = in.take(job.grant.size());
    job.owners_max = static_cast<std::int64_t>(in.u64());
    job.started = time_of(static_cast<std::int64_t>(in.u64()));
    const bool has_plan = in.u8() != 0;
    if (in.truncated() || of > static_cast<std::uint8_t>(ExportOf::group))
        return fail(Errc::corrupt, "a kept export is malformed");
    job.of = static_cast<ExportOf>(of);
    std::ranges::copy(grant, job.grant.begin());
    if (has_plan) job.plan = std::make_shared<const ExportPlan>(TRY(take_plan(in)));
    if (in.truncated() || in.remaining() != 0) return fail(Errc::corrupt, "a kept export is malformed");
    return job;
}

Result<ExportJob> open(const crypto::SecretBytes& key, std::string_view id, Time expires, Bytes sealed) {
    const auto bytes = TRY(crypto::open(key, binding_of(id, expires), sealed));
    auto job = TRY(decode(bytes));
    job.expires = expires;
    return job;
}

}   // namespace

Result<std::vector<KeptExport>> KeptExports::all(Time now, std::size_t count_max) const {
    std::vector<KeptExport> found;
    std::vector<std::string> gone;
    {
        const auto reader = TRY(vault_.readers().take());
        auto rows = TRY((*reader).prepare(
            "SELECT id, expires, CASE WHEN length(sealed) <= ? THEN sealed ELSE X'' END FROM export"));
        TRY(rows.bind(sealed_bytes_max));
        while (found.size() < count_max && TRY(rows.step())) {
            std::string id{rows.text(0)};
            const auto expires = time_of(rows.integer(1));
            auto job = open(vault_.exports_key(), id, expires, rows.bytes(2));
            if (!job) log::error("an export that was kept does not open", {{"reason", job.error().what}});
            if (job && now < expires)
                found.push_back({std::move(id), *std::move(job)});
            else
                gone.push_back(std::move(id));
        }
    }
    for (const auto& id : gone) TRY(forget(id));
    return found;
}

Result<> KeptExports::add(const std::string& id, const ExportJob& job) const {
    const auto sealed = TRY(crypto::seal(vault_.exports_key(), binding_of(id, job.expires), encode(job)));
    return vault_.change([&](store::Database& writer) -> Result<> {
        auto over = TRY(writer.prepare("DELETE FROM export WHERE expires <= ?"));
        TRY(over.run(milliseconds(job.started)));
        auto row = TRY(writer.prepare("INSERT INTO export (id, expires, sealed) VALUES (?, ?, ?)"));
        return row.run(id, milliseconds(job.expires), Bytes{sealed});
    });
}

Result<> KeptExports::update(const std::string& id, const ExportJob& job) const {
    const auto sealed = TRY(crypto::seal(vault_.exports_key(), binding_of(id, job.expires), encode(job)));
    return vault_.change([&](store::Database& writer) -> Result<> {
        auto row = TRY(writer.prepare("UPDATE export SET sealed = ? WHERE id = ?"));
        return row.run(Bytes{sealed}, id);
    });
}

Result<> KeptExports::forget(const std::string& id) const {
    return vault_.change([&](store::Database& writer) -> Result<> {
        auto row = TRY(writer.prepare("DELETE FROM export WHERE id = ?"));
        return row.run(id);
    });
}

}   // namespace ward::vault
