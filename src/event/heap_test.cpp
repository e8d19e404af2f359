// SPDX-License-Identifier: Apache-2.0
#include "event/heap.hpp"

#include <gtest/gtest.h>

#include "event/dicom.hpp"

namespace ward::event {
namespace {

TEST(Heap, OfAShortTextIsNothing) {
    EXPECT_EQ(heap_of(std::string{"CT"}), 0u);
    EXPECT_EQ(heap_of(DicomOperation{}), 0u);
}

TEST(Heap, CountsTextsAndListsHoweverDeepTheyStand) {
    const std::string text(100, 'x');
    EXPECT_GE(heap_of(text), 101u);
    DicomOperation told;
    told.calling = text;
    told.patient.text = text;
    told.query.emplace().matching.assign(10, text);
    EXPECT_GE(heap_of(told), 12 * 101 + 10 * sizeof(std::string));
    EXPECT_LT(heap_of(told), 12 * 101 + 10 * sizeof(std::string) + 200);
}

}   // namespace
}   // namespace ward::event
