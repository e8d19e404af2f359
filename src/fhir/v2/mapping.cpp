// SPDX-License-Identifier: Apache-2.0
#include "fhir/v2/mapping.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "fhir/v2/segments.hpp"

namespace ward::fhir::v2 {

namespace {

enum class Kind : std::uint8_t { other, results, document, appointment };

Kind kind_of(const Message& message) {
    const auto type = text_of(message.header()[9][1]);
    if (type == "ORU" || type == "OUL" || type == "OPU") return Kind::results;
    if (type == "MDM") return Kind::document;
    if (type == "SIU" || type == "SRM") return Kind::appointment;
    return Kind::other;
}

/// Goes through a message once, segment by segment, and knows at each what the ones before it began.
class Walk {
public:
    explicit Walk(Build& build) : build_(build), kind_(kind_of(build.message())) {}

    void take(const Segment& segment) {
        if (build_.is_full()) return build_.miss(segment, 0, UnmappedReason::limit);
        miss_bytes(segment);
        const auto name = segment.name();
        const auto* const found = std::ranges::find(known, name, &Known::name);
        if (found == known.end()) return build_.miss(segment, 0, UnmappedReason::unknown_segment);
        if (!(this->*found->take)(segment)) build_.miss(segment, 0, UnmappedReason::no_place);
        if (name != "ROL" && name != "PRT") roles_ = roles_after(name);
    }

    /// What the last order's segments said is complete.
    void finish() {
        order_is_complete();
        // Without anything else a message is about the visit, or the patient.
        const auto* const subject = chart_.encounter != nullptr ? chart_.encounter : chart_.patient;
        if (header_ != nullptr && subject != nullptr && !header_->root().has("focus")) is_about(subject);
        if (appointment_ != nullptr) map_appointment_patient(chart_, *appointment_);
    }

private:
    /// Bytes in hexadecimal that are of no character stay as they are.
    void miss_bytes(const Segment& segment) {
        const std::string begins{build_.message().delimiters().escape, 'X'};
        if (segment.raw().find(begins) == std::string_view::npos) return;
        for (std::size_t field = 1; field <= segment.field_count(); ++field)
            if (segment[field].text().find(begins) != std::string::npos)
                build_.miss(segment, field, UnmappedReason::invalid_value);
    }
    // Each says whether the segment had what it needs before it.
    bool header(const Segment& msh) {
        header_ = &map_header(build_, msh);
        return true;
    }
    bool software(const Segment& sft) {
        map_software(build_, sft, *header_);
        return true;
    }
    bool event(const Segment& evn) {
        map_event(build_, evn);
        return true;
    }
    bool continuation(const Segment&) { return true; }   // the transport has joined it
    bool patient(const Segment& pid) {
        order_is_complete();
        chart_ = {.patient = &map_patient(build_, pid)};
        chart_.account = map_account(build_, pid, *chart_.patient);
        coverage_ = nullptr;
        return true;
    }
    bool patient_additions(const Segment& pd1) {
        return with_patient([&] { map_patient_additions(build_, pd1, *chart_.patient); });
    }
    bool next_of_kin(const Segment& nk1) {
        return with_patient([&] { map_next_of_kin(build_, nk1, *chart_.patient); });
    }
    bool insurance(const Segment& in1) {
        return with_patient([&] { coverage_ = &map_insurance(build_, in1, chart_); });
    }
    bool insurance_additions(const Segment& in2) {
        if (coverage_ == nullptr) return false;
        map_insurance_additions(build_, in2, chart_, *coverage_);
        return true;
    }
    bool guarantor(const Segment& gt1) { return map_guarantor(build_, gt1, chart_); }
    bool merge(const Segment& mrg) {
        map_merge(build_, mrg, chart_);
        return true;
    }
    bool visit(const Segment& pv1) {
        chart_.encounter = map_encounter(build_, pv1, chart_);
        return true;
    }
    bool visit_additions(const Segment& pv2) {
        if (chart_.encounter != nullptr) map_encounter_additions(build_, pv2, *chart_.encounter);
        return chart_.encounter != nullptr;
    }
    static std::optional<RoleIn> roles_after(std::string_view name) {
        if (name == "PID" || name == "PD1") return RoleIn::care;
        if (name == "PV1" || name == "PV2") return RoleIn::visit;
        return std::nullopt;
    }
    bool role(const Segment& segment) {
        if (participates_ != nullptr && segment.name() == "PRT")
            return map_participation(build_, segment, *participates_);
        if (!roles_ || chart_.patient == nullptr) return false;
        if (*roles_ == RoleIn::visit && chart_.encounter == nullptr) return false;
        return map_role(build_, segment, chart_, *roles_);
    }
    bool allergy(const Segment& al1) {
        return with_patient([&] { map_allergy(build_, al1, chart_); });
    }
    bool adverse_reaction(const Segment& iam) {
        return with_patient([&] { map_adverse_reaction(build_, iam, chart_); });
    }
    bool diagnosis(const Segment& dg1) {
        return with_patient([&] { map_diagnosis(build_, dg1, chart_); });
    }
    bool procedure(const Segment& pr1) {
        return with_patient([&] { map_procedure(build_, pr1, chart_); });
    }

    bool order_begins(const Segment& orc) {
        order_is_complete();
        order_.common = orc;
        pending_ = true;
        return true;
    }
    bool order_detail(const Segment& obr) {
        const auto before = order_.common;
        if (!pending_) order_is_complete();
        if (!pending_ && is_under(before, obr)) order_.common = before;
        order_.detail = obr;
        pending_ = false;
        map_order(build_, order_, chart_, kind_ == Kind::results ? Purpose::results : Purpose::order);
        notes_ = order_.request;
        participates_ = order_.request;
        is_about(order_.report != nullptr ? order_.report : order_.request);
        return true;
    }
    /// Several OBR under one ORC are several orders of the same kind, unless they have numbers of their own.
    /// Each report has an ORC of its own, or none.
    bool is_under(const Segment& orc, const Segment& obr) const {
        bool shares_number = false;
        for (const std::size_t field : {2U, 3U}) {
            const auto number = text_of(obr[field][1]);
            if (number.empty()) continue;
            if (number != text_of(orc[field][1])) return false;
            shares_number = true;
        }
        return shares_number || kind_ != Kind::results;
    }
    bool timing(const Segment& tq1) {
        if (pending_) {
            order_.waiting.push_back(tq1);
        } else if (order_.prescription != nullptr) {
            if (given_ != order_.prescription) return false;
            map_dosage_timing(build_, tq1, order_);
            return true;
        } else if (order_.request != nullptr) {
            map_timing(build_, tq1, *order_.request);
        }
        return pending_ || order_.request != nullptr;
    }
    bool observation(const Segment& obx) {
        if (document_ != nullptr) {
            map_document_content(build_, obx, *document_);
            return true;
        }
        map_observation(build_, obx, order_, chart_);
        participates_ = notes_ = order_.observations.empty() ? nullptr : order_.observations.back();
        return true;
    }
    bool note(const Segment& nte) {
        if (pending_) {
            order_.waiting.push_back(nte);
        } else if (notes_ != nullptr && notes_ == appointment_) {
            map_comment(build_, nte, comment_, notes_->root()["comment"]);
        } else if (notes_ != nullptr && notes_ == document_) {
            map_comment(build_, nte, comment_, notes_->root()["description"]);
        } else if (notes_ != nullptr) {
            map_note(build_, nte, notes_->root()["note"]);
        }
        return pending_ || notes_ != nullptr;
    }
    bool specimen(const Segment& spm) {
        if (order_.request == nullptr) return false;
        map_specimen(build_, spm, order_, chart_);
        return true;
    }

    bool document(const Segment& txa) {
        notes_ = document_ = &map_document(build_, txa, chart_);
        comment_ = text_of(txa[25]);
        is_about(document_);
        return true;
    }
    bool appointment(const Segment& sch) {
        notes_ = appointment_ = &map_appointment(build_, sch, chart_);
        comment_.clear();
        is_about(appointment_);
        return true;
    }
    bool appointment_resource(const Segment& segment) {
        if (appointment_ != nullptr) map_appointment_resource(build_, segment, *appointment_);
        notes_ = appointment_;
        return appointment_ != nullptr;
    }
    bool resource_group(const Segment&) { return true; }   // RGS only says that a group begins

    bool immunization(const Segment& rxa) {
        pending_ = false;
        order_.given = notes_ = given_ = &map_immunization(build_, rxa, order_, chart_);
        take_waiting_notes();
        is_about(given_);
        return true;
    }
    bool medication(const Segment& segment) {
        pending_ = false;
        order_.given = notes_ = given_ = map_medication_request(build_, segment, order_, chart_);
        if (given_ == nullptr) return true;   // it is listed
        take_waiting_notes();
        is_about(given_);
        return true;
    }
    void take_waiting_notes() {
        const auto is_note = [](const Segment& segment) { return segment.name() == "NTE"; };
        for (const auto& segment : order_.waiting)
            if (is_note(segment)) map_note(build_, segment, given_->root()["note"]);
        std::erase_if(order_.waiting, is_note);
    }
    bool component(const Segment& rxc) {
        if (given_ == nullptr || given_ != order_.prescription) return false;
        map_component(build_, rxc, order_);
        return true;
    }
    bool route(const Segment& rxr) {
        if (given_ != nullptr) map_route(build_, rxr, *given_);
        return given_ != nullptr;
    }

    void is_about(const Growing* resource) {
        if (header_ != nullptr) refer_once(header_->root()["focus"], *resource);
    }

    template <class Then>
    bool with_patient(Then&& then) {
        if (chart_.patient != nullptr) then();
        return chart_.patient != nullptr;
    }

    void order_is_complete() {
        // An ORC that nothing followed is an order all the same, as when one is cancelled.
        if (pending_) map_order(build_, order_, chart_, Purpose::order);
        // How often what was ordered is given holds of what was made of it, unless that says it anew.
        if (order_.prescription != nullptr && order_.timings == 0) {
            for (const auto& tq1 : order_.waiting) map_dosage_timing(build_, tq1, order_);
            order_.waiting.clear();
        }
        for (const auto& left : order_.waiting)
            build_.miss(left, 0, order_.timings == 0 ? UnmappedReason::no_place : UnmappedReason::repetition);
        if (order_.detail.exists()) map_specimen_of_order(build_, order_, chart_);
        order_ = {};
        pending_ = false;
        given_ = notes_ = participates_ = nullptr;
    }

    struct Known {
        std::string_view name;
        bool (Walk::*take)(const Segment&);
    };
    static const std::array<Known, 37> known;

    Build& build_;
    Kind kind_;
    Chart chart_;
    Order order_;
    bool pending_ = false;          // an ORC whose OBR or RX… is yet to come
    std::optional<RoleIn> roles_;   // of what a ROL or PRT now tells
    Growing* header_ = nullptr;
    Growing* notes_ = nullptr;   // what an NTE is about
    Growing* document_ = nullptr;
    Growing* appointment_ = nullptr;
    Growing* given_ = nullptr;          // what an RXR is about
    Growing* participates_ = nullptr;   // what a PRT is about, in orders and results
    Growing* coverage_ = nullptr;       // what an IN2 is about
    std::string comment_;               // lines of NTE where FHIR has one text
};

const std::array<Walk::Known, 37> Walk::known{{
    {"MSH", &Walk::header},
    {"SFT", &Walk::software},
    {"EVN", &Walk::event},
    {"PID", &Walk::patient},
    {"PD1", &Walk::patient_additions},
    {"NK1", &Walk::next_of_kin},
    {"PV1", &Walk::visit},
    {"PV2", &Walk::visit_additions},
    {"ROL", &Walk::role},
    {"PRT", &Walk::role},
    {"AL1", &Walk::allergy},
    {"IAM", &Walk::adverse_reaction},
    {"DG1", &Walk::diagnosis},
    {"PR1", &Walk::procedure},
    {"IN1", &Walk::insurance},
    {"IN2", &Walk::insurance_additions},
    {"GT1", &Walk::guarantor},
    {"MRG", &Walk::merge},
    {"ORC", &Walk::order_begins},
    {"OBR", &Walk::order_detail},
    {"TQ1", &Walk::timing},
    {"OBX", &Walk::observation},
    {"NTE", &Walk::note},
    {"SPM", &Walk::specimen},
    {"TXA", &Walk::document},
    {"SCH", &Walk::appointment},
    {"RGS", &Walk::resource_group},
    {"AIS", &Walk::appointment_resource},
    {"AIG", &Walk::appointment_resource},
    {"AIL", &Walk::appointment_resource},
    {"AIP", &Walk::appointment_resource},
    {"RXA", &Walk::immunization},
    {"RXO", &Walk::medication},
    {"RXE", &Walk::medication},
    {"RXC", &Walk::component},
    {"RXR", &Walk::route},
    {"DSC", &Walk::continuation},
}};

}   // namespace

std::string_view name_of(UnmappedReason reason) {
    constexpr std::array<std::string_view, 7> names{
        "unknown segment", "unknown field", "no place", "invalid value",
        "unknown code",    "repetition",    "limit"};
    return names.at(static_cast<std::size_t>(reason));
}

Mapping map(const Message& message, IdOf ids, const Sender& sender, const MappingLimits& limits) {
    Build build{message, ids, sender, limits};
    Walk walk{build};
    for (const auto segment : message) walk.take(segment);
    walk.finish();
    return build.finish();
}

}   // namespace ward::fhir::v2
