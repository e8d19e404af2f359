// SPDX-License-Identifier: Apache-2.0
// What is said with cameras beside pictures: RTSP (RFC 2326) with SDP (RFC 8866), and the Hello that ONVIF
// (Core Specification, section 7.3) takes from WS-Discovery of April
// 2005.
#pragma once

#include <string>

#include "lab/frames/devices/ws_discovery.hpp"
#include "lab/network.hpp"

namespace ward::lab::video {

inline constexpr std::uint16_t rtsp_port = 554;

struct Spoken {
    std::string asked;
    std::string answered;
};

Spoken options(const Device& camera, unsigned number);
/// A camera tells what it has only to those who know its password; `nonce` and `response` are their digest.
Spoken describe_refused(const Device& camera, unsigned number, const std::string& nonce);
Spoken describe(const Device& camera, unsigned number, const std::string& nonce, const std::string& response);

struct Standing {
    std::string id;      // its uuid
    std::string place;   // in whose rooms it hangs
};
std::string hello(const Device& camera, const Standing& standing, const ws_discovery::Message& message);

}   // namespace ward::lab::video
