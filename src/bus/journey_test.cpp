// SPDX-License-Identifier: Apache-2.0
// From a spool to a sink, through a real nats-server.
#include <algorithm>
#include <fmt/format.h>
#include <fstream>
#include <gtest/gtest.h>
#include <map>
#include <thread>

#include "bus/publisher.hpp"
#include "bus/receiver.hpp"
#include "bus/server_test.hpp"
#include "bus/trouble.hpp"
#include "core/mutex.hpp"
#include "core/scratch_folder.hpp"
#include "spool/writer.hpp"

using namespace ward;
using namespace ward::bus;
using namespace std::chrono_literals;

namespace {

std::string event(Sequence number) { return fmt::format("event {}\n", number); }
std::string events(Sequence first, Sequence last) {
    std::string text;
    for (auto number = first; number <= last; ++number) text += event(number);
    return text;
}

/// What a store would have.
class Kept {
public:
    Sink sink() {
        return {[this](const PublisherId& publisher) -> Result<Sequence> {
                    const Lock lock{mutex_};
                    return watermarks_[publisher];
                },
                [this](const PublisherId& publisher, Sequence first, std::string_view lines) {
                    return append(publisher, first, lines);
                }};
    }
    void refuse(const PublisherId& publisher) {
        const Lock lock{mutex_};
        refused_ = publisher;
    }
    std::string text(const PublisherId& publisher) {
        const Lock lock{mutex_};
        return texts_[publisher];
    }
    bool comes_to(const PublisherId& publisher, Sequence last) {
        std::unique_lock lock{mutex_};
        return changed_.wait_for(lock, 20s, [&] { return watermarks_[publisher] >= last; });
    }

private:
    Result<Sequence> append(const PublisherId& publisher, Sequence first, std::string_view lines) {
        const Lock lock{mutex_};
        if (refused_ == publisher) return fail(Errc::unavailable, "the disk is full");
        texts_[publisher] += lines;
        watermarks_[publisher] = first + static_cast<Sequence>(std::ranges::count(lines, '\n')) - 1;
        changed_.notify_all();
        return watermarks_[publisher];
    }

    Mutex mutex_;
    std::condition_variable_any changed_;
    std::map<PublisherId, std::string> texts_;
    std::map<PublisherId, Sequence> watermarks_;
    std::optional<PublisherId> refused_;
};

class Journey : public ::testing::Test {
protected:
    void SetUp() override {
        if (!is_nats_installed()) GTEST_SKIP() << nats_server << " is not installed";
        for (const auto* name : {"bus", "spool"}) std::filesystem::create_directory(folder_ / name);
        server_ = std::make_unique<RunningServer>(folder_ / "bus");
        writer_ = std::make_unique<spool::Writer>(spool::Writer::open(folder_ / "spool").value());
    }

    const ServerFiles& files() const { return server_->files(); }
    PublisherId id() const { return writer_->publisher(); }

    std::jthread publish(PublisherLimits limits = {}) {
        return std::jthread{[this, limits](const std::stop_token& stop) {
            published_ = Publisher{folder_ / "spool", files().for_publisher(), limits}.run(stop);
        }};
    }
    std::jthread receive() {
        return std::jthread{[this](const std::stop_token& stop) {
            received_ = Receiver{files().for_receiver(), kept_.sink()}.run(stop);
        }};
    }
    /// Somebody on the bus who does as the test says.
    Connection connect(const Address& address) {
        for (int tries = 0; tries < 200; ++tries) {
            if (auto connection = Connection::open(address, "test")) return *std::move(connection);
            pause({}, 50ms);
        }
        WARD_ASSERT(!"the server answers");
    }
    static Batch batch(const Message& message) {
        return std::get<Decoded<Batch>>(decode_batch(message.bytes)).message;
    }
    static std::optional<Message> next(Subscription& messages, std::chrono::milliseconds patience = 10s) {
        return messages.next(patience).value();
    }

    ScratchFolder folder_;
    std::unique_ptr<RunningServer> server_;
    std::unique_ptr<spool::Writer> writer_;
    Kept kept_;
    PublisherCounts published_;
    ReceiverCounts received_;
};

TEST_F(Journey, EventsArriveInOrderAndTheSpoolIsEmptied) {
    ASSERT_TRUE(writer_->append(events(1, 1000)));
    {
        const auto publisher = publish();
        const auto receiver = receive();
        ASSERT_TRUE(kept_.comes_to(id(), 1000));
        ASSERT_TRUE(writer_->append(events(1001, 2000)));
        ASSERT_TRUE(kept_.comes_to(id(), 2000));
    }
    EXPECT_EQ(kept_.text(id()), events(1, 2000));
    EXPECT_EQ(received_.events, 2000U);
    EXPECT_EQ(received_.again, 0U);
    EXPECT_EQ(spool::read_stored(folder_ / "spool")->watermark, 2000U);
}

TEST_F(Journey, ABusThatDiesOnTheWayLosesAndDoublesNothing) {
    const auto publisher = publish();
    const auto receiver = receive();
    for (Sequence number = 1; number <= 3000; ++number) {
        ASSERT_TRUE(writer_->append(event(number)));
        if (number % 1000 != 500) continue;
        server_->kill();
        server_->start();
    }
    ASSERT_TRUE(kept_.comes_to(id(), 3000));
    EXPECT_EQ(kept_.text(id()), events(1, 3000));
}

TEST_F(Journey, WhatTheSpoolGaveUpIsCountedWhereItIsMissed) {
    writer_.reset();
    spool::Writer small =
        spool::Writer::open(folder_ / "spool", {.bytes_max = 4000, .segment_bytes = 500}).value();
    for (Sequence number = 1; number <= 500; ++number) ASSERT_TRUE(small.append(event(number)));
    const auto lost = small.counts().given_up;
    {
        const auto publisher = publish();
        const auto receiver = receive();
        ASSERT_TRUE(kept_.comes_to(small.publisher(), 500));
    }
    EXPECT_GT(lost, 100U);
    EXPECT_EQ(received_.given_up, lost);
    EXPECT_EQ(kept_.text(small.publisher()), events(lost + 1, 500));
}

TEST_F(Journey, ASpoolThatWasWipedIsAnotherPublisher) {
    const auto publisher = publish();
    const auto receiver = receive();
    ASSERT_TRUE(writer_->append(events(1, 10)));
    ASSERT_TRUE(kept_.comes_to(id(), 10));
    const auto before = id();
    writer_.reset();
    std::filesystem::remove_all(folder_ / "spool");
    std::filesystem::create_directory(folder_ / "spool");
    auto fresh = spool::Writer::open(folder_ / "spool").value();
    ASSERT_NE(fresh.publisher(), before);
    ASSERT_TRUE(fresh.append(events(1, 5)));
    ASSERT_TRUE(kept_.comes_to(fresh.publisher(), 5));
    EXPECT_EQ(kept_.text(fresh.publisher()), events(1, 5));
}

TEST_F(Journey, NothingIsSentUntilSomebodyWhoStoresAnswers) {
    ASSERT_TRUE(writer_->append(events(1, 10)));
    auto store = connect(files().for_receiver());
    auto messages = store.subscribe(all_events, 1 << 20).value();
    ASSERT_TRUE(store.flush(5s));
    const auto publisher = publish({.ask_every = 50ms});
    for (int asked = 0; asked < 3; ++asked) EXPECT_TRUE(batch(next(messages).value()).records.empty());
    ASSERT_TRUE(store.publish(stored_subject(id()), encode_stored({4, false})));
    auto message = next(messages);
    while (batch(*message).records.empty()) message = next(messages);
    EXPECT_EQ(batch(*message).after, 4U);
    EXPECT_EQ(batch(*message).last(), 10U);
}

TEST_F(Journey, WhatIsNotAnsweredIsSentAgainAfterAWhile) {
    ASSERT_TRUE(writer_->append(events(1, 10)));
    auto store = connect(files().for_receiver());
    auto messages = store.subscribe(all_events, 1 << 20).value();
    ASSERT_TRUE(store.flush(5s));
    const auto publisher = publish({.ask_every = 50ms, .patience = 100ms});
    int sent = 0;
    while (sent < 3) {
        const auto message = next(messages).value();
        if (!batch(message).records.empty())
            ++sent;   // and lost
        else
            ASSERT_TRUE(store.publish(stored_subject(id()), encode_stored({0, false})));
    }
}

TEST_F(Journey, NoMoreIsUnderWayThanTheWindowHolds) {
    for (Sequence number = 1; number <= 200; ++number) ASSERT_TRUE(writer_->append(event(number)));
    auto store = connect(files().for_receiver());
    auto messages = store.subscribe(all_events, 1 << 20).value();
    ASSERT_TRUE(store.flush(5s));
    const auto publisher =
        publish({.in_flight_max = 500, .chunk = {.bytes_max = 100}, .ask_every = 50ms, .patience = 10s});
    ASSERT_TRUE(next(messages));
    ASSERT_TRUE(store.publish(stored_subject(id()), encode_stored({0, false})));
    std::size_t bytes = 0;
    while (const auto message = next(messages, 500ms)) bytes += message->bytes.size();
    EXPECT_GT(bytes, 500U);
    EXPECT_LT(bytes, 1000U);
}

TEST_F(Journey, ABatchThatDoesNotFollowIsAskedForAgain) {
    const auto receiver = receive();
    auto sensor = connect(files().for_publisher());
    auto answers = sensor.subscribe(stored_subject(id()), 1 << 20).value();
    const auto answer_to = [&](Sequence after, std::string_view lines) {
        Buffer record;
        if (!lines.empty()) spool::append_record(record, after + 1, lines);
        const auto message = encode_batch(after, record);
        for (auto answer = std::optional<Message>{};; answer = next(answers, 200ms)) {
            if (answer) return std::get<Decoded<Stored>>(decode_stored(answer->bytes)).message;
            WARD_ASSERT(sensor.publish(events_subject(id()), message).has_value());
        }
    };
    EXPECT_EQ(answer_to(0, "").watermark, 0U);
    EXPECT_EQ(answer_to(0, "a\nb\n").watermark, 2U);
    const auto early = answer_to(5, "f\n");
    EXPECT_EQ(early.watermark, 2U);
    EXPECT_TRUE(early.again);
    EXPECT_EQ(answer_to(1, "b\nc\n").watermark, 3U);   // of which one is known
    EXPECT_EQ(kept_.text(id()), "a\nb\nc\n");
}

TEST_F(Journey, RubbishAndOnePublishersTroubleDoNotStopAnother) {
    const auto other = spool::PublisherId{{std::byte{7}}};
    kept_.refuse(other);
    {
        const auto receiver = receive();
        const auto publisher = publish();
        auto sensor = connect(files().for_publisher());
        Buffer record;
        spool::append_record(record, 1, "x\n");
        for (Sequence number = 1; number <= 100; ++number) {
            ASSERT_TRUE(sensor.publish(events_subject(id()), as_bytes("rubbish")));
            ASSERT_TRUE(sensor.publish("ward.events.rubbish", encode_batch(0, record)));
            ASSERT_TRUE(sensor.publish(events_subject(other), encode_batch(0, record)));
            ASSERT_TRUE(writer_->append(event(number)));
        }
        ASSERT_TRUE(kept_.comes_to(id(), 100));
    }
    EXPECT_EQ(kept_.text(id()), events(1, 100));
    EXPECT_EQ(kept_.text(other), "");
}

TEST_F(Journey, APublisherMayNeitherListenToOthersNorAnswerThem) {
    auto sensor = connect(files().for_publisher());
    auto store = connect(files().for_receiver());
    auto overheard = sensor.subscribe(all_events, 1 << 20).value();
    auto answers = sensor.subscribe(all_stored, 1 << 20).value();
    (void)sensor.flush(5s);
    ASSERT_TRUE(sensor.publish(stored_subject(id()), encode_stored({99, false})));
    ASSERT_TRUE(store.publish(events_subject(id()), encode_batch(0, {})));
    ASSERT_TRUE(store.publish(stored_subject(id()), encode_stored({1, false})));
    ASSERT_TRUE(store.flush(5s));
    const auto answer = next(answers).value();
    EXPECT_EQ(std::get<Decoded<Stored>>(decode_stored(answer.bytes)).message.watermark, 1U);
    EXPECT_EQ(overheard.next(200ms).value_or(std::nullopt).has_value(), false);
}

TEST_F(Journey, NobodyComesInWithoutCredentials) {
    connect(files().for_publisher());
    EXPECT_FALSE(Connection::open({files().for_publisher().url, {}, {}}, "test"));
}

TEST(Connecting, ByTlsNeedsToKnowWhoVouchesForTheServer) {
    const auto refused = Connection::open({"tls://localhost:1", {}, {}}, "test");
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().what.find("vouch"), std::string::npos);
}

TEST(Connecting, SaysWhatIsWrongWithAFile) {
    const ScratchFolder folder;
    EXPECT_FALSE(Connection::open({folder / "url", {}, {}}, "test"));
    std::ofstream{folder / "credentials"} << "only a user\n";
    const auto refused = Connection::open({"nats://localhost:1", folder / "credentials", {}}, "test");
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().what.find("nor two lines"), std::string::npos);
}

}   // namespace
