// SPDX-License-Identifier: Apache-2.0
// What an operator can set. A setting exists only if two hospitals would set it differently, and each
// `fields` is the one list of its section: reading, `ward config` and docs/configuration.md all walk it.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace ward::config {

struct Range {
    std::int64_t least = 0;
    std::int64_t most = std::numeric_limits<std::int64_t>::max();
};

struct ServerSettings {
    std::string listen = "127.0.0.1:8443";
    std::vector<std::string> host_names{"localhost", "127.0.0.1"};
    std::int64_t body_mib_max = 64;

    template <class Visitor>
    void fields(Visitor&& visit) {
        visit("listen", listen, "Address and port of the FHIR API. Port 0 is any free one.");
        visit("host_names", host_names, "Names and addresses that the self-made certificate is valid for.");
        visit("body_mib_max", body_mib_max, "Largest body of a request, in MiB. A larger one gets 413.",
              Range{1, 1024});
    }
};

struct StorageSettings {
    std::string path = "/var/lib/ward";

    template <class Visitor>
    void fields(Visitor&& visit) {
        visit("path", path, "The data directory: sealed records, wrapped keys and the ledger.");
    }
};

struct KeysSettings {
    std::int64_t unwrap_burst = 200;
    std::int64_t unwrap_per_hour = 600;
    std::string passphrase_file;

    template <class Visitor>
    void fields(Visitor&& visit) {
        visit("unwrap_burst", unwrap_burst,
              "How many patients' charts may be opened at once, for example by a ward's rounds.",
              Range{1, 1'000'000});
        visit("unwrap_per_hour", unwrap_per_hour, "How many more charts may be opened in an hour.",
              Range{1, 1'000'000});
        visit("passphrase_file", passphrase_file,
              "File that holds the passphrase of the key file. Empty: ask, or wait for `ward unseal`.");
    }
};

struct LedgerSettings {
    std::string origin;

    template <class Visitor>
    void fields(Visitor&& visit) {
        visit("origin", origin,
              "The ledger's name for other hospitals, as in ward.hospital.example. It is chosen once: empty "
              "takes one made from the ledger's key.");
    }
};

struct SensorSettings {
    std::string interface;
    std::int64_t memory_mib = 1024;

    template <class Visitor>
    void fields(Visitor&& visit) {
        visit("interface", interface,
              "The network interface of the mirror port that the sensor listens on. Empty: no sensor runs.");
        visit("memory_mib", memory_mib,
              "Memory that the sensor may use, in MiB. Past it the oldest flows are given up, and counted.",
              Range{128, 1'048'576});
    }
};

struct Config {
    ServerSettings server;
    StorageSettings data;
    KeysSettings keys;
    LedgerSettings ledger;
    SensorSettings sensor;

    template <class Visitor>
    void sections(Visitor&& visit) {
        visit("server", server);
        visit("data", data);
        visit("keys", keys);
        visit("ledger", ledger);
        visit("sensor", sensor);
    }
};

}   // namespace ward::config
