// SPDX-License-Identifier: Apache-2.0
// TXA as DocumentReference, with what its OBX segments hold.
#include <array>

#include "core/bytes.hpp"
#include "fhir/v2/datatypes.hpp"
#include "fhir/v2/segments.hpp"

namespace ward::fhir::v2 {

namespace {

void file_name(const Source&, Element element, Place place) { place.set("value", text_of(element)); }

constexpr std::array rows{
    Row{.field = 1},
    Row{2, to::codeable_concept, "type"},
    Row{.field = 3},   // what OBX-2 and ED say more exactly
    Row{6, to::instant, "date"},
    Row{9, to::practitioner, "author[]"},
    Row{10, to::practitioner, "authenticator"},
    Row{12, to::entity_identifier, "masterIdentifier"},
    Row{16, file_name, "identifier[]"},
    Row{17, to::code, "docStatus", {}, &codes::document_completion},
    Row{18, to::codeable_concept, "securityLabel[]", {}, &codes::document_confidentiality},
    Row{.field = 19},   // status
    Row{25, to::text, "description"},
};

constexpr std::array attachment_rows{Row{5, to::attachment, "attachment"}};
constexpr std::array content_rows{
    Row{.field = 1}, Row{.field = 2}, Row{.field = 3}, Row{.field = 4}, Row{.field = 5}, Row{.field = 11},
};

std::string identity_of(const Build& build, const Segment& txa) {
    const auto value = text_of(txa[12][1]);
    if (value.empty()) return build.identity_in_message(ResourceType::document_reference, txa);
    const auto authority = authority_of(txa[12], 2);
    return build.identity(ResourceType::document_reference, {build.name_space(authority), value});
}

/// Table 0273: available, or not any more.
std::string_view status_of(Build& build, const Segment& txa) {
    const auto said = text_of(txa[19][1]);
    if (!said.empty() && said != "AV" && said != "OB" && said != "CA" && said != "UN")
        build.miss(txa, 19, UnmappedReason::unknown_code);
    if (said == "OB" || said == "CA") return "superseded";
    return said == "UN" ? "entered-in-error" : "current";
}

}   // namespace

Growing& map_document(Build& build, const Segment& txa, const Chart& chart) {
    const auto [document, is_new] = build.resource(ResourceType::document_reference, identity_of(build, txa));
    if (!is_new) return *document;
    const auto root = document->root();
    root.set("status", status_of(build, txa));
    apply(build, txa, rows, *document);
    if (chart.patient != nullptr) refer(root["subject"], *chart.patient);
    if (chart.encounter != nullptr) refer(root.at("context.encounter[]"), *chart.encounter);
    // TXA-13: the document that this one takes the place of.
    if (const auto replaced = text_of(txa[13][1]); !replaced.empty()) {
        const auto authority = authority_of(txa[13], 2);
        const auto [parent, parent_is_new] = build.resource(
            ResourceType::document_reference,
            build.identity(ResourceType::document_reference, {build.name_space(authority), replaced}));
        if (parent_is_new) parent->root().set("status", "superseded");
        const auto relation = root.at("relatesTo[]");
        relation.set("code", "replaces");
        refer(relation["target"], *parent);
    }
    miss_unknown_fields(build, txa, {rows});
    return *document;
}

void map_document_content(Build& build, const Segment& obx, Growing& document) {
    const auto type = text_of(obx[2]);
    // Table 0085: deleted, or of somebody else.
    const auto status = text_of(obx[11][1]);
    if (is_blank(obx[5]) || status == "D" || status == "W")
        return build.miss(obx, 0, UnmappedReason::no_place);
    translated(build, obx, 11, codes::observation_status);
    miss_unknown_fields(build, obx, {content_rows});
    const auto content = document.root().at("content[]");
    auto title = text_of(obx[3][2]);
    if (title.empty()) title = text_of(obx[3][1]);
    if (type == "ED" || type == "RP") {
        apply(build, obx, attachment_rows, content);
        if (content.holds_value()) content["attachment"].set("title", title);
        return;
    }
    std::string text;
    for (const auto element : obx[5].repetitions())
        text.append(text.empty() ? "" : "\n").append(element.text());
    const auto attachment = content["attachment"];
    attachment.set("contentType", "text/plain");
    attachment.set("data", to_base64(as_bytes(text)));
    attachment.set("title", title);
}

}   // namespace ward::fhir::v2
