// SPDX-License-Identifier: Apache-2.0
#include "detect/domain.hpp"

namespace ward::detect {

std::string_view domain_of(std::string_view name) {
    auto begin = name.rfind('.');
    for (int labels = 1; begin != std::string_view::npos && begin > 0; ++labels) {
        const auto before = name.rfind('.', begin - 1);
        const auto first = before == std::string_view::npos ? 0 : before + 1;
        if (labels > 1 || begin - first > 3) return name.substr(first);
        begin = before;
    }
    return name;
}

std::string_view one_label_more(std::string_view name, std::string_view domain) {
    if (name.size() < domain.size() + 2) return name;
    const auto before = name.rfind('.', name.size() - domain.size() - 2);
    return before == std::string_view::npos ? name : name.substr(before + 1);
}

}   // namespace ward::detect
