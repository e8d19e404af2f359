// SPDX-License-Identifier: Apache-2.0
#include <fstream>
#include <iterator>

#include "apps/ward-sensor/jobs.hpp"
#include "sensor/eve.hpp"
#include "sensor/ocsf.hpp"
#include "sensor/pseudonyms.hpp"

namespace ward::sensor {

Result<protocol::Pseudonymise> pseudonymiser(const CommandOptions& options) {
    if (options.key_file.empty()) return protocol::Pseudonymise{};
    return load_pseudonymiser(options.key_file);
}

Format format_of(const CommandOptions& options) {
    return options.format == "ocsf" ? append_ocsf : append_eve;
}

/// Debian's package ieee-data; without it no maker is known by a hardware address.
devices::Makers installed_makers() {
    std::ifstream list{"/usr/share/ieee-data/oui.csv"};
    return devices::Makers::from_csv(std::string{std::istreambuf_iterator<char>{list}, {}});
}

}   // namespace ward::sensor
