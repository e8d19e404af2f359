// SPDX-License-Identifier: Apache-2.0
#include "devices/inventory.hpp"

#include "devices/ear_test.hpp"
#include "devices/from.hpp"
#include "json/document.hpp"

namespace ward::devices {
namespace {

using enum Attribute;
using event::Side;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::UnorderedElementsAre;

event::Hl7Message observation(std::string_view application, std::vector<std::string> devices) {
    event::Hl7Message message;
    message.type = "ORU^R01^ORU_R01";
    message.sending_application = application;
    message.receiving_application = "HIS";
    for (auto& device : devices) message.devices.push_back({"OBX-18", std::move(device)});
    message.acknowledgement = event::Hl7Acknowledgement{"AA", {}, {}};
    return message;
}

event::DicomOperation stored(std::string calling, event::DicomDevice device) {
    event::DicomOperation operation;
    operation.command = "C-STORE";
    operation.calling = std::move(calling);
    operation.status = "0000";
    operation.device = std::move(device);
    return operation;
}

const event::DicomDevice ct{"CT", "ACME Imaging", "CT-9000", "SN-CT-0042", "7.2.1", "CTROOM1", "", ""};
const event::DicomDevice cr{"CR", "ACME Imaging", "CR-20", "SN-CR-0007", "3.0", "CRROOM1", "", ""};

TEST(Inventory, AModalityIsWhatStoresImagesAndThePacsWhatTakesThem) {
    Ear ear;
    ear.hears(stored("CT9000", ct), host("10.2.0.1"), host("10.2.0.9", 0, 104), "dicom");

    const auto modality = ear.device("10.2.0.1");
    EXPECT_EQ(modality.best(role), "modality (CT)");
    EXPECT_EQ(modality.best(manufacturer), "ACME Imaging");
    EXPECT_EQ(modality.best(model), "CT-9000");
    EXPECT_EQ(modality.best(serial), "SN-CT-0042");
    EXPECT_EQ(modality.best(software), "7.2.1");
    EXPECT_EQ(modality.best(ae_title), "CT9000");
    EXPECT_EQ(modality.criticality.level, "care-critical");
    EXPECT_EQ(ear.device("10.2.0.9").best(role), "PACS");
}

TEST(Inventory, TwoMachinesThatSendFromOneAddressAreTwoDevicesBehindIt) {
    Ear ear;
    ear.hears(stored("CT9000", ct), host("10.2.0.1"), host("10.2.0.9", 0, 104));
    ear.hears(stored("CR20", cr), host("10.2.0.1"), host("10.2.0.9", 0, 104));

    EXPECT_THAT(ear.ids(),
                UnorderedElementsAre("10.2.0.1", "10.2.0.9", "10.2.0.1#SN-CT-0042", "10.2.0.1#SN-CR-0007"));
    EXPECT_EQ(ear.device("10.2.0.1").best(role), "gateway");
    EXPECT_EQ(ear.device("10.2.0.1").best(model), "");
    EXPECT_EQ(ear.device("10.2.0.1#SN-CR-0007").best(role), "modality (CR)");
    EXPECT_EQ(ear.device("10.2.0.1#SN-CR-0007").behind, "10.2.0.1");
}

TEST(Inventory, AnArchiveThatSendsWhatItWasAskedForIsNoModality) {
    Ear ear;
    auto moved = stored("PACS", ct);
    moved.move_originator = "VIEWER1";
    ear.hears(std::move(moved), host("10.2.0.9"), host("10.2.0.3", 0, 104));
    EXPECT_EQ(ear.device("10.2.0.9").best(role), "PACS");
    EXPECT_EQ(ear.device("10.2.0.9").best(model), "");
    EXPECT_EQ(ear.device("10.2.0.3").best(role), "workstation");
}

TEST(Inventory, WhoAnswersTheWorklistIsTheRis) {
    Ear ear;
    event::DicomOperation find;
    find.command = "C-FIND";
    find.sop_class = "1.2.840.10008.5.1.4.31";
    find.status = "0000";
    ear.hears(find, host("10.2.0.1"), host("10.2.0.8", 0, 104));
    EXPECT_EQ(ear.device("10.2.0.8").best(role), "RIS");
    EXPECT_EQ(ear.device("10.2.0.1").best(role), "modality");
}

TEST(Inventory, ARefusedTitleIsBelievedLessThanAnAcceptedOne) {
    Ear ear;
    event::DicomAssociation association;
    association.outcome = "rejected";
    association.calling = "ROGUE";
    association.called = "NOSUCHAE";
    ear.hears(association, host("10.2.0.1"), host("10.2.0.9", 0, 104));
    association.outcome = "accepted";
    association.calling = "CT9000";
    association.called = "WARDPACS";
    association.requestor = event::DicomUser{};
    association.requestor->implementation_version = "OFFIS_DCMTK_367";
    ear.hears(association, host("10.2.0.1"), host("10.2.0.9", 0, 104));
    ear.hears(association, host("10.2.0.1"), host("10.2.0.9", 0, 104));

    EXPECT_THAT(values(ear.device("10.2.0.1"), ae_title), ElementsAre("CT9000", "ROGUE"));
    EXPECT_THAT(values(ear.device("10.2.0.1"), software), ElementsAre("OFFIS_DCMTK_367"));
    EXPECT_THAT(values(ear.device("10.2.0.9"), ae_title), ElementsAre("WARDPACS"));
}

TEST(Inventory, AMonitorThatSpeaksForItselfIsOneDevice) {
    Ear ear;
    ear.hears(observation("MON0", {"MX800^^0009FBFFFE001122^EUI-64"}), host("10.2.0.5"),
              host("10.2.0.7", 0, 2575));
    const auto monitor = ear.device("10.2.0.5");
    EXPECT_EQ(monitor.best(role), "patient monitor");
    EXPECT_EQ(monitor.criticality.level, "life-critical");
    EXPECT_THAT(values(monitor, hl7_application), ElementsAre("MON0"));
    EXPECT_THAT(values(monitor, identifier),
                UnorderedElementsAre("MX800^^0009FBFFFE001122^EUI-64", "0009FBFFFE001122"));
    EXPECT_THAT(values(ear.device("10.2.0.7"), hl7_application), ElementsAre("HIS"));
}

TEST(Inventory, AGatewayIsAsCriticalAsTheDevicesThatSpeakThroughIt) {
    Ear ear;
    ear.hears(observation("PUMPGW", {"Infusomat 1^^A^ISO"}), host("10.2.0.5"), host("10.2.0.7", 0, 2575));
    ear.hears(observation("PUMPGW", {"Pump 2^^B^ISO"}), host("10.2.0.5"), host("10.2.0.7", 0, 2575));
    EXPECT_EQ(ear.device("10.2.0.5").best(role), "gateway");
    EXPECT_EQ(ear.device("10.2.0.5").criticality.level, "life-critical");
    EXPECT_EQ(ear.device("10.2.0.5#Pump 2^^B^ISO").best(role), "infusion pump");
}

TEST(Inventory, APrtSegmentSaysMoreOfTheDeviceItNames) {
    Ear ear;
    event::Hl7Message message = observation("GW", {});
    message.devices = {{"PRT-10", "PUMP1", "00844588003288", "S1"}, {"PRT-10", "PUMP2", {}, "S2"}};
    ear.hears(message, host("10.2.0.5"), host("10.2.0.7", 0, 2575));
    EXPECT_EQ(ear.device("10.2.0.5#PUMP1").best(serial), "S1");
    EXPECT_THAT(values(ear.device("10.2.0.5#PUMP1"), identifier), Contains("00844588003288"));
    EXPECT_EQ(ear.device("10.2.0.5#PUMP2").best(serial), "S2");
}

TEST(Inventory, WhatTakesHl7FromSeveralIsTheInterfaceEngine) {
    Ear ear;
    for (const auto address : {"10.2.0.1", "10.2.0.2"})
        ear.hears(observation("MON", {}), host(address), host("10.2.0.7", 0, 2575));
    EXPECT_THAT(values(ear.device("10.2.0.7"), role), Not(Contains("EHR interface engine")));
    auto admission = observation("ADT1", {});
    admission.type = "ADT^A01^ADT_A01";
    ear.hears(admission, host("10.2.0.3"), host("10.2.0.7", 0, 2575));
    EXPECT_EQ(ear.device("10.2.0.7").best(role), "EHR interface engine");
    EXPECT_EQ(ear.device("10.2.0.3").best(role), "EHR or registration");
}

TEST(Inventory, AnAnalyserIsWhatSendsResultsAndTheLaboratoryWhatTakesThem) {
    Ear ear;
    event::AstmTransmission results;
    results.outcome = "complete";
    results.sender = "WARD-LAB^1.4^AN31";
    results.records = {{"H", 1}, {"P", 1}, {"R", 3}, {"L", 1}};
    ear.hears(results, host("10.2.0.1"), host("10.2.0.9", 0, 5000));
    const auto analyser = ear.device("10.2.0.1");
    EXPECT_EQ(analyser.best(role), "analyser");
    EXPECT_EQ(analyser.best(model), "WARD-LAB");
    EXPECT_EQ(analyser.best(software), "WARD-LAB 1.4");
    EXPECT_EQ(analyser.best(serial), "AN31");
    EXPECT_EQ(ear.device("10.2.0.9").best(role), "LIS");
}

TEST(Inventory, TheSameSerialNumberOnTwoDevicesIsTold) {
    Ear ear;
    event::Fhir create;
    create.client = "infusion-pump/3.2 (model SP-70; SN 4711)";
    create.status = 201;
    ear.hears(create, host("10.2.0.1"), host("10.2.0.9", 0, 8080));
    EXPECT_EQ(ear.device("10.2.0.1").best(role), "infusion pump");
    EXPECT_EQ(ear.device("10.2.0.9").best(role), "FHIR server");
    EXPECT_THAT(flags(ear.device("10.2.0.1")), IsEmpty());

    ear.hears(create, host("10.2.0.2"), host("10.2.0.9", 0, 8080));
    EXPECT_THAT(flags(ear.device("10.2.0.1")), ElementsAre("the same serial number on several devices"));
}

TEST(Inventory, ServicesAreThoseThatWereTaken) {
    Ear ear;
    ear.hears_flow(host("10.2.0.1"), host("10.2.0.9", 0, 104), "dicom");
    ear.hears_flow(host("10.2.0.1"), host("10.2.0.9", 0, 9100));
    event::Flow refused;
    refused.packets_to_server = refused.packets_to_client = 1;
    refused.tcp = event::TcpEnd{"reset", 0x02, 0x14, 0, 0, 0, 0, false};
    ear.hears(refused, host("10.2.0.1"), host("10.2.0.9", 0, 22));

    EXPECT_THAT(values(ear.device("10.2.0.9"), service), UnorderedElementsAre("dicom 104/tcp", "9100/tcp"));
    EXPECT_THAT(values(ear.device("10.2.0.1"), service_used),
                UnorderedElementsAre("dicom 104/tcp", "9100/tcp"));
    EXPECT_THAT(values(ear.device("10.2.0.9"), role), Contains("printer"));
}

TEST(Inventory, AnAddressThatNeverAnsweredIsNoDevice) {
    Ear ear;
    event::Flow probe;
    probe.packets_to_server = 1;
    probe.tcp = event::TcpEnd{"syn_sent", 0x02, 0x00, 0, 0, 0, 0, false};
    ear.hears(probe, host("10.2.0.1", 1), host("10.2.0.77", 0, 22));
    EXPECT_THAT(ear.ids(), ElementsAre("10.2.0.1"));
}

TEST(Inventory, ALeaseNamesTheDeviceThatHasTheAddress) {
    Ear ear;
    event::Dhcp request;
    request.type = "request";
    request.client_mac = mac(1);
    request.hostname = "WARD10-PC";
    request.vendor_class_identifier = "MSFT 5.0";
    const Endpoint everyone{v4_in("255.255.255.255"), 67, mac(0xffffff, 0xffffff)};
    ear.hears(request, {v4_in("0.0.0.0"), 68, mac(1)}, everyone, "dhcp");
    EXPECT_THAT(ear.ids(), ElementsAre("00:1a:2b:00:00:01"));

    event::Dhcp reply;
    reply.type = "reply";
    reply.dhcp_type = "ack";
    reply.client_mac = mac(1);
    reply.assigned_ip = "10.2.0.44";
    ear.hears(reply, host("10.2.0.1", 2, 67), {v4_in("255.255.255.255"), 68, mac(0xffffff, 0xffffff)},
              "dhcp");
    EXPECT_THAT(ear.ids(), ElementsAre("10.2.0.1", "10.2.0.44"));
    EXPECT_EQ(ear.device("10.2.0.44").title(), "WARD10-PC");
    EXPECT_EQ(ear.device("10.2.0.44").best(operating_system), "Windows");
}

TEST(Inventory, OneAddressWithSeveralSystemsIsNotSplitButTold) {
    Ear ear;
    event::Http visit;
    visit.http_user_agent = "Mozilla/5.0 (Windows NT 6.1)";
    ear.hears(visit, host("10.2.0.1"), host("10.2.0.9", 0, 80), "http");
    visit.http_user_agent = "Mozilla/5.0 (Linux; Android 9)";
    ear.hears(visit, host("10.2.0.1"), host("10.2.0.9", 0, 80), "http");
    const auto device = ear.device("10.2.0.1");
    EXPECT_THAT(flags(device), ElementsAre("several hosts behind one address"));
    EXPECT_THAT(device.conflicts(), ElementsAre("operating_system"));
    EXPECT_EQ(values(device, operating_system).size(), 2u);
}

TEST(Inventory, ASystemToldMoreAndLessExactlyIsNoConflict) {
    Ear ear;
    event::Http visit;
    for (const auto agent :
         {"Mozilla/5.0 (Windows NT 10.0)", "Microsoft-CryptoAPI/10.0", "Mozilla/5.0 (Windows NT 6.1)"}) {
        visit.http_user_agent = agent;
        ear.hears(visit, host("10.2.0.1"), host("10.2.0.9", 0, 80), "http");
    }
    EXPECT_EQ(values(ear.device("10.2.0.1"), operating_system).size(), 3u);
    EXPECT_THAT(ear.device("10.2.0.1").conflicts(), IsEmpty());
}

TEST(Inventory, WhatABacnetDeviceSaysOfItself) {
    Ear ear;
    event::Bacnet read;
    read.pdu = "Confirmed-Request-PDU";
    read.response = "ComplexACK-PDU";
    read.object = "device,501";
    read.property = "model-name";
    read.value = "HIY-054";
    ear.hears(read, host("10.2.0.1"), host("10.2.0.9", 0, 47808), "bacnet");
    read.property = "object-name";
    read.object = "analog-input,1";
    read.value = "Sensor_45312";
    ear.hears(read, host("10.2.0.1"), host("10.2.0.9", 0, 47808), "bacnet");
    EXPECT_EQ(ear.device("10.2.0.9").best(model), "HIY-054");
    EXPECT_EQ(ear.device("10.2.0.9").best(hostname), "");
    EXPECT_EQ(ear.device("10.2.0.9").best(role), "building controller");
}

TEST(Inventory, TheInternetIsNotInIt) {
    Ear ear;
    ear.hears_flow(host("10.2.0.1", 1), host("93.184.216.34", 2, 443), "tls");
    EXPECT_THAT(ear.ids(), ElementsAre("10.2.0.1"));
    EXPECT_EQ(ear.inventory.counts().outside, 1u);

    // Some hospitals have public addresses, and some archives are in a cloud.
    ear.hears_arp(3, "93.184.216.34");
    ear.hears(observation("CLOUD", {}), host("8.8.4.4"), host("10.2.0.7", 0, 2575));
    EXPECT_THAT(ear.ids(), UnorderedElementsAre("10.2.0.1", "10.2.0.7", "93.184.216.34", "8.8.4.4"));
}

TEST(Inventory, PeersOnTheInternetPushOutNobodyOfTheHospital) {
    InventoryLimits limits;
    limits.outside_max = 10;
    Ear ear{limits};
    ear.hears_flow(host("10.2.0.1", 1), host("198.51.100.1", 0, 8080));   // its evidence comes along
    ear.hears_arp(3, "198.51.100.1");
    ear.hears(observation("MON", {"D1", "D2"}), host("198.51.100.2"), host("10.2.0.7", 0, 2575));
    for (int i = 0; i < 200; ++i)
        ear.hears_flow(host("10.2.0.1", 1), host("203.0.113." + std::to_string(i), 2, 443), "tls");
    EXPECT_THAT(ear.ids(), UnorderedElementsAre("10.2.0.1", "10.2.0.7", "198.51.100.1", "198.51.100.2",
                                                "198.51.100.2#D1", "198.51.100.2#D2"));
    EXPECT_THAT(values(ear.device("198.51.100.1"), service), ElementsAre("8080/tcp"));
    EXPECT_EQ(ear.inventory.counts().outside, 10u);
    EXPECT_EQ(ear.inventory.counts().outside_evicted, 190u);
}

/// A host that says much of itself, as an attacker with many addresses would.
void chat(Ear& ear, unsigned number) {
    const auto address = "10." + std::to_string(number >> 16U) + "." + std::to_string(number >> 8U & 255U) +
                         "." + std::to_string(number & 255U);
    ear.hears_arp(number + 1, address);
    event::Http visit;
    for (int i = 0; i < 4; ++i) {
        visit.http_user_agent = "device/" + std::string(100, static_cast<char>('a' + i)) + " (Windows)";
        ear.hears(visit, host(address, number + 1), host("10.255.0.1", 0, 80), "http");
    }
}

TEST(Inventory, AFloodOfAddressesStaysWithinItsMemory) {
    InventoryLimits limits;
    limits.memory_max = std::size_t{4} << 20;
    Ear ear{limits};
    std::size_t most = 0;
    for (unsigned i = 0; i < 20'000; ++i) {
        chat(ear, i);
        most = std::max(most, ear.inventory.counts().memory);
    }
    EXPECT_LE(most, limits.memory_max);
    EXPECT_GT(most, limits.memory_max * 9 / 10);
    EXPECT_GT(ear.inventory.counts().inside_evicted, 10'000u);
    EXPECT_EQ(ear.device("10.0.78.31").best(operating_system), "Windows") << "the latest is there";
}

TEST(Inventory, WhatIsOutsideGoesFirstWhereMemoryIsShort) {
    InventoryLimits limits;
    limits.memory_max = 300'000;
    Ear ear{limits};
    for (unsigned i = 0; i < 100; ++i) ear.hears_arp(i + 1, "10.2.0." + std::to_string(i));
    for (unsigned i = 0; i < 5000; ++i)
        ear.hears_flow(host("10.2.0.1", 1),
                       host("203." + std::to_string(i >> 8U) + ".113." + std::to_string(i & 255U), 0, 443));
    EXPECT_EQ(ear.ids().size(), 100u);
    EXPECT_GT(ear.inventory.counts().outside_evicted, 0u);
}

TEST(Inventory, TheAddressThatWasSilentLongestIsForgotten) {
    InventoryLimits limits;
    limits.inside_max = 2;
    Ear ear{limits};
    for (const auto address : {"10.2.0.1", "10.2.0.2", "10.2.0.1", "10.2.0.3"}) ear.hears_arp(0x10, address);
    EXPECT_EQ(ear.inventory.counts().inside_evicted, 1u);
    limits.inside_max = 4;
    Ear hears_devices{limits};
    for (int i = 0; i < 100; ++i)
        hears_devices.hears(observation("GW", {"D" + std::to_string(i)}), host("10.2.0.5"), host("10.2.0.7"));
    EXPECT_LE(hears_devices.ids().size(), 4u);
    EXPECT_THAT(hears_devices.ids(), Contains("10.2.0.5"));
}

TEST(Inventory, NamesThatAreMadeUpDoNotFillIt) {
    InventoryLimits limits;
    limits.inside_max = 10;
    limits.behind_max = 3;
    Ear ear{limits};
    ear.hears_arp(1, "10.2.0.1");
    for (int i = 0; i < 100; ++i)
        ear.hears(observation("GW", {"D" + std::to_string(i)}), host("10.2.0.5"), host("10.2.0.7"));
    EXPECT_THAT(ear.ids(), UnorderedElementsAre("10.2.0.1", "10.2.0.5", "10.2.0.7", "10.2.0.5#D0",
                                                "10.2.0.5#D1", "10.2.0.5#D2"));
    EXPECT_GT(ear.inventory.counts().behind_refused, 0u);
    EXPECT_EQ(ear.inventory.counts().forgotten(), ear.inventory.counts().behind_refused);
    EXPECT_EQ(ear.inventory.counts().inside_evicted, 0u);
}

TEST(Announcements, TellNewDevicesOnceAndChangesOnceAnHour) {
    Ear ear;
    ear.hears_flow(host("10.2.0.1", 1), host("10.2.0.9", 2, 104), "dicom");
    EXPECT_EQ(ear.inventory.announce(ear.now).size(), 2u);
    EXPECT_THAT(ear.inventory.announce(ear.now), IsEmpty());

    ear.hears(stored("CT9000", ct), host("10.2.0.1"), host("10.2.0.9", 0, 104));
    EXPECT_THAT(ear.inventory.announce(ear.now), IsEmpty());   // not yet an hour
    const auto told = ear.inventory.announce(ear.now + std::chrono::hours{1});
    ASSERT_EQ(told.size(), 2u);
    const auto* news = told[0].what.as<event::DeviceNews>();
    ASSERT_NE(news, nullptr);
    EXPECT_EQ(told[0].what.type(), "device");
    EXPECT_EQ(news->what, "changed");
    EXPECT_EQ(news->id, "10.2.0.1");
    EXPECT_EQ(news->role, "modality (CT)");
    EXPECT_THAT(news->changed, ElementsAre("role", "manufacturer", "model", "software"));
    EXPECT_EQ(told[1].what.as<event::DeviceNews>()->role, "PACS");
    EXPECT_THAT(ear.inventory.announce(ear.now + std::chrono::hours{3}), IsEmpty());
}

TEST(Report, AsJsonHasEveryValueWithItsEvidence) {
    Ear ear;
    ear.hears(stored("CT9000", ct), host("10.2.0.1"), host("10.2.0.9", 0, 104));
    std::string text;
    append_json(text, ear.device("10.2.0.1"));
    ASSERT_TRUE(json::Document::parse(text.substr(0, text.size() - 1)).has_value()) << text;
    EXPECT_THAT(text, HasSubstr(R"("id":"10.2.0.1","name":"CTROOM1","addresses":["10.2.0.1"])"));
    EXPECT_THAT(
        text, HasSubstr(R"("serial":[{"value":"SN-CT-0042","confidence":75,)"
                        R"("first":"2026-01-31T00:00:01.000000+0000",)"
                        R"("last":"2026-01-31T00:00:01.000000+0000","evidence":[{"source":"dicom image",)"));
    EXPECT_EQ(text.back(), '\n');
}

TEST(Report, AsATableMarksWhatIsNoMoreThanAGuess) {
    Ear ear;
    ear.hears(stored("CT9000", ct), host("10.2.0.1"), host("10.2.0.9", 0, 104));
    ear.hears_flow(host("10.2.0.1"), host("10.2.0.8", 0, 443), "tls");   // "server", of 40 %
    for (int round = 0; round < 2; ++round)
        for (const auto* address : {"10.2.0.5", "10.2.0.6", "10.2.0.7"}) ear.hears_arp(5, address);
    const auto text = table(ear.inventory.devices());
    EXPECT_THAT(text, HasSubstr("10.2.0.1  modality (CT)  "));
    EXPECT_THAT(text, HasSubstr("10.2.0.8  server (?) "));
    EXPECT_THAT(text, HasSubstr("10.2.0.9  PACS "));
    EXPECT_THAT(flags(ear.device("10.2.0.5")), Contains("shares its hardware address with other addresses"));
    EXPECT_EQ(text.find('?'), text.rfind('?'))
        << "that a gateway's addresses stay apart is no doubt: " << text;
}

TEST(Report, AsATableCannotMoveTheCursor) {
    Ear ear;
    auto hostile = ct;
    hostile.model = "CT\x1b[2J\n9000";
    ear.hears(stored("CT9000", hostile), host("10.2.0.1"), host("10.2.0.9", 0, 104));
    const auto text = table(ear.inventory.devices());
    EXPECT_THAT(text, HasSubstr("ACME Imaging CT?[2J?9000"));
    EXPECT_THAT(text, Not(HasSubstr("\x1b")));
    EXPECT_EQ(std::ranges::count(text, '\n'), 3);
}

}   // namespace
}   // namespace ward::devices
