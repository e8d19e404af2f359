// SPDX-License-Identifier: Apache-2.0
#include "foreign/table.hpp"

#include <array>
#include <gtest/gtest.h>
#include <string>

namespace ward::foreign {
namespace {

std::string told(const std::string& own, std::span<const Field> fields) {
    const auto parsed = json::Document::parse(own);
    std::string out;
    json::Writer writer{out};
    writer.begin_object();
    write_fields(writer, parsed->root(), fields);
    writer.end_object();
    return out;
}

TEST(Tables, TellWhatTheyNameAndNothingElse) {
    constexpr std::array fields{Field{"a", "x"}, Field{"b/c", "y/z"}, Field{"b/d", "y/w"}, Field{"e", "e"}};
    EXPECT_EQ(told(R"({"a":"one","b":{"c":2,"d":true},"e":["f",1,null,{}],"name":"Jones"})", fields),
              R"({"x":"one","y":{"z":2,"w":true},"e":["f",1]})");
}

TEST(Tables, LeaveOutWhatIsEmpty) {
    constexpr std::array fields{Field{"a", "a"}, Field{"b", "b/c"}, Field{"d", "d"}, Field{"e", "e"}};
    EXPECT_EQ(told(R"({"a":"<none>","b":"","d":null,"e":{"f":1}})", fields), "{}");
}

TEST(Tables, BoundTextsAndLists) {
    constexpr std::array fields{Field{"a", "a"}, Field{"b", "b"}};
    const std::string half = std::string(text_bytes_max - 1, 'x') + "\xc3\xa9";
    std::string many;
    for (std::size_t i = 0; i <= elements_max; ++i) many += (i == 0 ? "1" : ",1");
    const auto parsed = *json::Document::parse(told("{\"a\":\"" + half + "\",\"b\":[" + many + "]}", fields));
    EXPECT_EQ(parsed["a"].text().size(), text_bytes_max - 1) << "no half of a character";
    EXPECT_EQ(parsed["b"].size(), elements_max);
}

}   // namespace
}   // namespace ward::foreign
