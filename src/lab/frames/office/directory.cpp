// SPDX-License-Identifier: Apache-2.0
#include "lab/frames/office/directory.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "lab/frames/office/spnego.hpp"

namespace ward::lab {
namespace {

constexpr std::uint16_t ldap_port = 389;
constexpr std::size_t page_entries = 100;
constexpr std::size_t copied_max = 400;   // most systems copy a part of the tree

}   // namespace

/// One connection, on which messages are numbered.
class Directory::Talk {
public:
    Talk(Directory& directory, const Account& account)
        : directory_(directory),
          account_(account),
          server_(directory.wires_.server(DeviceKind::domain_controller, account.device.site)),
          line_(directory.wires_.line(account.device, server_, ldap_port)) {}

    /// What anybody may ask a server: RFC 4512, 5.1.
    Moment ask_about_server(Moment at) {
        const LdapSearch search{.filter = ldap_present("objectClass"),
                                .attributes = {"subschemaSubentry", "dnsHostName", "defaultNamingContext",
                                               "supportedSASLMechanisms", "supportedCapabilities"}};
        const LdapEntry entry{
            .attributes = {{"dnsHostName", {directory_.wires_.full_name(server_)}},
                           {"defaultNamingContext", {directory_.root()}},
                           {"supportedSASLMechanisms", {"GSSAPI", "GSS-SPNEGO", "EXTERNAL", "DIGEST-MD5"}}}};
        return ask(search, {entry}, at);
    }
    Moment bind(Moment at) {
        const auto name = directory_.wires_.full_name(server_);
        const auto& domain = directory_.wires_.network().domain;
        const auto shown = directory_.tickets_.show(account_, {"ldap", name, domain});
        ++message_;
        at = line_.send(Side::client, ldap_bind(message_, spnego_first(shown)), at);
        return line_.send(Side::server, ldap_bound(message_, spnego_done(directory_.tickets_.shown())),
                          at + milliseconds_of(directory_.random_->around(1.4, 1.7)));
    }
    Moment ask(const LdapSearch& search, const std::vector<LdapEntry>& entries, Moment at,
               std::string_view cookie = {}) {
        ++message_;
        at = line_.send(Side::client, ldap_search(message_, search), at);
        Buffer answer;
        for (const auto& entry : entries) append(answer, ldap_entry(message_, entry));
        append(answer, ldap_done(message_, search, cookie));
        return line_.send(Side::server, answer, at + milliseconds_of(directory_.random_->around(0.9, 1.8)));
    }
    Moment end(Moment at) {
        at = line_.send(Side::client, ldap_unbind(++message_), at);
        return line_.close(Side::client, at);
    }

private:
    Directory& directory_;
    const Account& account_;
    const Device& server_;
    TcpLine line_;
    int message_ = 0;
};

std::string Directory::root() const {
    std::string root = "DC=" + wires_.network().domain;
    if (const auto dot = root.find('.'); dot != std::string::npos) root.replace(dot, 1, ",DC=");
    return root;
}

LdapEntry Directory::entry_of(StaffId who) const {
    const auto& hospital = wires_.story().hospital();
    const auto& member = hospital.at(who);
    const auto& department = hospital.at(member.home);
    const auto& person = hospital.person_of(who);
    const auto name = fmt::format("{} {}", person.given.latin, person.family.latin);
    const auto group_name = [&](std::string_view group) {
        return fmt::format("CN={},OU=Groups,{}", group, root());
    };
    return {.name = fmt::format("CN={},OU={},OU=Staff,{}", name, department.code, root()),
            .attributes = {{"sAMAccountName", {member.login}},
                           {"displayName", {name}},
                           {"mail", {fmt::format("{}@{}", member.login, wires_.network().domain)}},
                           {"department", {department.name}},
                           {"employeeID", {member.number}},
                           {"memberOf", {group_name(department.code), group_name(name_of(member.role))}}}};
}

Moment Directory::look_up(const Account& account, StaffId who, Moment at) {
    Talk talk{*this, account};
    if (random_->chance(0.7)) at = talk.ask_about_server(at);
    at = talk.bind(at) + milliseconds_of(random_->around(2, 2));
    const LdapSearch person{.under = root(),
                            .scope = LdapScope::subtree,
                            .filter = ldap_all({ldap_equal("objectCategory", "person"),
                                                ldap_equal("sAMAccountName", account.login)}),
                            .attributes = {"displayName", "memberOf", "mail", "department", "employeeID"}};
    at = talk.ask(person, {entry_of(who)}, at) + milliseconds_of(random_->around(3, 2.5));
    const LdapSearch policies{.under = "CN=Policies,CN=System," + root(),
                              .scope = LdapScope::one_level,
                              .filter = ldap_equal("objectClass", "groupPolicyContainer"),
                              .attributes = {"gPCFileSysPath", "versionNumber", "flags"}};
    std::vector<LdapEntry> found;
    for (int left = random_->between(1, 4); left > 0; --left) {
        const auto id = fmt::format("{{{:08X}-7B1D-4E55-9D1C-{:012X}}}", random_->below(12) * 0x1a2b3c4d,
                                    random_->below(12) * 0x31415926);
        found.push_back(
            {.name = fmt::format("CN={},{}", id, policies.under),
             .attributes = {{"versionNumber", {std::to_string(random_->between(1, 90))}}, {"flags", {"0"}}}});
    }
    if (random_->chance(0.6)) at = talk.ask(policies, found, at);
    return talk.end(at + milliseconds_of(random_->around(400, 3)));
}

void Directory::begin() {
    const auto& devices = wires_.network().devices;
    for (std::uint32_t i = 0; i < devices.size(); ++i) {
        const auto kind = devices[i].kind;
        if (kind != DeviceKind::ehr_server && kind != DeviceKind::mail_server) continue;
        const DeviceId id{i};
        wires_.story().agenda().in(seconds_of(random_->uniform() * 10'800), [this, id] { copy_again(id); });
    }
}

void Directory::copy_again(DeviceId system) {
    const auto& device = wires_.network().at(system);
    copy_all({device, "svc-" + device.name}, wires_.story().now());
    wires_.story().agenda().in(seconds_of(random_->around(10'800, 1.1)),
                               [this, system] { copy_again(system); });
}

/// Everybody, a page at a time: who looks for nothing else looks alike.
Moment Directory::copy_all(const Account& account, Moment at) {
    at = tickets_.sign_in(account, at);
    Talk talk{*this, account};
    at = talk.bind(at);
    LdapSearch search{
        .under = "OU=Staff," + root(),
        .scope = LdapScope::subtree,
        .filter = ldap_all({ldap_equal("objectCategory", "person"), ldap_equal("objectClass", "user")}),
        .attributes = {"sAMAccountName", "displayName", "mail", "department", "memberOf"},
        .page = static_cast<int>(page_entries)};
    std::vector<LdapEntry> entries;
    const auto count = std::min(copied_max, wires_.story().hospital().staff.size());
    for (std::uint32_t i = 0; i < count; ++i) entries.push_back(entry_of(StaffId{i}));
    at = read_pages(talk, std::move(search), entries, at);
    return talk.end(at);
}

Moment Directory::read_pages(Talk& talk, LdapSearch search, const std::vector<LdapEntry>& entries,
                             Moment at) {
    const auto size = static_cast<std::size_t>(search.page);
    std::size_t first = 0;
    do {
        const auto last = std::min(entries.size(), first + size);
        const std::vector<LdapEntry> page(entries.begin() + static_cast<std::ptrdiff_t>(first),
                                          entries.begin() + static_cast<std::ptrdiff_t>(last));
        const auto cookie = last < entries.size() ? fmt::format("{:016x}", first + 0x5a00'0000) : "";
        at = talk.ask(search, page, at, cookie) + milliseconds_of(random_->around(20, 2));
        search.cookie = cookie;
        first = last;
    } while (first < entries.size());
    return at;
}

// MS-ADTS 3.1.1.2.4 has the classes; 6.1.1.2.2.2 the subnets.
std::vector<LdapEntry> Directory::entries_of(DirectoryPart part, int site) const {
    using enum DirectoryPart;
    const auto& story = wires_.story();
    std::vector<LdapEntry> entries;
    const auto add = [&](std::string_view name, std::string_view under, std::string_view kind) {
        if (entries.size() < copied_max)
            entries.push_back({.name = fmt::format("{},{}", name, under),
                               .attributes = {{"objectClass", {"top", std::string{kind}}},
                                              {"whenCreated", {"20190411081530.0Z"}},
                                              {"instanceType", {"4"}}}});
    };
    if (part == people)
        for (std::uint32_t i = 0; i < std::min(copied_max, story.hospital().staff.size()); ++i)
            entries.push_back(entry_of(StaffId{i}));
    for (const auto& device : wires_.network().devices) {
        const bool is_member = device.vlan == Vlan::servers || device.kind == DeviceKind::workstation;
        if (part != computers || !is_member) continue;
        add("CN=" + device.name, "CN=Computers," + root(), "computer");
        if (entries.size() < copied_max)
            entries.back().attributes.push_back({"dNSHostName", {wires_.full_name(device)}});
    }
    for (const auto& department : story.hospital().departments) {
        if (part == units) add("OU=" + department.code, "OU=Staff," + root(), "organizationalUnit");
        if (part == groups) add("CN=" + department.code, "OU=Groups," + root(), "group");
    }
    for (std::uint32_t block = 0; part == subnets && block < static_cast<std::uint32_t>(Vlan::edge); ++block)
        add(fmt::format("CN=10.{}.{}.0/20", 20 + site, 16 * block),
            "CN=Subnets,CN=Sites,CN=Configuration," + root(), "subnet");
    if (part == trusts && story.hospital().size == Size::group)
        add("CN=partners.example", "CN=System," + root(), "trustedDomain");
    return entries;
}

Moment Directory::survey(const Account& account, const DirectorySurveyed& survey, Moment at) {
    using enum DirectoryPart;
    const auto category = [](std::string_view name) { return ldap_equal("objectCategory", name); };
    LdapSearch search{.under = root(), .scope = LdapScope::subtree, .page = survey.page};
    switch (survey.part) {
        case people: search.filter = category("person"); break;
        case computers: search.filter = category("computer"); break;
        case units: search.filter = category("organizationalUnit"); break;
        case groups: search.filter = category("group"); break;
        case trusts: search.filter = ldap_equal("objectClass", "trustedDomain"); break;
        case subnets:
            search.filter = category("subnet");
            search.under = "CN=Subnets,CN=Sites,CN=Configuration," + root();
    }
    Talk talk{*this, account};
    if (random_->chance(0.8)) at = talk.ask_about_server(at);
    at = talk.bind(at) + milliseconds_of(random_->around(2, 2));
    at = read_pages(talk, std::move(search), entries_of(survey.part, account.device.site), at);
    return talk.end(at);
}

}   // namespace ward::lab
