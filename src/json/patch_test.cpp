// SPDX-License-Identifier: Apache-2.0
#include "json/patch.hpp"

#include <gtest/gtest.h>

namespace ward::json {
namespace {

Result<std::string> apply(const std::string& target, const std::string& patch,
                          const PatchLimits& limits = {}) {
    const auto before = Document::parse(target);
    const auto operations = Document::parse(patch);
    EXPECT_TRUE(before && operations);
    return patched(before->root(), operations->root(), limits);
}

std::string after(const std::string& target, const std::string& patch) {
    const auto result = apply(target, patch);
    return result ? *result : "refused: " + result.error().what;
}

Errc refusal(const std::string& target, const std::string& patch, const PatchLimits& limits = {}) {
    const auto result = apply(target, patch, limits);
    EXPECT_FALSE(result) << *result;
    return result ? Errc::not_found : result.error().code;
}

// RFC 6902, appendix A: the examples of each section, in their order.
TEST(JsonPatch, AddsAsTheExamplesOfTheRfc) {
    EXPECT_EQ(after(R"({"foo":"bar"})", R"([{"op":"add","path":"/baz","value":"qux"}])"),
              R"({"foo":"bar","baz":"qux"})");
    EXPECT_EQ(after(R"({"foo":["bar","baz"]})", R"([{"op":"add","path":"/foo/1","value":"qux"}])"),
              R"({"foo":["bar","qux","baz"]})");
    EXPECT_EQ(after(R"({"foo":"bar"})", R"([{"op":"add","path":"/child","value":{"grandchild":{}}}])"),
              R"({"foo":"bar","child":{"grandchild":{}}})");
    EXPECT_EQ(after(R"({"foo":"bar"})", R"([{"op":"add","path":"/baz","value":"qux","xyz":123}])"),
              R"({"foo":"bar","baz":"qux"})");
    EXPECT_EQ(refusal(R"({"foo":"bar"})", R"([{"op":"add","path":"/baz/bat","value":"qux"}])"),
              Errc::conflict);
    EXPECT_EQ(after(R"({"foo":["bar"]})", R"([{"op":"add","path":"/foo/-","value":["abc","def"]}])"),
              R"({"foo":["bar",["abc","def"]]})");
}

TEST(JsonPatch, RemovesAndReplacesAsTheExamplesOfTheRfc) {
    EXPECT_EQ(after(R"({"baz":"qux","foo":"bar"})", R"([{"op":"remove","path":"/baz"}])"),
              R"({"foo":"bar"})");
    EXPECT_EQ(after(R"({"foo":["bar","qux","baz"]})", R"([{"op":"remove","path":"/foo/1"}])"),
              R"({"foo":["bar","baz"]})");
    EXPECT_EQ(after(R"({"baz":"qux","foo":"bar"})", R"([{"op":"replace","path":"/baz","value":"boo"}])"),
              R"({"baz":"boo","foo":"bar"})");
}

TEST(JsonPatch, MovesAsTheExamplesOfTheRfc) {
    EXPECT_EQ(after(R"({"foo":{"bar":"baz","waldo":"fred"},"qux":{"corge":"grault"}})",
                    R"([{"op":"move","from":"/foo/waldo","path":"/qux/thud"}])"),
              R"({"foo":{"bar":"baz"},"qux":{"corge":"grault","thud":"fred"}})");
    EXPECT_EQ(after(R"({"foo":["all","grass","cows","eat"]})",
                    R"([{"op":"move","from":"/foo/1","path":"/foo/3"}])"),
              R"({"foo":["all","cows","eat","grass"]})");
}

TEST(JsonPatch, TestsAsTheExamplesOfTheRfc) {
    EXPECT_EQ(after(R"({"baz":"qux","foo":["a",2,"c"]})",
                    R"([{"op":"test","path":"/baz","value":"qux"},{"op":"test","path":"/foo/1","value":2}])"),
              R"({"baz":"qux","foo":["a",2,"c"]})");
    EXPECT_EQ(refusal(R"({"baz":"qux"})", R"([{"op":"test","path":"/baz","value":"bar"}])"), Errc::conflict);
    EXPECT_EQ(after(R"({"/":9,"~1":10})", R"([{"op":"test","path":"/~01","value":10}])"),
              R"({"/":9,"~1":10})");
    EXPECT_EQ(refusal(R"({"/":9,"~1":10})", R"([{"op":"test","path":"/~01","value":"10"}])"), Errc::conflict);
}

TEST(JsonPatch, TestsNumbersByTheirValueAndObjectsInAnyOrder) {
    EXPECT_EQ(after(R"({"a":[1.50,{"x":0.0,"y":-0}]})",
                    R"([{"op":"test","path":"/a","value":[15e-1,{"y":0e7,"x":-0}]}])"),
              R"({"a":[1.50,{"x":0.0,"y":-0}]})");
    EXPECT_EQ(refusal(R"({"a":9007199254740993})", R"([{"op":"test","path":"/a","value":9007199254740992}])"),
              Errc::conflict)
        << "as doubles, they would be the same";
    EXPECT_EQ(refusal(R"({"a":-1})", R"([{"op":"test","path":"/a","value":1}])"), Errc::conflict);
}

TEST(JsonPatch, TestsWhatEarlierOperationsMade) {
    EXPECT_EQ(after(R"({"a":[1]})",
                    R"([{"op":"add","path":"/a/-","value":2},{"op":"test","path":"/a","value":[1,2]},
                        {"op":"add","path":"/b","value":3},
                        {"op":"test","path":"","value":{"b":3,"a":[1,2]}}])"),
              R"({"a":[1,2],"b":3})");
    EXPECT_EQ(refusal(R"({"a":[1]})", R"([{"op":"add","path":"/a/-","value":2},
                                          {"op":"test","path":"/a","value":[1]}])"),
              Errc::conflict);
}

TEST(JsonPatch, LeavesTheSpellingOfWhatItDoesNotTouch) {
    EXPECT_EQ(after(R"({ "value" : 7.50, "s":"Z\u00fc", "e" : 1E+2, "old":[ 0.10 ] })",
                    R"([{"op":"copy","from":"/old/0","path":"/new"},{"op":"remove","path":"/old"}])"),
              R"({"value":7.50,"s":"Z\u00fc","e":1E+2,"new":0.10})");
}

TEST(JsonPatch, ReplacesTheWhole) {
    EXPECT_EQ(after(R"({"a":1})", R"([{"op":"replace","path":"","value":[2]}])"), "[2]");
    EXPECT_EQ(after(R"({"a":1})", R"([{"op":"copy","from":"","path":"/a"}])"), R"({"a":{"a":1}})");
    EXPECT_EQ(after(R"({"a":{"b":1}})", R"([{"op":"move","from":"/a","path":""}])"), R"({"b":1})");
    EXPECT_EQ(refusal(R"({"a":1})", R"([{"op":"remove","path":""}])"), Errc::conflict);
}

TEST(JsonPatch, RefusesPathsThatLeadNowhere) {
    const std::string target = R"({"a":[1,2],"b":{"c":3}})";
    for (const auto* const path : {"/x", "/a/2", "/a/-", "/a/01", "/a/x", "/b/c/d", "/b/", "/a/-1"})
        EXPECT_EQ(refusal(target, R"([{"op":"remove","path":")" + std::string{path} + "\"}]"), Errc::conflict)
            << path;
    EXPECT_EQ(refusal(target, R"([{"op":"add","path":"/a/3","value":0}])"), Errc::conflict);
    EXPECT_EQ(refusal(target, R"([{"op":"replace","path":"/x","value":0}])"), Errc::conflict);
    EXPECT_EQ(refusal(target, R"([{"op":"move","from":"/b","path":"/b/c"}])"), Errc::conflict);
}

TEST(JsonPatch, RefusesWhatIsNoPatch) {
    for (const auto* const patch :
         {R"({"op":"remove","path":"/a"})", R"([7])", R"([{"op":"spam","path":"/a"}])",
          R"([{"op":"remove"}])", R"([{"op":"remove","path":"a"}])", R"([{"op":"remove","path":"/a~2"}])",
          R"([{"op":"remove","path":"/a~"}])", R"([{"op":"remove","path":7}])",
          R"([{"op":"add","path":"/b"}])", R"([{"op":"move","path":"/b"}])"})
        EXPECT_EQ(refusal(R"({"a":1})", patch), Errc::malformed) << patch;
}

TEST(JsonPatch, ErrorsNameTheOperationAndNothingThatIsThere) {
    const auto result = apply(R"({"name":"Haddad"})", R"([{"op":"test","path":"/name","value":"Haddad"},
                                                          {"op":"remove","path":"/Quilithe"}])");
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().what, "operation 1 (remove): path leads nowhere");
}

TEST(JsonPatch, CopiesThatGrowWithoutEndAreStopped) {
    std::string doubling = "[";
    for (int i = 0; i < 40; ++i) doubling += R"({"op":"copy","from":"/a","path":"/a/-"},)";
    doubling.back() = ']';
    EXPECT_EQ(refusal(R"({"a":["x"]})", doubling), Errc::limit_exceeded);
    EXPECT_EQ(refusal(R"({"a":["x"]})", R"([{"op":"add","path":"/a/-","value":"longer than that"}])",
                      {.bytes_added_max = 10}),
              Errc::limit_exceeded);
    EXPECT_EQ(
        refusal(R"({"a":[[["x"]]]})", R"([{"op":"copy","from":"/a","path":"/a/0/0/0"}])", {.depth_max = 6}),
        Errc::limit_exceeded);
    EXPECT_EQ(refusal("[]", R"([{"op":"add","path":"/-","value":1},{"op":"add","path":"/-","value":1}])",
                      {.operations_max = 1}),
              Errc::limit_exceeded);
    EXPECT_EQ(refusal(R"([1,2,3,4,5,6,7,8])", R"([{"op":"test","path":"","value":[1,2,3,4,5,6,7,8]}])",
                      {.steps_max = 4}),
              Errc::limit_exceeded);
}

}   // namespace
}   // namespace ward::json
