// SPDX-License-Identifier: Apache-2.0
#include "capture/live.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

namespace ward::capture {
namespace {

constexpr std::size_t block_bytes = std::size_t{1} << 20;
constexpr unsigned block_patience_ms = 50;   // after which a block that is not full is handed over

Result<> failed(const LiveOptions& options, const std::string& what) {
    const auto code = errno == EPERM || errno == EACCES ? Errc::denied : Errc::unavailable;
    const auto* hint = code == Errc::denied ? "; run as root, or with CAP_NET_RAW" : "";
    return fail(code, options.interface + ": " + what + ": " + std::strerror(errno) + hint);
}

struct Interface {
    int index = 0;
    int kind = 0;   // ARPHRD_…
};

/// What the kernel says of an interface, asked on the capture's own socket: any other could send.
Result<Interface> ask(int socket, const std::string& name) {
    ifreq request{};
    if (!name.empty() && name.size() < sizeof request.ifr_name) {
        std::ranges::copy(name, std::begin(request.ifr_name));
        Interface found;
        if (::ioctl(socket, SIOCGIFINDEX, &request) == 0) {
            found.index = request.ifr_ifindex;
            if (::ioctl(socket, SIOCGIFHWADDR, &request) == 0) {
                found.kind = request.ifr_hwaddr.sa_family;
                return found;
            }
        }
    }
    return fail(Errc::not_found, "there is no network interface " + name + "; ip link lists them");
}

template <class T>
bool set(int socket, int option, const T& value) {
    return ::setsockopt(socket, SOL_PACKET, option, &value, sizeof value) == 0;
}

/// A structure that the kernel put into the ring, `offset` bytes after another one.
template <class T>
T* at(void* base, std::size_t offset) {
    return static_cast<T*>(static_cast<void*>(static_cast<std::byte*>(base) + offset));
}

bool is_outgoing(tpacket3_hdr* header) {
    constexpr std::size_t after =
        (sizeof *header + TPACKET_ALIGNMENT - 1) / TPACKET_ALIGNMENT * TPACKET_ALIGNMENT;
    return at<sockaddr_ll>(header, after)->sll_pkttype == PACKET_OUTGOING;
}

wire::Frame frame_of(tpacket3_hdr* header, wire::LinkType link) {
    wire::Frame frame;
    frame.at =
        wire::FrameTime{std::chrono::seconds{header->tp_sec} + std::chrono::nanoseconds{header->tp_nsec}};
    frame.link = link;
    frame.bytes = {at<const std::byte>(header, header->tp_mac), header->tp_snaplen};
    frame.wire_length = header->tp_len;
    // The kernel takes the outer tag off the frame.
    if ((header->tp_status & TP_STATUS_VLAN_VALID) != 0)
        frame.vlan = static_cast<std::uint16_t>(header->hv1.tp_vlan_tci & 0x0fffU);
    return frame;
}

}   // namespace

Ring::~Ring() {
    if (!memory_.empty()) ::munmap(memory_.data(), memory_.size());
    if (socket_ >= 0) ::close(socket_);
}

Result<> Ring::open(const LiveOptions& options) {
    // Protocol 0: nothing arrives before everything is set up.
    socket_ = ::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
    if (socket_ < 0) return failed(options, "cannot capture");
    const auto interface = TRY(ask(socket_, options.interface));
    const bool ethernet = interface.kind == ARPHRD_ETHER || interface.kind == ARPHRD_LOOPBACK;
    link_ = ethernet ? wire::LinkType::ethernet : wire::LinkType::raw;
    // On loopback every packet passes twice, once in each direction. (PACKET_IGNORE_OUTGOING is lost in a
    // fanout group before Linux 5.17.)
    skip_outgoing_ = interface.kind == ARPHRD_LOOPBACK;
    if (!set(socket_, PACKET_VERSION, int{TPACKET_V3})) return failed(options, "no TPACKET_V3");
    TRY(map_ring(options));
    return attach(options, interface.index);
}

Result<> Ring::map_ring(const LiveOptions& options) {
    tpacket_req3 request{};
    request.tp_block_size = static_cast<unsigned>(block_bytes);
    request.tp_block_nr = static_cast<unsigned>(std::max<std::size_t>(options.ring_bytes / block_bytes, 4));
    request.tp_frame_size = TPACKET_ALIGNMENT << 7U;
    request.tp_frame_nr = request.tp_block_size / request.tp_frame_size * request.tp_block_nr;
    request.tp_retire_blk_tov = block_patience_ms;
    if (!set(socket_, PACKET_RX_RING, request)) return failed(options, "cannot make the ring");
    const auto bytes = block_bytes * request.tp_block_nr;
    void* const memory = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, socket_, 0);
    if (memory == MAP_FAILED) return failed(options, "cannot map the ring");
    memory_ = {static_cast<std::byte*>(memory), bytes};

    return {};
}

Result<> Ring::attach(const LiveOptions& options, int interface) {
    packet_mreq promiscuous{};
    promiscuous.mr_ifindex = interface;
    promiscuous.mr_type = PACKET_MR_PROMISC;
    if (!set(socket_, PACKET_ADD_MEMBERSHIP, promiscuous))
        return failed(options, "cannot hear what is for others");
    sockaddr_ll address{};
    address.sll_family = AF_PACKET;
    address.sll_protocol = htons(ETH_P_ALL);
    address.sll_ifindex = interface;
    if (::bind(socket_, static_cast<sockaddr*>(static_cast<void*>(&address)), sizeof address) != 0)
        return failed(options, "cannot listen");
    if (options.rings > 1) {
        const auto group = static_cast<unsigned>(::getpid()) & 0xffffU;
        if (!set(socket_, PACKET_FANOUT, static_cast<int>(group | unsigned{PACKET_FANOUT_HASH} << 16U)))
            return failed(options, "cannot share the interface between threads");
    }
    return {};
}

Result<> Ring::take(std::chrono::milliseconds patience, FunctionRef<void(const wire::Frame&)> frames) {
    auto* const block = at<tpacket_block_desc>(memory_.data(), next_ * block_bytes);
    std::atomic_ref<std::uint32_t> status{block->hdr.bh1.block_status};
    if ((status.load(std::memory_order_acquire) & TP_STATUS_USER) == 0) {
        pollfd ready{socket_, POLLIN, 0};
        if (::poll(&ready, 1, static_cast<int>(patience.count())) > 0 && (ready.revents & POLLERR) != 0)
            return fail(Errc::unavailable, "the interface is gone or down");
        if ((status.load(std::memory_order_acquire) & TP_STATUS_USER) == 0) return {};
    }
    auto* header = at<tpacket3_hdr>(block, block->hdr.bh1.offset_to_first_pkt);
    for (std::uint32_t i = 0; i < block->hdr.bh1.num_pkts; ++i) {
        if (!skip_outgoing_ || !is_outgoing(header)) frames(frame_of(header, link_));
        header = at<tpacket3_hdr>(header, header->tp_next_offset);
    }
    status.store(TP_STATUS_KERNEL, std::memory_order_release);
    next_ = (next_ + 1) % (memory_.size() / block_bytes);
    return {};
}

RingCounts Ring::counts() {
    tpacket_stats_v3 counted{};
    socklen_t size = sizeof counted;
    if (::getsockopt(socket_, SOL_PACKET, PACKET_STATISTICS, &counted, &size) != 0) return {};
    return {counted.tp_packets, counted.tp_drops};
}

Result<std::vector<std::unique_ptr<Ring>>> listen(const LiveOptions& options) {
    std::vector<std::unique_ptr<Ring>> rings;
    for (unsigned i = 0; i < std::max(options.rings, 1U); ++i) {
        rings.push_back(std::make_unique<Ring>());
        TRY(rings.back()->open(options));
    }
    return rings;
}

}   // namespace ward::capture
