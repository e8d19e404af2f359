// SPDX-License-Identifier: Apache-2.0
#include "event/fields.hpp"

#include <gtest/gtest.h>

#include "event/event.hpp"

namespace ward::event {
namespace {

enum class Colour : std::uint8_t { red };
constexpr std::string_view name(Colour) { return "red"; }

struct Lamp {
    static constexpr std::string_view event_type = "lamp";
    std::string label;
    std::optional<std::int64_t> watts;
    std::vector<std::uint16_t> rooms;
    Colour colour = Colour::red;
    bool lit = false;

    template <class Visitor>
    void fields(Visitor&& visit) const {
        visit("label", label);
        visit("watts", watts);
        visit("rooms", rooms);
        visit("colour", colour);
        visit("lit", lit);
    }
};

std::string json(Lamp lamp) {
    std::string text;
    json::Writer writer{text};
    Payload{std::move(lamp)}.write(writer);
    return text;
}

TEST(Fields, AreWrittenInTheirOrder) {
    EXPECT_EQ(json({"desk", 40, {1, 2}, Colour::red, true}),
              R"({"label":"desk","watts":40,"rooms":[1,2],"colour":"red","lit":true})");
}

TEST(Fields, LeaveOutWhatIsEmpty) { EXPECT_EQ(json({}), R"({"colour":"red","lit":false})"); }

TEST(Fields, RepairWhatIsNotUtf8) {
    EXPECT_EQ(json({"M\xFCller\"", {}, {}, {}, {}}),
              "{\"label\":\"M\xEF\xBF\xBDller\\\"\",\"colour\":\"red\",\"lit\":false}");
}

// As `date -u -d @951826552.5` and Suricata write it: a leap day in a leap century.
TEST(Fields, WriteTimesInUtcWithMicroseconds) {
    std::string text;
    append_text(text, Time{std::chrono::nanoseconds{951'826'552'500'001'999}});
    EXPECT_EQ(text, "2000-02-29T12:15:52.500001+0000");
}

TEST(Payload, IsOnlyWhatItIs) {
    struct Other : Lamp {};
    const Payload payload{Lamp{"desk", {}, {}, {}, {}}};
    EXPECT_EQ(payload.type(), "lamp");
    ASSERT_NE(payload.as<Lamp>(), nullptr);
    EXPECT_EQ(payload.as<Lamp>()->label, "desk");
    EXPECT_EQ(payload.as<Other>(), nullptr);
}

}   // namespace
}   // namespace ward::event
