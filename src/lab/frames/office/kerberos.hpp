// SPDX-License-Identifier: Apache-2.0
// Kerberos version 5: RFC 4120.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/bytes.hpp"
#include "lab/agenda.hpp"

namespace ward::lab {

namespace kerberos {
inline constexpr int aes256 = 18, aes128 = 17, rc4 = 23;   // RFC 3962, 7; RFC 4757
inline constexpr int preauthentication_failed = 24, preauthentication_required = 25;
inline constexpr int one_person = 1, service_instance = 2;   // kinds of names: RFC 4120, 6.2
}   // namespace kerberos

struct KerberosName {
    int kind = kerberos::one_person;
    std::vector<std::string> parts{};
};

struct Sealed {
    int method = kerberos::aes256;
    std::optional<int> key_version{};
    Buffer cipher{};
};

struct Preauthentication {
    int kind = 0;
    Buffer value{};
};

enum class KdcAsk : std::uint8_t { authentication = 10, ticket = 12 };   // application tags and msg-types

struct KdcRequest {
    KdcAsk ask{};
    std::vector<Preauthentication> before{};
    std::uint32_t options = 0;
    std::optional<KerberosName> client{};
    std::string realm{};
    KerberosName server{};
    std::uint32_t nonce = 0;
    std::vector<int> methods{};
    std::string host{};   // NetBIOS name; empty: not told
};

struct KdcReply {
    KdcAsk ask{};   // that it answers
    std::vector<Preauthentication> before{};
    std::string realm{};
    KerberosName client{};
    Buffer ticket{};
    Sealed sealed{};
};

struct KdcRefusal {
    Moment at{};
    int code = 0;
    std::string realm{};
    KerberosName server{};
    Buffer detail{};
};

Buffer kdc_request(const KdcRequest& request);
Buffer kdc_reply(const KdcReply& reply);
Buffer kdc_refusal(const KdcRefusal& refusal);
Buffer kerberos_ticket(const std::string& realm, const KerberosName& server, const Sealed& sealed);
/// What a client shows to who is to serve it, and what it is answered.
Buffer kerberos_ap_request(const Buffer& ticket, const Sealed& authenticator, std::uint32_t options);
Buffer kerberos_ap_reply(const Sealed& sealed);

/// RFC 4120, 5.2.7.
Preauthentication pre_timestamp(const Sealed& sealed);
Preauthentication pre_ticket(const Buffer& ap_request);
/// Which methods, and with which salt: of a reply, or the detail of a refusal.
Preauthentication pre_methods(std::string_view salt);
Buffer pre_list(const std::vector<Preauthentication>& all);
/// MS-KILE 2.2.3: with the user's groups.
Preauthentication pre_groups_wanted();

}   // namespace ward::lab
