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
    std::int64_t operator_wait_hours = 24;
    std::string passphrase_file;

    template <class Visitor>
    void fields(Visitor&& visit) {
        visit("unwrap_burst", unwrap_burst,
              "How many patients' charts may be opened at once, for example by a ward's rounds.",
              Range{1, 1'000'000});
        visit("unwrap_per_hour", unwrap_per_hour, "How many more charts may be opened in an hour.",
              Range{1, 1'000'000});
        visit("operator_wait_hours", operator_wait_hours,
              "How many hours after his enrolment an operator may sign grants. 0 lets whoever has the "
              "passphrase invent two people.",
              Range{0, 168});
        visit("passphrase_file", passphrase_file,
              "File that holds the passphrase of the key file. Empty: ask, or wait for `ward unseal`.");
    }
};

struct AccessSettings {
    std::string policy_file;
    std::string clients_file;
    std::vector<std::string> page_origins;

    template <class Visitor>
    void fields(Visitor&& visit) {
        visit(
            "policy_file", policy_file,
            "File that says who may do what to whom; `ward policy check` reads it. Empty: whatever a token's "
            "scopes allow, and no patient's consent denies.");
        visit(
            "clients_file", clients_file,
            "File of the systems that prove themselves by a key or a certificate of their own. Empty: none.");
        visit(
            "page_origins", page_origins,
            "Sites whose pages may use the FHIR API from people's browsers (CORS): apps without a server of "
            "their own. As in [\"https://app.example\"].");
    }
};

struct OidcSettings {
    std::string issuer;
    std::string audience;
    std::string authorities_file = "/etc/ssl/certs/ca-certificates.crt";
    std::string roles_claim = "roles";
    std::string client_id;
    std::string client_secret_file;

    template <class Visitor>
    void fields(Visitor&& visit) {
        visit(
            "issuer", issuer,
            "The hospital's OpenID Connect provider, as its tokens name it. Empty: only Ward's own tokens.");
        visit("audience", audience,
              "What the provider's tokens call this server. Empty: the address of the FHIR API.");
        visit("authorities_file", authorities_file,
              "File of the certificates, in PEM, that vouch for the provider's.");
        visit("roles_claim", roles_claim, "The claim of a token that holds its user's roles.");
        visit("client_id", client_id,
              "Who this server is to the provider, to ask about opaque tokens. Empty: such tokens are "
              "refused.");
        visit("client_secret_file", client_secret_file, "File that holds the secret of client_id.");
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

struct Hl7Settings {
    std::vector<std::string> feeds;

    template <class Visitor>
    void fields(Visitor&& visit) {
        visit("feeds", feeds,
              "Feeds of HL7 v2 messages over MLLP, each a text: a name, an address and a port; then, where "
              "wanted, tls or mutual=FILE with the certificates of clients (PEM), charset=NAME of HL7 table "
              "0211 for messages that name none (8859/1), zone=ZONE, such as Europe/Berlin or +01:00, for "
              "times that name none (Z), silent=MINUTES after which a silent feed is told of (60). As in "
              "[\"adt 10.0.0.5:2575 tls\", \"lab 10.0.0.5:2576 silent=15\"].");
    }
};

struct SearchSettings {
    std::vector<std::string> facility_index;

    template <class Visitor>
    void fields(Visitor&& visit) {
        visit(
            "facility_index", facility_index,
            "Search parameters by which what lies in patients' charts is found without naming a patient, such"
            " as CareTeam.role. Each tells who has the disk which records share a value.");
    }
};

struct SensorSettings {
    std::string interface;
    std::int64_t memory_mib = 1024;
    std::vector<std::string> follow;

    template <class Visitor>
    void fields(Visitor&& visit) {
        visit("interface", interface,
              "The network interface of the mirror port that the sensor listens on. Empty: no sensor runs.");
        visit("memory_mib", memory_mib,
              "Memory that the sensor may use, in MiB. Past it the oldest flows are given up, and counted.",
              Range{128, 1'048'576});
        visit("follow", follow,
              "What other sensors of this machine write: files of Suricata (EVE) and Zeek (JSON) by their "
              "whole "
              "names, and sockets that Suricata connects to, as unix:/run/ward/eve.sock or unixgram:….");
    }
};

struct BusSettings {
    std::string address;
    std::string credentials_folder;
    std::string authorities_file;
    std::int64_t spool_mib = 4096;

    template <class Visitor>
    void fields(Visitor&& visit) {
        visit("address", address,
              "Where the hospital's NATS servers are, as in tls://bus.example:4222, several with commas "
              "between "
              "them. Empty: `ward run` has a nats-server of its own, for this machine only.");
        visit("credentials_folder", credentials_folder,
              "Folder that holds publisher.credentials and receiver.credentials for these servers: NATS "
              "credentials, or a user and a password in two lines.");
        visit("authorities_file", authorities_file,
              "File of the certificates, in PEM, that vouch for these servers'. Empty: no TLS.");
        visit("spool_mib", spool_mib,
              "Disk for a sensor's events, in MiB, compressed, until they are stored. Past it the oldest are "
              "given up, and counted.",
              Range{64, 1'048'576});
    }
};

struct WatchSettings {
    std::int64_t case_days = 400;
    // As history::Keeping has them.
    std::int64_t flow_days = 35;
    std::int64_t protocol_days = 35;
    std::int64_t alarm_days = 400;
    std::int64_t known_days = 400;
    std::string plan_file;

    template <class Visitor>
    void fields(Visitor&& visit) {
        visit("case_days", case_days,
              "Days for which cases that are over are kept, with what was found and said. What somebody "
              "still has to look at stays.",
              Range{1, 36'500});
        constexpr Range days{1, 36'500};
        visit("flow_days", flow_days, "Days for which flows are kept.", days);
        visit("protocol_days", protocol_days, "Days for which events of protocols are kept.", days);
        visit("alarm_days", alarm_days, "Days for which alarms, anomalies and changes of devices are kept.",
              days);
        visit("known_days", known_days, "Days for which devices and people are known that nobody saw again.",
              days);
        visit("plan_file", plan_file,
              "A plan of zones, as `ward segment propose` writes it: flows that it does not allow are found. "
              "Empty: there is none.");
    }
};

struct NotifySettings {
    std::string webhook;
    std::string webhook_secret_file;
    std::string smtp;
    std::string smtp_credentials_file;
    std::string mail_from;
    std::vector<std::string> mail_to;
    std::vector<std::string> page_to;
    std::string syslog;
    std::string syslog_format = "rfc5424";
    std::string authorities_file = "/etc/ssl/certs/ca-certificates.crt";
    std::vector<std::string> sites;

    template <class Visitor>
    void fields(Visitor&& visit) {
        visit("webhook", webhook,
              "Where what people are told of cases is posted as JSON (docs/formats/notices.md), as in "
              "https://hook.example/ward. Empty: nowhere.");
        visit("webhook_secret_file", webhook_secret_file,
              "File that holds the secret under which posts are signed. Empty: they are not.");
        visit("smtp", smtp,
              "The mail server: smtp://HOST:PORT with STARTTLS, smtps://, or smtp+plain:// for one without "
              "TLS. Empty: no mail is sent.");
        visit("smtp_credentials_file", smtp_credentials_file,
              "File that holds a user and a password for it, in two lines. Empty: none are needed.");
        visit("mail_from", mail_from, "Who the mail is from, as in ward@hospital.example.");
        visit("mail_to", mail_to, "Who gets it, as in [\"soc@hospital.example\"].");
        visit("page_to", page_to, "Who gets what must wake somebody. Empty: the same.");
        visit("syslog", syslog, "A collector of syslog: tls://HOST:PORT, tcp:// or udp://. Empty: none.");
        visit("syslog_format", syslog_format, "rfc5424, or cef for ArcSight's Common Event Format.");
        visit("authorities_file", authorities_file,
              "File of the certificates, in PEM, that vouch for these servers'.");
        visit("sites", sites,
              "The hospital's sites, each a text: a name without spaces and its networks, as in "
              "[\"north 10.1.0.0/16 10.2.0.0/16\"]. What is outside of them is a site for each /16.");
    }
};

struct Config {
    ServerSettings server;
    StorageSettings data;
    KeysSettings keys;
    AccessSettings access;
    OidcSettings oidc;
    LedgerSettings ledger;
    Hl7Settings hl7;
    SearchSettings search;
    SensorSettings sensor;
    BusSettings bus;
    WatchSettings watch;
    NotifySettings notify;

    template <class Visitor>
    void sections(Visitor&& visit) {
        visit("server", server);
        visit("data", data);
        visit("keys", keys);
        visit("access", access);
        visit("oidc", oidc);
        visit("ledger", ledger);
        visit("hl7", hl7);
        visit("search", search);
        visit("sensor", sensor);
        visit("bus", bus);
        visit("watch", watch);
        visit("notify", notify);
    }
};

}   // namespace ward::config
