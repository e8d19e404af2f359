// SPDX-License-Identifier: Apache-2.0
#include "lab/frames/equipment/video.hpp"

#include <fmt/format.h>

namespace ward::lab::video {
namespace {

constexpr std::string_view agent = "User-Agent: VideoRecorder/7.3\r\n";

std::string_view path_of(const Device& camera) {
    if (camera.vendor == "Axis") return "axis-media/media.amp";
    return camera.vendor == "Bosch" ? "?inst=1" : "profile1/media.smp";
}

std::string place_of(const Device& camera) {
    return fmt::format("rtsp://{}/{}", to_text(camera.address), path_of(camera));
}

std::string description_of(const Device& camera) {
    const auto place = place_of(camera);
    return fmt::format(
        "v=0\r\no=- {0} 1 IN IP4 {1}\r\ns=Session streamed by {2} {3}\r\nc=IN IP4 0.0.0.0\r\n"
        "t=0 0\r\na=control:{4}\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n"
        "a=fmtp:96 packetization-mode=1; profile-level-id=64001F\r\na=control:{4}{5}stream=0\r\n",
        camera.address, to_text(camera.address), camera.vendor, camera.model, place,
        place.find('?') == std::string::npos ? '?' : '&');
}

}   // namespace

Spoken options(const Device& camera, unsigned number) {
    return {fmt::format("OPTIONS {} RTSP/1.0\r\nCSeq: {}\r\n{}\r\n", place_of(camera), number, agent),
            fmt::format("RTSP/1.0 200 OK\r\nCSeq: {}\r\nPublic: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN, "
                        "GET_PARAMETER\r\nServer: {} {}\r\n\r\n",
                        number, camera.vendor, camera.model)};
}

Spoken describe_refused(const Device& camera, unsigned number, const std::string& nonce) {
    return {fmt::format("DESCRIBE {} RTSP/1.0\r\nCSeq: {}\r\n{}Accept: application/sdp\r\n\r\n",
                        place_of(camera), number, agent),
            fmt::format("RTSP/1.0 401 Unauthorized\r\nCSeq: {}\r\n"
                        "WWW-Authenticate: Digest realm=\"{}\", nonce=\"{}\"\r\n\r\n",
                        number, camera.vendor, nonce)};
}

Spoken describe(const Device& camera, unsigned number, const std::string& nonce,
                const std::string& response) {
    const auto place = place_of(camera);
    const auto description = description_of(camera);
    return {
        fmt::format(
            "DESCRIBE {0} RTSP/1.0\r\nCSeq: {1}\r\n{2}Accept: application/sdp\r\nAuthorization: Digest "
            "username=\"recorder\", realm=\"{3}\", nonce=\"{4}\", uri=\"{0}\", response=\"{5}\"\r\n\r\n",
            place, number, agent, camera.vendor, nonce, response),
        fmt::format("RTSP/1.0 200 OK\r\nCSeq: {}\r\nContent-Type: application/sdp\r\nContent-Base: {}/\r\n"
                    "Content-Length: {}\r\n\r\n{}",
                    number, place, description.size(), description)};
}

std::string hello(const Device& camera, const Standing& standing, const ws_discovery::Message& message) {
    // ONVIF Core Specification, 7.3.2.2: what a camera can do, what it is, and where.
    const auto scopes = fmt::format(
        "onvif://www.onvif.org/type/video_encoder onvif://www.onvif.org/Profile/Streaming "
        "onvif://www.onvif.org/location/{} onvif://www.onvif.org/hardware/{} onvif://www.onvif.org/name/{}",
        standing.place, camera.model.substr(0, camera.model.find(' ')), camera.vendor);
    return ws_discovery::hello(
        ws_discovery::Version::april_2005,
        {standing.id, R"( xmlns:dn="http://www.onvif.org/ver10/network/wsdl")", "dn:NetworkVideoTransmitter",
         scopes, fmt::format("http://{}/onvif/device_service", to_text(camera.address))},
        message);
}

}   // namespace ward::lab::video
