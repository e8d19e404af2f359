// SPDX-License-Identifier: Apache-2.0
// Where all frames pass: puts them in the order of time, and hands them on.
#pragma once

#include <functional>
#include <vector>

#include "lab/frames/frame.hpp"

namespace ward::lab {

using TakeFrame = std::function<void(const Frame&)>;

class Tap {
public:
    explicit Tap(TakeFrame take) : take_(std::move(take)) {}

    /// At whatever time, but not before what was handed on already.
    void add(Frame frame);
    /// Hands on what is earlier than `until`.
    void pass(Moment until);

private:
    struct Entry {
        Frame frame;
        std::uint64_t number = 0;
        bool operator<(const Entry& other) const {   // a heap's first is the greatest
            return std::pair{other.frame.at, other.number} < std::pair{frame.at, number};
        }
    };

    TakeFrame take_;
    std::vector<Entry> waiting_;   // a heap
    std::uint64_t next_ = 0;
    Moment passed_{};
};

/// A file header and records of libpcap's classic format, in microseconds.
Buffer pcap_header();
void append_pcap_record(Buffer& out, const Frame& frame);

}   // namespace ward::lab
