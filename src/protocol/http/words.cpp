// SPDX-License-Identifier: Apache-2.0
#include "protocol/http/words.hpp"

#include <algorithm>

#include "protocol/fhir/fhir.hpp"
#include "protocol/text.hpp"
#include "protocol/word_list.hpp"

namespace ward::protocol::http {
namespace {

// Of interfaces, of programs, of the web and of devices, and of those who attack them.
constexpr std::string_view of_the_web =
    "about access activate activesync actuator ad adapter add admin administrator agent agents ajax alert "
    "alerts all allow analytics analyze angular announce anonymous api app append appid application "
    "applications apply apps archive archives argument arguments array article articles asmx aspnet aspx "
    "asset assets assign async attach attachment attachments attribute attributes audit auth authorization "
    "authorize autodiscover av avatar backdoor background backup badge banner bar bash basic batch beacon "
    "beta bin binary bind blob blog board body book bookmark boot bootstrap box branches broadcast browse "
    "browser buffer bug bugs build bulk bulkdata bundle bus button buttons bytes cache cacti calendar "
    "callback campaign cancel capabilities captcha card cards catalog categories category center certificate "
    "certificates certs certsrv cfdocs cfide cgi cgibin cgis challenge change changes channel channels "
    "charset chat check checkin checkout checksum choose cipher citrix class classes clear click "
    "clientaccesspolicy clientid clipboard clock clone close closure cloud cluster cmd cmdshell cms code "
    "codes collapse collect collection collections color column columns com command commands comment "
    "comments commit commits common community compare complete component components compress compressed "
    "computer conf config configuration confirm connect connection consent console content context continue "
    "control controller convert cookie cookies copy core correlation count counter course courses cpu create "
    "credential credentials cron crossdomain csrf css csv current custom cycle daily dashboard data database "
    "date db dd de debian debug default delay delete demo deploy deployment desc description desktop destroy "
    "detail details dev device devicedesc devices diag dial dialog dicom dicomweb dict dictionary diff "
    "digest dir direct directories directory disable discover discovery disk display dist dll dn dns doc "
    "docker docs documentation domain domains dpws drop drupal dstu dump duration dvwa dynamic echo ecp edit "
    "editor eicar elasticsearch element elements email en enable encoding endpoint endpoints engine entries "
    "entry env environment epoch equipment error errors es escape etc eu eval evaluate event eventing events "
    "everything ews example examples exception exchange exclude exe exec execute exists exit expand exploit "
    "explorer export expunge ext extension extensions external failed failure faq favicon favicons fcgi "
    "feature features feed feedback feeds fetch fhir fhirpath fi file filename fileupload filter filters "
    "finish firewall firmware first flag flags flash flow flows flush font fonts footer force form format "
    "formmail forms forum forums forward forwarding found fr frame frames full func function functions "
    "fwlink gadget gallery gate gateway gb gen generate get gif git global globalprotect gpon gponform "
    "grafana graphql group groups guid gzip handle handler handlers hash head header headers health healthz "
    "heartbeat height help hex hidden highlight hl hnap home host hosts hours htbin html hub hwid icon icons "
    "id ids iframe igd ignore iisadmpwd image images img import include includes index inf info information "
    "ini init inline input insert inspect install installer integration interaction interactive interface "
    "interfaces internal internet intranet invalid inventory invite invoice invoices invoke invoker ip ipp "
    "isapi issue issues it item items javascript jboss jmx jndi jobs joomla jpeg jquery js json jsonp jsp "
    "keepalive kernel key keys keyword kibana kill known label labels landing language last lastn latest "
    "launch launcher layout layouts ldap left legacy legal length level levels lib libraries library libs "
    "license licenses link links linux list listen listener live livesim load loader loading local locale "
    "locales localhost log logger login logo logoff logon logout logs loop machine magento mail mailbox "
    "mailer main maintenance malicious malware manage management manager manifest manual map mapi mapping "
    "maps match maximum md mdpws mds mdx measure media medical memory menu menus merge message messages "
    "metadata method methods metric metrics mib microsoft migrate migration mime mini mirror misc moadmin "
    "mobile modal mode model models modified module modules monitor months mount move mpps ms msadc "
    "msdownload msg multi multiscreen mysql nagios names namespace nav navigation net netflix network "
    "networks new news next nhed nikto nl node nodes nonce note notes notification notifications npm nsc "
    "null number numbers oauth object objects ocsp offline ohif oid old online onvif open openapi openid "
    "operation operations option options org orientation os other out output overlay overview owa pack "
    "package packages pacs page pages pagesize pagination panel parameter parameters params parent parse "
    "parser part partial partner partners passwd password patch path paths pattern pause payload payment "
    "performance perl permission permissions php phpinfo phpmoadmin phpmyadmin phpnuke picture pictures ping "
    "pipe pipeline pixel pixeldata pkp place plan platform play player plugin plugins pod point policy pool "
    "populate popup port portal ports position postnuke posts preferences prefetch presence preview print "
    "printer printers priority privacy private proc process processing prod product production products "
    "program programs progress project projects prometheus prompt property protected protocol provision "
    "proxy pt ptz pub public publish pull purchase push py qido quality quantity queue queues quick quit "
    "quote random range raw react readme readpage ready realm reboot receipt receive receiver recent "
    "recorder recovery redirect ref reference referer referrer refresh region regions register registrar "
    "registration registrations registry reject relay release releases reload remote remove rename render "
    "rendered renderer rendering renew replay reply repo reports repositories repository request requests "
    "require reserve reset resize resolution resolve resource resources response responses rest restart "
    "restore resume retrieve retry return revision revisions rewrite rnd robots roku role roles rollback "
    "root rootdesc rootdevice rotate route row rows rpc rpcproxy rs rss rule rules run runtime safe sales "
    "saml samsung save saved scale scgi schedule scheduler schema schemas screen screens screenshot script "
    "scripts scroll sdc sdk second secret section sections secure security seed segment segments select "
    "selection send sensor sensors sequence serial server servers service services serviceworker servlet "
    "servlets session sessionid sessions set settings setup sh shadow shared shell shop shopping shopware "
    "show shutdown side sidebar sign signal signature signin signout signup simple simulator single site "
    "sitemap sites size skin skins slide slider slot smart smb snapshot snippet soap socket solr sort sounds "
    "sources space spam spec speed speedtest split spool sql sqli sqlite src ssdp ssh ssi ssl sslvpn sso "
    "stage staging standard static stats status stderr stdin stdout step steps stop storage store stow "
    "stream string structure struts stu style styles sub submit subnet subscribe subscription subscriptions "
    "subsumes success suggest suggestions summary super support suspend svc svg svn swagger switch symbol "
    "sync sys syslog system tab table tables tabs tags task tasks tds team telnet temp template templates "
    "terminology terms test tests theme themes thread threads thumb thumbnail thumbs ticket tickets tiki "
    "tile tiles time timeline timeout timer times timestamp timezone titles tmp toggle token tokens tomcat "
    "tool tools topic topics touch track tracker tracking traffic training transaction transfer transform "
    "transition translate translation translations transmitter transport tree trend trigger trunk trust "
    "tutorial tv type types typo ubuntu udhisapi udid ui uid unit units unlock unread unsubscribe up update "
    "updater updates upgrade upnp upnphost uri url urn us usage useragent userid username usr util utilities "
    "utils utm uuid validate validation value values valueset var variable vb vbulletin vendor verification "
    "verifier verify version versions vhosts video videos view viewer viewport views viewtopic virtual "
    "visible voice volume vpn vpns vti vue vulnerabilities wado wadors wait wallpaper wan wancommon "
    "wanconnection wandevice wanip wanipconnection wanpppconnection watch watchdog weather web webadmin "
    "webapp webcam webcgi webdav webhook weblogic webmail webmin webroot webservice webshell website "
    "websites websocket well wfa wfadevice wfawlanconfig whoami wi widget widgets width wifialliance wiki "
    "wildfly window windows wireless wizard wlan wls word wordpress worker workers workflow workspace wp "
    "wpad wprt write ws wsat wscn wsdl wsdp wsman xhr xml xmlrpc xsd xss yaml years zabbix zone zones zoom";

// Of what hospitals do, and for whom; never who it is.
constexpr std::string_view of_care =
    "accession accessionnumber accessions account accounts admission admissions alarm alarms allergies "
    "allergy analyser analyzer appointment appointments bed beds bedside cardiology cases cds central chart "
    "charts client clients clinic clinical clinician clinics contact contacts contenttype customer customers "
    "department departments diagnoses dispense doctor doctors document documents dose download downloads ehr "
    "ehrs emr encounter encounters episode episodes exam exams facility files find folder folders guests "
    "history hooks hospital hospitals identifier imaging infusion instance instances insurance intake lab "
    "laboratory labs lookup medication medications members mirth modalities modality monitors mwl nurse "
    "nurses nursing objectuid observation observations order orders orthanc outpatient patient patientid "
    "patientlist patientportal patients people person persons pharmacy photo photos physician physicians "
    "prescription prescriptions problems procedure procedures profile profiles provider providers pump pumps "
    "query radiology record records referral referrals report requesttype result results room rooms sample "
    "samples scan scans search series seriesuid share specimen specimens staff studies study studyuid "
    "telehealth telemetry therapy treatment treatments triage upload uploads user users vaccine ventilator "
    "visit visits vitals ward wards waveform waveforms worklist worklists";

// FHIR R4, search.html, and DICOM PS3.18: names of search parameters, their modifiers and chains; and those
// of other interfaces.
constexpr std::string_view of_parameters =
    "abatement above absent abstract achievement action active activity actor actual actuality additive "
    "address adid administered adnum ads advanced age aid altid area arrangement asserter assessor at "
    "attester authenticator author authored authoredon authority base based basedon below beneficiary "
    "binding birth birthdate block bodysite branch brand business by canonical capability care carrier cart "
    "case cb cc characteristic child chromosome cid city claim classification collected collector combo "
    "communication composed composition concept conclusion condition confidentiality conforms consentor "
    "contained containedtype container contains coordinate cost country counts coverage created criteria "
    "criticality cursor custodian datetime datewritten davinci day days death deceased definition delta "
    "dependent depends dependson derivation derived destination di diagnosis disease dispenser disposition "
    "dob docref doseform driver effective empty end entered enterer entity evaluated evidence exact "
    "expansion experimental expiration expiry extract factor family fhirversion field fields finding focus "
    "for formula from fuzzymatching gaid gaps gender general geo given goal grant graph guest guide has hide "
    "holder hook hour identified immunization implements implicated in includefield incoming individual "
    "ingredient inquire instantiates insurer intended intent interpreter investigation issued issuer iterate "
    "job jurisdiction kind lang lastupdated lifecycle light limit line lis location lock lot managing "
    "manifestation manufacturer master matches max medium member meta min miss missing monitoring monograph "
    "month morphology mrn my na name near not occurrence of offset on onset operational operator oraldiet "
    "organization origin outcome override own owned owner param participant participating partof pass "
    "patientname pay payee payor peer perform performer performertype performing period phi phone phonetic "
    "physicianname pid pin poll pop populatehtml populatelink post postalcode practitioner predecessor "
    "preferred prescriber pretty previous price primary principalinvestigator prior probability problem "
    "publisher purge purpose q question questionnaire rate reaction read reader reason received recipient "
    "recorded referenceseqid referring reindex reindexing related relatedperson relatesto relation "
    "relationship replaces reporter requester requesting requestor requirements requisition responsible "
    "responsibleparty resultingcondition rev revinclude rid right ris risk rush sale scope self sender sent "
    "seq seriousness setting severity sex sid signer since small software sound source special specialty "
    "species sponsor spring ssn stack start started state stub subdetail subject subscriber subset substance "
    "subsumption subtype successor supplement supplements supplier supported supporting tag tar target "
    "telecom tester testscript text title to top total totalgross totalnet trace turn ua udi undelete until "
    "use variant ver vital week weeks when whenhandedover whenprepared who win with year";

constexpr auto web = sorted_words<count_words(of_the_web)>(of_the_web);
constexpr auto care = sorted_words<count_words(of_care)>(of_care);
constexpr auto parameters = sorted_words<count_words(of_parameters)>(of_parameters);

bool is_known(std::string_view word, Vocabulary vocabulary) {
    return holds(web, word) || holds(care, word) ||
           (vocabulary == Vocabulary::parameters && holds(parameters, word));
}

bool is_small(char c) { return c >= 'a' && c <= 'z'; }
bool is_one_letter(std::string_view word) { return word.size() == 1 && is_letter(word.front()); }

/// The first word of what stands between separators: up to where a capital follows a small letter.
std::string_view first_word(std::string_view text) {
    std::size_t end = 1;
    while (end < text.size() && !(is_small(text[end - 1]) && !is_small(text[end]))) ++end;
    return text.substr(0, end);
}

}   // namespace

bool has_known_words(std::string_view text, Vocabulary vocabulary) {
    bool has_word = false;
    std::size_t letters = 0;
    while (!text.empty()) {
        auto part = text.substr(0, text.find_first_of("-_.0123456789"));
        text.remove_prefix(std::min(part.size() + 1, text.size()));
        if (part.empty()) continue;
        has_word = true;
        const bool is_type = !is_small(part.front()) && fhir::is_resource_type(part);
        if (is_type || (!is_one_letter(part) && is_known(part, vocabulary))) continue;
        while (!part.empty()) {
            const auto word = first_word(part);
            const bool is_alone = is_one_letter(word);
            if (!is_alone && !is_known(word, vocabulary)) return false;
            letters += is_alone ? 1 : 0;
            part.remove_prefix(word.size());
        }
    }
    return has_word && (letters <= 1 || vocabulary == Vocabulary::parameters);
}

bool has_few_digits(std::string_view text) { return std::ranges::count_if(text, is_digit) <= 2; }

}   // namespace ward::protocol::http
