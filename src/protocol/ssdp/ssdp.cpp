// SPDX-License-Identifier: Apache-2.0
#include "protocol/ssdp/ssdp.hpp"

#include <algorithm>
#include <array>

#include "event/ssdp.hpp"
#include "protocol/products.hpp"
#include "protocol/text.hpp"
#include "protocol/uri.hpp"

namespace ward::protocol::ssdp {
namespace {

/// The first line, without its end.
std::string_view begin_message(std::string_view line, event::Ssdp& told) {
    if (line.starts_with("NOTIFY * HTTP/1.")) return told.method = "NOTIFY";
    if (line.starts_with("M-SEARCH * HTTP/1.")) return told.method = "M-SEARCH";
    if (!line.starts_with("HTTP/1.") || line.size() < 12) return {};
    const auto status = number(line.substr(9, 3));
    if (!status) return {};
    told.status = static_cast<std::uint16_t>(*status);
    return line;
}

/// UPnP Device Architecture 2.0, 1.2.2.
std::string notification_of(std::string_view value) {
    constexpr std::array<std::string_view, 3> known{"ssdp:alive", "ssdp:byebye", "ssdp:update"};
    return std::ranges::find(known, value) != known.end() ? std::string{value} : std::string{};
}

void read_field(std::string_view name, std::string_view value, event::Ssdp& told) {
    const auto is = [&](std::string_view wanted) { return equal_ignoring_case(name, wanted); };
    if (is("NT") || is("ST")) told.target = uri_template(value);
    if (is("NTS")) told.nts = notification_of(value);
    if (is("USN")) told.usn = uri_template(value);
    if (is("SERVER")) told.server = products_of(value);
    if (is("USER-AGENT")) told.user_agent = products_of(value);
    if (is("LOCATION") || is("AL")) told.location = uri_template(value.substr(0, value.find('?')));
}

class SsdpSession final : public Session {
public:
    void data(Side /*from*/, Bytes bytes, Output& out) override {
        auto text = as_text(bytes);
        event::Ssdp told;
        if (begin_message(trimmed(take_until(text, '\n')), told).empty())
            return out.malformed("no SSDP message", bytes.size());
        for (std::size_t lines = 0; !text.empty() && lines < lines_max; ++lines) {
            auto value = take_until(text, '\n');
            const auto name = take_until(value, ':');
            read_field(trimmed(name), trimmed(value), told);
        }
        if (!text.empty()) out.skipped(Uninspected::cap, text.size());
        out.emit(std::move(told));
    }
    void gap(Side /*from*/, std::uint64_t /*lost*/, Output& /*out*/) override {}
    void end(Output& /*out*/) override {}
    std::size_t memory() const noexcept override { return sizeof *this; }
};

}   // namespace

Verdict probe(Bytes first, Side /*from*/) {
    const auto text = as_text(first);
    if (text.starts_with("NOTIFY * HTTP/1.") || text.starts_with("M-SEARCH * HTTP/1.")) return Verdict::yes;
    // Other protocols answer over UDP in this way, too: CoAP's and SIP's relatives.
    return text.starts_with("HTTP/1.1 200 ") ? Verdict::unsure : Verdict::no;
}

std::unique_ptr<Session> open_session() { return std::make_unique<SsdpSession>(); }

}   // namespace ward::protocol::ssdp
