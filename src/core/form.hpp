// SPDX-License-Identifier: Apache-2.0
// application/x-www-form-urlencoded (WHATWG URL, section 5), read strictly: what addresses and forms say.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"

namespace ward {

struct FormField {
    std::string name;
    std::string value;
    bool operator==(const FormField&) const = default;
};

enum class Plus { is_plus, is_space };

/// Errc::malformed for an escape that is cut short or not hexadecimal, and for what is not UTF-8 then.
Result<std::string> percent_decode(std::string_view text, Plus plus);

/// Errc::malformed as above, Errc::limit_exceeded for more fields. Pieces without `=` have an empty value.
Result<std::vector<FormField>> parse_form(std::string_view form, std::size_t fields_max = 1000);

/// The inverse of parse_form.
std::string write_form(const std::vector<FormField>& fields);

}   // namespace ward
