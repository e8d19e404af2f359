// SPDX-License-Identifier: Apache-2.0
#include "lab/frames/office/tickets.hpp"

#include "lab/frames/office/bytes_out.hpp"

namespace ward::lab {
namespace {

constexpr std::uint16_t kerberos_port = 88;
constexpr std::size_t datagram_bytes_max = 1'400;

// RFC 4120, 5.4.1: forwardable, renewable, canonicalize, renewable-ok; and those of a ticket's request.
constexpr std::uint32_t first_options = 0x4081'0010, ticket_options = 0x4081'0000;

// What systems of several ages can do, in their order.
const std::vector<int>& methods_of(const Device& device) {
    static const std::vector<int> newer{18, 17, 23, 24, -135};
    static const std::vector<int> newest{18, 17, 23};
    static const std::vector<int> others{20, 19, 18, 17, 23};
    if (!is_for_people(device.kind)) return others;
    return device.address % 5 == 0 ? newest : newer;
}

Buffer with_length(const Buffer& message) {   // RFC 4120, 7.2.2
    Buffer out;
    append_big_endian(out, static_cast<std::uint32_t>(message.size()));
    append(out, message);
    return out;
}

}   // namespace

std::string Tickets::realm() const {
    std::string realm = wires_.network().domain;
    for (auto& c : realm) c = static_cast<char>(c >= 'a' && c <= 'z' ? c - 32 : c);
    return realm;
}

Sealed Tickets::sealed(int method, std::size_t size) { return {method, {}, opaque(*random_, size)}; }

/// More groups, a longer ticket.
std::size_t Tickets::ticket_size(const Account& account) const {
    return 880 + 16 * wires_.story().random().stream(account.login).below(50);
}

KdcRequest Tickets::first_request(const Account& account) {
    return {.ask = KdcAsk::authentication,
            .before = {pre_groups_wanted()},
            .options = first_options,
            .client = KerberosName{kerberos::one_person, {account.login}},
            .realm = realm(),
            .server = {kerberos::service_instance, {"krbtgt", realm()}},
            .nonce = static_cast<std::uint32_t>(random_->below(0x7fff'ffff)),
            .methods = methods_of(account.device),
            .host = account.device.name};
}

Moment Tickets::call(const Account& account, const Buffer& request, const Buffer& reply, Moment at) {
    const auto& server = wires_.server(DeviceKind::domain_controller, account.device.site);
    // RFC 4120, 7.2.1: datagrams where they fit; most systems of today begin with a connection.
    const bool fits = request.size() <= datagram_bytes_max && reply.size() <= datagram_bytes_max;
    if (fits && (account.device.address % 3 == 0 || random_->chance(0.1)))
        return wires_.ask(
            {account.device, server, wires_.next_port(account.device.address, server.address), kerberos_port},
            request, reply, at);
    auto line = wires_.line(account.device, server, kerberos_port);
    at = line.send(Side::client, with_length(request), at) + milliseconds_of(random_->around(1.1, 1.8));
    at = line.send(Side::server, with_length(reply), at);
    return line.close(Side::client, at + milliseconds_of(random_->around(0.2, 1.6)));
}

Moment Tickets::ask_first(const Account& account, KdcRequest request, Moment at) {
    // Without a proof at first, to learn the salt: RFC 4120, 3.1.3.
    const auto salt = realm() + account.login;
    const KdcRefusal refusal{.at = at + milliseconds_of(0.5),
                             .code = kerberos::preauthentication_required,
                             .realm = realm(),
                             .server = request.server,
                             .detail = pre_list({pre_methods(salt), {2, {}}})};
    at = call(account, kdc_request(request), kdc_refusal(refusal), at);
    return at + milliseconds_of(random_->around(4, 1.8));
}

Moment Tickets::sign_in(const Account& account, Moment at) {
    auto request = first_request(account);
    if (random_->chance(0.8)) at = ask_first(account, request, at);
    // A time of 41 to 43 bytes between a confounder of 16 and a sum of 12: RFC 3962, 6.
    request.before.insert(request.before.begin(),
                          pre_timestamp(sealed(kerberos::aes256, 55 + random_->below(3))));
    const auto ticket = kerberos_ticket(realm(), request.server,
                                        {kerberos::aes256, 2, opaque(*random_, ticket_size(account))});
    const KdcReply reply{.ask = KdcAsk::authentication,
                         .before = {pre_methods(realm() + account.login)},
                         .realm = realm(),
                         .client = *request.client,
                         .ticket = ticket,
                         .sealed = {kerberos::aes256, 3, opaque(*random_, 300 + random_->below(12))}};
    return call(account, kdc_request(request), kdc_reply(reply), at);
}

Moment Tickets::sign_in_wrongly(const Account& account, Moment at) {
    auto request = first_request(account);
    at = ask_first(account, request, at);
    request.before.insert(request.before.begin(),
                          pre_timestamp(sealed(kerberos::aes256, 55 + random_->below(3))));
    const KdcRefusal refusal{.at = at + milliseconds_of(0.5),
                             .code = kerberos::preauthentication_failed,
                             .realm = realm(),
                             .server = request.server,
                             .detail = pre_list({pre_methods(realm() + account.login)})};
    return call(account, kdc_request(request), kdc_refusal(refusal), at);
}

Moment Tickets::ticket_for(const Account& account, std::vector<std::string> service, Moment at, int method) {
    const KerberosName server{kerberos::service_instance, std::move(service)};
    const auto own = kerberos_ticket(realm(), {kerberos::service_instance, {"krbtgt", realm()}},
                                     {kerberos::aes256, 2, opaque(*random_, ticket_size(account))});
    const auto proof = kerberos_ap_request(own, sealed(kerberos::aes256, 150 + random_->below(24)), 0);
    const KdcRequest request{.ask = KdcAsk::ticket,
                             .before = {pre_ticket(proof)},
                             .options = ticket_options,
                             .realm = realm(),
                             .server = server,
                             .nonce = static_cast<std::uint32_t>(random_->below(0x7fff'ffff)),
                             .methods = methods_of(account.device)};
    const KdcReply reply{
        .ask = KdcAsk::ticket,
        .realm = realm(),
        .client = {kerberos::one_person, {account.login}},
        .ticket = kerberos_ticket(
            realm(), server, {method, random_->between(2, 9), opaque(*random_, ticket_size(account) + 30)}),
        .sealed = sealed(kerberos::aes256, 260 + random_->below(30))};
    return call(account, kdc_request(request), kdc_reply(reply), at);
}

Buffer Tickets::show(const Account& account, std::vector<std::string> service) {
    constexpr std::uint32_t mutual = 0x2000'0000;   // RFC 4120, 5.5.1
    const auto ticket = kerberos_ticket(realm(), {kerberos::service_instance, std::move(service)},
                                        {kerberos::aes256, 4, opaque(*random_, ticket_size(account) + 30)});
    return kerberos_ap_request(ticket, sealed(kerberos::aes256, 150 + random_->below(24)), mutual);
}

Buffer Tickets::shown() { return kerberos_ap_reply(sealed(kerberos::aes256, 83 + random_->below(4))); }

}   // namespace ward::lab
