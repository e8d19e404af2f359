// SPDX-License-Identifier: Apache-2.0
// A feed under load: feeds_load BIN [CONNECTIONS [MESSAGES [PATIENTS]]]. Starts the programs of BIN on a
// folder of its own, sends admissions, updates and laboratory reports over so many connections, each waiting
// for its acknowledgement as senders do, and says how many were acknowledged a second and when all of them
// were in the record. Budget: 3,000 messages a second acknowledged over 16 connections on two cores, mapped
// within the minute: a group of hospitals at its peak.
#include <arpa/inet.h>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <fmt/format.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <thread>

#include "core/scratch_folder.hpp"
#include "core/unique_fd.hpp"
#include "json/document.hpp"
#include "tests/running_ward.hpp"

namespace {

using namespace ward;
using Steady = std::chrono::steady_clock;

double seconds_since(Steady::time_point begin) {
    return std::chrono::duration<double>(Steady::now() - begin).count();
}

/// Of ten messages of a patient, one admits, two update and seven report results, in the lengths that are
/// usual.
std::string message(int number, int patient) {
    const char* type = number % 10 == 0 ? "ADT^A01" : number % 10 < 3 ? "ADT^A08" : "ORU^R01";
    auto text = fmt::format(
        "MSH|^~\\&|SIM|CLIN|WARD|CLIN|20260911081500||{}|{}|P|2.5.1\r"
        "PID|1||{}^^^CLIN^MR||FAMILY{}^GIVEN^M||19590307|F|||1 ROSE ST^^TOWN^^12345||555-0101\r"
        "PV1|1|I|W3^12^A^CLIN||||1234^HOUSE^G|||||||||||V{}^^^CLIN\r",
        type, number, patient, patient, patient);
    if (number % 10 < 3) return text;
    text += fmt::format("OBR|1|P{0}|F{0}|24323-8^CMP^LN|||20260911080000||||||||||||||||||F\r", number);
    for (int i = 1; i <= 3; ++i)
        text += fmt::format(
            "OBX|{}|NM|2345-{}^Glucose [Mass/volume] in Serum^LN||{}|mg/dL^^UCUM|70-99|N|||F|||"
            "20260911080000\r",
            i, i, 90 + number % 40);
    return text;
}

UniqueFd connect_to(std::uint16_t port) {
    UniqueFd socket{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const auto* generic = static_cast<const sockaddr*>(static_cast<const void*>(&address));
    WARD_ASSERT(::connect(socket.get(), generic, sizeof address) == 0);
    return socket;
}

/// Sends and waits for the acknowledgement. False for any other than AA.
bool exchange(int socket, const std::string& text) {
    const auto frame = '\x0b' + text + "\x1c\r";
    if (::send(socket, frame.data(), frame.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(frame.size()))
        return false;
    std::string answer;
    while (!answer.ends_with("\x1c\r")) {
        std::array<char, 4096> buffer{};
        const auto count = ::recv(socket, buffer.data(), buffer.size(), 0);
        if (count <= 0) return false;
        answer.append(buffer.data(), static_cast<std::size_t>(count));
    }
    return answer.find("\rMSA|AA|") != std::string::npos;
}

/// From the log: where the feed listens.
std::uint16_t port_of_feed(const std::filesystem::path& log) {
    constexpr std::string_view key = "\"port\":";
    for (;;) {
        const auto text = read_whole(log);
        const auto line = text.find("\"feed listens\"");
        const auto at = line == std::string::npos ? line : text.find(key, line);
        if (at != std::string::npos)
            return static_cast<std::uint16_t>(std::stoi(text.substr(at + key.size(), 5)));
        ::poll(nullptr, 0, 20);
    }
}

std::int64_t waiting(const RunningWard& ward) {
    const auto document = json::Document::parse(ward.run({"vault", "feeds", "--json"}).output);
    WARD_ASSERT(document.has_value());
    for (const auto feed : document->root().items())
        return static_cast<std::int64_t>(*feed["waiting"].number());
    return 0;
}

}   // namespace

int main(int argc, char** argv) {
    if (argc < 2) {
        std::fprintf(stderr, "usage: feeds_load BIN [CONNECTIONS [MESSAGES [PATIENTS]]]\n");
        return 2;
    }
    const int connections = argc > 2 ? std::stoi(argv[2]) : 16;
    const int messages = argc > 3 ? std::stoi(argv[3]) : 30'000;
    const int patients = argc > 4 ? std::stoi(argv[4]) : 400;
    const ScratchFolder folder;
    const auto log = folder.path() / "log";
    const auto config = folder.path() / "ward.toml";
    std::ofstream{config} << "[hl7]\nfeeds = [\"sim 127.0.0.1:0\"]\n";
    const auto ward = RunningWard::start({.programs = argv[1],
                                          .folder = folder.path(),
                                          .log = log,
                                          .arguments = {"--config", config.string()}});
    WARD_ASSERT(ward.has_value());
    const auto port = port_of_feed(log);

    std::atomic<int> refused = 0;
    const auto begin = Steady::now();
    std::vector<std::thread> senders;
    for (int i = 0; i < connections; ++i)
        senders.emplace_back([&, i] {
            const auto socket = connect_to(port);
            for (int number = i; number < messages; number += connections)
                if (!exchange(socket.get(), message(number, number / 10 % patients))) ++refused;
        });
    for (auto& sender : senders) sender.join();
    const auto acknowledged = seconds_since(begin);
    std::printf("%d connections, %d messages about %d patients\n", connections, messages, patients);
    std::printf("acknowledged in %.2f s: %.0f messages/s, %d refused\n", acknowledged,
                messages / acknowledged, refused.load());
    while (waiting(**ward) > 0) ::poll(nullptr, 0, 500);
    const auto mapped = seconds_since(begin);
    std::printf("mapped %.2f s after the first was sent: %.0f messages/s\n", mapped, messages / mapped);
    return refused > 0 ? 1 : 0;
}
