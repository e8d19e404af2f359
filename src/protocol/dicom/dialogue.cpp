// SPDX-License-Identifier: Apache-2.0
#include "protocol/dicom/dialogue.hpp"

#include <algorithm>

#include "event/heap.hpp"
#include "protocol/dicom/dicom.hpp"
#include "protocol/dicom/names.hpp"
#include "protocol/text.hpp"
#include "wire/wire_reader.hpp"

namespace ward::protocol::dicom {
namespace {

// PS3.7, 9.3: commands by their field.
constexpr std::uint16_t c_find = 0x0020;
constexpr std::uint16_t c_get = 0x0010;
constexpr std::uint16_t c_move = 0x0021;
constexpr std::uint16_t c_cancel = 0x0fff;

bool is_query(std::uint16_t field) { return field == c_find || field == c_get || field == c_move; }
bool is_pending(std::optional<std::uint16_t> status) { return status == 0xff00 || status == 0xff01; }

void answer(const Command& command, event::DicomOperation& told) {
    if (command.remaining || command.completed || command.failed || command.warning)
        told.suboperations = {command.remaining, command.completed, command.failed, command.warning};
    if (!command.status) {
        constexpr std::string_view anomaly = "response without status";
        if (std::ranges::find(told.anomalies, anomaly) == told.anomalies.end())
            told.anomalies.push_back(anomaly);
        return;
    }
    Buffer digits;
    append_big_endian(digits, *command.status);
    told.status = to_hex(digits);
    told.status_meaning = status_meaning(*command.status);
}

void add_patient_fields(const std::vector<std::string_view>& fields, event::DicomOperation& told) {
    for (const auto field : fields)
        if (std::ranges::find(told.patient_fields, field) == told.patient_fields.end())
            told.patient_fields.push_back(field);
}

}   // namespace

const Presentation* Dialogue::presentation(std::uint8_t id) const {
    const auto found = std::ranges::find(presentations, id, &Presentation::id);
    return found == presentations.end() ? nullptr : &*found;
}

Dialogue::Operation* Dialogue::find(Side requester, std::optional<std::uint16_t> message_id) {
    auto& waiting = operations_[index(requester)];
    const auto found = std::ranges::find(
        waiting, message_id, [](const Operation& operation) { return operation.told.message_id; });
    return found == waiting.end() ? nullptr : &*found;
}

void Dialogue::tell(Side requester, Operation& operation, Output& out) {
    auto& waiting = operations_[index(requester)];
    out.emit(std::move(operation.told));
    waiting.erase(waiting.begin() + (&operation - waiting.data()));
}

void Dialogue::begin_value(Side from, std::uint8_t presentation, std::uint8_t control) {
    auto& message = messages_[index(from)];
    message.presentation = presentation;
    message.is_command = (control & 1U) != 0;   // PS3.8, E.2
    message.is_last = (control & 2U) != 0;
}

void Dialogue::value(Side from, Bytes bytes, Output& out) {
    auto& message = messages_[index(from)];
    if (!message.is_command) {
        message.dataset_size += bytes.size();
        const auto unread = message.dataset ? message.dataset->feed(bytes) : bytes.size();
        // What is broken or deflated counts as such, and whole, when it is complete.
        if (!message.dataset || message.dataset->is_readable()) out.skipped(Uninspected::content, unread);
        return;
    }
    if (message.command.size() + bytes.size() > limits.command_bytes_max) {
        out.skipped(Uninspected::cap, message.command.size() + bytes.size());
        message.command.clear();
        message.torn = true;
    } else {
        append(message.command, bytes);
    }
}

void Dialogue::end_value(Side from, Output& out) {
    const auto& message = messages_[index(from)];
    if (!message.is_last) return;
    if (message.is_command) {
        complete_command(from, out);
    } else {
        end_dataset(from, Ending::seen, out);
    }
    measure();
}

void Dialogue::lost_in_value(Side from, std::uint64_t bytes) {
    auto& message = messages_[index(from)];
    if (message.is_command) {
        message.torn = true;
        return;
    }
    message.dataset_size += bytes;
    if (message.dataset) message.dataset->stop();
}

bool Dialogue::may_carry(std::uint8_t id) const {
    return presentations.empty() || presentation(id) != nullptr;
}

void Dialogue::lost(Side from, Output& out) {
    auto& message = messages_[index(from)];
    if (message.dataset) message.dataset->stop();
    out.skipped(Uninspected::gap, message.command.size());
    message.command = {};
    message.torn = false;
    message.after_loss = true;
}

void Dialogue::end(Output& out) {
    for (const auto side : {Side::client, Side::server}) end_dataset(side, Ending::missing, out);
    for (const auto side : {Side::client, Side::server}) {
        for (auto& operation : operations_[index(side)]) out.emit(std::move(operation.told));
        operations_[index(side)].clear();
        out.skipped(Uninspected::gap, messages_[index(side)].command.size());
        messages_[index(side)] = {};
    }
    measure();
}

void Dialogue::measure() {
    using event::heap_of;
    measured_ = heap_of(calling) + heap_of(called) + presentations.capacity() * sizeof(Presentation);
    for (const auto& known : presentations)
        measured_ += heap_of(known.abstract_syntax) + heap_of(known.transfer_syntax);
    for (const auto& waiting : operations_) {
        measured_ += waiting.capacity() * sizeof(Operation);
        for (const auto& operation : waiting) measured_ += heap_of(operation.told);
    }
}

std::size_t Dialogue::memory() const noexcept {
    using event::heap_of;
    auto bytes = sizeof *this + measured_;
    for (const auto& message : messages_) {
        bytes += message.command.capacity();
        if (!message.dataset) continue;
        const auto& found = message.dataset->findings;
        bytes += sizeof(DatasetReader) + heap_of(found.device) + heap_of(found.query);
    }
    return bytes;
}

void Dialogue::complete_command(Side from, Output& out) {
    auto& message = messages_[index(from)];
    const auto set = std::exchange(message.command, {});
    end_dataset(from, Ending::missing, out);
    message.dataset_size = 0;
    constexpr std::string_view group_length{"\0\0\0\0\x04\0\0\0", 8};
    const bool tail = std::exchange(message.after_loss, false) && !as_text(set).starts_with(group_length);
    if (std::exchange(message.torn, false) || tail) return out.skipped(Uninspected::gap, set.size());
    const auto result = decode_command(set);
    if (const auto* bad = std::get_if<Malformed>(&result)) return out.malformed(bad->reason, set.size());
    const auto* decoded = std::get_if<0>(&result);
    if (decoded == nullptr) return;
    const auto& command = decoded->message;
    message.is_response = command.is_response();
    message.awaits_dataset = command.has_dataset;
    message.message_id = command.is_response() ? command.responds_to : command.message_id;
    if (command.has_dataset) {
        const auto* known = presentation(message.presentation);
        const auto encoding = encoding_of(known ? std::string_view{known->transfer_syntax} : "");
        const auto purpose = is_query(command.field & 0x7fffU) ? Purpose::identifier : Purpose::object;
        message.dataset = std::make_unique<DatasetReader>(encoding, purpose);
    }
    if (command.is_response()) {
        response(from, command, out);
    } else if (command.field == c_cancel) {
        if (auto* asked = find(from, command.responds_to)) asked->told.cancelled = true;
    } else {
        request(from, command, out);
    }
}

void Dialogue::describe(const Command& command, const Message& message, const Output& out,
                        event::DicomOperation& told) const {
    told.command = command_name(command.field);
    told.calling = calling;
    told.called = called;
    told.sop_class = uid_text(command.sop_class);
    told.sop_class_name = sop_class_name(command.sop_class);
    if (!command.sop_instance.empty()) told.sop_instance = out.pseudonym(command.sop_instance);
    const auto* known = presentation(message.presentation);
    if (known == nullptr) {
        if (!presentations.empty()) told.anomalies.push_back("presentation context was not accepted");
        return;
    }
    told.transfer_syntax = known->transfer_syntax;
}

void Dialogue::request(Side from, const Command& command, Output& out) {
    const auto& message = messages_[index(from)];
    Operation operation;
    operation.began = out.now;
    auto& told = operation.told;
    describe(command, message, out, told);
    told.from = from;
    told.message_id = command.message_id;
    told.move_destination = clipped(command.move_destination, 16);
    told.move_originator = clipped(command.move_originator, 16);
    told.event_id = command.event_id;
    told.action_id = command.action_id;
    ++operations;
    auto& waiting = operations_[index(from)];
    // PS3.7, E.1: outstanding messages differ in their identifiers, so the answer to the earlier one was
    // lost.
    if (auto* earlier = find(from, command.message_id)) tell(from, *earlier, out);
    if (waiting.size() >= limits.operations_max) tell(from, waiting.front(), out);
    waiting.push_back(std::move(operation));
}

void Dialogue::response(Side from, const Command& command, Output& out) {
    const auto requester = event::other(from);
    auto* asked = find(requester, command.responds_to);
    if (asked == nullptr) {
        // Of many answers to what was not seen, only the last one is told.
        if (is_pending(command.status)) return;
        event::DicomOperation told;
        describe(command, messages_[index(from)], out, told);
        told.from = requester;
        told.message_id = command.responds_to;
        answer(command, told);
        told.anomalies.push_back("response without request");
        ++operations;
        out.emit(std::move(told));
        return;
    }
    answer(command, asked->told);
    const auto latency = std::chrono::duration_cast<std::chrono::microseconds>(out.now - asked->began);
    asked->told.latency_us = latency.count();
    if (is_pending(command.status)) {
        ++asked->told.pending_responses;
        return;
    }
    const auto& sending = messages_[index(requester)];
    asked->answered =
        sending.awaits_dataset && !sending.is_response && sending.message_id == command.responds_to;
    if (!asked->answered) tell(requester, *asked, out);
}

void Dialogue::end_dataset(Side from, Ending ending, Output& out) {
    auto& message = messages_[index(from)];
    const auto reader = std::exchange(message.dataset, nullptr);
    const auto size = std::exchange(message.dataset_size, 0);
    if (!std::exchange(message.awaits_dataset, false) || !reader) return;
    if (reader->is_broken()) out.malformed("data set does not follow its transfer syntax", size);
    if (reader->is_deflated()) out.skipped(Uninspected::unknown, size);
    auto& findings = reader->findings;
    out.exposed(static_cast<std::uint32_t>(findings.patient_fields.size()));
    const auto requester = message.is_response ? event::other(from) : from;
    auto* operation = find(requester, message.message_id);
    if (operation == nullptr) return;
    auto& told = operation->told;
    add_patient_fields(findings.patient_fields, told);
    if (message.is_response) return;
    // A loss beyond one value may have taken the end of this data set, and the beginning of the next.
    if (message.after_loss) {
        told.anomalies.push_back("bytes of the data set were lost");
    } else if (ending == Ending::missing) {
        told.anomalies.push_back("data set did not end");
    } else {
        told.dataset_size = size;
    }
    if (reader->is_deflated()) told.anomalies.push_back("data set is deflated: not looked into");
    if (reader->is_broken()) told.anomalies.push_back("data set does not follow its transfer syntax");
    if (!findings.patient_id.empty()) told.patient = out.pseudonym(findings.patient_id);
    if (findings.device != event::DicomDevice{}) told.device = std::move(findings.device);
    auto& query = findings.query;
    if (!query.level.empty() || !query.matching.empty() || !query.returning.empty())
        told.query = std::move(query);
    told.identity_removed = std::move(findings.identity_removed);
    told.burned_in_annotation = std::move(findings.burned_in_annotation);
    if (operation->answered) tell(requester, *operation, out);
}

}   // namespace ward::protocol::dicom
