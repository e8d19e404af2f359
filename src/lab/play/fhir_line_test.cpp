// SPDX-License-Identifier: Apache-2.0
#include "lab/play/fhir_line.hpp"

#include <gmock/gmock.h>

#include "core/clock.hpp"
#include "http/server.hpp"

namespace ward::lab {
namespace {

using namespace std::chrono_literals;

/// Ward's own door, behind which each answer is chosen by the bundle.
class ADoor : public ::testing::Test {
protected:
    ADoor()
        : identity_(http::make_self_signed({.host_names = {"localhost"},
                                            .addresses = {"127.0.0.1"},
                                            .not_before = SystemClock{}.now()})
                        .value()),
          role_(http::TlsRole::client(identity_.certificate_pem).value()),
          server_(http::Server::open({.limits = {.body_bytes_max = 10'000, .idle_timeout = 400ms}}, identity_,
                                     [](const http::Request& request, http::Respond respond) {
                                         const bool is_right = request.path == "/fhir" &&
                                                               request.header("Authorization") == "Bearer t";
                                         respond({.status = is_right ? std::stoi(request.body) : 401,
                                                  .body = R"({"issue":[{"code":"invalid"}]})"});
                                     })
                      .value()),
          line_({.receiver = {"localhost", server_.port()}, .role = &role_}) {
        server_.start();
    }

    Answer send(const std::string& bundle, const std::string& token = "t") {
        const auto answer = line_.send(bundle, token);
        EXPECT_TRUE(answer) << answer.error().what;
        return answer.value_or(Answer{});
    }

    http::TlsIdentity identity_;
    http::TlsRole role_;
    http::Server server_;
    FhirLine line_;
};

TEST_F(ADoor, IsSpokenToOverOneConnection) {
    for (int i = 0; i < 5; ++i) EXPECT_TRUE(send("201").is_taken);
    EXPECT_EQ(server_.counters().requests, 5U);
    EXPECT_LT(server_.counters().connections, 5U);
}

TEST_F(ADoor, IsSpokenToAgainAfterItClosedWhatWasIdle) {
    EXPECT_TRUE(send("200").is_taken);
    Deadline{60s}.pause(2s);
    EXPECT_TRUE(send("200").is_taken);
    EXPECT_EQ(server_.counters().requests, 2U);
    EXPECT_EQ(server_.counters().connections, 2U);
}

TEST_F(ADoor, TellsWhyItRefuses) {
    EXPECT_EQ(send("422").why, "HTTP 422 Unprocessable Content, invalid");
    EXPECT_EQ(send("200", "another").why, "HTTP 401 Unauthorized, invalid");
    EXPECT_EQ(send(std::string(20'000, '2')).why, "HTTP 413 Content Too Large") << "before it has read all";
    EXPECT_TRUE(send("200").is_taken);
}

}   // namespace
}   // namespace ward::lab
