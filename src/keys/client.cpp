// SPDX-License-Identifier: Apache-2.0
#include "keys/client.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "keys/grant_wire.hpp"
#include "keys/unix_socket.hpp"

namespace ward::keys {
namespace {

constexpr std::size_t buffer_bytes = frame_length_bytes + ProtocolLimits{}.frame_bytes_max;

tl::unexpected<Error> lost(const std::string& what) {
    return fail(Errc::unavailable, "ward-keys: " + what + ": " + std::strerror(errno));
}

Result<> check_name(std::string_view name) {
    if (name.size() > ProtocolLimits{}.name_bytes_max)
        return fail(Errc::limit_exceeded, "the name is too long");
    return {};
}

Result<> check_payload(Bytes payload) {
    if (payload.size() > ProtocolLimits{}.payload_bytes_max)
        return fail(Errc::limit_exceeded, "the text is too long");
    return {};
}

template <std::size_t size>
std::array<std::byte, size> read(WireReader& fields) {
    std::array<std::byte, size> bytes{};
    std::ranges::copy(fields.take(size), bytes.begin());
    return bytes;
}

Result<crypto::SecretBytes> read_secret(WireReader& fields, std::size_t size) {
    return crypto::SecretBytes::copy_of(fields.take(size));
}

Result<crypto::Signature> read_signature(WireReader& fields) { return crypto::Signature{read<64>(fields)}; }

Result<> nothing(WireReader&) { return {}; }

std::array<std::byte, 8> number_bytes(std::uint64_t number) {
    std::array<std::byte, 8> bytes{};
    WireWriter{bytes}.integer(number);
    return bytes;
}

}   // namespace

Client::Client(std::filesystem::path socket, ClientOptions options)
    : socket_(std::move(socket)), options_(options) {}

Result<> Client::connect() {
    const auto address = TRY(unix_address(socket_));
    UniqueFd fd{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    if (!fd) return lost("no socket");
    const auto ms = options_.timeout.count();
    const timeval timeout{.tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000};
    if (::setsockopt(fd.get(), SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout) != 0 ||
        ::setsockopt(fd.get(), SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof timeout) != 0)
        return lost("no time limit");
    if (::connect(fd.get(), as_sockaddr(address), sizeof address) != 0)
        return lost("cannot reach " + socket_.string());
    if (frame_.size() == 0) frame_ = TRY(crypto::SecretBytes::allocate(buffer_bytes));
    connection_ = std::move(fd);
    return {};
}

Result<> Client::send(const Request& request) {
    // A connection that ward-keys has closed, as when it was restarted, reads as ended; a good one has
    // nothing to read.
    std::byte unexpected{};
    const bool quiet = connection_ &&
                       ::recv(connection_.get(), &unexpected, 1, MSG_PEEK | MSG_DONTWAIT) < 0 &&
                       errno == EAGAIN;
    if (!quiet) connection_ = {};
    if (!connection_) TRY(connect());

    WireWriter writer{frame_.reveal_writable()};
    encode_request(request, writer);
    Bytes rest = frame_.reveal().first(writer.written());
    while (!rest.empty()) {
        const auto gone = ::send(connection_.get(), rest.data(), rest.size(), MSG_NOSIGNAL);
        if (gone < 0 && errno == EINTR) continue;
        if (gone < 0) return lost("cannot send");
        rest = rest.subspan(static_cast<std::size_t>(gone));
    }
    return {};
}

Result<Bytes> Client::receive() {
    const auto buffer = frame_.reveal_writable();
    for (std::size_t size = 0;;) {
        const auto frame = TRY(first_frame(Bytes{buffer}.first(size)));
        if (frame) return *frame;
        const auto got = ::recv(connection_.get(), buffer.data() + size, buffer.size() - size, 0);
        if (got < 0 && errno == EINTR) continue;
        if (got == 0) return fail(Errc::unavailable, "ward-keys closed the connection");
        if (got < 0) return lost("no answer");
        size += static_cast<std::size_t>(got);
    }
}

/// What `read_fields` makes of the reply. After a failure on the way the connection is given up: a late reply
/// would be taken for that of the next request.
template <class ReadFields>
auto Client::ask(const Request& request, ReadFields read_fields)
    -> decltype(read_fields(std::declval<WireReader&>())) {
    const Lock lock{mutex_};
    const auto sent = send(request);
    const auto frame = sent ? receive() : Result<Bytes>{tl::unexpected(sent.error())};
    if (!frame) connection_ = {};
    auto fields = frame ? decode_reply(*frame) : Result<WireReader>{tl::unexpected(frame.error())};
    auto answer = fields ? read_fields(*fields) : tl::unexpected(fields.error());
    crypto::wipe(frame_.reveal_writable());   // of the passphrase or the key that was in it
    if (fields && (fields->truncated() || fields->remaining() != 0))
        return fail(Errc::malformed, "ward-keys gave an answer of the wrong length");
    return answer;
}

Result<CreatedKey> Client::create(const Owner& owner) {
    return ask({.op = Op::create, .owner = owner}, [](WireReader& fields) -> Result<CreatedKey> {
        const auto id = read<sizeof(KeyId)>(fields);
        auto data_key = TRY(read_secret(fields, 32));
        const auto wrapped = fields.take(fields.remaining());
        return CreatedKey{id, std::move(data_key), Buffer{wrapped.begin(), wrapped.end()}};
    });
}

Result<crypto::SecretBytes> Client::unwrap(const Owner& owner, const KeyId& key) {
    return ask({.op = Op::unwrap, .owner = owner, .key = key},
               [](WireReader& fields) { return read_secret(fields, 32); });
}

Result<FacilityKey> Client::facility() {
    return ask({.op = Op::facility}, [](WireReader& fields) -> Result<FacilityKey> {
        const auto version = fields.u32();
        return FacilityKey{version, TRY(read_secret(fields, 32))};
    });
}

Result<crypto::SecretBytes> Client::secret(std::string_view name) {
    return secret(name, crypto::SecretBytes{});
}

Result<crypto::SecretBytes> Client::secret(std::string_view name, const crypto::SecretBytes& offered) {
    TRY(check_name(name));
    TRY(check_payload(offered.reveal()));
    return ask({.op = Op::secret, .name = name, .payload = offered.reveal()},
               [](WireReader& fields) { return read_secret(fields, fields.remaining()); });
}

Result<crypto::Signature> Client::sign_checkpoint(std::string_view text) {
    TRY(check_payload(as_bytes(text)));
    return ask({.op = Op::sign_checkpoint, .payload = as_bytes(text)}, read_signature);
}

Result<crypto::Signature> Client::sign_token(std::string_view signing_input) {
    TRY(check_payload(as_bytes(signing_input)));
    return ask({.op = Op::sign_token, .payload = as_bytes(signing_input)}, read_signature);
}

Result<> Client::enroll(const Enrolment& enrolment, const crypto::SecretBytes& passphrase) {
    TRY(check_name(enrolment.name));
    const auto key_size = enrolment.key.value.size(), signature_size = enrolment.signature.value.size();
    const auto secret = passphrase.reveal();
    auto payload = TRY(crypto::SecretBytes::allocate(key_size + signature_size + secret.size()));
    TRY(check_payload(payload.reveal()));
    WireWriter writer{payload.reveal_writable()};
    writer.put(enrolment.key.value);
    writer.put(enrolment.signature.value);
    writer.put(secret);
    return ask({.op = Op::enroll_operator, .name = enrolment.name, .payload = payload.reveal()}, nothing);
}

Result<> Client::act_on_grant(const SignedAct& act) {
    TRY(check_name(act.name));
    Buffer payload;
    append(payload, act.signature.value);
    append(payload, as_bytes(act.text));
    TRY(check_payload(payload));
    const auto op = act.act == GrantAct::request   ? Op::request_grant
                    : act.act == GrantAct::approve ? Op::approve_grant
                                                   : Op::end_grant;
    return ask({.op = op, .name = act.name, .payload = payload}, nothing);
}

Result<std::vector<KeptGrant>> Client::open_grants() {
    std::vector<KeptGrant> grants;
    while (grants.size() < GrantLimits{}.open_max) {
        const auto index = number_bytes(grants.size());
        auto grant = TRY(ask({.op = Op::open_grant, .payload = index}, decode_grant));
        if (!grant) break;
        grants.push_back(*std::move(grant));
    }
    return grants;
}

Result<std::optional<GrantEvent>> Client::grant_event_after(std::uint64_t number) {
    const auto bytes = number_bytes(number);
    return ask({.op = Op::grant_event, .payload = bytes}, decode_event);
}

Result<crypto::SecretBytes> Client::unwrap_granted(const Owner& owner, const KeyId& key,
                                                   const GrantId& grant) {
    return ask({.op = Op::unwrap_granted, .owner = owner, .key = key, .payload = grant},
               [](WireReader& fields) { return read_secret(fields, 32); });
}

Result<PublicKeys> Client::public_keys() {
    return ask({.op = Op::public_keys}, [](WireReader& fields) -> Result<PublicKeys> {
        const auto ledger = read<32>(fields);
        return PublicKeys{{ledger}, {read<32>(fields)}};
    });
}

Result<Status> Client::status() {
    return ask({.op = Op::status},
               [](WireReader& fields) -> Result<Status> { return decode_status(fields); });
}

Result<> Client::unseal(const crypto::SecretBytes& passphrase) {
    TRY(check_payload(passphrase.reveal()));
    return ask({.op = Op::unseal, .payload = passphrase.reveal()}, nothing);
}

}   // namespace ward::keys
