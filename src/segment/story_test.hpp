// SPDX-License-Identifier: Apache-2.0
// Events in words, for whoever learns from them or judges them.
#pragma once

#include <chrono>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <string>
#include <string_view>

#include "segment/talk.hpp"

namespace ward::segment {

/// Hands each event that is told to `See`.
template <class See>
class Story {
public:
    static constexpr Time begin{std::chrono::sys_days{std::chrono::year{2026} / 3 / 2}};

    explicit Story(See see) : see_(std::move(see)) {}

    void device(std::string_view address, std::string_view role) {
        tell(fmt::format(R"("event_type":"device","device":{{"addresses":["{}"],"role":"{}"}})", address,
                         role));
    }
    /// `server` with its port; `more` are other members.
    void flow(std::string_view client, std::string_view server, std::uint16_t port,
              std::string_view protocol = "TCP", int packets_to_client = 9, std::string_view more = "") {
        ++flows_;
        tell(fmt::format(R"("event_type":"flow","src_ip":"{}","src_port":{},"dest_ip":"{}","dest_port":{},)"
                         R"("proto":"{}","community_id":"1:{}","flow":{{"pkts_toclient":{}}}{})",
                         client, 40'000 + flows_, server, port, protocol, flows_, packets_to_client, more));
    }
    void pass(std::chrono::minutes time) { now_ += time; }
    Time now() const { return now_; }

private:
    void tell(const std::string& members) {
        std::string time;
        event::append_text(time, now_);
        const auto document = json::Document::parse(fmt::format(R"({{"timestamp":"{}",{}}})", time, members));
        ASSERT_TRUE(document) << document.error().what << members;
        const auto seen = detect::read_eve(*document);
        ASSERT_TRUE(seen) << seen.error().what;
        see_(*seen);
    }

    See see_;
    Time now_ = begin;
    int flows_ = 0;
};

}   // namespace ward::segment
