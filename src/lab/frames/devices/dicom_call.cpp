// SPDX-License-Identifier: Apache-2.0
#include "lab/frames/devices/dicom_call.hpp"

namespace ward::lab {

using namespace std::chrono;
using namespace std::chrono_literals;
using dicom::Fragment;

bool DicomCall::begin() {
    say(Side::client, dicom::associate_request(wanted_), 0us);
    if (random_.chance(0.003)) {
        say(Side::server, dicom::associate_reject(), pause(6));
        line_.close(Side::client, at_);
        return false;
    }
    auto accepted = wanted_;
    accepted.unit_bytes_max = dicom::archive_unit_bytes_max;
    say(Side::server, dicom::associate_accept(accepted), pause(6));
    return true;
}

void DicomCall::ask(dicom::Command command, const dicom::Dataset* dataset, std::string_view instance) {
    command.instance = instance;
    command.message_id = ++messages_;
    last_ = command;
    send(Side::client, command, dataset, pause(25));
}

void DicomCall::answer(std::uint16_t status, const dicom::Dataset* dataset, double thinking_ms,
                       std::optional<dicom::Retrieved> retrieved) {
    auto command = last_;
    command.status = status;
    command.retrieved = retrieved;
    send(Side::server, command, dataset, pause(thinking_ms));
}

void DicomCall::hand_over(std::string_view sop_class, std::string_view instance,
                          const dicom::Dataset& image) {
    dicom::Command store{.operation = dicom::Operation::store,
                         .sop_class = sop_class,
                         .instance = std::string{instance},
                         .message_id = ++messages_};
    const auto asked_in = context_;
    context_ = 3;
    send(Side::server, store, &image, pause(12));
    store.status = dicom::success;
    send(Side::client, store, nullptr, pause(15));
    context_ = asked_in;
}

void DicomCall::end() {
    say(Side::client, dicom::release_request(), pause(3));
    say(Side::server, dicom::release_response(), pause(1));
    line_.close(Side::client, at_);
}

void DicomCall::abort(dicom::AbortReason reason, microseconds later) {
    say(Side::server, dicom::abort(reason), later);
    line_.close(Side::server, at_);
}

void DicomCall::say(Side side, const Buffer& bytes, microseconds later) {
    at_ = line_.send(side, bytes, at_ + later);
}

microseconds DicomCall::pause(double median_ms) {
    return microseconds{static_cast<std::int64_t>(random_.around(median_ms * 1e3, 1.8))};
}

void DicomCall::send(Side side, dicom::Command command, const dicom::Dataset* dataset, microseconds later) {
    command.has_dataset = dataset != nullptr;
    const std::size_t most = side == Side::client ? dicom::archive_unit_bytes_max : wanted_.unit_bytes_max;
    auto units = message_units(context_, Fragment::command, command_set(command), most);
    if (dataset != nullptr) append(units, message_units(context_, Fragment::dataset, dataset->bytes(), most));
    say(side, units, later);
}

}   // namespace ward::lab
