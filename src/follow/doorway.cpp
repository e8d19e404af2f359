// SPDX-License-Identifier: Apache-2.0
#include "follow/doorway.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "follow/growing_file.hpp"

namespace ward::follow {
namespace {

constexpr std::size_t read_bytes = 256 << 10;   // more than a datagram has
constexpr int backlog = 16;

tl::unexpected<Error> refused(const std::filesystem::path& path, Errc code = Errc::unavailable) {
    return fail(code, path.string() + ": " + std::strerror(errno));
}

struct Address {
    sockaddr_un name{};
    const sockaddr* get() const { return static_cast<const sockaddr*>(static_cast<const void*>(&name)); }
};

Result<Address> address_of(const std::filesystem::path& path) {
    Address address;
    address.name.sun_family = AF_UNIX;
    const auto text = path.string();
    if (text.empty() || text.size() >= sizeof address.name.sun_path)
        return fail(Errc::malformed, text + ": no name of a socket, or too long a one");
    text.copy(address.name.sun_path, text.size());
    return address;
}

/// Nothing is there, or a socket that nobody listens at any more, which is removed.
Result<> make_room(const std::filesystem::path& path, const Address& address, int type) {
    struct stat about {};
    if (::lstat(path.c_str(), &about) != 0) return errno == ENOENT ? Result<>{} : refused(path);
    if (!S_ISSOCK(about.st_mode))
        return fail(Errc::conflict, path.string() + ": is there already, and no socket");
    const UniqueFd caller{::socket(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
    if (!caller) return refused(path);
    if (::connect(caller.get(), address.get(), sizeof address.name) == 0 || errno != ECONNREFUSED)
        return fail(Errc::conflict, path.string() + ": another program listens there");
    return ::unlink(path.c_str()) == 0 ? Result<>{} : refused(path);
}

}   // namespace

Result<Doorway> Doorway::open(std::filesystem::path path, DoorKind kind, DoorLimits limits) {
    const auto address = TRY(address_of(path));
    const int type = kind == DoorKind::stream ? SOCK_STREAM : SOCK_DGRAM;
    TRY(make_room(path, address, type));
    UniqueFd socket{::socket(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
    if (!socket) return refused(path);
    const mode_t mask = ::umask(0117);
    const int bound = ::bind(socket.get(), address.get(), sizeof address.name);
    ::umask(mask);
    if (bound != 0) return refused(path);
    Doorway door{std::move(path), kind, limits, std::move(socket)};
    if (kind == DoorKind::datagram)
        door.guests_.push_back({});
    else if (::listen(door.socket_.get(), backlog) != 0)
        return refused(door.path_);
    return door;
}

Doorway::~Doorway() {
    if (socket_) ::unlink(path_.c_str());
}

void Doorway::let_in() {
    while (guests_.size() < limits_.guests_max) {
        UniqueFd guest{::accept4(socket_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK)};
        if (!guest) return;
        guests_.push_back({.socket = std::move(guest)});
    }
}

void Doorway::take(Guest& guest, std::string_view text, Heard& heard) {
    while (!text.empty()) {
        const auto end = text.find('\n');
        const auto part = text.substr(0, end);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        if (!guest.is_within_long_line) guest.begun += part;
        if (guest.begun.size() > line_bytes_max) {
            guest.is_within_long_line = true;
            guest.begun.clear();
            ++heard.too_long;
        }
        if (end == std::string_view::npos) return;
        if (!guest.is_within_long_line) (heard.lines += guest.begun) += '\n';
        guest.is_within_long_line = false;
        guest.begun.clear();
    }
}

/// False once there is nothing more to come.
bool Doorway::hear(Guest& guest, Heard& heard) const {
    std::array<char, read_bytes> text;
    const int socket = kind_ == DoorKind::stream ? guest.socket.get() : socket_.get();
    std::size_t taken = 0;   // also of lines that are passed over, or have no end
    while (heard.lines.size() < limits_.lines_bytes && taken < limits_.read_bytes) {
        const auto read = ::recv(socket, text.data(), text.size(), MSG_DONTWAIT);
        if (read < 0 && errno == EINTR) continue;
        if (read < 0) return errno == EAGAIN || errno == EWOULDBLOCK || kind_ == DoorKind::datagram;
        if (read == 0 && kind_ == DoorKind::stream) {
            if (!guest.begun.empty()) take(guest, "\n", heard);   // the last line needs no end
            return false;
        }
        taken += static_cast<std::size_t>(read);
        take(guest, {text.data(), static_cast<std::size_t>(read)}, heard);
        if (kind_ == DoorKind::datagram && read > 0 && text[static_cast<std::size_t>(read) - 1] != '\n')
            take(guest, "\n", heard);
    }
    return true;
}

Doorway::Heard Doorway::listen() {
    Heard heard;
    if (kind_ == DoorKind::stream) let_in();
    std::erase_if(guests_, [&](Guest& guest) { return !hear(guest, heard); });
    return heard;
}

void Doorway::add_to(std::vector<int>& waited_for) const {
    if (kind_ == DoorKind::datagram || guests_.size() < limits_.guests_max)
        waited_for.push_back(socket_.get());
    for (const auto& guest : guests_)
        if (guest.socket) waited_for.push_back(guest.socket.get());
}

}   // namespace ward::follow
