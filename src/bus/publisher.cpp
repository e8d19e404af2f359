// SPDX-License-Identifier: Apache-2.0
#include "bus/publisher.hpp"

#include "bus/trouble.hpp"

namespace ward::bus {
namespace {

constexpr int answers_bytes_max = 1 << 20;
constexpr std::chrono::seconds spool_looked_at_every{1};

}   // namespace

PublisherCounts Publisher::run(const std::stop_token& stop) {
    Trouble trouble{"events wait in the spool"};
    while (!stop.stop_requested()) {
        const auto publisher = spool_.publisher();
        if (publisher && *publisher) {
            const auto ended = talk(stop, **publisher);
            if (answered_) trouble.is_over();
            if (!ended) trouble.tell(ended.error().what);
        }
        if (!publisher) trouble.tell(publisher.error().what);
        pause(stop, limits_.connect_every);
    }
    return counts_;
}

Result<> Publisher::talk(const std::stop_token& stop, const PublisherId& publisher) {
    publisher_ = publisher;
    answered_ = false;
    asked_.reset();
    noted_.reset();
    auto connection = TRY(Connection::open(address_, "ward publisher"));
    auto answers = TRY(connection.subscribe(stored_subject(publisher), answers_bytes_max));
    ++counts_.connections;
    looked_ = Steady::now();
    const auto subject = events_subject(publisher);
    while (!stop.stop_requested()) {
        TRY(hear(answers));
        const bool sent = answered_ && TRY(send(connection, subject));
        waits_ = !sent;
        TRY(ask_if_due(connection, subject));
        if (!connection.is_alive()) return fail(Errc::unavailable, "the bus is gone");
        const auto now = Steady::now();
        if (now - looked_ < spool_looked_at_every) continue;
        looked_ = now;
        TRY(note_stored());
        if (TRY(spool_.publisher()) != publisher) return {};
    }
    return note_stored();
}

Result<> Publisher::hear(Subscription& answers) {
    auto patience = waits_ ? limits_.look_every : std::chrono::milliseconds{0};
    while (const auto message = TRY(answers.next(patience))) {
        patience = std::chrono::milliseconds{0};
        const auto decoded = decode_stored(message->bytes);
        if (const auto* stored = std::get_if<Decoded<Stored>>(&decoded)) heed(stored->message);
    }
    return {};
}

void Publisher::heed(const Stored& stored) {
    if (!answered_) {
        answered_ = true;
        return begin_at(stored.watermark);
    }
    // The store was set back: it wants again what it had.
    if (stored.watermark < stored_) return begin_at(stored.watermark);
    if (stored.watermark > stored_) progress_ = Steady::now();
    stored_ = stored.watermark;
    while (!in_flight_.empty() && in_flight_.front().last <= stored_) {
        in_flight_bytes_ -= in_flight_.front().bytes;
        in_flight_.pop_front();
    }
    // Each message behind one that was lost is answered so; going back once is enough.
    if (stored.again && Steady::now() - began_ > limits_.ask_every) begin_at(stored_);
}

void Publisher::begin_at(Sequence watermark) {
    stored_ = watermark;
    in_flight_.clear();
    in_flight_bytes_ = 0;
    spool_.seek(watermark);
    began_ = progress_ = Steady::now();
    ++counts_.rewinds;
}

/// True when there was something, and room for it.
Result<bool> Publisher::send(Connection& connection, const std::string& subject) {
    if (in_flight_bytes_ >= limits_.in_flight_max) return false;
    const auto chunk = TRY(spool_.next(limits_.chunk));
    if (chunk.empty()) return false;
    if (in_flight_.empty()) progress_ = Steady::now();
    TRY(connection.publish(subject, encode_batch(chunk.after, chunk.records)));
    in_flight_.push_back({chunk.last, chunk.records.size()});
    in_flight_bytes_ += chunk.records.size();
    ++counts_.batches;
    return true;
}

/// Asks where the store is, when it has not said so for too long.
Result<> Publisher::ask_if_due(Connection& connection, const std::string& subject) {
    const auto now = Steady::now();
    if (answered_ && !in_flight_.empty() && now - progress_ > limits_.patience) {
        answered_ = false;
        asked_.reset();
    }
    if (answered_ || (asked_ && now - *asked_ < limits_.ask_every)) return {};
    asked_ = now;
    return connection.publish(subject, encode_batch(stored_, {}));
}

/// For the spool's writer, which removes it, and for who comes after this publisher.
Result<> Publisher::note_stored() {
    if (!answered_ || noted_ == stored_) return {};
    noted_ = stored_;
    return spool::write_stored(folder_, {publisher_, stored_});
}

}   // namespace ward::bus
