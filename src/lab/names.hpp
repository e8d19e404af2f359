// SPDX-License-Identifier: Apache-2.0
// Names that the people of the lab have: common ones, put together by chance. Arabic ones come in both
// scripts.
#pragma once

#include <span>
#include <string_view>

namespace ward::lab {

/// `native` is empty where the name is written in Latin letters anyway.
struct Spelling {
    std::string_view latin;
    std::string_view native{};
};

std::span<const Spelling> latin_families();
std::span<const Spelling> latin_women();
std::span<const Spelling> latin_men();
std::span<const Spelling> arabic_families();
std::span<const Spelling> arabic_women();
std::span<const Spelling> arabic_men();
std::span<const std::string_view> streets();
std::span<const std::string_view> towns();

}   // namespace ward::lab
