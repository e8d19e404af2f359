// SPDX-License-Identifier: Apache-2.0
#include "lab/frames/equipment/equipment_traffic.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <unordered_map>

#include "lab/day_test.hpp"
#include "wire/wire_reader.hpp"

namespace ward::lab {
namespace {

using namespace std::chrono;
using enum DeviceKind;

/// Who says something to whom; none: somebody outside, or all.
struct Said {
    DeviceKind by{};
    std::optional<DeviceKind> to{};
    std::uint16_t port = 0;

    auto operator<=>(const Said&) const = default;
};

/// A day, of which the frames of equipment are looked at.
class Day {
public:
    explicit Day(Size size) : story_(size, 7, 2026y / 3 / 2) {
        for (const auto* all : {&story_.network().devices, &story_.network().equipment})
            for (const auto& device : *all) kinds_[device.address] = device.kind;
        story_.agenda().run_until(story_.begin() + days{1});
        tap_.pass(Moment::max());
    }

    const std::vector<Device>& equipment() const { return story_.network().equipment; }
    std::uint64_t frames() const { return frames_; }
    bool hears(const Device& device) const { return heard_.contains(device.mac); }
    bool hears(const Said& said) const { return said_.contains(said); }
    const std::set<Said>& said() const { return said_; }
    /// How many a device offers over TLS.
    const std::set<std::uint16_t>& ciphers_of(const Device& device) { return ciphers_[device.mac]; }

private:
    void hear(const Frame& frame) {
        ++frames_;
        WireReader in{frame.bytes};
        in.skip(6);
        Mac from{};
        for (auto& byte : from) byte = in.u8();
        heard_.insert(from);
        if (in.u16() != 0x0800) return;
        in.skip(12);   // to the addresses
        const Address source = in.u32(), target = in.u32();
        in.skip(2);
        const auto port = in.u16();
        const auto by = kinds_.find(source), to = kinds_.find(target);
        listen_to_hello(from, Bytes{frame.bytes}.subspan(14));
        if (by != kinds_.end())
            said_.insert({by->second, to == kinds_.end() ? std::nullopt : std::optional{to->second}, port});
    }

    /// RFC 8446, 4.1.2, behind IPv4, TCP and the record's header.
    void listen_to_hello(const Mac& from, Bytes packet) {
        constexpr std::uint8_t handshake = 22, client_hello = 1;
        WireReader in{packet};
        in.skip(40);
        if (in.u8() != handshake) return;
        in.skip(4);
        if (in.u8() != client_hello) return;
        in.skip(37);
        in.skip(in.u8());
        const auto bytes = in.u16();
        if (!in.truncated()) ciphers_[from].insert(bytes / 2);
    }

    Story story_;
    std::uint64_t frames_ = 0;
    std::set<Mac> heard_;
    std::unordered_map<Address, DeviceKind> kinds_;
    std::set<Said> said_;
    std::map<Mac, std::set<std::uint16_t>> ciphers_;
    Tap tap_{[this](const Frame& frame) { hear(frame); }};
    Wires wires_{tap_, story_};
    EquipmentTraffic traffic_{wires_};
};

class EquipmentOfADay : public testing::Test {
protected:
    static void SetUpTestSuite() { day = std::make_unique<Day>(Size::small); }
    static void TearDownTestSuite() { day.reset(); }

    inline static std::unique_ptr<Day> day;
};

TEST_F(EquipmentOfADay, IsHeardDeviceByDevice) {
    std::set<DeviceKind> kinds;
    for (const auto& device : day->equipment()) {
        kinds.insert(device.kind);
        EXPECT_TRUE(day->hears(device)) << device.name;
    }
    for (auto kind = desk_phone; kind <= media_server;
         kind = static_cast<DeviceKind>(static_cast<int>(kind) + 1))
        EXPECT_TRUE(kinds.contains(kind)) << name_of(kind);
}

TEST_F(EquipmentOfADay, SaysLittle) {
    EXPECT_LT(day->frames(), 250 * day->equipment().size());
    EXPECT_GT(day->frames(), 50 * day->equipment().size());
}

/// As docs/formats/lab.md lists them.
TEST_F(EquipmentOfADay, SpeaksWithWhomItsKindsSpeak) {
    for (const auto& said : std::initializer_list<Said>{{desk_phone, call_manager, 5'060},
                                                        {handheld_phone, call_manager, 5'060},
                                                        {nurse_call_station, nurse_call_server, 5'060},
                                                        {management_server, network_switch, 161},
                                                        {management_server, access_point, 161},
                                                        {management_server, wireless_controller, 161},
                                                        {management_server, power_supply, 161},
                                                        {print_server, printer, 161},
                                                        {print_server, label_printer, 161},
                                                        {print_server, printer, 9'100},
                                                        {workstation, label_printer, 9'100},
                                                        {camera_recorder, camera, 554},
                                                        {camera, std::nullopt, 3'702},
                                                        {door_controller, door_server, 443},
                                                        {thin_client, desktop_broker, 443},
                                                        {tablet, ehr_server, 443},
                                                        {handheld_scanner, ehr_server, 443},
                                                        {bedside_terminal, media_server, 80},
                                                        {television, media_server, 80},
                                                        {television, std::nullopt, 443}})
        EXPECT_TRUE(day->hears(said))
            << name_of(said.by) << " to " << (said.to ? name_of(*said.to) : "all") << ' ' << said.port;
}

TEST_F(EquipmentOfADay, SpeaksTlsAsItsSystemDoes) {
    std::set<std::uint16_t> of_android, of_thin_clients;
    for (const auto& device : day->equipment()) {
        if (device.kind == handheld_scanner) of_android.merge(std::set{day->ciphers_of(device)});
        if (device.kind == thin_client) of_thin_clients.merge(std::set{day->ciphers_of(device)});
    }
    EXPECT_EQ(of_android.size(), 1U);
    EXPECT_EQ(of_thin_clients.size(), 1U);
    EXPECT_NE(of_android, of_thin_clients);
}

TEST_F(EquipmentOfADay, AsksForItsTimeNamesAndAddress) {
    for (const auto port : {53, 67, 123})
        EXPECT_TRUE(day->hears({desk_phone, domain_controller, static_cast<std::uint16_t>(port)})) << port;
}

TEST(Practice, HasEquipmentOfFewKinds) {
    const Day day{Size::clinic};
    EXPECT_GT(day.equipment().size(), 10U);
    EXPECT_LT(day.equipment().size(), 50U);
    EXPECT_TRUE(day.hears({file_server, printer, 9'100}));
    EXPECT_TRUE(day.hears({desk_phone, call_manager, 5'060}));
    EXPECT_TRUE(std::ranges::none_of(day.said(), [](const Said& said) { return said.port == 161; }));
}

}   // namespace
}   // namespace ward::lab
