// SPDX-License-Identifier: Apache-2.0
#include "lab/frames/office/mail_traffic.hpp"

#include <gmock/gmock.h>

namespace ward::lab {
namespace {

using namespace std::chrono;
using ::testing::HasSubstr;
using ::testing::Not;

class OnItsWay : public ::testing::Test {
protected:
    OnItsWay() {
        letter_.id = "1@firm.example";
        letter_.from = {"A Firm", "a@firm.example"};
        letter_.to = {{"Somebody", "one@ashmere.example"}, {"", "two@ashmere.example"}};
        letter_.subject = "An offer";
        letter_.text = "Dear all,\n.hidden dots are doubled\n";
        letter_.relay = "out1.firm.example";
        letter_.relay_address = "192.0.2.7";
        letter_.checks = Checks{};
    }
    /// All that went over the wire, in the order of time.
    std::string carried() {
        traffic_.see({letter_}, story_.now());
        tap_.pass(Moment::max());
        std::string text;
        for (const auto& frame : frames_)
            if (frame.bytes.size() > 54) text += as_text(Bytes{frame.bytes}.subspan(54));
        return text;
    }

    std::vector<Frame> frames_{};
    Tap tap_{[this](const Frame& frame) { frames_.push_back(frame); }};
    Story story_{Size::small, 7, 2026y / 3 / 2};
    Wires wires_{tap_, story_};
    Resolver resolver_{wires_};
    MailTraffic traffic_{wires_, resolver_};
    Letter letter_;
};

TEST_F(OnItsWay, IsReadableWhereTheSenderHasNoTls) {
    letter_.is_relayed_by_tls = false;
    const auto text = carried();
    EXPECT_THAT(text, HasSubstr("MAIL FROM:<a@firm.example>"));
    EXPECT_THAT(text, HasSubstr("RCPT TO:<two@ashmere.example>"));
    EXPECT_THAT(text, HasSubstr("\r\n..hidden dots"));
    EXPECT_THAT(text, HasSubstr("\r\n.\r\n"));
    EXPECT_THAT(text, Not(HasSubstr("STARTTLS")));
}

TEST_F(OnItsWay, IsNotReadableUnderTls) {
    const auto text = carried();
    EXPECT_THAT(text, HasSubstr("STARTTLS\r\n"));
    EXPECT_THAT(text, Not(HasSubstr("MAIL FROM")));
}

TEST_F(OnItsWay, GoesOnToReadersOutsideOnceOfEachDomain) {
    letter_.checks.reset();
    letter_.relay_address =
        to_text(story_.network().at(story_.network().one_of(DeviceKind::workstation, 0)).address);
    letter_.to = {{"", "a@firm.example"}, {"", "b@firm.example"}, {"", "c@ashmere.example"}};
    const auto text = carried();
    std::size_t greetings = 0;
    for (auto at = text.find(" ESMTP\r\n"); at != std::string::npos; at = text.find(" ESMTP\r\n", at + 1))
        ++greetings;
    EXPECT_EQ(greetings, 2U) << "the house's server, and the firm's";
}

}   // namespace
}   // namespace ward::lab
