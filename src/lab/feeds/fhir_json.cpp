// SPDX-License-Identifier: Apache-2.0
#include "lab/feeds/fhir_json.hpp"

#include <fmt/format.h>

#include "lab/feeds/hl7_segments.hpp"

namespace ward::lab::fhir {
namespace {

/// A version 4 UUID (RFC 9562), by dice of the resource's own.
std::string uuid(const Story& story, std::string_view type, std::size_t number) {
    auto random = story.random().stream(type).stream(number);
    const auto high = random.next(), low = random.next();
    return fmt::format("{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}", high >> 32U, high >> 16U & 0xffffU,
                       high & 0xfffU, 0x8000U | (low >> 48U & 0x3fffU), low & 0xffffffffffffU);
}

std::string day_text(std::chrono::year_month_day day) {
    const auto digits = hl7_day(day);
    return fmt::format("{}-{}-{}", digits.substr(0, 4), digits.substr(4, 2), digits.substr(6));
}

void begin(json::Writer& writer, std::string_view type, std::string_view id) {
    writer.begin_object().member("resourceType", type).member("id", id);
}

void coding(json::Writer& writer, std::string_view name, std::string_view system, std::string_view code,
            std::string_view display) {
    writer.key(name).begin_object().key("coding").begin_array().begin_object();
    writer.member("system", system).member("code", code).member("display", display);
    writer.end_object().end_array().end_object();
}

void identifier(json::Writer& writer, std::string_view system, std::string_view value) {
    writer.key("identifier").begin_array().begin_object();
    writer.member("system", system).member("value", value).end_object().end_array();
}

void reference(json::Writer& writer, std::string_view name, std::string_view type, const std::string& id) {
    writer.key(name).begin_object().member("reference", fmt::format("{}/{}", type, id)).end_object();
}

void name(json::Writer& writer, std::string_view family, std::string_view given) {
    writer.begin_object().member("use", "official").member("family", family);
    writer.key("given").begin_array().string(given).end_array().end_object();
}

void number(json::Writer& writer, std::string_view key, double value, const Quantity& quantity) {
    writer.key(key).begin_object().key("value").raw(value_text(value, quantity.decimals));
    writer.member("unit", quantity.unit).member("system", "http://unitsofmeasure.org");
    writer.member("code", quantity.unit).end_object();
}

}   // namespace

std::string instant(Moment at) {
    const auto digits = hl7_time(at);
    return fmt::format("{}T{}:{}:{}Z", day_text(std::chrono::floor<std::chrono::days>(at)),
                       digits.substr(8, 2), digits.substr(10, 2), digits.substr(12, 2));
}

std::string record_system(const Story& story) { return "urn:oid:" + story.hospital().oid; }

std::string patient_id(const Story& story, PatientId patient) {
    return uuid(story, "Patient", place(patient));
}
std::string encounter_id(const Story& story, EncounterId encounter) {
    return uuid(story, "Encounter", place(encounter));
}

void write_patient(json::Writer& writer, const Story& story, PatientId patient) {
    const auto& person = story.person_of(patient);
    const auto& home = story.hospital().town.home_of(story.at(patient).person);
    begin(writer, "Patient", patient_id(story, patient));
    identifier(writer, record_system(story), story.at(patient).mrn);
    writer.key("active").boolean(!story.at(patient).merged_into.has_value()).key("name").begin_array();
    name(writer, person.family.latin, person.given.latin);
    if (!person.family.native.empty() && !person.given.native.empty())
        name(writer, person.family.native, person.given.native);
    writer.end_array().member("gender", person.sex == Sex::female ? "female" : "male");
    writer.member("birthDate", day_text(person.birth)).key("address").begin_array().begin_object();
    writer.key("line").begin_array().string(fmt::format("{} {}", home.number, home.street)).end_array();
    writer.member("city", home.town)
        .member("postalCode", home.postcode)
        .end_object()
        .end_array()
        .end_object();
}

void write_encounter(json::Writer& writer, const Story& story, EncounterId id) {
    constexpr std::array<std::string_view, 3> codes{"EMER", "IMP", "AMB"};
    constexpr std::array<std::string_view, 3> displays{"emergency", "inpatient encounter", "ambulatory"};
    const auto& encounter = story.at(id);
    const auto kind = static_cast<std::size_t>(encounter.kind);
    begin(writer, "Encounter", encounter_id(story, id));
    identifier(writer, "urn:id:ASHMERE:visit", encounter.number);
    writer.member("status", encounter.ended ? "finished" : "in-progress").key("class").begin_object();
    writer.member("system", "http://terminology.hl7.org/CodeSystem/v3-ActCode").member("code", codes[kind]);
    writer.member("display", displays[kind]).end_object();
    reference(writer, "subject", "Patient", patient_id(story, encounter.patient));
    writer.key("period").begin_object().member("start", instant(encounter.began));
    if (encounter.ended) writer.member("end", instant(*encounter.ended));
    writer.end_object().key("reasonCode").begin_array().begin_object();
    writer.member("text", encounter.illness->name).end_object().end_array();
    writer.key("serviceProvider").begin_object();
    writer.member("display", story.hospital().at(encounter.department).name).end_object().end_object();
}

void write_observation(json::Writer& writer, const Story& story, OrderId id, std::size_t place_in_panel,
                       Moment filed) {
    const auto& order = story.at(id);
    const auto& quantity = panels()[static_cast<std::size_t>(order.what)].quantities[place_in_panel];
    begin(writer, "Observation", uuid(story, "Observation", place(id) * 100 + place_in_panel));
    writer.member("status", "final").key("category").begin_array().begin_object().key("coding").begin_array();
    writer.begin_object();
    writer.member("system", "http://terminology.hl7.org/CodeSystem/observation-category");
    writer.member("code", "laboratory").end_object().end_array().end_object().end_array();
    coding(writer, "code", "http://loinc.org", quantity.loinc, quantity.name);
    reference(writer, "subject", "Patient", patient_id(story, story.at(order.encounter).patient));
    reference(writer, "encounter", "Encounter", encounter_id(story, order.encounter));
    writer.member("effectiveDateTime", instant(order.placed)).member("issued", instant(filed));
    number(writer, "valueQuantity", order.values.at(place_in_panel), quantity);
    writer.key("referenceRange").begin_array().begin_object();
    number(writer, "low", quantity.low, quantity);
    number(writer, "high", quantity.high, quantity);
    writer.end_object().end_array().end_object();
}

std::string study_id(const Story& story, OrderId order) { return uuid(story, "ImagingStudy", place(order)); }

void write_study(json::Writer& writer, const Story& story, OrderId id, std::string_view subject,
                 Moment taken) {
    const auto& order = story.at(id);
    const auto& imaging = imagings()[static_cast<std::size_t>(order.what)];
    begin(writer, "ImagingStudy", study_id(story, id));
    identifier(writer, "urn:id:ASHMERE:accession", order.filler);
    writer.member("status", "available").key("modality").begin_array().begin_object();
    writer.member("system", "http://dicom.nema.org/resources/ontology/DCM").member("code", imaging.modality);
    writer.end_object().end_array();
    writer.key("subject").begin_object().member("reference", subject).end_object();
    writer.member("started", instant(taken)).key("numberOfSeries").number(1);
    writer.key("numberOfInstances").number(imaging.images).member("description", imaging.name).end_object();
}

void write_device(json::Writer& writer, const Device& device) {
    writer.begin_object().member("resourceType", "Device");
    identifier(writer, "urn:id:ASHMERE:device", device.serial);
    writer.member("status", "active")
        .member("manufacturer", device.vendor)
        .member("serialNumber", device.serial);
    writer.key("deviceName").begin_array().begin_object().member("name", device.name);
    writer.member("type", "user-friendly-name").end_object().end_array();
    writer.member("modelNumber", device.model).key("type").begin_object();
    writer.member("text", name_of(device.kind)).end_object().end_object();
}

std::string not_found() {
    return R"({"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"not-found",)"
           R"("diagnostics":"No such resource"}]})";
}

}   // namespace ward::lab::fhir
