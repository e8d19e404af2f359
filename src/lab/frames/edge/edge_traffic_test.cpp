// SPDX-License-Identifier: Apache-2.0
#include "lab/frames/edge/edge_traffic.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <set>

#include "lab/frames/deeds/deed_traffic.hpp"
#include "lab/frames/flow_name.hpp"

namespace ward::lab {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;
using enum DeviceKind;

class AcrossTheEdge : public ::testing::Test {
protected:
    void tell(DeviceId machine, NetworkUse use) {
        story_.tell({}, NetworkUsed{machine, "", std::move(use)}, 3);
        story_.agenda().run_until(story_.begin() + 2h);
        tap_.pass(Moment::max());
    }
    DeviceId one_of(DeviceKind kind) const { return story_.network().one_of(kind, 0); }
    int with(std::string_view text) const {
        return static_cast<int>(std::ranges::count_if(frames_, [&](const Frame& frame) {
            return as_text(frame.bytes).find(text) != std::string_view::npos;
        }));
    }

    std::vector<Frame> frames_;
    Tap tap_{[this](const Frame& frame) { frames_.push_back(frame); }};
    Story story_{Size::small, 7, 2026y / 3 / 2};
    Office office_{tap_, story_};
    DeedTraffic traffic_{office_};
    bool added_ = (story_.add_witness(traffic_), true);
};

TEST_F(AcrossTheEdge, APartnerShowsItsCertificateWhichTheHospitalIssued) {
    tell(one_of(interface_engine), PartnerCalled{PartnerId{0}, 0xc000'020a, 2, 5'000, 900});
    EXPECT_EQ(with(story_.outsiders().at(PartnerId{0}).host), 1) << "in the clear, by TLS 1.2";
    EXPECT_GE(with("Ashmere Issuing CA 1"), 2) << "whom the server names, and the issuer of both";
}

TEST_F(AcrossTheEdge, APartnerHasTheSameCertificateFromWhereverItCalls) {
    tell(one_of(interface_engine), PartnerCalled{PartnerId{0}, 0xc000'020a, 1, 100, 100});
    const auto first = frames_;
    frames_.clear();
    story_.agenda().run_until(story_.begin() + 3h);
    const auto& host = story_.outsiders().at(PartnerId{0}).host;
    const auto shown_in = [&](const std::vector<Frame>& frames) {
        for (const auto& frame : frames) {
            const auto text = as_text(frame.bytes);
            const auto found = text.find(host);
            if (found != std::string_view::npos) return std::string{text.substr(found, 300)};
        }
        return std::string{};
    };
    Tap other{[this](const Frame& frame) { frames_.push_back(frame); }};
    Office office{other, story_};
    EdgeTraffic again{office};
    again.show(PartnerCalled{PartnerId{0}, 0xc633'6430, 1, 100, 100}, one_of(interface_engine), story_.now());
    other.pass(Moment::max());
    EXPECT_FALSE(shown_in(first).empty());
    EXPECT_EQ(shown_in(first), shown_in(frames_));
}

TEST_F(AcrossTheEdge, ATechnicianStaysForSoLongAndLeaves) {
    tell(one_of(vendor_gateway), VendorCame{VendorId{0}, 0xc000'020a, RemoteWay::shell, 1'200});
    EXPECT_GE(with("SSH-2.0-"), 2);
    EXPECT_GT(frames_.back().at, story_.begin() + 20min);
    EXPECT_LT(frames_.back().at, story_.begin() + 30min);
    const auto flags = std::to_integer<std::uint8_t>(frames_.back().bytes[47]);
    EXPECT_EQ(flags, tcp_flag::ack) << "of the other side's FIN";
}

TEST_F(AcrossTheEdge, ADesktopIsAskedForBeforeTls) {
    tell(one_of(vendor_gateway), MachineWorkedOn{one_of(modality), RemoteWay::desktop, 300, "technician"});
    EXPECT_EQ(with("Cookie: mstshash=technicia\r\n"), 1) << "its first nine letters";
}

TEST_F(AcrossTheEdge, ATunnelIsOneConversationUntilItIsClosed) {
    const auto laptop = story_.network().laptops.front().device;
    const auto from = story_.network().laptops.front().home;
    story_.tell({}, NetworkUsed{laptop, "", TunnelChanged{TunnelChanged::What::opened, from}}, 3);
    story_.agenda().run_until(story_.begin() + 1h);
    tell(laptop, TunnelChanged{TunnelChanged::What::closed, from});
    std::set<FlowKey> flows;
    for (const auto& frame : frames_)
        if (const auto key = flow_key(frame.bytes)) flows.insert(*key);
    EXPECT_EQ(flows.size(), 1U);
    EXPECT_TRUE(std::ranges::all_of(frames_, [](const Frame& frame) { return frame.label == 3; }));
    EXPECT_LT(frames_.back().at, story_.begin() + 61min) << "nothing is said behind its end";
}

}   // namespace
}   // namespace ward::lab
