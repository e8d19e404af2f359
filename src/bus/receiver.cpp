// SPDX-License-Identifier: Apache-2.0
#include "bus/receiver.hpp"

#include <algorithm>

#include "bus/trouble.hpp"
#include "core/log.hpp"

namespace ward::bus {
namespace {

constexpr std::chrono::milliseconds patience{100};

/// `text` without its first lines.
std::string_view behind(std::string_view text, Sequence lines) {
    for (; lines > 0; --lines) text.remove_prefix(text.find('\n') + 1);
    return text;
}

/// The lines that come after `watermark`.
Result<std::string> lines_after(Sequence watermark, const Batch& batch) {
    std::string text;
    for (const auto& record : batch.records) {
        if (record.last() <= watermark) continue;
        const auto lines = TRY(spool::unpack(record));
        text += behind(lines, watermark < record.first ? 0 : watermark + 1 - record.first);
    }
    return text;
}

}   // namespace

ReceiverCounts Receiver::run(const std::stop_token& stop) {
    Trouble trouble{"no events are received"};
    while (!stop.stop_requested()) {
        const auto batches = counts_.batches;
        const auto ended = listen(stop);
        if (counts_.batches > batches) trouble.is_over();
        if (!ended) trouble.tell(ended.error().what);
        pause(stop, limits_.connect_every);
    }
    return counts_;
}

Result<> Receiver::listen(const std::stop_token& stop) {
    auto connection = TRY(Connection::open(address_, "ward receiver"));
    auto events = TRY(connection.subscribe(all_events, limits_.pending_bytes_max));
    while (!stop.stop_requested()) {
        const auto message = TRY(events.next(patience));
        if (message) TRY(take(connection, *message));
        if (!connection.is_alive()) return fail(Errc::unavailable, "the bus is gone");
    }
    return {};
}

/// Errors are those of the bus: what is wrong with a message or with storing it concerns its publisher only.
Result<> Receiver::take(Connection& connection, const Message& message) {
    const auto publisher = publisher_of(message.subject);
    const auto decoded = decode_batch(message.bytes, limits_.batch);
    const auto* batch = std::get_if<Decoded<Batch>>(&decoded);
    if (!publisher || batch == nullptr) {
        if (counts_.malformed++ == 0) log::error("a message on the bus is no batch of events");
        return {};
    }
    ++counts_.batches;
    const auto stored = store(*publisher, batch->message);
    if (!stored) {
        // No answer: the publisher asks again after a while.
        if (counts_.refused++ % 100 == 0)
            log::error("events are not stored",
                       {{"publisher", publisher->hex()}, {"reason", stored.error().what}});
        return {};
    }
    return connection.publish(stored_subject(*publisher), encode_stored(*stored));
}

Result<Stored> Receiver::store(const PublisherId& publisher, const Batch& batch) {
    const auto before = TRY(watermark(publisher));
    if (batch.records.empty()) return Stored{before, false};
    if (batch.after > before) {
        ++counts_.again;
        return Stored{before, true};
    }
    if (batch.last() <= before) {
        ++counts_.known;
        return Stored{before, false};
    }
    const auto lines = TRY(lines_after(before, batch));
    const auto first = std::max(batch.first(), before + 1);
    auto& watermark = watermarks_[publisher];
    const auto after = sink_.append(publisher, first, lines);
    if (!after) {
        watermarks_.erase(publisher);   // whatever it is now
        return tl::unexpected(after.error());
    }
    counts_.events += *after - std::min(*after, first - 1);
    if (first > before + 1) {
        counts_.given_up += first - 1 - before;
        log::error("a publisher gave up events before they were stored",
                   {{"publisher", publisher.hex()}, {"count", first - 1 - before}, {"before", first}});
    }
    watermark = *after;
    return Stored{watermark, false};
}

Result<Sequence> Receiver::watermark(const PublisherId& publisher) {
    const auto known = watermarks_.find(publisher);
    if (known != watermarks_.end()) return known->second;
    if (watermarks_.size() >= limits_.publishers_max) watermarks_.clear();   // the sink knows them all
    return watermarks_[publisher] = TRY(sink_.watermark(publisher));
}

}   // namespace ward::bus
