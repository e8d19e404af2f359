// SPDX-License-Identifier: Apache-2.0
// All that sends.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "core/unique_function.hpp"
#include "lab/all_feeds.hpp"
#include "lab/play/fhir_line.hpp"
#include "lab/play/frame_socket.hpp"
#include "lab/play/lines.hpp"
#include "lab/play/mllp_line.hpp"
#include "lab/play/pace.hpp"
#include "lab/play/play.hpp"
#include "lab/play/syslog_line.hpp"

namespace ward::lab {

/// Sends what its witness sees, each a little later: when the story has come to the end of the minute.
/// Borrows the wish.
class Player {
public:
    Player(const PlayWish& wish, Days& days, std::optional<http::TlsRole> role,
           std::optional<FrameSocket> socket);
    Player(const Player&) = delete;
    Player& operator=(const Player&) = delete;

    Witness& witness() { return feeds_; }
    /// All that was seen until then, in its time.
    Result<> send_until(Moment until, const Pace& pace);
    /// When all was sent.
    Result<> finish();
    Played played();

private:
    struct Due {
        Moment at{};
        UniqueFunction<Result<>()> send;
    };

    Manner manner(const Receiver& receiver, std::string_view advice) const;
    FeedTakers takers();
    void take(Hl7Message message);
    void take(FhirTransaction transaction);
    void take_entry(const Act& act, const Story& story, std::string entry);
    void take(const Frame& frame);
    Result<> send_message(const Hl7Message& message);
    Result<> send_transaction(const FhirTransaction& transaction);
    Result<> send_entry(Sender sender, std::string entry);
    Result<> send_frame(const Buffer& bytes);
    void note_refusal(std::string what, const Answer& answer);

    const PlayWish& wish_;
    std::optional<http::TlsRole> role_;
    std::optional<FrameSocket> socket_;
    AllFeeds feeds_;
    std::optional<Lines<MllpLine>> messages_{};
    std::optional<Lines<SyslogLine>> trail_{};
    std::optional<Lines<FhirLine>> resources_{};
    std::vector<Due> due_{};
    Played played_{};
};

}   // namespace ward::lab
