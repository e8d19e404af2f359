// SPDX-License-Identifier: Apache-2.0
#include "desk/technique.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace ward::desk {
namespace {

using Row = std::pair<std::string_view, std::string_view>;

// attack.mitre.org, version 15. Some techniques have several tactics there: the one that the findings mean is
// taken, as for T1078 and T1133, by which people come in.
constexpr std::array table{
    Row{"T0855", "Impair Process Control"},
    Row{"T1003", "Credential Access"},
    Row{"T1018", "Discovery"},
    Row{"T1021", "Lateral Movement"},
    Row{"T1039", "Collection"},
    Row{"T1040", "Credential Access"},
    Row{"T1041", "Exfiltration"},
    Row{"T1046", "Discovery"},
    Row{"T1048", "Exfiltration"},
    Row{"T1053", "Execution"},
    Row{"T1059", "Execution"},
    Row{"T1069", "Discovery"},
    Row{"T1071", "Command and Control"},
    Row{"T1078", "Initial Access"},
    Row{"T1087", "Discovery"},
    Row{"T1090", "Command and Control"},
    Row{"T1095", "Command and Control"},
    Row{"T1105", "Command and Control"},
    Row{"T1110", "Credential Access"},
    Row{"T1133", "Initial Access"},
    Row{"T1135", "Discovery"},
    Row{"T1190", "Initial Access"},
    Row{"T1199", "Initial Access"},
    Row{"T1204", "Execution"},
    Row{"T1210", "Lateral Movement"},
    Row{"T1213", "Collection"},
    Row{"T1219", "Command and Control"},
    Row{"T1482", "Discovery"},
    Row{"T1486", "Impact"},
    Row{"T1489", "Impact"},
    Row{"T1499", "Impact"},
    Row{"T1557", "Credential Access"},
    Row{"T1558", "Credential Access"},
    Row{"T1565", "Impact"},
    Row{"T1566", "Initial Access"},
    Row{"T1567", "Exfiltration"},
    Row{"T1569", "Execution"},
    Row{"T1571", "Command and Control"},
    Row{"T1572", "Command and Control"},
    Row{"T1573", "Command and Control"},
};

}   // namespace

std::string_view tactic_of(std::string_view technique) {
    const auto row = std::ranges::find(table, technique.substr(0, technique.find('.')), &Row::first);
    return row == table.end() ? std::string_view{} : row->second;
}

}   // namespace ward::desk
