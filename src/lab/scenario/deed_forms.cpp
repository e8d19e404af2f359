// SPDX-License-Identifier: Apache-2.0
#include "lab/scenario/deed_forms.hpp"

#include <algorithm>
#include <array>

#include "lab/network.hpp"
#include "lab/scenario/step_reader.hpp"

namespace ward::lab {
namespace {

using Words = std::span<const std::string_view>;

constexpr double minutes_max = 400 * 24 * 60;   // of as many days as a scenario may have
constexpr double day = 24 * 60 * 60;            // seconds
constexpr double acts_of_a_share =
    30'000;   // ten thousand files of the largest hospital, and what is done to each
constexpr double acts_of_a_worm = 20'000;   // of consoles that it has reached

constexpr auto ties = std::to_array<std::string_view>({"self", "household", "relative", "neighbour", "parted",
                                                       "namesake", "prominent", "colleague", "stranger"});
constexpr auto ties_or_emergency =
    std::to_array<std::string_view>({"self", "household", "relative", "neighbour", "parted", "namesake",
                                     "prominent", "colleague", "stranger", "patient-in-emergency"});
constexpr auto themes =
    std::to_array<std::string_view>({"password", "second-factor", "shared-paper", "invoice", "newsletter"});
constexpr auto senders =
    std::to_array<std::string_view>({"house", "firm", "firm-taken-over", "like-firm", "like-house"});
constexpr auto shares = std::to_array<std::string_view>({"office", "clinical", "archive"});
constexpr auto parts_of_directory =
    std::to_array<std::string_view>({"people", "computers", "units", "subnets", "groups", "trusts"});
constexpr auto vlans = std::to_array<std::string_view>({"servers", "workstations", "bedside", "imaging"});
constexpr auto partners =
    std::to_array<std::string_view>({"clearinghouse", "laboratory", "registry", "pharmacy", "any"});
constexpr auto own_or_elsewhere = std::to_array<std::string_view>({"own", "elsewhere"});
constexpr auto home_or_elsewhere = std::to_array<std::string_view>({"home", "elsewhere"});
constexpr auto here_or_elsewhere = std::to_array<std::string_view>({"here", "elsewhere"});
constexpr auto own_or_any = std::to_array<std::string_view>({"own", "any"});
constexpr auto broken_or_legal = std::to_array<std::string_view>({"broken", "legal"});
constexpr auto any_or_gently = std::to_array<std::string_view>({"any", "gently"});
constexpr auto itself_or_another = std::to_array<std::string_view>({"itself", "another"});
constexpr auto methods = std::to_array<std::string_view>({"RC4", "AES"});
constexpr auto silent_systems = std::to_array<std::string_view>({"LIS"});
constexpr auto brought_machines = std::to_array<std::string_view>({"infusion pump"});
constexpr auto senders_of_messages = std::to_array<std::string_view>(
    {"EHR server", "laboratory system", "PACS", "monitor gateway", "pump gateway"});

bool is_host(std::string_view text) {
    return text.size() <= 100 && text.ends_with(".example") && text.front() != '.' &&
           text.find("..") == std::string_view::npos &&
           text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789.-") == std::string_view::npos;
}

bool is_account(std::string_view text) {
    constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz0123456789.-_";
    return !text.empty() && text.size() <= 20 && text.find_first_not_of(letters) == std::string_view::npos;
}

bool is_technique(std::string_view text) {
    const auto are_digits = [](std::string_view part) {
        return part.find_first_not_of("0123456789") == std::string_view::npos;
    };
    if (text.size() != 5 && text.size() != 9) return false;
    return text[0] == 'T' && are_digits(text.substr(1, 4)) &&
           (text.size() == 5 || (text[5] == '.' && are_digits(text.substr(6))));
}

bool is_time(std::string_view text) { return parse_step_time(text).has_value(); }

Key role() { return needed(word_of("who", names_of_roles(), {}, "a role")); }
Key tie() { return needed(word_of("whom", ties, {}, "a tie")); }
Key machine(std::string_view name, std::string_view otherwise = {}) {
    return word_of(name, machine_kinds(), otherwise, "a kind of machine");
}
Key minutes(double otherwise) { return whole("minutes", 1, minutes_max, otherwise); }
Key seconds_apart(double otherwise) { return number("seconds_apart", 0.1, day, otherwise); }
Key site() { return whole("site", 1, 3, 1); }
Key host() {
    return text_that("host", is_host, "a name of small letters, digits, '-' and '.' that ends in .example");
}
Key shares_of() { return needed(words_of("shares", shares)); }
Key count() { return whole("count", 1, 2'000, 2); }

double few(const ScenarioStep&) { return 1; }
/// Each looks for somebody among all who ever were here.
double counted(const ScenarioStep& step) { return 10 * step.number("count"); }
double of_shares(const ScenarioStep& step) {
    return acts_of_a_share * static_cast<double>(1 + std::ranges::count(step.word("shares"), ' '));
}
double of_calls(double calls, double bytes) { return calls * (1 + bytes / 10e3); }
double of_sittings(const ScenarioStep& step) {
    return step.number("sittings") * (10 + 3 * (step.number("charts") + step.number("files")));
}
double of_sites(const ScenarioStep& step, double each) {
    return step.number("sites") * step.number("machines") * each;
}

std::vector<Key> with_sittings(std::vector<Key> keys) {
    for (const auto& key : {whole("sittings", 1, 500, 2), whole("minutes_between", 1, minutes_max, 150),
                            whole("charts", 0, 1'000, 8), whole("files", 0, 1'000, 4), seconds_apart(190)})
        keys.push_back(key);
    return keys;
}

std::vector<DeedForm> of_charts() {
    const auto screens = whole("screens", 1, 50, 4);
    const auto acts = [](const ScenarioStep& step) { return 3 * step.number("charts"); };
    return {
        {"look-up", Doer::none, {role(), tie(), screens}, few},
        {"care-for", Doer::none, {role(), tie(), whole("visits", 1, 100, 3)}, few},
        {"emergency-call", Doer::none, {whole("people", 1, 100, 8)}, few},
        {"break-glass",
         Doer::none,
         {role(), needed(word_of("whom", ties_or_emergency, {}, "a tie, or patient-in-emergency")), screens,
          sentence("reason")},
         few},
        {"harvest", Doer::none, {role(), whole("charts", 1, 20'000, 100), seconds_apart(10)}, acts},
        {"audit-round", Doer::none, {role(), whole("charts", 1, 20'000, 40), seconds_apart(10)}, acts},
        {"fall-silent", Doer::none, {needed(word_of("system", silent_systems)), minutes(60)}, few},
    };
}

std::vector<DeedForm> of_mail() {
    const auto readers = whole("readers", 1, 5'000, 20);
    const auto acts = [](const ScenarioStep& step) { return 2 * step.number("readers"); };
    return {
        {"send-mail",
         Doer::none,
         {label("as"), needed(word_of("theme", themes)), needed(word_of("sender", senders)), readers,
          minutes(30), whole("answers", 0, 5'000, 0)},
         acts},
        {"hijack-threads",
         Doer::none,
         {whole("threads", 1, 1'000, 4), minutes(30)},
         [](const ScenarioStep& step) { return 2 * step.number("threads"); }},
        {"announce-domain", Doer::none, {readers, minutes(30)}, acts},
    };
}

std::vector<DeedForm> of_files() {
    // What is copied to the archive from the archive would double it each time.
    const auto copied = needed(words_of("shares", Words{shares}.first(2)));
    return {
        {"steal-shares", Doer::account, {shares_of(), minutes(60)}, of_shares},
        {"back-up", Doer::none, {shares_of(), minutes(60)}, of_shares},
        {"migrate", Doer::account, {copied, minutes(60)}, of_shares},
        {"encrypt-share", Doer::account, {shares_of(), minutes(60)}, of_shares},
        {"protect-share", Doer::none, {shares_of(), minutes(60)}, of_shares},
        {"convert-share", Doer::none, {shares_of(), minutes(60)}, of_shares},
    };
}

std::vector<DeedForm> of_network() {
    return {
        {"call-home",
         Doer::machine,
         {host(), number("seconds_apart", 1, day, 60), number("jitter", 1, 10, 1.2), minutes(60),
          whole("bytes", 1, 1'000'000, 900)},
         [](const ScenarioStep& step) {
             return of_calls(step.number("minutes") * 60 / step.number("seconds_apart"),
                             step.number("bytes"));
         }},
        {"upload",
         Doer::machine,
         {host(), number("megabytes", 0.1, 2'000, 40), minutes(60), whole("parts", 1, 10'000, 40)},
         [](const ScenarioStep& step) {
             return of_calls(step.number("parts"), 0) + step.number("megabytes") * 100;
         }},
        {"sweep-port",
         Doer::machine,
         {whole("port", 1, 65'535, 445), minutes(5), whole("addresses", 1, 4'000), machine("among"),
          number("questions", 0, 1, 0)},
         [](const ScenarioStep&) { return 4'000.0; }},
        {"spread-worm",
         Doer::machine,
         {seconds_apart(2), whole("addresses", 1, 20'000, 400), whole("sleep_minutes", 0, 10'000, 20),
          minutes(180)},
         [](const ScenarioStep& step) { return step.number("addresses") + acts_of_a_worm; }},
        {"use-old-shares",
         Doer::machine,
         {needed(machine("with")), whole("times", 1, 5'000, 6), minutes(120)},
         [](const ScenarioStep& step) { return 3 * step.number("times"); }},
    };
}

/// Where programs are started and desks taken.
Key target_machine() {
    static const auto targets = [] {
        std::vector<std::string_view> all{machine_kinds().begin(), machine_kinds().end()};
        all.push_back("server");
        return all;
    }();
    return word_of("on", targets, "workstation", "a kind of machine, or server");
}

std::vector<DeedForm> of_domain() {
    const auto where = word_of("where", here_or_elsewhere, "here");
    return {
        {"ask-tickets",
         Doer::machine,
         {word_of("method", methods, "AES"), whole("tickets", 1, 10'000, 25), minutes(2)},
         [](const ScenarioStep& step) { return step.number("tickets"); }},
        {"survey-directory",
         Doer::machine,
         {words_of("parts", parts_of_directory, "people computers units subnets groups trusts"),
          whole("page", 1, 100'000, 1'000), seconds_apart(5)},
         [](const ScenarioStep& step) { return 6 * (1 + 3'000 / step.number("page")); }},
        {"start-programs",
         Doer::machine,
         {target_machine(), where, whole("machines", 1, 2'000, 1), minutes(20)},
         [](const ScenarioStep& step) { return 10 * step.number("machines"); }},
        {"take-desk",
         Doer::machine,
         {target_machine(), where, label("then_as"), whole("steps", 1, 2'000, 18)},
         [](const ScenarioStep& step) { return step.number("steps"); }},
    };
}

std::vector<DeedForm> of_devices() {
    const auto by_commands = [](const ScenarioStep& step) { return step.number("commands"); };
    return {
        {"speak-to-pumps",
         Doer::machine,
         {whole("pumps", 1, 2'000, 8), number("commands", 0, 1, 0), number("discovery", 0, 1, 0.7),
          minutes(30)},
         [](const ScenarioStep& step) { return 6 * step.number("pumps"); }},
        {"bring-pump", Doer::none, {needed(word_of("machine", brought_machines)), site()}, few},
        {"move-gateway", Doer::machine_if_any, {minutes(90), whole("commands", 0, 5'000, 0)}, by_commands},
        {"change-library", Doer::machine_if_any, {minutes(240)}, few},
        {"search-archive",
         Doer::machine,
         {whole("searches", 0, 1'000, 3), whole("studies", 0, 2'000, 6), number("elsewhere", 0, 1, 0.2),
          minutes(30)},
         [](const ScenarioStep& step) { return 6 * step.number("searches") + 30 * step.number("studies"); }},
        {"disturb-archive",
         Doer::machine,
         {needed(word_of("how", broken_or_legal)), whole("associations", 1, 5'000, 10), minutes(30)},
         [](const ScenarioStep& step) { return step.number("associations"); }},
    };
}

std::vector<DeedForm> of_messages() {
    return {
        {"forge-merges", Doer::machine, {count(), minutes(60)}, counted},
        {"forge-results", Doer::machine, {count(), minutes(60)}, counted},
        {"merge-records", Doer::none, {count(), minutes(60)}, counted},
        {"correct-results", Doer::none, {count(), minutes(60)}, counted},
        {"stand-in",
         Doer::none,
         {needed(word_of("machine", senders_of_messages)), site(), word_of("by", itself_or_another, "itself"),
          minutes(30)},
         few},
        {"send-oddly", Doer::machine, {count(), minutes(60)}, counted},
        {"file-documents", Doer::none, {count(), minutes(60)}, counted},
        {"break-trail", Doer::machine, {word_of("how", any_or_gently, "any"), count(), minutes(60)}, counted},
    };
}

std::vector<DeedForm> of_partners() {
    const auto partner = word_of("partner", partners, "any");
    return {
        {"lose-partner", Doer::none, {label("as"), partner, minutes(600)}, few},
        {"pause-partner", Doer::none, {label("as"), partner, minutes(600)}, few},
        {"move-partner", Doer::none, {label("as"), partner}, few},
        {"call-as-partner",
         Doer::none,
         {label("as"), partner, word_of("from", own_or_elsewhere, "own"), whole("calls", 1, 10'000, 20),
          minutes(60), number("kilobytes_sent", 0.1, 10'000, 9),
          number("kilobytes_received", 0.1, 10'000, 6)},
         [](const ScenarioStep& step) {
             return of_calls(step.number("calls"),
                             1e3 * (step.number("kilobytes_sent") + step.number("kilobytes_received")));
         }},
    };
}

std::vector<DeedForm> of_vendors() {
    const auto sites = whole("sites", 1, 3, 1);
    const auto machines = whole("machines", 1, 500, 3);
    return {
        {"vendor-visit",
         Doer::none,
         {label("as"), site(), sites, whole("minutes_between", 0, 10'000, 60),
          word_of("from", own_or_elsewhere, "own"), machines, word_of("machines_of", own_or_any, "own"),
          whole("minutes", 1, 1'000, 25)},
         [](const ScenarioStep& step) { return of_sites(step, step.number("minutes")); }},
        {"call-new-site",
         Doer::none,
         {label("as"), site(), sites, machines, whole("calls", 1, 10'000, 12),
          number("seconds_apart", 1, day, 900), minutes(60), whole("bytes", 1, 1'000'000, 1'000)},
         [](const ScenarioStep& step) {
             return of_sites(step, of_calls(step.number("calls"), step.number("bytes")));
         }},
    };
}

std::vector<DeedForm> of_laptops() {
    const auto from = word_of("from", home_or_elsewhere, "elsewhere");
    const auto after = [](std::string_view name, double otherwise) {
        return whole(name, 1, minutes_max, otherwise);
    };
    return {
        {"steal-laptop", Doer::none, with_sittings({role(), after("report_after_minutes", 480)}),
         of_sittings},
        {"work-from-outside", Doer::none, with_sittings({role(), from}), of_sittings},
        {"miss-laptop", Doer::none, with_sittings({role(), after("found_after_minutes", 300)}), of_sittings},
        {"replace-laptop", Doer::none, with_sittings({role(), after("after_minutes", 240)}), of_sittings},
    };
}

}   // namespace

std::span<const std::string_view> machine_kinds() {
    static const auto kinds = [] {
        std::vector<std::string_view> all;
        for (int i = 0; i < static_cast<int>(DeviceKind::router); ++i)
            if (static_cast<DeviceKind>(i) != DeviceKind::ward_vault)
                all.push_back(name_of(static_cast<DeviceKind>(i)));
        return all;
    }();
    return kinds;
}

std::span<const DeedForm> deed_forms() {
    static const auto all = [] {
        std::vector<DeedForm> forms;
        for (const auto& some : {of_charts(), of_mail(), of_files(), of_network(), of_domain(), of_devices(),
                                 of_messages(), of_partners(), of_vendors(), of_laptops()})
            forms.insert(forms.end(), some.begin(), some.end());
        return forms;
    }();
    return all;
}

const DeedForm* deed_form_named(std::string_view name) {
    const auto found = std::ranges::find(deed_forms(), name, &DeedForm::name);
    return found == deed_forms().end() ? nullptr : &*found;
}

std::span<const Key> keys_of(Doer doer) {
    static const std::vector<Key> keys{
        word_of("who", names_of_roles(), {}, "a role"),
        machine("machine"),
        word_of("newcomer", vlans),
        text_that("account", is_account, "small letters, digits, '.', '-' and '_', at most 20"),
        label("as"),
        site()};
    return doer == Doer::none ? std::span<const Key>{} : keys;
}

std::span<const Key> keys_of_steps() {
    static const auto deeds = [] {
        std::vector<std::string_view> names;
        for (const auto& form : deed_forms()) names.push_back(form.name);
        return names;
    }();
    static const std::vector<Key> keys{
        needed(label("id")),
        needed(word_of("do", deeds, {}, "a deed")),
        truth("attack"),
        needed(text_that("at", is_time, "a day from 1 on and a time, such as \"2d 10:30\"")),
        whole("jitter_minutes", 0, 1'440, 0),
        needed(label("find")),
        whole("within_minutes", 1, minutes_max),
        truth("due_from_first"),
        text_that("technique", is_technique, "such as T1213 or T1566.002")};
    return keys;
}

std::span<const WordList> word_lists() {
    static const std::array<WordList, 3> lists{
        {{"role", names_of_roles()}, {"kind of machine", machine_kinds()}, {"tie", ties}}};
    return lists;
}

}   // namespace ward::lab
