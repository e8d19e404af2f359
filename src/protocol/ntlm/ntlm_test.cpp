// SPDX-License-Identifier: Apache-2.0
#include "protocol/ntlm/ntlm.hpp"

#include "protocol/bed_test.hpp"

namespace ward::protocol::ntlm {
namespace {

TEST(Ntlm, HashesTheUserAndNamesTheWorkstation) {
    // MS-NLMP 4.2.4.3 has the like: domain, user and workstation behind the fixed part.
    const auto message =
        hex("4e544c4d53535000030000000000000000000000000000000000000008000800400000000400040048000000"
            "08000800"
            "4c000000"
            "0000000000000000"
            "01000000") +
        hex("57004100520044006e003100"
            "4e00410053003100");
    Output out;
    const Pseudonymise by_key = [](std::string_view id) {
        return event::Pseudonym{"key:" + std::string{id}};
    };
    out.pseudonymise = &by_key;
    const auto names = read_names(as_bytes("wrapped" + message), out);
    ASSERT_TRUE(names);
    EXPECT_EQ(names->domain, "WARD");
    EXPECT_EQ(names->host, "NAS1");
    EXPECT_EQ(names->user.text, "key:n1");
    EXPECT_FALSE(names->anonymous);
}

TEST(Ntlm, OffsetsThatPointOutsideReadNothing) {
    const auto message = hex("4e544c4d5353500002000000ffffffffffffff7f") + std::string(40, '\xff');
    const auto names = read_names(as_bytes(message), Output{});
    ASSERT_TRUE(names);
    EXPECT_EQ(names->domain, "");
    EXPECT_FALSE(read_names(as_bytes("NTLMSSP"), Output{}));
}

TEST(Ntlm, RecognisesAKerberosTicket) {
    EXPECT_TRUE(
        has_kerberos_ticket(as_bytes(hex("60820500"
                                         "06092a864886f71201020201006e82"))));
    EXPECT_FALSE(has_kerberos_ticket(as_bytes(hex("06092a864886f712010202"))));
}

}   // namespace
}   // namespace ward::protocol::ntlm
