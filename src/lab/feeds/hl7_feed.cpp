// SPDX-License-Identifier: Apache-2.0
#include "lab/feeds/hl7_feed.hpp"

#include <fmt/format.h>

#include "lab/feeds/hl7_segments.hpp"

namespace ward::lab {

struct Hl7Feed::Letter {
    Sender sender{};
    int site = 0;
    std::string_view type;
    std::string_view structure;   // MSH-9.3
    std::string body;             // behind MSH
};

/// What a result says.
struct Hl7Feed::Values {
    OrderId order{};
    const std::vector<double>& values;
    char status = 'F';   // OBX-11: C of a correction
};

namespace {

constexpr auto in_use = "|||UNICODE UTF-8";   // MSH-15 to MSH-18: acknowledged in original mode

std::string evn_segment(const Act& act, const Story& story, std::string_view event) {
    return fmt::format("EVN|{}|{}|||{}\r", event, hl7_time(act.at),
                       act.by ? person_field(story, *act.by) : std::string{});
}

int site_of(const Story& story, EncounterId id) { return story.hospital().at(story.at(id).department).site; }

/// ORC and OBR of an order; `control` is ORC-1.
std::string order_segments(const Act& act, const Story& story, OrderId id, std::string_view control,
                           std::string_view status) {
    const auto& order = story.at(id);
    const auto& hospital = story.hospital();
    const auto what = static_cast<std::size_t>(order.what);
    const bool is_laboratory = order.kind == OrderKind::laboratory;
    const auto code = is_laboratory ? panels()[what].loinc : imagings()[what].loinc;
    const auto name = is_laboratory ? panels()[what].name : imagings()[what].name;
    const auto by = person_field(story, order.by);
    const auto number =
        fmt::format("{}^EHR|{}^{}", order.placer, order.filler, is_laboratory ? "LIS" : "RIS");
    const auto* section = is_laboratory ? "LAB" : "RAD";
    return fmt::format("ORC|{}|{}||{}||||{}|||{}||{}^^^{}\r", control, number, order.is_done ? "CM" : "IP",
                       hl7_time(order.placed), by, hospital.at(story.at(order.encounter).department).code,
                       hospital.code) +
           fmt::format("OBR|1|{}|{}^{}^LN|||{}|||||||||{}||||||{}||{}|{}\r", number, code, hl7_text(name),
                       hl7_time(order.placed), by, hl7_time(act.at), section, status);
}

}   // namespace

Hl7Feed::Hl7Feed(const Story& story, TakeHl7 take)
    : take_(std::move(take)), first_day_(hl7_day(story.hospital().first_day).substr(2)) {}

void Hl7Feed::see(const Act& act, const Story& story) {
    std::visit([&](const auto& what) { tell(act, story, what); }, act.what);
}

void Hl7Feed::send(const Act& act, const Story& story, Letter letter) {
    constexpr std::array<std::string_view, 5> names{"EHR", "LIS", "RIS", "MONGW", "PUMPGW"};
    constexpr std::array<DeviceKind, 5> kinds{DeviceKind::ehr_server, DeviceKind::laboratory_system,
                                              DeviceKind::pacs, DeviceKind::monitor_gateway,
                                              DeviceKind::pump_gateway};
    const auto sender = static_cast<std::size_t>(letter.sender);
    Hl7Message message;
    message.at = act.at;
    message.from = story.network().one_of(kinds[sender], letter.site);
    message.type = letter.type;
    message.control_id = fmt::format("{}{}{:07}", names[sender], first_day_, ++sent_);
    message.text = fmt::format("MSH|^~\\&|{}|{}|WARD|{}|{}||{}^{}|{}|P|2.5.1|||{}\r", names[sender],
                               story.hospital().code, story.hospital().code, hl7_time(act.at), letter.type,
                               letter.structure, message.control_id, in_use) +
                   letter.body;
    message.act = act.number;
    message.label = act.label;
    message.has_own_line = letter.type == "ADT^A40";   // of the index of patients, which opens one for each
    if (forger_) {
        message.from = *forger_;
        message.has_own_line = true;
    } else if (const auto moved = moved_.find(message.from); moved != moved_.end()) {
        message.from = moved->second.to;
        message.has_own_line = true;
        if (message.label == 0) message.label = moved->second.label;
    }
    take_(std::move(message));
}

void Hl7Feed::tell(const Act& act, const Story& story, const PatientChanged& what) {
    using enum PatientChanged::What;
    const auto event = what.what == added ? "A28" : what.what == updated ? "A31" : "A40";
    auto body = evn_segment(act, story, event) + pid_segment(story, what.patient);
    if (what.what == merged) {
        const auto& gone = story.at(*what.other);
        body += fmt::format("MRG|{}\r", record_number(story, gone.mrn));
        return send(act, story, {Sender::record, 0, "ADT^A40", "ADT_A39", body});
    }
    body += "PV1|1|N\r";
    send(act, story, {Sender::record, 0, what.what == added ? "ADT^A28" : "ADT^A31", "ADT_A05", body});
}

void Hl7Feed::tell(const Act& act, const Story& story, const StayChanged& what) {
    constexpr std::array<std::string_view, 4> events{"A04", "A01", "A02", "A03"};
    constexpr std::array<std::string_view, 4> types{"ADT^A04", "ADT^A01", "ADT^A02", "ADT^A03"};
    constexpr std::array<std::string_view, 4> structures{"ADT_A01", "ADT_A01", "ADT_A02", "ADT_A03"};
    const auto number = static_cast<std::size_t>(what.what);
    const auto& encounter = story.at(what.encounter);
    auto body = evn_segment(act, story, events[number]) + pid_segment(story, encounter.patient) +
                pv1_segment(story, what.encounter, what.from);
    if (what.what != StayChanged::What::transferred) body += dg1_segment(*encounter.illness);
    send(
        act, story,
        {Sender::record, site_of(story, what.encounter), types[number], structures[number], std::move(body)});
}

void Hl7Feed::tell(const Act& act, const Story& story, const OrderPlaced& what) {
    const auto& order = story.at(what.order);
    const auto& encounter = story.at(order.encounter);
    const auto site = site_of(story, order.encounter);
    auto body = pid_segment(story, encounter.patient) + pv1_segment(story, order.encounter, std::nullopt);
    if (order.kind != OrderKind::medicine) {
        const bool is_laboratory = order.kind == OrderKind::laboratory;
        body += order_segments(act, story, what.order, "NW", "");
        return send(act, story,
                    {Sender::record, site, is_laboratory ? "OML^O21" : "OMG^O19",
                     is_laboratory ? "OML_O21" : "OMG_O19", std::move(body)});
    }
    const auto& medicine = medicines()[static_cast<std::size_t>(order.what)];
    const auto code = fmt::format("{}^{}^RXNORM", medicine.rxnorm, hl7_text(medicine.name));
    body += fmt::format("ORC|NW|{}^EHR|{}^PHARM||IP||||{}|||{}\r", order.placer, order.filler,
                        hl7_time(order.placed), person_field(story, order.by));
    body += fmt::format("RXE||{}|{}||{}^^UCUM\r", code, medicine.dose, medicine.unit);
    body += fmt::format("TQ1|1||{}||||{}\r", medicine.frequency, hl7_time(order.placed));
    body += fmt::format("RXR|{}^^HL70162\r", medicine.route);
    send(act, story, {Sender::record, site, "RDE^O11", "RDE_O11", std::move(body)});
}

void Hl7Feed::tell(const Act& act, const Story& story, const ResultFiled& what) {
    send_result(act, story, {what.order, story.at(what.order).values, what.is_correction ? 'C' : 'F'});
}

void Hl7Feed::send_result(const Act& act, const Story& story, const Values& told) {
    const auto& order = story.at(told.order);
    const auto& encounter = story.at(order.encounter);
    const bool is_laboratory = order.kind == OrderKind::laboratory;
    auto body = pid_segment(story, encounter.patient) + pv1_segment(story, order.encounter, std::nullopt) +
                order_segments(act, story, told.order, "RE", std::string_view{&told.status, 1});
    if (is_laboratory) {
        const auto& panel = panels()[static_cast<std::size_t>(order.what)];
        for (std::size_t i = 0; i < panel.quantities.size(); ++i)
            body += obx_segment(static_cast<int>(i) + 1, panel.quantities[i], told.values[i], act.at,
                                told.status);
    } else {
        const auto& imaging = imagings()[static_cast<std::size_t>(order.what)];
        const auto* finding = encounter.severity > 0.6 ? "Changes that fit the question that was asked."
                                                       : "No change that would explain the complaint.";
        body += fmt::format("OBX|1|TX|18782-3^Radiology Study observation^LN||{}: {}||||||{}|||{}\r",
                            hl7_text(imaging.name), finding, told.status, hl7_time(act.at));
    }
    const auto sender = story.hospital().size == Size::clinic ? Sender::record
                        : is_laboratory                       ? Sender::laboratory
                                                              : Sender::radiology;
    send(act, story, {sender, site_of(story, order.encounter), "ORU^R01", "ORU_R01", std::move(body)});
}

void Hl7Feed::tell(const Act& act, const Story& story, const MessageForged& what) {
    forger_ = what.from;
    if (const auto* changed = std::get_if<PatientChanged>(&what.what)) tell(act, story, *changed);
    if (const auto* result = std::get_if<ForgedResult>(&what.what))
        send_result(act, story, {result->order, result->values, 'C'});
    if (const auto* odd = std::get_if<OddMessage>(&what.what)) send_odd(act, story, *odd);
    forger_.reset();
}

void Hl7Feed::tell(const Act& act, const Story&, const SystemMoved& what) {
    if (what.is_over)
        moved_.erase(what.system);
    else
        moved_[what.system] = {what.to, act.label};
}

void Hl7Feed::tell(const Act& act, const Story& story, const VitalsTaken& what) {
    const auto& encounter = story.at(what.encounter);
    const auto& hospital = story.hospital();
    auto body = pid_segment(story, encounter.patient) + pv1_segment(story, what.encounter, std::nullopt);
    const auto* source = what.monitor ? "MONGW" : "EHR";
    body += fmt::format("OBR|1||{}^{}|85353-1^Vital signs panel^LN|||{}||||||||||||||||||F\r", act.number,
                        source, hl7_time(act.at));
    for (std::size_t i = 0; i < what.values.size(); ++i) {
        auto segment = obx_segment(static_cast<int>(i) + 1, vital_signs()[i], what.values[i], act.at);
        if (what.monitor) {
            segment.pop_back();
            const auto& monitor = story.network().at(*what.monitor);
            segment += fmt::format("||||{}^{}\r", monitor.serial, hl7_text(monitor.model));   // OBX-18
        }
        body += segment;
    }
    const auto sender = what.monitor ? Sender::monitors : Sender::record;
    send(act, story, {sender, hospital.at(encounter.department).site, "ORU^R01", "ORU_R01", std::move(body)});
}

/// IHE PCD-01, in short: what is given, how fast, and how much of it by now.
void Hl7Feed::tell(const Act& act, const Story& story, const InfusionTold& what) {
    const auto& encounter = story.at(what.encounter);
    const auto& pump = story.network().at(what.pump);
    const auto& medicine = medicines()[static_cast<std::size_t>(what.medicine)];
    auto body = pid_segment(story, encounter.patient) + pv1_segment(story, what.encounter, std::nullopt);
    body += fmt::format("OBR|1||{}^PUMPGW|69985^MDC_DEV_PUMP_INFUS_MDS^MDC|||{}||||||||||||||||||F\r",
                        act.number, hl7_time(act.at));
    const auto tail =
        fmt::format("||||||R|||{}||||{}^{}\r", hl7_time(act.at), pump.serial, hl7_text(pump.model));
    body +=
        fmt::format("OBX|1|ST|184330^MDC_DRUG_NAME_LABEL^MDC|1.1.1.1|{}{}", hl7_text(medicine.name), tail);
    body += fmt::format(
        "OBX|2|NM|157784^MDC_FLOW_FLUID_PUMP^MDC|1.1.1.2|{:.1f}|265266^MDC_DIM_MILLI_L_PER_HR^MDC{}",
        what.rate, tail.substr(1));
    body += fmt::format(
        "OBX|3|NM|157864^MDC_VOL_FLUID_DELIV_TOTAL^MDC|1.1.1.3|{:.1f}|263762^MDC_DIM_MILLI_L^MDC{}",
        what.infused, tail.substr(1));
    send(act, story,
         {Sender::pumps, story.hospital().at(encounter.department).site, "ORU^R01", "ORU_R01",
          std::move(body)});
}

void Hl7Feed::tell(const Act& act, const Story& story, const NoteFiled& what) {
    constexpr std::array<std::string_view, 4> codes{
        "34117-2^History and physical note^LN", "11506-3^Progress note^LN", "18842-5^Discharge summary^LN",
        "18748-4^Diagnostic imaging report^LN"};
    constexpr std::array<std::string_view, 4> texts{
        "Comes for what is coded above; examined, and orders were given.",
        "No new complaints. Goes on as ordered.",
        "Goes home in good state; the family doctor sees to the rest.", "Pictures were looked at."};
    const auto& encounter = story.at(what.encounter);
    const auto number = static_cast<std::size_t>(what.what);
    const auto who = act.by ? person_field(story, *act.by) : std::string{};
    auto body = evn_segment(act, story, "T02") + pid_segment(story, encounter.patient) +
                pv1_segment(story, what.encounter, std::nullopt);
    body += fmt::format("TXA|1|{}|TX|{}|{}||||{}|||{}^EHR|||||AU\r", codes[number], hl7_time(act.at), who,
                        who, what.number);
    body += fmt::format("OBX|1|TX|{}||{}||||||F\r", codes[number], texts[number]);
    if (what.document_bytes > 0)
        body += fmt::format("OBX|2|ED|{}||^IM^TIFF^Base64^{}||||||F\r", codes[number],
                            scanned_page(what.document_bytes, story.random().stream(act.number)));
    send(act, story, {Sender::record, site_of(story, what.encounter), "MDM^T02", "MDM_T02", std::move(body)});
}

void Hl7Feed::tell(const Act& act, const Story& story, const AppointmentChanged& what) {
    constexpr std::array<std::string_view, 3> types{"SIU^S12", "SIU^S13", "SIU^S15"};
    const auto& appointment = story.at(what.appointment);
    const auto& clinic = story.hospital().at(appointment.clinic);
    constexpr std::array<std::string_view, 3> states{"Booked", "Booked", "Cancelled"};
    const auto number = static_cast<std::size_t>(what.what);
    auto body = fmt::format(
        "SCH|{0}^EHR|{0}^EHR|||||ROUTINE^Routine "
        "appointment^HL70276||20|MIN|^^20^{1}|||||{2}||||{2}|||||{3}\r",
        appointment.number, hl7_time(appointment.at), act.by ? person_field(story, *act.by) : std::string{},
        states[number]);
    body += pid_segment(story, appointment.patient) + "RGS|1|A\r";
    body += fmt::format("AIP|1|A|{}|ATTENDING|||||||{}\r", person_field(story, appointment.with),
                        hl7_time(appointment.at));
    body += fmt::format("AIL|1|A|{}^^^{}\r", clinic.code, story.hospital().code);
    send(act, story, {Sender::record, clinic.site, types[number], "SIU_S12", std::move(body)});
}

}   // namespace ward::lab
