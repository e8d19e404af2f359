// SPDX-License-Identifier: Apache-2.0
// What all three forms of the audit trail say, once.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "lab/story.hpp"

namespace ward::lab {

inline std::string_view screen_name(Screen screen) {
    constexpr std::array<std::string_view, 9> names{"Summary", "Demographics", "Results",
                                                    "Notes",   "Orders",       "Medicines",
                                                    "Images",  "Schedule",     "Billing"};
    return names[static_cast<std::size_t>(screen)];
}

inline std::string_view doing_name(Doing doing) {
    constexpr std::array<std::string_view, 5> names{"Search", "View", "Modify", "Print", "Export"};
    return names[static_cast<std::size_t>(doing)];
}

/// DICOM PS3.15, A.5.1: create, read, update, delete, execute.
inline char action_code(Doing doing) {
    return doing == Doing::change ? 'U' : doing == Doing::search ? 'E' : 'R';
}

/// HL7 v3 PurposeOfUse.
inline std::string_view purpose_code(Purpose purpose) {
    constexpr std::array<std::string_view, 4> codes{"TREAT", "HOPERAT", "HPAYMT", "BTG"};
    return codes[static_cast<std::size_t>(purpose)];
}

/// 2026-03-02T08:05:12.123Z
std::string instant(Moment moment);

struct Session {
    bool is_refused = false;
    bool is_end = false;
};

inline Session session_of(const SessionChanged& what) {
    return {what.what == SessionChanged::What::refused, what.what == SessionChanged::What::closed};
}

}   // namespace ward::lab
