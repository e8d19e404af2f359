// SPDX-License-Identifier: Apache-2.0
#include "lab/frames/equipment/phones.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <set>

namespace ward::lab {
namespace {

using namespace std::chrono;

constexpr std::size_t words_at = 42;   // behind Ethernet, IPv4 and UDP

std::string field_of(const std::string& message, std::string_view name) {
    const auto at = message.find(fmt::format("\r\n{}: ", name));
    if (at == std::string::npos) return {};
    const auto begin = at + name.size() + 4;
    return message.substr(begin, message.find("\r\n", begin) - begin);
}

std::string tag_of(const std::string& field) { return field.substr(field.find(";tag=") + 5); }

class PhonesOfAHospital : public testing::Test {
protected:
    std::vector<std::string> enrol(const Device& phone) {
        said_.clear();
        phones_.enrol(phone, now_);
        tap_.pass(now_ += 1h);
        return said_;
    }

    Story story_{Size::small, 7, 2026y / 3 / 2};
    Moment now_ = story_.begin();
    std::vector<std::string> said_;
    Tap tap_{
        [this](const Frame& frame) { said_.emplace_back(as_text(Bytes{frame.bytes}.subspan(words_at))); }};
    Wires wires_{tap_, story_};
    Phones phones_{wires_};
};

TEST_F(PhonesOfAHospital, HaveANumberEachWithTheirRegistrar) {
    std::set<std::string> numbers;
    std::size_t phones = 0;
    for (const auto kind :
         {DeviceKind::desk_phone, DeviceKind::handheld_phone, DeviceKind::nurse_call_station})
        for (const auto id : story_.network().of(kind, 0)) {
            numbers.insert(field_of(enrol(story_.network().at(id)).front(), "To"));
            ++phones;
        }
    EXPECT_GT(phones, 100U);
    EXPECT_EQ(numbers.size(), phones);
}

/// RFC 3261, section 10.2.
TEST_F(PhonesOfAHospital, GoOnFromOneTimeToTheNext) {
    const auto& phone = story_.network().at(story_.network().one_of(DeviceKind::desk_phone, 0));
    const auto first = enrol(phone), second = enrol(phone);
    ASSERT_EQ(first.size(), 4U);
    ASSERT_EQ(second.size(), 4U);
    EXPECT_EQ(field_of(first[0], "Call-ID"), field_of(second[0], "Call-ID"));
    EXPECT_EQ(field_of(first[0], "From"), field_of(second[0], "From"));
    const auto number = std::stoi(field_of(first[0], "CSeq"));
    EXPECT_EQ(field_of(first[2], "CSeq"), fmt::format("{} REGISTER", number + 1));
    EXPECT_EQ(field_of(second[0], "CSeq"), fmt::format("{} REGISTER", number + 2));
}

TEST_F(PhonesOfAHospital, GetTheirRegistrarsOwnTag) {
    const auto& phone = story_.network().at(story_.network().one_of(DeviceKind::desk_phone, 0));
    const auto said = enrol(phone);
    EXPECT_EQ(field_of(said[1], "To").find(tag_of(field_of(said[0], "From"))), std::string::npos);
    EXPECT_NE(tag_of(field_of(said[1], "To")), tag_of(field_of(said[3], "To")));
}

}   // namespace
}   // namespace ward::lab
