// SPDX-License-Identifier: Apache-2.0
// xoshiro256** 1.0 and SplitMix64, by Blackman and Vigna (public domain; prng.di.unimi.it).
#include "lab/random.hpp"

#include <bit>
#include <cmath>
#include <numbers>
#include <numeric>

#include "core/assert.hpp"

namespace ward::lab {
namespace {

std::uint64_t split_mix(std::uint64_t& state) {
    state += 0x9e3779b97f4a7c15;
    auto mixed = state;
    mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
    return mixed ^ (mixed >> 31);
}

/// FNV-1a, 64 bits.
std::uint64_t hash_of(std::string_view name) {
    std::uint64_t hash = 0xcbf29ce484222325;
    for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
    return hash;
}

}   // namespace

Random::Random(std::uint64_t seed) : seed_(seed) {
    for (auto& word : state_) word = split_mix(seed);
}

Random Random::stream(std::string_view name) const { return stream(hash_of(name)); }

Random Random::stream(std::uint64_t number) const {
    auto mixed = seed_ ^ std::rotl(number * 0x9e3779b97f4a7c15, 31);
    return Random{split_mix(mixed)};
}

std::uint64_t Random::next() {
    const auto result = std::rotl(state_[1] * 5, 7) * 9;
    const auto shifted = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= shifted;
    state_[3] = std::rotl(state_[3], 45);
    return result;
}

std::uint64_t Random::below(std::uint64_t bound) {
    WARD_ASSERT(bound != 0);
    // The last, incomplete, run of numbers is thrown away, or small ones would come more often.
    const auto unfair = (0 - bound) % bound;
    auto number = next();
    while (number < unfair) number = next();
    return number % bound;
}

int Random::between(int low, int high) {
    WARD_ASSERT(low <= high);
    return low + static_cast<int>(below(static_cast<std::uint64_t>(high - low) + 1));
}

double Random::uniform() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }

bool Random::chance(double probability) { return uniform() < probability; }

double Random::normal(double mean, double deviation) {
    // Box and Muller; the second number is not kept, so that a draw is always two steps.
    const auto radius = std::sqrt(-2 * std::log(1 - uniform()));
    return mean + deviation * radius * std::cos(2 * std::numbers::pi * uniform());
}

double Random::exponential(double mean) { return -mean * std::log(1 - uniform()); }

double Random::around(double median, double factor) { return median * std::exp(normal(0, std::log(factor))); }

std::size_t Random::weighted(std::span<const double> weights) {
    auto left = uniform() * std::accumulate(weights.begin(), weights.end(), 0.0);
    for (std::size_t i = 0; i + 1 < weights.size(); ++i) {
        if (left < weights[i]) return i;
        left -= weights[i];
    }
    return weights.size() - 1;
}

}   // namespace ward::lab
