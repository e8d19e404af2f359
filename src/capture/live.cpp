// SPDX-License-Identifier: Apache-2.0
#include "capture/live.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <linux/filter.h>
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

Result<wire::LinkType> link_of(const LiveOptions& options, int kind) {
    switch (kind) {
        case ARPHRD_ETHER:
        case ARPHRD_LOOPBACK: return wire::LinkType::ethernet;
        case ARPHRD_NONE:   // tunnels, WireGuard
        case ARPHRD_PPP:
        case ARPHRD_TUNNEL:
        case ARPHRD_TUNNEL6:
        case ARPHRD_SIT: return wire::LinkType::raw;
        default:
            return fail(Errc::unavailable, options.interface + ": frames of this kind of interface (" +
                                               std::to_string(kind) +
                                               ") are not read; name an Ethernet port");
    }
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

/// A classic BPF program whose answer is the same for both directions and all packets of two hosts: their
/// addresses, exclusive-or, spread. What is not IP goes to the first ring.
std::vector<sock_filter> deal_by_addresses() {
    const auto network = [](std::uint32_t offset) {
        return static_cast<std::uint32_t>(SKF_NET_OFF) + offset;
    };
    std::vector<sock_filter> program;
    const auto add = [&](int code, std::uint32_t operand, std::size_t if_true = 0, std::size_t if_false = 0) {
        program.push_back({static_cast<std::uint16_t>(code), static_cast<std::uint8_t>(if_true),
                           static_cast<std::uint8_t>(if_false), operand});
    };
    const auto load_and_mix = [&](std::uint32_t first, std::uint32_t words) {
        for (std::uint32_t i = 0; i < words; ++i) {
            add(BPF_MISC | BPF_TAX, 0);
            add(BPF_LD | BPF_W | BPF_ABS, network(first + 4 * i));
            add(BPF_ALU | BPF_XOR | BPF_X, 0);
        }
    };
    constexpr std::size_t each = 3;
    constexpr std::uint32_t v4_words = 2;
    constexpr std::uint32_t v6_words = 8;
    add(BPF_LD | BPF_W | BPF_ABS, static_cast<std::uint32_t>(SKF_AD_OFF + SKF_AD_PROTOCOL));
    add(BPF_JMP | BPF_JEQ | BPF_K, ETHERTYPE_IP, 0, each * v4_words + 2);
    add(BPF_LD | BPF_IMM, 0);
    load_and_mix(12, v4_words);
    add(BPF_JMP | BPF_JA, static_cast<std::uint32_t>(each * v6_words + 2));
    add(BPF_JMP | BPF_JEQ | BPF_K, ETHERTYPE_IPV6, 0, each * v6_words + 4);
    add(BPF_LD | BPF_IMM, 0);
    load_and_mix(8, v6_words);
    add(BPF_ALU | BPF_MUL | BPF_K, 0x9e3779b1U);
    add(BPF_ALU | BPF_RSH | BPF_K, 16);
    add(BPF_RET | BPF_A, 0);
    add(BPF_RET | BPF_K, 0);
    return program;
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
    link_ = TRY(link_of(options, interface.kind));
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
    return {};
}

/// Two hosts belong to one ring: with the ports, as PACKET_FANOUT_HASH deals, fragments would go elsewhere
/// than the packets that are whole.
Result<> Ring::share(const LiveOptions& options, std::optional<unsigned>& group) {
    constexpr auto how = unsigned{PACKET_FANOUT_CBPF};
    const auto whose = group ? *group | how << 16U : (how | unsigned{PACKET_FANOUT_FLAG_UNIQUEID}) << 16U;
    if (!set(socket_, PACKET_FANOUT, whose))
        return failed(options, "cannot share the interface between threads");
    if (group) return {};
    unsigned made = 0;
    socklen_t size = sizeof made;
    if (::getsockopt(socket_, SOL_PACKET, PACKET_FANOUT, &made, &size) != 0)
        return failed(options, "cannot share the interface between threads");
    group = made & 0xffffU;
    auto program = deal_by_addresses();
    const sock_fprog dealing{static_cast<unsigned short>(program.size()), program.data()};
    if (!set(socket_, PACKET_FANOUT_DATA, dealing)) return failed(options, "cannot deal packets to threads");
    return {};
}

Result<> Ring::take(std::chrono::milliseconds patience, FunctionRef<void(const wire::Frame&)> frames) {
    auto* const block = at<tpacket_block_desc>(memory_.data(), next_ * block_bytes);
    std::atomic_ref<std::uint32_t> status{block->hdr.bh1.block_status};
    if ((status.load(std::memory_order_acquire) & TP_STATUS_USER) == 0) {
        if (down_) return rest(patience);
        pollfd ready{socket_, POLLIN, 0};
        if (::poll(&ready, 1, static_cast<int>(patience.count())) > 0 && (ready.revents & POLLERR) != 0)
            return rest(patience);
        if ((status.load(std::memory_order_acquire) & TP_STATUS_USER) == 0) return {};
    }
    down_ = false;
    auto* header = at<tpacket3_hdr>(block, block->hdr.bh1.offset_to_first_pkt);
    for (std::uint32_t i = 0; i < block->hdr.bh1.num_pkts; ++i) {
        if (!skip_outgoing_ || !is_outgoing(header)) frames(frame_of(header, link_));
        header = at<tpacket3_hdr>(header, header->tp_next_offset);
    }
    status.store(TP_STATUS_KERNEL, std::memory_order_release);
    next_ = (next_ + 1) % (memory_.size() / block_bytes);
    return {};
}

/// The interface is down or gone. Takes the error off the socket, which would say it again at once. One that
/// is removed goes down first, and of the second step the socket says nothing.
Result<> Ring::rest(std::chrono::milliseconds patience) {
    down_ = true;
    int error = 0;
    socklen_t size = sizeof error;
    ::getsockopt(socket_, SOL_SOCKET, SO_ERROR, &error, &size);
    sockaddr_ll address{};
    socklen_t address_size = sizeof address;
    const bool known =
        ::getsockname(socket_, static_cast<sockaddr*>(static_cast<void*>(&address)), &address_size) == 0;
    if (known && address.sll_ifindex <= 0) return fail(Errc::not_found, "the interface was removed");
    ::poll(nullptr, 0, static_cast<int>(patience.count()));
    return fail(Errc::unavailable, "the interface is down");
}

RingCounts Ring::counts() {
    tpacket_stats_v3 counted{};
    socklen_t size = sizeof counted;
    if (::getsockopt(socket_, SOL_PACKET, PACKET_STATISTICS, &counted, &size) != 0) return {};
    return {counted.tp_packets, counted.tp_drops};
}

Result<std::vector<std::unique_ptr<Ring>>> listen(const LiveOptions& options) {
    std::vector<std::unique_ptr<Ring>> rings;
    std::optional<unsigned> group;
    for (unsigned i = 0; i < std::max(options.rings, 1U); ++i) {
        rings.push_back(std::make_unique<Ring>());
        TRY(rings.back()->open(options));
        if (options.rings > 1) TRY(rings.back()->share(options, group));
    }
    return rings;
}

}   // namespace ward::capture
