// SPDX-License-Identifier: Apache-2.0
#include "lab/play/line.hpp"

#include <array>
#include <gmock/gmock.h>
#include <thread>

#include "lab/play/acknowledgement.hpp"
#include "lab/play/lines.hpp"
#include "lab/play/listening_test.hpp"
#include "lab/play/mllp_line.hpp"
#include "lab/play/syslog_line.hpp"

namespace ward::lab {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* taken = "\x0bMSH|^~\\&|W|W|E|E|1||ACK|1|P|2.5\rMSA|AA|E7\r\x1c\r";
constexpr const char* of_another = "\x0bMSH|^~\\&|W|W|E|E|1||ACK|1|P|2.5\rMSA|AA|E6\r\x1c\r";

std::string refusal(std::string_view rest) {
    return fmt::format("MSH|^~\\&|W|W|E|E|1||ACK|1|P|2.5.1\rMSA|{}\r", rest);
}

TEST(Acknowledgement, TellsCodesAndPlacesButNoWordsOfARefusal) {
    const auto read = read_acknowledgement(
        refusal("AE|E7|no Mary Haddad here\rERR||PID^1^5|101^Mary^HL70357|E||||Mary Haddad?"), "E7");
    ASSERT_TRUE(read);
    EXPECT_FALSE(read->is_taken);
    EXPECT_EQ(read->why, "AE 101 required field missing at PID-5");
}

TEST(Acknowledgement, OfOldVersionsHasAllOfItInTheFirstField) {
    EXPECT_EQ(read_acknowledgement(refusal("AR|E7\rERR|MSH^1^9^200&Unsupported&HL70357"), "E7")->why,
              "AR 200 unsupported message type at MSH-9");
    EXPECT_EQ(read_acknowledgement(refusal("AR|E7"), "E7")->why, "AR");
    EXPECT_EQ(read_acknowledgement(refusal("AE|E7\rERR||mary^1^5|Mary"), "E7")->why, "AE");
}

TEST(Acknowledgement, OfAnotherMessageIsNone) {
    for (const auto& [text, why] :
         {std::pair{refusal("AA|E6"), "MSA-2 is not 'E7'"}, std::pair{refusal("AA"), "MSA-2 is not 'E7'"},
          std::pair{refusal("AX|E7"), "no code in MSA-1"},
          std::pair{std::string{"MSH|^~\\&|W\r"}, "no code in MSA-1"},
          std::pair{std::string{"HTTP/1.1 400"}, "no HL7 message"}}) {
        const auto read = read_acknowledgement(text, "E7");
        ASSERT_FALSE(read) << text;
        EXPECT_THAT(read.error().what, HasSubstr(why));
    }
}

TEST(MllpLine, SendsAgainWhenTheAcknowledgementIsOfAnotherMessage) {
    const Listening listening;
    std::jthread receiver{[&] {
        const auto first = listening.accept();
        read_frame(first);
        say(first, of_another);
        const auto second = listening.accept();
        EXPECT_EQ(read_frame(second), "\x0bthat\x1c\r");
        say(second, taken);
    }};
    MllpLine line{{.receiver = listening.receiver()}};
    const auto answer = line.send("that", "E7");
    ASSERT_TRUE(answer) << answer.error().what;
    EXPECT_TRUE(answer->is_taken);
}

TEST(MllpLine, SaysWhatIsWrongAndWhatToDoWhenThePatienceEnds) {
    const Listening listening;
    std::jthread receiver{[&] {
        while (const auto socket = listening.accept()) {
            read_frame(socket);
            say(socket, of_another);
        }
    }};
    MllpLine line{{.receiver = listening.receiver(), .patience = 1s, .advice = "Look there"}};
    const auto answer = line.send("that", "E7");
    listening.stop();
    ASSERT_FALSE(answer);
    EXPECT_THAT(answer.error().what,
                AllOf(HasSubstr(fmt::format("127.0.0.1:{}: ", listening.receiver().port)),
                      HasSubstr("MSA-2 is not 'E7'"), HasSubstr("Look there")));
}

TEST(Lines, CloseTheOneThatWasIdleLongest) {
    const Listening listening;
    std::vector<UniqueFd> sockets;
    Lines<MllpLine> lines{{.receiver = listening.receiver()}, 2};
    const auto send_from = [&](std::uint32_t device, bool is_new) {
        std::jthread receiver{[&] {
            if (is_new) sockets.push_back(listening.accept());
            read_frame(sockets.back());
            say(sockets.back(), taken);
        }};
        EXPECT_TRUE((*lines.of({DeviceId{device}}))->send("that", "E7"));
    };
    send_from(1, true);
    send_from(2, true);
    send_from(2, false);
    send_from(3, true);
    char none = 0;
    EXPECT_EQ(::recv(sockets[0].get(), &none, 1, MSG_DONTWAIT), 0) << "the first is closed";
    EXPECT_EQ(::recv(sockets[1].get(), &none, 1, MSG_DONTWAIT), -1) << "the second is open";
    send_from(1, true);
    EXPECT_EQ(sockets.size(), 4U);
}

TEST(SyslogLine, SendsAgainWhatWasUnderWayWhenTheConnectionWasLost) {
    const Listening listening;
    SyslogLine line{{.receiver = listening.receiver()}};
    const std::string large(512 * 1024, 'x');
    std::string got;
    std::jthread receiver{[&] {
        {
            const auto first = listening.accept();
            std::array<char, 1000> part{};
            EXPECT_GT(::recv(first.get(), part.data(), part.size(), 0), 0);
        }   // what it did not read is lost
        const auto second = listening.accept();
        std::array<char, 65'536> part{};
        for (ssize_t size = 0; (size = ::recv(second.get(), part.data(), part.size(), 0)) > 0;)
            got.append(part.data(), static_cast<std::size_t>(size));
    }};
    constexpr std::size_t entries = 20;
    for (std::size_t i = 0; i < entries; ++i) ASSERT_TRUE(line.send(large));
    ASSERT_TRUE(line.finish());
    receiver.join();
    EXPECT_EQ(line.arrived(), entries);
    EXPECT_GE(got.size(), (entries - 8) * large.size()) << "but for what the first one's system had";
    EXPECT_EQ(got.size() % large.size(), 0U) << "entries are whole";
}

}   // namespace
}   // namespace ward::lab
