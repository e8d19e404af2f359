// SPDX-License-Identifier: Apache-2.0
#include "watch/watch.hpp"

#include <algorithm>

#include "core/clock.hpp"

namespace ward::watch {
namespace {

void append(std::string& out, const detect::Finding& finding, std::size_t in_case) {
    json::Writer writer{out};
    event::Fields fields{writer};
    writer.begin_object();
    fields("finding", finding.kind);
    fields("at", to_instant(std::chrono::floor<std::chrono::milliseconds>(finding.at)));
    fields("case", std::to_string(in_case));
    finding.fields(fields);
    writer.end_object();
    out += '\n';
}

}   // namespace

void Watch::take(std::string_view line) {
    if (line.empty()) return;
    const auto document = json::Document::parse(std::string{line});
    auto seen = document ? detect::read_eve(*document) : tl::unexpected(document.error());
    if (!seen) return pass_over_line();
    ++counts_.events;
    if (seen->at < now_ && now_ - seen->at > late_max) {
        ++counts_.late;
        return;
    }
    seen->now = now_ = std::max(now_, seen->at);
    const auto before = findings_.size();
    detectors_.see(*seen, findings_);
    counts_.findings += findings_.size() - before;
    if (findings_.size() > findings_max) {
        counts_.not_kept += findings_.size() - findings_max;
        findings_.resize(findings_max);
    }
    for (auto i = before; i < findings_.size(); ++i) cases_.add(findings_[i]);
}

void Watch::pass_over_line() { ++counts_.refused; }

Counts Watch::counts() const {
    auto counts = counts_;
    counts.forgotten_hosts = detectors_.forgotten();
    return counts;
}

std::string Watch::findings_json() const {
    std::string out;
    for (std::size_t i = 0; i < findings_.size(); ++i) append(out, findings_[i], cases_.case_of(i));
    return out;
}

}   // namespace ward::watch
