// SPDX-License-Identifier: Apache-2.0
// Which features of an hour were odd, and what is said of them.
#include <algorithm>
#include <cmath>
#include <fmt/format.h>

#include "detect/profile/profile.hpp"

namespace ward::detect {
namespace {

constexpr double least_share = 0.04;   // of the score: less is no reason

/// More than usual, and enough to matter: a phone that answers for once is odd, and nobody's concern.
bool is_much(std::size_t feature, float value, float high) {
    constexpr float bytes_min = 100e3F, count_min = 5;
    if (feature == index(Feature::new_handshakes) || feature == index(Feature::new_protocols))
        return value > high;
    return words_of(feature).is_bytes ? value > 4 * high && value >= bytes_min
                                      : value > 2 * high && value >= count_min;
}

std::string between(std::size_t feature, float low, float high) {
    const auto from = to_text(feature, low), to = to_text(feature, high);
    return from == to ? from : from + " to " + to;
}

}   // namespace

/// By how much each made the score, those that are beyond what is usual for the kind first.
std::vector<Profile::Odd> Profile::odd_features(const Host& host, const Kind& kind,
                                                const Features& row) const {
    std::array<double, features> shares{};
    const std::vector<double> numbers(row.begin(), row.end());
    const auto score = kind.model.score(numbers, shares);
    std::vector<Odd> all;
    std::vector<float> values;
    for (std::size_t i = 0; i < features; ++i) {
        if (shares[i] < least_share * score || words_of(i).technique.empty()) continue;
        values.clear();
        for (const auto& one : kind.recent) values.push_back(one.row[i]);
        if (values.empty()) values.push_back(0);
        std::ranges::sort(values);
        const auto rank = [&](double share) {
            return values[static_cast<std::size_t>(static_cast<double>(values.size() - 1) * share)];
        };
        Odd odd{.feature = i, .share = shares[i], .low = rank(limits_.rare), .high = rank(1 - limits_.rare)};
        odd.is_more = row[i] > odd.high;
        for (std::size_t k = 0; k < std::min<std::size_t>(host.hours, own_max); ++k) {
            odd.own_low = k == 0 ? host.own[k].row[i] : std::min(odd.own_low, host.own[k].row[i]);
            odd.own_high = std::max(odd.own_high, host.own[k].row[i]);
        }
        odd.is_much = is_much(i, row[i], std::max(odd.high, odd.own_high));
        odd.is_less = row[i] < odd.low;
        all.push_back(odd);
    }
    const auto rank = [](const Odd& odd) { return odd.is_much ? 0 : odd.is_more ? 1 : odd.is_less ? 2 : 3; };
    std::ranges::stable_sort(all, [&](const Odd& a, const Odd& b) {
        return rank(a) != rank(b) ? rank(a) < rank(b) : a.share > b.share;
    });
    if (all.size() > limits_.facts_max) all.resize(limits_.facts_max);
    return all;
}

Fact Profile::fact(const Host& host, const Odd& odd, const Judged& judged) const {
    auto usual =
        fmt::format("{} for its kind ({})", between(odd.feature, odd.low, odd.high), names_.name(host.kind));
    if (host.hours > 0)
        usual += fmt::format(", {} for itself of late", between(odd.feature, odd.own_low, odd.own_high));
    return {fmt::format("{}, in an hour", words_of(odd.feature).what), std::move(usual),
            to_text(odd.feature, judged.row[odd.feature])};
}

Finding Profile::told(const IpAddress& address, const Host& host, const std::vector<Odd>& odd,
                      const Judged& judged) const {
    const auto by_chance = std::max(budget_.by_chance(judged.p_value), 1e-9);
    const auto& kind = names_.name(host.kind);
    Finding finding{
        .kind = "unusual-traffic",
        .at = now_,
        // Of a device at a bedside it matters more that it is not used as others are.
        .severity = is_clinical(kind) ? Severity::medium : Severity::low,
        .confidence = std::clamp(20 - static_cast<int>(5 * std::log10(by_chance)), 20, 60),
        .sentence = fmt::format("For an hour {} was not used as a {} is: {} were unlike those of others.",
                                ward::to_text(address), kind, words_of(odd.front().feature).what)};
    for (const auto& one : odd) {
        finding.facts.push_back(fact(host, one, judged));
        const auto technique = words_of(one.feature).technique;
        if (one.is_more && std::ranges::find(finding.techniques, technique) == finding.techniques.end())
            finding.techniques.push_back(technique);
    }
    if (host.hours < own_max)
        finding.against.push_back({"hours that it is known", "", std::to_string(host.hours)});
    if (host.serves)
        finding.against.push_back({"others that it serves", "", "many: it is no computer of one person"});
    finding.harmless_if = "it was given a new task, or was tested, updated or copied in that hour";
    finding.systems = {ward::to_text(address)};
    finding.events = host.evidence.ids();
    return finding;
}

}   // namespace ward::detect
