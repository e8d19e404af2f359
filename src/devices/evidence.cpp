// SPDX-License-Identifier: Apache-2.0
#include "devices/evidence.hpp"

#include <array>
#include <tuple>

#include "devices/words.hpp"

namespace ward::devices {
namespace {

/// Sources err independently of each other, so all of them must be wrong for the value to be wrong:
/// 1 - (1 - a)(1 - b)…. The same source again adds nothing, however often it speaks; nothing is certain.
std::uint8_t combined(const std::vector<Evidence>& evidence) {
    unsigned doubt = 1'000'000;   // parts of a million
    for (const auto& line : evidence)
        doubt = doubt / 100 * (100U - std::min<unsigned>(line.confidence, 100U));
    return static_cast<std::uint8_t>(std::min(100 - doubt / 10'000, 99U));
}

}   // namespace

std::size_t memory_of(const std::string& text) {
    return text.capacity() > std::string{}.capacity() ? text.capacity() + 1 : 0;
}

std::string_view name(Attribute attribute) {
    constexpr std::array<std::string_view, attributes> names{
        "role",     "manufacturer", "model",    "serial",   "software",        "operating_system",
        "hostname", "domain",       "location", "ae_title", "hl7_application", "identifier",
        "service",  "service_used", "peer"};
    return names[static_cast<std::size_t>(attribute)];
}

bool is_single(Attribute attribute) {
    using enum Attribute;
    return attribute == manufacturer || attribute == model || attribute == serial ||
           attribute == operating_system || attribute == location;
}

void Dossier::add(Evidence line) {
    if (line.value.size() > text_max) line.value = line.value.substr(0, text_max);   // gives back the rest
    const auto same = std::ranges::find_if(lines_, [&](const Evidence& known) {
        return known.attribute == line.attribute && known.source == line.source && known.value == line.value;
    });
    if (same != lines_.end()) {
        same->first = std::min(same->first, line.first);
        same->last = std::max(same->last, line.last);
        same->confidence = std::max(same->confidence, line.confidence);
        same->count += line.count;
        return;
    }
    const auto is_rival = [&](const Evidence& known) { return known.attribute == line.attribute; };
    if (std::ranges::count_if(lines_, is_rival) < static_cast<std::ptrdiff_t>(values_max)) {
        text_bytes_ += memory_of(line.value);
        lines_.push_back(std::move(line));
        return;
    }
    ++dropped_;
    auto weakest = &line;
    const auto worth = [](const Evidence& known) { return std::tie(known.confidence, known.last); };
    for (auto& known : lines_)
        if (is_rival(known) && worth(known) < worth(*weakest)) weakest = &known;
    if (weakest == &line) return;
    text_bytes_ += memory_of(line.value) - memory_of(weakest->value);
    *weakest = std::move(line);
}

void Dossier::join(const Dossier& other) {
    for (const auto& line : other.lines_) add(line);
    dropped_ += other.dropped_;
}

bool Dossier::has(Attribute attribute) const {
    return std::ranges::any_of(lines_, [&](const auto& line) { return line.attribute == attribute; });
}

std::vector<Belief> Dossier::beliefs(Attribute attribute) const {
    std::vector<Belief> found;
    for (const auto& line : lines_) {
        if (line.attribute != attribute) continue;
        // NetBIOS shouts what DNS whispers: case tells no two values apart.
        auto belief = std::ranges::find_if(
            found, [&](const auto& known) { return equal_ignoring_case(known.value, line.value); });
        if (belief == found.end())
            belief = found.insert(found.end(), {line.value, 0, line.first, line.last, {}});
        belief->first = std::min(belief->first, line.first);
        belief->last = std::max(belief->last, line.last);
        belief->evidence.push_back(line);
    }
    for (auto& belief : found) belief.confidence = combined(belief.evidence);
    std::ranges::stable_sort(found, [](const Belief& a, const Belief& b) {
        return std::tie(a.confidence, a.last) > std::tie(b.confidence, b.last);
    });
    return found;
}

std::string Dossier::best(Attribute attribute) const {
    const auto found = beliefs(attribute);
    return found.empty() ? std::string{} : found.front().value;
}

}   // namespace ward::devices
