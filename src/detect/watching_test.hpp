// SPDX-License-Identifier: Apache-2.0
// A detector that is shown events in words.
#pragma once

#include <algorithm>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "detect/detector.hpp"
#include "detect/hosts.hpp"

namespace ward::detect {

template <class Kind>
class Watching {
public:
    static constexpr Time begin{std::chrono::sys_days{std::chrono::year{2026} / 3 / 2}};

    template <class... Limits>
    explicit Watching(Limits... limits) : detector_(IpAddressHash{}, limits...) {}

    /// `own` is the member of that type.
    void see(std::chrono::milliseconds since, std::string_view type, std::string_view client,
             std::string_view server, std::string_view own) {
        see_beside(since, type, client, server, own, R"("app_proto":"smb")");
    }
    /// With other members beside it. Each is of a conversation of its own, numbered from 1 on.
    void see_beside(std::chrono::milliseconds since, std::string_view type, std::string_view client,
                    std::string_view server, std::string_view own, std::string_view beside) {
        const Time at = begin + since;
        std::string time;
        event::append_text(time, at);
        ++seen_;
        auto document = json::Document::parse(fmt::format(
            R"({{"timestamp":"{0}","flow_id":7,"event_type":"{2}","src_ip":"{3}","src_port":{1},)"
            R"("dest_ip":"{4}","dest_port":{7},"proto":"TCP","community_id":"1:{1}","{2}":{5},{6}}})",
            time, seen_, type, client, server, own, beside, port_));
        ASSERT_TRUE(document.has_value()) << document.error().what;
        auto seen = read_eve(*document);
        ASSERT_TRUE(seen.has_value()) << seen.error().what;
        seen->now = now_ = std::max(now_, at);
        hosts_.learn(*seen);
        hosts_.introduce(*seen);
        detector_.see(*seen, findings_);
    }
    /// The server's port of the events from here on.
    void to_port(std::uint16_t port) { port_ = port; }
    const Findings& findings() const { return findings_; }
    Kind& detector() { return detector_; }
    std::size_t forgotten() const { return detector_.forgotten(); }

private:
    Hosts hosts_;
    Kind detector_;
    Findings findings_;
    Time now_ = begin;
    std::uint16_t port_ = 445;
    int seen_ = 0;
};

}   // namespace ward::detect
