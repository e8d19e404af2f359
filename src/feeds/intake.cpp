// SPDX-License-Identifier: Apache-2.0
#include "feeds/intake.hpp"

#include <fmt/format.h>
#include <optional>

#include "core/log.hpp"
#include "core/text.hpp"
#include "hl7/acknowledgement.hpp"
#include "hl7/charset.hpp"
#include "json/document.hpp"
#include "json/writer.hpp"
#include "vault/arrivals.hpp"

namespace ward::feeds {
namespace {

constexpr std::string_view content_type = "x-application/hl7-v2+er7";

/// The first segment of the text in UTF-8, or as it is if its character set says nothing that is known: then
/// the mapping will tell.
std::string first_segment(std::string_view text, std::string_view charset) {
    constexpr std::size_t header_bytes_max = 16 * 1024;
    const auto begin = text.find_first_not_of("\r\n\v ");
    if (begin == std::string_view::npos) return {};
    const bool is_wide = text.substr(0, 8).find('\0') != std::string_view::npos;
    const auto head =
        is_wide ? text : text.substr(begin, std::min(text.find_first_of("\r\n", begin), header_bytes_max));
    auto converted = hl7::to_utf8(std::string{head}, charset);
    return converted ? *std::move(converted) : std::string{head};
}

}   // namespace

/// What is known of a message before it is kept.
struct Intake::Header {
    std::string text;     // MSH in UTF-8
    std::string sender;   // MSH-3 and MSH-4
    std::string control_id;
    std::optional<hl7::Fault> fault;
    bool is_refused = false;   // sending it again is of no use
};

std::string MessageIds::next(Time now) {
    constexpr unsigned count_max = 0xfff;           // RFC 9562, 5.7: rand_a has 12 bits
    constexpr std::size_t begin = 15, digits = 3;   // where they stand in the text
    const Lock lock{mutex_};
    if (now > last_) {
        last_ = now;
        count_ = 0;
    } else if (++count_ > count_max) {
        last_ += std::chrono::milliseconds{1};
        count_ = 0;
    }
    return vault::uuid_v7(last_).replace(begin, digits, fmt::format("{:03x}", count_));
}

std::vector<std::string> Intake::take(const hl7::Frame& frame) {
    const auto turn = pace_.take_in();
    const auto now = vault_.clock().now();
    last_heard_ = now;
    std::vector<std::string> answers;
    std::size_t count = 0;
    for (const auto message : hl7::messages_in(frame.text)) {
        Header header;
        const bool is_past_limit = ++count > hl7::messages_max;
        header.text = first_segment(message, feed_.charset);
        const auto parsed = hl7::Message::parse(header.text);
        if (frame.is_cut || is_past_limit) {
            header.fault = {
                hl7::ErrorCode::internal_error, "MSH", 1, 0,
                is_past_limit ? "there are too many messages in one frame" : "the message is too long"};
            header.is_refused = true;
        } else if (!parsed) {
            header.fault = parsed.error();
            header.is_refused = true;
        } else if (const auto checked = hl7::check_header(*parsed); !checked) {
            header.fault = checked.error();
            header.is_refused = checked.error().code != hl7::ErrorCode::required_field_missing;
        }
        if (header.fault) {
            refuse(*header.fault);
        } else {
            header.sender =
                std::string{parsed->header()[3].raw()} + '|' + std::string{parsed->header()[4].raw()};
            header.control_id = parsed->header()[10].raw();
            if (auto taken = take_message(message, header); !taken) header.fault = std::move(taken).error();
        }
        const hl7::Outcome outcome{header.fault ? &*header.fault : nullptr, header.is_refused};
        for (auto& answer : hl7::answers(header.text, outcome, vault::uuid_v7(now), now))
            answers.push_back(std::move(answer));
    }
    return answers;
}

void Intake::refuse(const hl7::Fault& fault) {
    {
        const Lock lock{mutex_};
        last_fault_ =
            fault.field == 0 ? fault.what : fmt::format("{}-{}: {}", fault.segment, fault.field, fault.what);
    }
    ++refused_;
}

std::string Intake::last_fault() const {
    const Lock lock{mutex_};
    return last_fault_;
}

hl7::Read<> Intake::take_message(std::string_view text, const Header& header) {
    const auto committed = commit(text, header);
    if (committed) return {};
    ++failed_;
    log::error("a message could not be stored", {{"feed", feed_.name}, {"reason", committed.error().what}});
    return hl7::refuse({hl7::ErrorCode::internal_error, "MSH", 1, 0,
                        "the message could not be stored; send it again later"});
}

Result<> Intake::commit(std::string_view text, const Header& header) {
    const auto& facility = vault_.sealer().facility();
    const auto by_text = vault::message_token(facility, header.sender, text);
    const auto by_id = vault::control_id_token(facility, header.sender, header.control_id);
    const auto stands = [this](vault::Token token) -> Result<bool> {
        const auto reader = TRY(vault_.readers().take());
        return !TRY(vault::Records{*reader}.with_token(token, 1)).empty();
    };
    if (TRY(stands(by_text))) {
        ++duplicates_;
        return {};
    }
    const bool repeats_id = TRY(stands(by_id));
    const auto now = vault_.clock().now();
    const auto id = ids_.next(now);
    vault::ChangeSet changes;
    changes.versions.push_back(
        TRY(vault_.sealer().seal_message(id, binary_of(text, id, now), {by_text, by_id}, now)));
    changes.observed.push_back({by_text, {}});
    changes.arrivals.push_back({0, feed_.name});
    if (auto committed = vault_.commit_and_wait(changes); !committed) {
        if (committed.error().code != Errc::conflict || !TRY(stands(by_text))) return committed;
        ++duplicates_;   // another connection brought it a moment earlier
        return {};
    }
    ++taken_;
    if (repeats_id) ++repeated_ids_;
    arrived_();
    return {};
}

std::string binary_of(std::string_view message, std::string_view id, Time time) {
    std::string json;
    json::Writer writer{json};
    writer.begin_object().member("resourceType", "Binary").member("id", id);
    writer.key("meta")
        .begin_object()
        .member("versionId", "1")
        .member("lastUpdated", to_instant(time))
        .end_object();
    writer.member("contentType", content_type).member("data", to_base64(as_bytes(message))).end_object();
    return json;
}

Result<std::string> message_of(const std::string& binary) {
    const auto document =
        TRY(json::Document::parse(binary, {.bytes_max = vault::BodyLimits{}.json_bytes_max}));
    const auto bytes = from_base64(document["data"].text());
    if (!bytes || document["contentType"].text() != content_type)
        return fail(Errc::malformed, "not a message of a feed");
    return std::string{as_text(*bytes)};
}

}   // namespace ward::feeds
