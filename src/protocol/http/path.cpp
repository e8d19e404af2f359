// SPDX-License-Identifier: Apache-2.0
#include "protocol/http/path.hpp"

#include <algorithm>
#include <cstdint>

#include "protocol/fhir/fhir.hpp"
#include "protocol/file_kind.hpp"
#include "protocol/http/target.hpp"
#include "protocol/text.hpp"
#include "protocol/word_list.hpp"

namespace ward::protocol::http {
namespace {

// Of interfaces, of programs, and of the web.
constexpr std::string_view neutral_words =
    "about access activesync actuator ad add admin ajax alert alerts all analytics angular api app "
    "application applications apply apps array asmx aspx asset assets async audit auth authorization "
    "authorize autodiscover backup basic batch bin boot bootstrap build bulk bulkdata bundle cache "
    "calendar callback capabilities cgi check closure cmd code codes common component components conf "
    "config configuration connect connection console content control convert core count create css "
    "current dashboard data database db debug default delete demo desktop detail details dev device "
    "devices dicom dicomweb diff dist doc docs dstu2 ecp edit elements email en env error errors etc "
    "evaluate event events everything ews exchange exec execute expand export expunge favicon fhir "
    "fhirpath font fonts form forms frame frames gateway generate get git global graphql group groups "
    "health healthz help hl7 hnap1 htbin html icon icons id ids image images img import includes "
    "index inf info ini init install interface internal inventory isapi item items javascript job "
    "jobs jquery js json jsp key keys known lang lastn lib libs lis list live local locale localhost "
    "log login logo logoff logon logout logs main manage manager manifest map mapi match measure "
    "media memory message messages meta metadata metrics microsoft min mobile model models module "
    "modules monitor mpps new next node notification notifications oauth oauth2 ohif onvif open "
    "openid out owa pacs page pages panel passwd password php phpmyadmin ping pixeldata plugin "
    "plugins populate portal post preferences prefetch preview print proc process proxy public push "
    "qido queue r4 r4b r5 react readme ready refresh register release remove rendered reset resource "
    "resources rest ris robots role roles root rootdesc route rpc rs run runtime saml save schedule "
    "schema script scripts secure security select server service services servlet session sessions "
    "set settings setup shared shell signin signout sitemap smart snapshot soap socket sql src sso "
    "start static status stop storage store stow stream stu3 style styles submit subscribe "
    "subscription subscriptions subsumes summary svc svn swagger sync sys system tags task tasks temp "
    "template templates terminology test tests theme themes thumbnail time tmp token tokens tool "
    "tools transaction transform translate trunk type types ui update upgrade upnp url v1 v2 v3 v4 v5 "
    "validate value values valueset vendor version view viewer views vue wado wadors web webapp "
    "webhook webservice websocket well widget widgets wp ws wsdl xml";

// Behind these, people and what belongs to them are named.
constexpr std::string_view leading_to_people =
    "accession accessions account accounts admission admissions appointment appointments bed beds "
    "birth case cases chart charts client clients contact contacts customer customers directory dob "
    "doctor doctors document documents download downloads ehr emr encounter encounters episode "
    "episodes exam exams file files find folder folders guest guests history home identifier instance "
    "instances insurance lab labs lookup member members mrn name names order orders patient patients "
    "people person persons phi photo photos physician physicians pid prescription prescriptions "
    "profile profiles provider providers query record records report reports result results room "
    "rooms sample samples scan scans search series share specimen specimens ssn staff studies study "
    "upload uploads user users visit visits ward wards who worklist worklists";

constexpr auto neutral = sorted_words<count_words(neutral_words)>(neutral_words);
constexpr auto before_people = sorted_words<count_words(leading_to_people)>(leading_to_people);

// FHIR R4, operations.html, and those of its guides and of servers.
constexpr std::string_view operation_words =
    "apply batch-delete care-gaps closure collect-data conforms convert data-requirements "
    "davinci-data-export delete-expunge diff docref document evaluate evaluate-measure everything "
    "expand export expunge extract find find-matches generate get-resource-counts "
    "get-ws-binding-token graph graphql implements import inquire lastn lookup "
    "mark-all-resources-for-reindexing match member-match merge meta meta-add meta-delete "
    "next-question package perform-reindexing-pass poll populate populatehtml populatelink "
    "preferred-id process-message purge purge-history questionnaire questionnaire-package reindex "
    "related remove search snapshot stats status submit submit-attachment submit-data subset "
    "subsumes subsumption summary topic-list transform translate trigger-subscription undelete "
    "upload-external-code-system validate validate-code versions";
constexpr auto operations = sorted_words<count_words(operation_words)>(operation_words);

constexpr std::string_view separators = "-_.";

/// Whether `is` holds for the words between separators: for each, or for one at least.
template <class Is>
bool each_word(std::string_view text, Is is) {
    while (!text.empty()) {
        const auto word = text.substr(0, text.find_first_of(separators));
        if (!word.empty() && !is(word)) return false;
        text.remove_prefix(std::min(word.size() + 1, text.size()));
    }
    return true;
}

/// `..`, in the escaped forms too, with which attackers leave a folder.
bool climbs(std::string_view segment) {
    return segment.find('%') != std::string_view::npos &&
           percent_decoded(segment, segment.size()).find_first_not_of("./\\") == std::string::npos;
}

bool is_known(std::string_view segment) {
    // FHIR R4, operations.html: an operation begins with $, as no identifier does.
    if (segment.starts_with('$')) return holds(operations, segment.substr(1));
    return fhir::is_resource_type(segment) || climbs(segment) ||
           each_word(segment, [](std::string_view word) {
               return holds(neutral, word) || holds(before_people, word);
           });
}

bool leads_to_people(std::string_view segment) {
    return fhir::is_resource_type(segment) || starts_ignoring_case(segment, "patient") ||
           !each_word(segment, [](std::string_view word) { return !holds(before_people, word); });
}

/// How programmers name things.
bool is_plain(std::string_view text) {
    return std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || is_digit(c) || separators.find(c) != std::string_view::npos;
    });
}

/// A version may be in the name of a script: jquery-3.6.0.min.js.
bool has_short_numbers(std::string_view text) {
    return std::ranges::search_n(text, 3, true, [](char c, bool) { return is_digit(c); }).empty();
}

enum class Place : std::uint8_t { open, behind_people };

/// The segment, or {id} instead of what nobody may know.
std::string readable(std::string_view segment, Place place) {
    if (is_known(segment)) return std::string{segment};
    if (segment.starts_with('$')) return "${id}";
    const auto kind = file_kind(segment);
    const bool is_file = !kind.empty() && kind != "other";
    const auto stem = is_file ? segment.substr(0, segment.rfind('.')) : segment;
    const bool few = kind == "js" || kind == "css" ? has_short_numbers(stem) : has_few_digits(stem);
    // An ending that nobody knows may be a part of a name; that of a version is a number.
    const bool is_strange = kind == "other" && !is_digit(segment[segment.rfind('.') + 1]);
    const bool told = place == Place::behind_people ? is_known(stem) : is_plain(stem) && few && !is_strange;
    if (told && !is_document(kind)) return std::string{segment};
    return is_file ? "{id}." + std::string{kind} : "{id}";
}

}   // namespace

bool is_known_word(std::string_view word) {
    return fhir::is_resource_type(word) || holds(neutral, word) || holds(before_people, word);
}

bool has_few_digits(std::string_view text) { return std::ranges::count_if(text, is_digit) <= 2; }

std::string path_template(std::string_view path, std::size_t bytes_max) {
    if (path == "*") return "*";   // RFC 9112, 3.2.4
    std::string out;
    auto place = Place::open;
    for (bool first = true; !path.empty() && out.size() < bytes_max; first = false) {
        // RFC 3986, 3.3: parameters of a segment, such as a session's identifier.
        auto rest = take_until(path, '/');
        const auto segment = take_until(rest, ';');
        const auto told = readable(segment, place);
        if (!first) out += '/';
        out += told;
        if (told.starts_with("{id}") || told == "${id}" || leads_to_people(segment))
            place = Place::behind_people;
    }
    return out;
}

}   // namespace ward::protocol::http
