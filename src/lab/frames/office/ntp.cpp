// SPDX-License-Identifier: Apache-2.0
#include "lab/frames/office/ntp.hpp"

#include "wire/wire_reader.hpp"

namespace ward::lab {

// RFC 5905, 6: era 0 began on 1 January 1900, 2,208,988,800 seconds before 1970.
std::uint64_t ntp_time(Moment moment) {
    const auto since = static_cast<std::uint64_t>(moment.time_since_epoch().count());
    const auto seconds = since / 1'000'000 + 2'208'988'800;
    return seconds << 32 | ((since % 1'000'000) << 32) / 1'000'000;
}

// RFC 5905, 7.3: the header, and the authenticator where there is one.
Buffer ntp_packet(const NtpPacket& packet) {
    Buffer out;
    append_big_endian(out, static_cast<std::uint8_t>(packet.leap << 6 | packet.version << 3 | packet.mode));
    append_big_endian(out, packet.stratum);
    append_big_endian(out, packet.poll);
    append_big_endian(out, static_cast<std::uint8_t>(packet.precision));
    append_big_endian(out, packet.root_delay);
    append_big_endian(out, packet.root_dispersion);
    append_big_endian(out, packet.reference);
    for (const auto time : {packet.referenced, packet.originated, packet.received, packet.sent})
        append_big_endian(out, time);
    append(out, packet.authenticator);
    return out;
}

}   // namespace ward::lab
