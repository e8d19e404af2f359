// SPDX-License-Identifier: Apache-2.0
// DICOM: who stores, who keeps, who asks, and what an image says of the equipment that made it.
#include "devices/from.hpp"
#include "devices/roles.hpp"
#include "devices/words.hpp"

namespace ward::devices {
namespace {

using enum Attribute;

/// PS3.7, D.3.3.2: the UID and version name the toolkit, which is often the firmware too.
void implementation(const std::optional<event::DicomUser>& user, Side side, Statements& out) {
    if (!user) return;
    out.say(side, software, user->implementation_version, "dicom implementation version", 60);
    out.say(side, identifier, user->implementation_class_uid, "dicom implementation class UID", 60);
    out.say(side, manufacturer, maker_in(user->implementation_version), "dicom implementation version", 50);
}

bool is_modality_worklist(std::string_view sop_class) { return sop_class == "1.2.840.10008.5.1.4.31"; }

/// PS3.3, C.7.5.1: the equipment that made the image; the sender may be only one of those that carry it.
void equipment(const event::DicomDevice& device, const Subject& who, Statements& out) {
    constexpr std::string_view source = "dicom image";
    out.say(who, manufacturer, device.manufacturer, source, 75);
    out.say(who, model, device.model, source, 75);
    out.say(who, serial, device.serial, source, 75);
    out.say(who, software, device.software, source, 70);
    out.say(who, hostname, device.station, "dicom station name", 50);
    out.say(who, location, device.department, "dicom department", 40);
    if (!device.modality.empty())
        out.say(who, role, std::string{roles::modality} + " (" + device.modality + ")",
                "stores images of this modality", 80);
}

/// C-MOVE and C-GET send from the archive: then the sender did not make the image.
void store(const event::DicomOperation& operation, Statements& out) {
    const auto sender = operation.from;
    const auto receiver = event::other(sender);
    if (sender == Side::server || !operation.move_originator.empty()) {
        out.say(sender, role, roles::pacs, "sends images that were asked of it", 80);
        out.say(receiver, role, roles::workstation, "fetches images", 60);
        return;
    }
    if (!operation.status.empty()) out.say(receiver, role, roles::pacs, "answers C-STORE", 80);
    if (!operation.device) return;
    const auto& device = *operation.device;
    const auto& named = !device.serial.empty()    ? device.serial
                        : !device.station.empty() ? device.station
                                                  : operation.calling;
    equipment(device, Subject{sender, named}, out);
    out.say(Subject{sender, named}, ae_title, operation.calling, "dicom calling title", 80);
}

}   // namespace

void from(const event::DicomAssociation& association, const Conversation& between, Statements& out) {
    // Whoever is refused may have claimed any title.
    const bool accepted = association.outcome == "accepted";
    out.say(Side::client, ae_title, association.calling, "dicom calling title", accepted ? 80 : 40);
    implementation(association.requestor, Side::client, out);
    if (association.outcome == "unanswered") return;
    if (accepted) out.say(Side::server, ae_title, association.called, "dicom called title", 80);
    implementation(association.acceptor, Side::server, out);
    out.say(Side::client, peer, "dicom to " + to_text(between.server.address), "dicom association", 90);
    out.say(Side::server, peer, "dicom from " + to_text(between.client.address), "dicom association", 90);
}

void from(const event::DicomOperation& operation, const Conversation&, Statements& out) {
    if (operation.command == "C-STORE") return store(operation, out);
    const auto asker = operation.from;
    const auto answerer = event::other(asker);
    const bool answered = !operation.status.empty();
    if (operation.command == "C-FIND" && is_modality_worklist(operation.sop_class)) {
        out.say(asker, role, roles::modality, "asks for a modality worklist", 60);
        if (answered) out.say(answerer, role, roles::ris, "answers modality worklists", 80);
    } else if (operation.command == "C-FIND" || operation.command == "C-MOVE" ||
               operation.command == "C-GET") {
        out.say(asker, role, roles::workstation, "queries or retrieves images", 60);
        if (answered) out.say(answerer, role, roles::pacs, "answers queries for images", 70);
    } else if (operation.command == "N-CREATE" && operation.sop_class == "1.2.840.10008.3.1.2.3.3") {
        out.say(asker, role, roles::modality, "reports a procedure step", 60);
        if (answered) out.say(answerer, role, roles::ris, "is told of procedure steps", 60);
    }
}

}   // namespace ward::devices
