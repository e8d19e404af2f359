// SPDX-License-Identifier: Apache-2.0
// All that sends, as a witness of the story.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "core/unique_function.hpp"
#include "lab/feeds/atna_sender.hpp"
#include "lab/frames/traffic.hpp"
#include "lab/play/fhir_line.hpp"
#include "lab/play/frame_socket.hpp"
#include "lab/play/lines.hpp"
#include "lab/play/mllp_line.hpp"
#include "lab/play/pace.hpp"
#include "lab/play/play.hpp"
#include "lab/play/syslog_line.hpp"

namespace ward::lab {

/// Sends what it sees, each a little later: when the story has come to the end of the minute. Borrows the
/// wish.
class Player final : public Witness {
public:
    Player(const PlayWish& wish, Days& days, std::optional<http::TlsRole> role,
           std::optional<FrameSocket> socket);
    Player(const Player&) = delete;
    Player& operator=(const Player&) = delete;

    void see(const Act& act, const Story& story) override;

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
    void take(Hl7Message message);
    void take(FhirTransaction transaction);
    void take(const Frame& frame);
    Result<> send_message(const Hl7Message& message);
    Result<> send_transaction(const FhirTransaction& transaction);
    Result<> send_entry(Sender sender, std::string entry);
    Result<> send_frame(const Buffer& bytes);
    void note_refusal(std::string what, const Answer& answer);

    const PlayWish& wish_;
    std::optional<http::TlsRole> role_;
    std::optional<FrameSocket> socket_;
    Truth& truth_;
    AtnaSender atna_;
    Hl7Feed hl7_;
    FhirFeed fhir_;
    std::optional<Traffic> traffic_{};
    std::optional<Lines<MllpLine>> messages_{};
    std::optional<Lines<SyslogLine>> trail_{};
    std::optional<Lines<FhirLine>> resources_{};
    std::vector<Due> due_{};
    Played played_{};
    std::uint64_t trail_bytes_ = 0;   // as files of them would have
    std::uint64_t message_bytes_ = 0;
};

}   // namespace ward::lab
