// SPDX-License-Identifier: Apache-2.0
#include "protocol/http/words.hpp"

#include <algorithm>

#include "protocol/fhir/fhir.hpp"
#include "protocol/text.hpp"
#include "protocol/word_list.hpp"

namespace ward::protocol::http {
namespace {

// Of interfaces, of programs, of the web, and of those who attack it.
constexpr std::string_view of_the_web =
    "about access activate activesync actuator ad adapter adid admin administrator ads agents aid ajax alert "
    "alerts allow analytics analyze angular announce anonymous api app append appid application applications "
    "apps archive archives argument arguments array article articles asmx aspnet aspx asset assets assign "
    "async attach attachments attribute attributes audit auth authorization authorize autodiscover avatar "
    "backdoor background backup badge banner bar bash basic beacon beta bin binary bind blob block blog "
    "board book bookmark boot bootstrap box branch branches brand broadcast browse browser buffer bug bugs "
    "build bulk bulkdata bundle bus button buttons bytes cache cacti calendar callback campaign cancel "
    "capabilities captcha card cards cart catalog categories cb center certificate certificates certs "
    "certsrv cfdocs cfide cgi cgibin cgis challenge change changes channel channels charset chat check "
    "checkin checkout checksum choose cid cipher citrix classes clear click clientaccesspolicy clientid "
    "clipboard clock clone close cloud cluster cmd cmdshell cms codes collapse collection collections color "
    "column columns command commands comment comments commit commits common community compare complete "
    "components compress compressed computer conf config configuration confirm connect consent console "
    "continue control controller cookie cookies copy core correlation count counter course courses cpu "
    "create credential credentials cron crossdomain csrf css csv current cursor custom cycle daily dashboard "
    "database day days db dd de debian debug default delay delta demo deploy deployment desc desktop destroy "
    "details dev devicedesc devices diag dial dialog dict dictionary digest dir direct directories disable "
    "discover discovery disk display dist dll dns doc docker docs documentation domains driver drop drupal "
    "dstu dump duration dvwa dynamic echo ecp edit editor eicar elasticsearch element elements en enable "
    "encoding endpoints engine entries env environment epoch equipment error errors es escape etc eu eval "
    "eventing events ews example examples exception exchange exe exec execute exists exit exploit explorer "
    "extension extensions failed failure faq favicon favicons fcgi feature features feed feedback feeds "
    "fetch fhir fhirpath field fields filename fileupload filter filters finish firewall firmware first flag "
    "flags flash flow flows flush font fonts footer force formmail forms forum forums forward found fr frame "
    "frames full func functions fwlink gadget gaid gallery gate gateway gb gen geo gif git globalprotect "
    "gpon gponform grafana grant groups guid gzip handle handler handlers hash head header headers health "
    "healthz heartbeat height help hex hidden highlight hl hnap hook host hosts hour hours htbin html hub "
    "hudson hwid icon icons ids iframe igd ignore iisadmpwd image images img include includes index inf ini "
    "init inline insert inspect install installer integration interaction interactive interface interfaces "
    "internal intranet invalid inventory invite invoice invoices invoke invoker ip ipp isapi issue issues it "
    "items javascript jboss jenkins jmx jndi job jobs joomla jpeg jquery js json jsonp jsp keepalive kernel "
    "key keys kibana kill known labels landing lang latest launch launcher layout layouts ldap left legacy "
    "legal level levels lib libraries library libs license licenses limit line links linux lis listen "
    "listener live livesim load loader loading local locale locales localhost lock log logger login logo "
    "logoff logon logout logs loop machine magento mail mailbox mailer main maintenance malicious malware "
    "manage management manifest manual map mapi mapping maps max maximum md memory menu menus messages "
    "metadata methods metric metrics mib microsoft migrate migration mime min mini mirror misc moadmin "
    "mobile modal models module modules monitor month months mount move mpps msadc msdownload msg multi my "
    "mysql na nagios namespace nav navigation net networks new news nikto nl node nodes nonce note "
    "notification notifications npm nsc null numbers oauth object objects ocsp offline offset ohif old "
    "online onvif open openapi openid operation operations option options orientation os out overlay "
    "overview owa own pack packages pacs page pages pagesize pagination panel param parameter parameters "
    "params parse parser partial partner partners passwd password patch paths pattern pause peer performance "
    "perl permission permissions php phpinfo phpmoadmin phpmyadmin phpnuke picture pictures pin ping pipe "
    "pipeline pixel pixeldata place plan platform play player plugin plugins pod point pool pop popup port "
    "ports position post postnuke posts preferences prefetch presence preview print printer printers privacy "
    "private proc processing prod production products programs progress project projects prometheus prompt "
    "property protected provision proxy pt ptz pub public publish pull purchase push py qido quality queue "
    "queues quick quit quote random range rate raw react read reader readme readpage ready realm reboot "
    "receipt receive recent recovery redirect referer refresh region regions register registration "
    "registrations registry reject relay release releases reload remote rename render rendered renew replay "
    "reply repo repositories repository requests require reserve reset resize resolution resolve responses "
    "rest restart restore resume retrieve retry return rev revision revisions rewrite rid right ris rnd "
    "robots roles rollback root rootdesc rotate row rows rpc rpcproxy rs rss rule rules run runtime safe "
    "sale sales saml save saved scale scgi scheduler schema screen screens screenshot script scripts scroll "
    "sdk second secret sections secure seed segment segments select selection self send sensor sensors seq "
    "sequence serial server servers services serviceworker servlet servlets session sessionid sessions set "
    "settings setup sh shadow shared shell shop shopping shopware show shutdown sid side sidebar sign signal "
    "signin signout signup simple simulator single sitemap sites size skin skins slide slider smart smb "
    "snippet soap socket solr sort sound sounds sources space spam spec speed speedtest split spool spring "
    "sql sqli sqlite src ssh ssi ssl sslvpn sso stack staging standard static stderr stdin stdout step steps "
    "stop storage store stow stream structure struts stu style styles sub subnet subscribe subscriptions "
    "success suggest suggestions super suspend svc svg svn swagger switch symbol sync sys syslog tab table "
    "tables tabs tags tar task tasks telnet temp template templates terminology terms test tests theme "
    "themes thread threads thumb thumbnail thumbs ticket tickets tiki tile tiles timeline timeout timer "
    "times timezone titles tmp toggle tokens tomcat tool tools top topics touch trace track tracker tracking "
    "traffic training transaction transfer transition translation translations transport tree trend trunk "
    "trust tutorial tv types typo ua ubuntu udhisapi udid ui uid unlock unread unsubscribe up update updater "
    "updates upgrade upnp upnphost us usage useragent userid username usr util utilities utils utm uuid "
    "validation values var variable vb vbulletin vendor ver verifier verify vhosts video videos viewer "
    "viewport views viewtopic virtual visible voice volume vpn vpns vti vue vulnerabilities wado wadors wait "
    "wallpaper watch watchdog weather web webadmin webapp webcam webcgi webdav webhook weblogic webmail "
    "webmin webroot webservice webshell website websites websocket week weeks well whoami widget widgets "
    "width wiki wildfly windows wireless wizard wlan wls word wordpress worker workers workflow workspace wp "
    "wpad write wsat wsdl wsman wu xhr xml xmlrpc xsd xss yaml year years zabbix zone zones zoom";

// Of what hospitals do, and of whom; never who it is.
constexpr std::string_view of_care =
    "accessionnumber accessions accounts admission admissions alarm alarms allergies allergy analyser "
    "analyzer appointments bed beds bedside birth cardiology case cases cds central chart charts client "
    "clients clinic clinician clinics contacts customer customers department departments diagnoses dicomweb "
    "directory dispense dob doctor doctors documents download downloads ehr ehrs emr encounters episodes "
    "exam exams file files folder folders guest guests home hooks hospital hospitals imaging infusion "
    "instances intake lab laboratory labs medications members mirth modalities monitors mrn mwl names nurse "
    "nurses nursing objectuid observation observations order orders orthanc outpatient patientid patientlist "
    "patientportal patients people person persons pharmacy phi photo photos physician physicians pid portal "
    "prescriptions problems procedures profiles providers pump pumps radiology record records referrals "
    "report reports requesttype room rooms sample samples scan scans seriesuid share specimens ssn staff "
    "studies studyuid telehealth telemetry therapy treatment treatments triage unit units uploads user users "
    "ventilator visit visits vital vitals ward wards waveform waveforms who worklist worklists";

// FHIR R4: operations.html, and the names of all search parameters, modifiers and chains (search.html).
constexpr std::string_view of_fhir =
    "abatement above absent abstract accession account achievement action active activity actor actual "
    "actuality add additive address administered advanced age agent all altid apply appointment area "
    "arrangement asserter assessor attachment attester authenticator author authored authoredon authority "
    "base based basedon batch below beneficiary binding birthdate body bodysite business by canonical "
    "capability care carrier category characteristic chromosome city claim class classification clinical "
    "closure code collect collected collector combo communication component composed composition concept "
    "conclusion condition confidentiality conforms connection consentor contact container contains content "
    "contenttype context convert coordinate cost country counts coverage created criteria criticality "
    "custodian data date datetime datewritten davinci death deceased definition delete dependent depends "
    "dependson derivation derived description destination detail device di diagnosis dicom diff disease "
    "dispenser disposition docref document domain dose doseform effective email empty encounter end endpoint "
    "entered enterer entity entry episode evaluate evaluated event everything evidence exact exclude expand "
    "expansion experimental expiration expiry export expunge ext external extract facility factor family "
    "fhirversion find finding focus for form format formula from function gaps gender general generate get "
    "given global goal graph graphql group guide has history holder id identified identifier immunization "
    "implements implicated import in incoming individual info information ingredient input inquire instance "
    "instantiates insurance insurer intended intent interpreter investigation issued issuer item iterate "
    "jurisdiction keyword kind label language last lastn lastupdated length lifecycle link list location "
    "lookup lot manager managing manifestation manufacturer match matches measure media medication medium "
    "member merge message meta method missing modality mode model modified monitoring monograph morphology "
    "name near network next not notes number occurrence of on onset operational operator oraldiet "
    "organization origin other outcome output override owned owner package parent part participant "
    "participating partof pass path patient payee payload payment payor perform performer performertype "
    "performing period phone phonetic policy poll populate populatehtml populatelink postalcode practitioner "
    "predecessor preferred prescriber prescription previous price primary principalinvestigator prior "
    "priority probability problem procedure process product profile program protocol provider publisher "
    "purge purpose quantity query question questionnaire reaction reason received receiver recipient "
    "recorded recorder ref reference referenceseqid referral referrer reindex reindexing related "
    "relatedperson relatesto relation relationship remove replaces reporter request requester requesting "
    "requestor requirements requisition resource resources response responsible responsibleparty result "
    "resultingcondition results risk role route schedule scope search section security sender sent series "
    "seriousness service setting severity sex signature signer site slot snapshot software source special "
    "specialty species specimen sponsor stage start started state stats status string study subdetail "
    "subject submit subscriber subscription subset substance subsumes subsumption subtype successor summary "
    "supplement supplements supplier support supported supporting system tag target team telecom tester "
    "testscript text time timestamp title to token topic totalgross totalnet transform translate trigger "
    "type udi undelete upload uri url use vaccine validate value valueset variant verification version "
    "versions view when whenhandedover whenprepared window ws";

constexpr auto web = sorted_words<count_words(of_the_web)>(of_the_web);
constexpr auto care = sorted_words<count_words(of_care)>(of_care);
constexpr auto fhir_words = sorted_words<count_words(of_fhir)>(of_fhir);

bool is_known(std::string_view word) {
    return (word.size() == 1 && is_letter(word.front())) || holds(web, word) || holds(care, word) ||
           holds(fhir_words, word);
}

bool is_small(char c) { return c >= 'a' && c <= 'z'; }

/// patientId, PatientList: the words that capitals begin.
bool is_known_in_parts(std::string_view letters) {
    while (!letters.empty()) {
        std::size_t end = 1;
        while (end < letters.size() && !(is_small(letters[end - 1]) && !is_small(letters[end]))) ++end;
        if (!is_known(letters.substr(0, end))) return false;
        letters.remove_prefix(end);
    }
    return true;
}

}   // namespace

bool has_known_words(std::string_view text) {
    bool has_word = false;
    while (!text.empty()) {
        const auto word = text.substr(0, text.find_first_of("-_.0123456789"));
        const bool is_told = word.empty() || is_known(word) || fhir::is_resource_type(word) ||
                             (std::ranges::all_of(word, is_letter) && is_known_in_parts(word));
        if (!is_told) return false;
        has_word = has_word || !word.empty();
        text.remove_prefix(std::min(word.size() + 1, text.size()));
    }
    return has_word;
}

bool has_few_digits(std::string_view text) { return std::ranges::count_if(text, is_digit) <= 2; }

}   // namespace ward::protocol::http
