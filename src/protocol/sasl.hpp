// SPDX-License-Identifier: Apache-2.0
// Mechanisms by which a user shows who he is (RFC 4422), as mail and directories name them.
#pragma once

#include <string>

#include "protocol/text.hpp"
#include "protocol/word_list.hpp"

namespace ward::protocol {

/// Whether `name` is one of IANA's SASL Mechanisms, or one that Microsoft and Google use.
inline bool is_sasl_mechanism(std::string_view name) {
    static constexpr std::string_view names =
        "9798-m-dsa-sha1 9798-m-ecdsa-sha1 9798-m-rsa-sha1-enc 9798-u-dsa-sha1 9798-u-ecdsa-sha1 "
        "9798-u-rsa-sha1-enc anonymous cram-md5 digest-md5 eap-aes128 eap-aes128-plus "
        "ecdh-x25519-challenge ecdsa-nist256p-challenge external gs2-krb5 gs2-krb5-plus gss-spnego "
        "gssapi kerberos_v4 kerberos_v5 login nmas-samba-auth nmas_authen nmas_login ntlm oauth10a "
        "oauthbearer openid20 otp plain saml20 scram-sha-1 scram-sha-1-plus scram-sha-224 "
        "scram-sha-256 scram-sha-256-plus scram-sha-384 scram-sha-512 securid skey spnego srp "
        "xoauth xoauth2";
    static constexpr auto known = sorted_words<count_words(names)>(names);
    return holds(known, name);
}

/// In lower case, or {other}: what nobody knows may be anybody's words.
inline std::string sasl_mechanism(std::string_view name) {
    return is_sasl_mechanism(name) ? lowered(name) : "{other}";
}

}   // namespace ward::protocol
