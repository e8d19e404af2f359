// SPDX-License-Identifier: Apache-2.0
// A search that finds nothing proves nothing, unless it is known to find what is there.
#include "tests/attacks/leak_scanner.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ward::attacks {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr std::string_view surname = "Haddad-Müller";

LeakScanner scanner_for(std::initializer_list<std::string_view> texts) {
    LeakScanner scanner;
    for (const auto text : texts) scanner.add(text);
    scanner.prepare();
    return scanner;
}

TEST(LeakScanner, FindsATextInEachEncoding) {
    const auto scanner = scanner_for({"1984-03-09", surname});
    const std::vector<std::string> planted{"name=Haddad-Müller;", "name=haddad-müller;",
                                           "x=4861646461642d4dc3bc6c6c6572;",
                                           "x=4861646461642D4DC3BC6C6C6572;"};
    for (const auto& text : planted) EXPECT_THAT(scanner.scan(text), SizeIs(1)) << text;
    EXPECT_THAT(scanner.scan("born 1984-03-09."), SizeIs(1));
    for (std::size_t k = 0; k < encodings; ++k) {
        const auto lies = encoded(surname, static_cast<Encoding>(k));
        if (lies.empty()) continue;
        EXPECT_THAT(scanner.scan("\x01 ... " + lies + " ... "), SizeIs(1)) << k;
    }
}

TEST(LeakScanner, FindsATextInBase64WhereverItBegins) {
    const auto scanner = scanner_for({surname});
    for (std::size_t before = 0; before < 7; ++before)
        for (std::size_t after = 0; after < 4; ++after) {
            const auto whole = std::string(before, '?') + std::string{surname} + std::string(after, '!');
            const auto bytes = as_bytes(whole);
            EXPECT_THAT(scanner.scan(to_base64(bytes)), SizeIs(1)) << before << " " << after;
            EXPECT_THAT(scanner.scan(to_base64url(bytes)), SizeIs(1)) << before << " " << after;
        }
}

TEST(LeakScanner, FindsAPartOfALongText) {
    std::string text;
    for (int i = 0; i < 100; ++i) text += "sentence " + std::to_string(i) + ", ";
    const auto scanner = scanner_for({text});
    EXPECT_THAT(scanner.scan(text.substr(317, 60)), ::testing::Not(IsEmpty()));
}

TEST(LeakScanner, FindsNothingElse) {
    auto scanner = scanner_for({surname, "1984-03-09", "finished"});
    EXPECT_THAT(scanner.scan("Haddad-Muller 1984-03-08 SGFkZGFk unfinishe"), IsEmpty());
    EXPECT_EQ(scanner.allow("status is finished"), 1U);
    EXPECT_THAT(scanner.scan("finished"), IsEmpty());
    EXPECT_THAT(scanner.scan("66696e6973686564"), SizeIs(1)) << "allowed only in the encoding that was seen";
}

}   // namespace
}   // namespace ward::attacks
