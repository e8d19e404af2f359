// SPDX-License-Identifier: Apache-2.0
#include "lab/frames/equipment/print_job.hpp"

#include <gtest/gtest.h>

namespace ward::lab {
namespace {

constexpr std::string_view universal_exit = "\x1b%-12345X";

TEST(PrintJob, HasPagesBetweenTwoExits) {
    Random random{7};
    const auto job = page_job(2, random);
    const std::string text{as_text(job)};
    EXPECT_TRUE(text.starts_with(std::string{universal_exit} + "@PJL JOB NAME="));
    EXPECT_NE(text.find("@PJL ENTER LANGUAGE=PCLXL\r\n) HP-PCL XL;3;0;"), std::string::npos);
    EXPECT_TRUE(text.ends_with(std::string{universal_exit} + "@PJL EOJ\r\n" + std::string{universal_exit}));
}

TEST(PrintJob, IsLongerWithMorePages) {
    Random random{8}, other{8};
    EXPECT_GT(page_job(20, random).size(), 3 * page_job(2, other).size());
}

TEST(PrintJob, HasLabelsAsOftenAsTheyAreWanted) {
    Random random{7};
    const auto job = label_job(3, random);
    const std::string text{as_text(job)};
    EXPECT_TRUE(text.starts_with("^XA"));
    EXPECT_TRUE(text.ends_with("^PQ3^XZ\r\n"));
    const auto code = text.find("^BCN,90,N,N,N^FD") + 16;
    EXPECT_NE(text.find("^A0N,34,34^FD" + text.substr(code, 8) + "^FS"), std::string::npos);
}

}   // namespace
}   // namespace ward::lab
