// SPDX-License-Identifier: Apache-2.0
#include "protocol/vnc/vnc.hpp"

#include "event/vnc.hpp"
#include "protocol/pending.hpp"
#include "protocol/text.hpp"
#include "wire/wire_reader.hpp"

namespace ward::protocol::vnc {
namespace {

constexpr Limits limits;
constexpr std::size_t version_bytes = 12;
constexpr std::string_view prefix = "RFB ";

/// IANA, RFB Security Types.
std::string security_name(std::uint32_t type) {
    switch (type) {
        case 0: return "invalid";
        case 1: return "none";
        case 2: return "vnc";
        case 5: return "ra2";
        case 6: return "ra2ne";
        case 16: return "tight";
        case 17: return "ultra";
        case 18: return "tls";
        case 19: return "vencrypt";
        case 20: return "sasl";
        case 30: return "apple";
        default: return std::to_string(type);
    }
}

/// "RFB 003.008\n".
bool is_version(std::string_view text) {
    const auto digits = [&](std::size_t at) { return number(text.substr(at, 3)).has_value(); };
    return text.size() >= version_bytes && text.starts_with(prefix) && digits(4) && text[7] == '.' &&
           digits(8) && text[11] == '\n';
}

Decode<std::string_view> decode_version(Bytes input) {
    if (input.size() < version_bytes) return NeedMore{version_bytes - input.size()};
    const auto text = as_text(input);
    if (!is_version(text)) return Malformed{"no RFB version"};
    return Decoded<std::string_view>{text.substr(4, 7), version_bytes};
}

class VncSession final : public Session {
public:
    void data(Side from, Bytes bytes, Output& out) override {
        // The screen and the keys are bulk: nothing of them is wanted.
        if (over_) return out.skipped(Uninspected::content, bytes.size());
        if (!told_) told_ = std::make_unique<event::Vnc>();
        auto& step = steps_[index(from)];
        each_message(
            pending_[index(from)], bytes, std::size_t{512}, out,
            [&](Bytes input) -> Decode<std::string_view> {
                if (over_) {
                    out.skipped(Uninspected::content, input.size());
                    return Decoded<std::string_view>{{}, input.size()};
                }
                if (step == 0) return decode_version(input);
                return from == Side::server ? read_offer(input) : read_choice(input);
            },
            [&](std::string_view version) {
                if (over_) return;
                if (step++ == 0)
                    (from == Side::server ? told_->server_version : told_->client_version) =
                        std::string{version};
                if (done_) tell(out);
            });
    }
    void gap(Side /*from*/, std::uint64_t /*lost*/, Output& out) override { tell(out); }
    void end(Output& out) override { tell(out); }
    std::size_t memory() const noexcept override {
        return sizeof *this + pending_[0].memory() + pending_[1].memory() +
               (told_ ? sizeof *told_ + limits.security_types_max * sizeof(std::string) : 0);
    }

private:
    /// RFC 6143, section 7.1.2, and appendix A.1 for version 3.3, where the server alone decides.
    Decode<std::string_view> read_offer(Bytes input) {
        WireReader in{input};
        if (steps_[index(Side::server)] == 1) {
            if (told_->client_version.empty()) return Malformed{"RFB server in a hurry"};
            if (told_->client_version == "003.003") {
                const auto type = in.u32();
                if (in.truncated()) return NeedMore{4 - input.size()};
                offer(type);
                told_->security_type = security_name(type);
                done_ = type != 2;
                return Decoded<std::string_view>{{}, 4};
            }
            const std::size_t count = in.u8();
            if (in.remaining() < count) return NeedMore{count - in.remaining()};
            for (std::size_t i = 0; i < count; ++i) offer(in.u8());
            done_ = count == 0;   // the server refuses, and says why
            return Decoded<std::string_view>{{}, 1 + count};
        }
        // VNC's own challenge of 16 bytes, then the result.
        const std::size_t challenge = told_->security_type == "vnc" && !challenged_ ? 16 : 0;
        if (challenge > 0) {
            if (input.size() < challenge) return NeedMore{challenge - input.size()};
            challenged_ = true;
            return Decoded<std::string_view>{{}, challenge};
        }
        const auto result = in.u32();
        if (in.truncated()) return NeedMore{4 - input.size()};
        if (told_->security_type == "vnc" || told_->security_type == "none")
            told_->authenticated = result == 0;
        done_ = true;
        return Decoded<std::string_view>{{}, 4};
    }

    Decode<std::string_view> read_choice(Bytes input) {
        const bool chosen = !told_->security_type.empty() || told_->client_version == "003.003";
        if (chosen) return Decoded<std::string_view>{{}, input.size()};
        const auto type = std::to_integer<std::uint8_t>(input.front());
        told_->security_type = security_name(type);
        // RFC 6143, appendix A.2: before version 3.8 nothing is said of a screen that is open to all.
        done_ = type == 1 && told_->client_version < "003.008";
        return Decoded<std::string_view>{{}, 1};
    }

    void offer(std::uint32_t type) {
        if (told_->security_types.size() < limits.security_types_max)
            told_->security_types.push_back(security_name(type));
    }

    void tell(Output& out) {
        over_ = true;
        if (told_) out.emit(std::move(*told_));
        told_.reset();
        for (auto& pending : pending_) pending.clear();
    }

    std::array<Pending, 2> pending_;
    std::array<unsigned, 2> steps_{};
    std::unique_ptr<event::Vnc> told_;
    bool challenged_ = false;
    bool done_ = false;
    bool over_ = false;
};

}   // namespace

Verdict probe(Bytes first, Side /*from*/) {
    const auto text = as_text(first);
    if (is_version(text)) return Verdict::yes;
    if (text.size() >= version_bytes) return Verdict::no;
    return prefix.substr(0, text.size()) == text.substr(0, prefix.size()) ? Verdict::unsure : Verdict::no;
}

std::unique_ptr<Session> open_session() { return std::make_unique<VncSession>(); }

}   // namespace ward::protocol::vnc
