// SPDX-License-Identifier: Apache-2.0
#include "watch/watch.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/assert.hpp"
#include "core/clock.hpp"

namespace ward::watch {
namespace {

constexpr state::Tag tag{{'W', 'A', 'T', 'C'}, 1};   // changed with Cases

std::string instant(event::Time time) {
    return to_instant(std::chrono::floor<std::chrono::milliseconds>(time));
}

}   // namespace

void append_line(std::string& out, const detect::Finding& finding, const Place& place) {
    json::Writer writer{out};
    event::Fields fields{writer};
    writer.begin_object();
    fields("finding", finding.kind);
    fields("at", instant(place.at));
    if (place.at != finding.at) fields("concluded", instant(finding.at));
    fields("case", std::to_string(place.in_case));
    fields("risk", static_cast<int>(std::lround(place.risk * 100)));
    finding.fields(fields);
    writer.end_object();
    out += '\n';
}

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
    if (plan_) plan_->see(*seen, findings_);
    counts_.findings += findings_.size() - before;
    if (findings_.size() > findings_max) {
        counts_.not_kept += findings_.size() - findings_max;
        findings_.resize(findings_max);
    }
    for (auto i = before; joining_ == Joining::here && i < findings_.size(); ++i) cases_.add(findings_[i]);
}

void Watch::pass_over_line() { ++counts_.refused; }

Buffer Watch::save() {
    state::Writer out;
    out.tag(tag);
    state::Kept kept{out};
    kept(now_, cases_);
    detectors_.save(out);
    return out.state();
}

Result<std::vector<std::string_view>> Watch::restore(Bytes saved) {
    state::Reader in{saved};
    in.tag(tag);
    state::Kept kept{in};
    kept(now_, cases_);
    TRY(in.checked());
    told_ = cases_.findings();
    auto anew = TRY(detectors_.restore(in));
    TRY(in.finished());
    return anew;
}

Counts Watch::counts() const {
    auto counts = counts_;
    counts.forgotten_hosts = detectors_.forgotten() + (plan_ ? plan_->forgotten() : 0);
    counts.below_line = cases_.below_line();
    return counts;
}

void Watch::append(std::string& out, std::size_t finding) const {
    const auto known = told_ + finding;   // by cases_
    const auto& one = findings_[finding];
    append_line(out, one, {cases_.case_of(known), cases_.risk(known), cases_.shown(known).value_or(one.at)});
}

std::string Watch::findings_json(Telling what) const {
    WARD_ASSERT(joining_ == Joining::here);
    std::string out;
    for (std::size_t i = 0; i < findings_.size(); ++i)
        if (what == Telling::all || cases_.shown(told_ + i)) append(out, i);
    return out;
}

detect::Findings Watch::take_news() {
    told_ += findings_.size();
    return std::exchange(findings_, {});
}

}   // namespace ward::watch
