// SPDX-License-Identifier: Apache-2.0
#include "bus/server.hpp"

#include <arpa/inet.h>
#include <charconv>
#include <fmt/format.h>
#include <fstream>
#include <netinet/in.h>
#include <sys/socket.h>

#include "core/durable_file.hpp"
#include "core/unique_fd.hpp"
#include "crypto/random.hpp"

namespace ward::bus {
namespace {

constexpr std::size_t password_bytes = 24;
constexpr std::string_view url_prefix = "nats://127.0.0.1:";

/// The port, or a free one for 0; nothing when it is taken. Nobody holds it then, until the server does.
std::optional<std::uint16_t> free_port(std::uint16_t wanted) {
    const UniqueFd probe{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    const int yes = 1;
    ::setsockopt(probe.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(wanted);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    auto* place = static_cast<sockaddr*>(static_cast<void*>(&address));
    socklen_t size = sizeof address;
    if (!probe || ::bind(probe.get(), place, size) != 0) return std::nullopt;
    if (::getsockname(probe.get(), place, &size) != 0) return std::nullopt;
    return ntohs(address.sin_port);
}

/// That of the last start; 0 where there was none.
std::uint16_t port_before(const ServerFiles& files) {
    std::string text;
    std::ifstream{files.for_receiver().url} >> text;
    std::uint16_t port = 0;
    if (text.starts_with(url_prefix))
        std::from_chars(text.data() + url_prefix.size(), text.data() + text.size(), port);
    return port;
}

std::string new_password() { return to_base64url(crypto::random_array<password_bytes>()); }

Result<> write(const std::string& path, std::string_view text) {
    return write_durably(path, as_bytes(text), Readable::by_owner, Existing::replace);
}

/// What somebody needs to connect.
Result<> admit(const std::filesystem::path& folder, std::string_view credentials, std::string_view url) {
    std::error_code error;
    std::filesystem::create_directory(folder, error);
    if (!error) std::filesystem::permissions(folder, std::filesystem::perms::owner_all, error);
    if (error) return fail(Errc::unavailable, fmt::format("{}: {}", folder.string(), error.message()));
    TRY(write(folder / "credentials", credentials));
    return write(folder / "url", url);
}

std::string configuration(std::uint16_t port, std::string_view publisher, std::string_view receiver) {
    return fmt::format(R"(# Written at each start.
listen: "127.0.0.1:{}"
server_name: "ward"
max_payload: 2MB
max_connections: 256
logtime: false
authorization {{
  users: [
    {{user: "publisher", password: "{}",
      permissions: {{publish: ["ward.events.*"], subscribe: ["ward.stored.*"]}}}}
    {{user: "receiver", password: "{}",
      permissions: {{publish: ["ward.stored.*"], subscribe: ["ward.events.*"]}}}}
  ]
}}
)",
                       port, publisher, receiver);
}

}   // namespace

Result<> prepare_server(const ServerFiles& files) {
    const auto before = port_before(files);
    auto port = before == 0 ? std::nullopt : free_port(before);
    if (!port) port = free_port(0);
    if (!port) return fail(Errc::unavailable, "no port is free on loopback");
    const auto publisher = new_password();
    const auto receiver = new_password();
    TRY(write(files.configuration(), configuration(*port, publisher, receiver)));
    const auto url = fmt::format("{}{}\n", url_prefix, *port);
    TRY(admit(files.publisher(), "publisher\n" + publisher + '\n', url));
    return admit(files.receiver(), "receiver\n" + receiver + '\n', url);
}

}   // namespace ward::bus
