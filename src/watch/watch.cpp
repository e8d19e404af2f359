// SPDX-License-Identifier: Apache-2.0
#include "watch/watch.hpp"

#include "core/clock.hpp"

namespace ward::watch {
namespace {

/// What is written of a finding: its own fields, but for its time and its hosts, under the names that others
/// know.
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
    ++counts_.events;
    const auto document = json::Document::parse(std::string{line});
    const auto seen = document ? detect::read_eve(*document) : tl::unexpected(document.error());
    if (!seen) {
        ++counts_.refused;
        return;
    }
    const auto before = findings_.size();
    detectors_.see(*seen, findings_);
    for (auto i = before; i < findings_.size(); ++i) cases_.add(findings_[i]);
}

std::string Watch::findings_json() const {
    std::string out;
    for (std::size_t i = 0; i < findings_.size(); ++i) append(out, findings_[i], cases_.case_of(i));
    return out;
}

}   // namespace ward::watch
