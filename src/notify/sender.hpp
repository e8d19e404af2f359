// SPDX-License-Identifier: Apache-2.0
// Messages on their way to each of the channels.
#pragma once

#include <string>
#include <vector>

#include "notify/destination.hpp"
#include "notify/notice.hpp"
#include "notify/outbox.hpp"
#include "notify/transfer.hpp"

namespace ward::notify {

/// Those that are set.
std::vector<Channel> channels_of(const Channels& channels);

/// Tries once. Secrets are read anew, so that they can be changed.
Attempt send(const Channels& channels, Channel channel, const Message& message,
             const TransferLimits& limits = {});

/// Sends what is due on each channel, pages first. A channel where nobody is there is left alone until the
/// next time; what is given up is logged.
Result<> send_due(Outbox& outbox, const Channels& channels, const Clock& clock,
                  const TransferLimits& limits = {});

}   // namespace ward::notify
