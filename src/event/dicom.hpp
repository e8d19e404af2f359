// SPDX-License-Identifier: Apache-2.0
// DICOM associations and what was asked over them, without the values that belong to a patient.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "event/event.hpp"

namespace ward::event {

/// PS3.8, 9.3.2.2 and 9.3.3.2: what is to be transferred, and how.
struct DicomPresentation {
    std::uint8_t id = 0;
    std::string abstract_syntax;
    std::string_view abstract_syntax_name;
    std::vector<std::string> proposed;   // transfer syntaxes
    std::string_view result;             // of PS3.8, table 9-18; empty while it is only proposed
    std::string transfer_syntax;         // the accepted one

    template <class Visitor>
    void fields(Visitor&& visit) const {
        visit("id", id);
        visit("abstract_syntax", abstract_syntax);
        visit("abstract_syntax_name", abstract_syntax_name);
        visit("proposed", proposed);
        visit("result", result);
        visit("transfer_syntax", transfer_syntax);
    }
};

/// PS3.7, D.3.3.4: who may ask and who may serve for one SOP class.
struct DicomRole {
    std::string sop_class;
    bool user = false;
    bool provider = false;

    template <class Visitor>
    void fields(Visitor&& visit) const {
        visit("sop_class", sop_class);
        visit("user", user);
        visit("provider", provider);
    }
};

/// PS3.7, annex D: what one side says of itself.
struct DicomUser {
    std::optional<std::uint32_t> max_pdu_size;
    std::string implementation_class_uid;
    std::string implementation_version;
    std::optional<std::uint16_t> operations_invoked;   // D.3.3.3, 0 is unlimited
    std::optional<std::uint16_t> operations_performed;
    std::vector<DicomRole> roles;
    std::string_view identity;   // D.3.3.7: what kind of proof of the user crossed, not the proof
    Pseudonym identity_user;     // of the kinds that send a name by itself

    template <class Visitor>
    void fields(Visitor&& visit) const {
        visit("max_pdu_size", max_pdu_size);
        visit("implementation_class_uid", implementation_class_uid);
        visit("implementation_version", implementation_version);
        visit("operations_invoked", operations_invoked);
        visit("operations_performed", operations_performed);
        visit("roles", roles);
        visit("identity", identity);
        visit("identity_user", identity_user);
    }
};

/// In the words of PS3.8, tables 9-21 and 9-26.
struct DicomRefusal {
    std::string_view result;
    std::string_view source;
    std::string_view reason;

    template <class Visitor>
    void fields(Visitor&& visit) const {
        visit("result", result);
        visit("source", source);
        visit("reason", reason);
    }
};

/// An association that was asked for, and the answer.
struct DicomAssociation {
    static constexpr std::string_view event_type = "dicom";

    std::string_view outcome;   // accepted, rejected, aborted, unanswered
    std::string calling;        // application entity titles
    std::string called;
    std::string application_name;   // PS3.8, annex A; empty where it is DICOM's own
    std::vector<DicomPresentation> presentations;
    std::optional<DicomUser> requestor;
    std::optional<DicomUser> acceptor;
    std::optional<DicomRefusal> refusal;
    bool answer_lost = false;   // data crossed, so it was accepted; how, was not seen
    std::optional<std::int64_t> latency_us;

    template <class Visitor>
    void fields(Visitor&& visit) const {
        visit("kind", std::string_view{"association"});
        visit("outcome", outcome);
        visit("calling", calling);
        visit("called", called);
        visit("application_name", application_name);
        visit("presentations", presentations);
        visit("requestor", requestor);
        visit("acceptor", acceptor);
        visit("refusal", refusal);
        visit("answer_lost", answer_lost);
        visit("latency_us", latency_us);
    }
};

/// What an image says of the equipment that made it: PS3.3, C.7.5.1 and C.7.3.1.
struct DicomDevice {
    std::string modality;
    std::string manufacturer;
    std::string model;
    std::string serial;
    std::string software;
    std::string station;
    std::string institution;
    std::string department;

    bool operator==(const DicomDevice&) const = default;
    template <class Visitor>
    void fields(Visitor&& visit) const {
        visit("modality", modality);
        visit("manufacturer", manufacturer);
        visit("model", model);
        visit("serial", serial);
        visit("software", software);
        visit("station", station);
        visit("institution", institution);
        visit("department", department);
    }
};

/// The keys of a query, PS3.4, C.2.2.1: with a value they select, without one they ask for it.
struct DicomQuery {
    std::string level;
    std::vector<std::string> matching;
    std::vector<std::string> wildcards;   // those of `matching` whose value holds * or ?
    std::vector<std::string> returning;

    template <class Visitor>
    void fields(Visitor&& visit) const {
        visit("level", level);
        visit("matching", matching);
        visit("wildcards", wildcards);
        visit("returning", returning);
    }
};

/// PS3.7, 9.1.3 and 9.1.4: what a C-GET or C-MOVE did, by its last answer.
struct DicomSuboperations {
    std::optional<std::uint16_t> remaining;
    std::optional<std::uint16_t> completed;
    std::optional<std::uint16_t> failed;
    std::optional<std::uint16_t> warning;

    template <class Visitor>
    void fields(Visitor&& visit) const {
        visit("remaining", remaining);
        visit("completed", completed);
        visit("failed", failed);
        visit("warning", warning);
    }
};

/// One DIMSE request and its answers.
struct DicomOperation {
    static constexpr std::string_view event_type = "dicom";

    std::string command;   // C-STORE; of an unknown one its number
    Side from = Side::client;
    std::string calling;
    std::string called;
    std::optional<std::uint16_t> message_id;
    std::string sop_class;
    std::string_view sop_class_name;
    Pseudonym sop_instance;
    std::string transfer_syntax;
    std::optional<std::uint64_t> dataset_size;   // bytes, of the request; none where some were lost
    std::string move_destination;
    std::string move_originator;
    std::optional<std::uint16_t> event_id;    // N-EVENT-REPORT
    std::optional<std::uint16_t> action_id;   // N-ACTION
    std::optional<DicomQuery> query;
    std::optional<DicomDevice> device;
    std::vector<std::string_view> patient_fields;   // of request and answers
    Pseudonym patient;                              // of PatientID in the request
    std::string identity_removed;                   // PatientIdentityRemoved (0012,0062)
    std::string burned_in_annotation;               // (0028,0301)
    std::uint32_t pending_responses = 0;
    std::optional<DicomSuboperations> suboperations;
    std::string status;   // four hexadecimal digits
    std::string_view status_meaning;
    bool cancelled = false;
    std::optional<std::int64_t> latency_us;    // to the last answer
    std::vector<std::string_view> anomalies;   // what is not as the standard says

    template <class Visitor>
    void fields(Visitor&& visit) const {
        visit("kind", std::string_view{"operation"});
        visit("command", command);
        visit("from", from);
        visit("calling", calling);
        visit("called", called);
        visit("message_id", message_id);
        visit("sop_class", sop_class);
        visit("sop_class_name", sop_class_name);
        visit("sop_instance", sop_instance);
        visit("transfer_syntax", transfer_syntax);
        visit("dataset_size", dataset_size);
        visit("move_destination", move_destination);
        visit("move_originator", move_originator);
        visit("event_id", event_id);
        visit("action_id", action_id);
        visit("query", query);
        visit("device", device);
        visit("patient_fields", patient_fields);
        visit("patient", patient);
        visit("identity_removed", identity_removed);
        visit("burned_in_annotation", burned_in_annotation);
        visit("pending_responses", pending_responses);
        visit("suboperations", suboperations);
        visit("status", status);
        visit("status_meaning", status_meaning);
        visit("cancelled", cancelled);
        visit("latency_us", latency_us);
        visit("anomalies", anomalies);
    }
};

/// How an association came to its end.
struct DicomEnd {
    static constexpr std::string_view event_type = "dicom";

    std::string_view how;   // released, aborted, cut (without either)
    std::optional<Side> by;
    std::string_view abort_source;   // PS3.8, table 9-26
    std::string_view abort_reason;
    std::string calling;
    std::string called;
    std::uint32_t operations = 0;
    std::uint64_t bytes_from_client = 0;
    std::uint64_t bytes_from_server = 0;
    std::uint64_t data_pdus = 0;   // P-DATA-TF
    std::optional<std::int64_t> duration_us;

    template <class Visitor>
    void fields(Visitor&& visit) const {
        visit("kind", std::string_view{"end"});
        visit("how", how);
        visit("by", by);
        visit("abort_source", abort_source);
        visit("abort_reason", abort_reason);
        visit("calling", calling);
        visit("called", called);
        visit("operations", operations);
        visit("bytes_from_client", bytes_from_client);
        visit("bytes_from_server", bytes_from_server);
        visit("data_pdus", data_pdus);
        visit("duration_us", duration_us);
    }
};

}   // namespace ward::event
