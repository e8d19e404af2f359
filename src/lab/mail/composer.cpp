// SPDX-License-Identifier: Apache-2.0
#include "lab/mail/composer.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <iterator>

#include "core/text.hpp"
#include "lab/mail/attachments.hpp"
#include "lab/mail/message.hpp"

namespace ward::lab {
namespace {

using namespace std::chrono;

constexpr std::string_view link_mark = "\x01";

std::string letters_of(std::string_view text) {
    std::string out;
    for (const char c : lowered(text))
        if (c >= 'a' && c <= 'z') out += c;
    return out;
}

std::string name_of(const Person& person, Random& random) {
    if (!person.given.native.empty() && !person.family.native.empty() && random.chance(0.5))
        return fmt::format("{} {}", person.given.native, person.family.native);
    return fmt::format("{} {}", person.given.latin, person.family.latin);
}

/// Those who write to many at once do it by programs that say so.
bool is_by_program(const Party& writer) { return !writer.staff && !writer.checks; }

std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text)
        if (c == '&')
            out += "&amp;";
        else if (c == '<')
            out += "&lt;";
        else
            out += c;
    return out;
}

std::string file_stem(std::string_view subject) {
    std::string out;
    for (const char c : subject)
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'))
            out += c;
        else if (!out.empty() && out.back() != '_')
            out += '_';
    return out.substr(0, 30);
}

}   // namespace

std::string domain_of(const Mailbox& box) { return box.address.substr(box.address.find('@') + 1); }

Party Composer::of_staff(StaffId who) const {
    const auto& member = story_.hospital().at(who);
    // The same person is always written the same way.
    auto random = Random{4}.stream(place(member.person));
    const auto name = name_of(story_.hospital().town.at(member.person), random);
    return {{name, fmt::format("{}@{}", member.login, domain())}, who, std::nullopt};
}

Party Composer::of_house(std::string_view name, std::string_view local) const {
    return {{std::string{name}, fmt::format("{}@{}", local, domain())}, std::nullopt, std::nullopt};
}

Party Composer::of_firm(const Firm& firm, const Mailbox& box, Random& random) const {
    using enum Verdict;
    auto checks = firm.checks;
    if (random.chance(0.03)) checks = {fail, checks.dkim, checks.dkim};   // it came through a forwarder
    return {box, std::nullopt, checks};
}

std::optional<Party> Composer::of_patient(PatientId patient) const {
    using enum Verdict;
    constexpr std::array<std::string_view, 5> providers{
        "postbox.example", "mailhaven.example", "inboxly.example", "webpost.example", "homenet.example"};
    auto random = Random{3}.stream(place(story_.at(patient).person));
    if (random.chance(0.3)) return std::nullopt;
    const auto& person = story_.person_of(patient);
    const auto address =
        fmt::format("{}.{}{}@{}", letters_of(person.given.latin), letters_of(person.family.latin),
                    random.between(1, 99), random.pick(providers));
    const auto checks = random.chance(0.9) ? Checks{pass, pass, pass} : Checks{pass, none, none};
    return Party{{name_of(person, random), address}, std::nullopt, checks};
}

std::string Composer::signature(const Party& writer) {
    if (!writer.staff) return writer.box.name;
    const auto& hospital = story_.hospital();
    const auto& member = hospital.at(*writer.staff);
    switch (random_->between(0, 2)) {
        case 0: return std::string{hospital.person_of(*writer.staff).given.latin};
        case 1: return fmt::format("{}\n{}", writer.box.name, hospital.at(member.home).name);
        default:
            return fmt::format("{}\n{}, {}\n{}\nExtension {}", writer.box.name,
                               ward::lab::name_of(member.role), hospital.at(member.home).name, hospital.name,
                               member.number.substr(2));
    }
}

std::string Composer::link(const Talk& talk) {
    const auto domain = talk.link_domain.empty() ? domain_of(talk.writer.box) : talk.link_domain;
    const auto host = talk.topic->link.empty() ? std::string_view{"www"} : talk.topic->link;
    switch (random_->between(0, 3)) {
        case 0: return fmt::format("https://{}.{}/{:06x}", host, domain, random_->below(1 << 24));
        case 1:
            return fmt::format("https://{}.{}/view?id={}", host, domain, random_->between(1'000, 999'999));
        case 2: return fmt::format("https://{}/{}/{:010x}", domain, host, random_->next() >> 24);
        default:
            return fmt::format("https://{}.{}/r/{:08x}?u={:06x}", host, domain, random_->next() >> 32,
                               random_->below(1 << 24));
    }
}

std::string Composer::with_links(std::string text, const Talk& talk) {
    for (auto at = text.find(link_mark); at != std::string::npos; at = text.find(link_mark, at))
        text.replace(at, 1, link(talk));
    return text;
}

std::string Composer::html_of(std::string_view text, const Talk& talk) {
    std::string out{"<html><head><meta http-equiv=\"Content-Type\" content=\"text/html\"></head><body>\n<p>"};
    bool was_blank = true;
    while (!text.empty()) {
        const auto line = take_until(text, '\n');
        if (line.empty()) {
            out += "</p>\n<p>";
            was_blank = true;
            continue;
        }
        if (!was_blank) out += "<br>\n";
        was_blank = false;
        const auto at = line.find("https://");
        out += escaped(line.substr(0, at));
        if (at == std::string_view::npos) continue;
        const auto end = std::min(line.find(' ', at), line.size());
        const auto target = line.substr(at, end - at);
        const auto shown =
            random_->chance(0.5) ? escaped(target) : worded("{here|Open|Read more|Show}", *random_);
        out += fmt::format("<a href=\"{}\">{}</a>{}", escaped(target), shown, escaped(line.substr(end)));
    }
    if (talk.topic->link == "click")   // how newsletters see who reads them
        out += fmt::format("<img src=\"{}\" width=\"1\" height=\"1\">", link(talk));
    return out + "</p>\n</body></html>\n";
}

void Composer::enclose(Letter& letter, const Talk& talk) {
    const auto stem = file_stem(letter.subject);
    const auto add = [&](Attachment file) { letter.attachments.push_back(std::move(file)); };
    switch (talk.topic->enclosure) {
        case Enclosure::none: break;
        case Enclosure::paper: add(pdf_of(stem + ".pdf", letter.text)); break;
        case Enclosure::table: add(table_of(stem + ".csv", *random_)); break;
        case Enclosure::picture:
            add(photograph(worded("{photo|IMG|image}_<number>.png", *random_), *random_));
            break;
        case Enclosure::code:
            add(code_image(worded("{qr|code|qr-code|image<few>}.png", *random_), *random_));
            break;
        case Enclosure::invitation:
            add(invitation(letter.id, stem, floor<hours>(story_.now()) + hours{24 * random_->between(1, 9)}));
            break;
        case Enclosure::page: add(page_of("secure_message.html", "Secure message", link(talk))); break;
    }
}

/// Of servers outside a few have none.
bool has_tls(std::string_view domain) { return Random{6}.stream(domain).chance(0.85); }

Letter Composer::begun(const Talk& talk) {
    Letter letter;
    const auto& writer = talk.writer;
    const auto domain = domain_of(writer.box);
    letter.from = writer.box;
    for (const auto& reader : talk.readers) letter.to.push_back(reader.box);
    letter.reply_to = talk.reply_to;
    letter.id = message_id(domain, *random_);
    letter.checks = writer.checks;
    if (writer.checks) {
        letter.relay = fmt::format("out{}.{}", random_->between(1, 3), domain);
        letter.relay_address = address_of(letter.relay);
        letter.is_relayed_by_tls = has_tls(domain);
    } else {
        const auto& network = story_.network();
        const auto& device = network.at(
            writer.staff ? random_->pick(network.workstations_of(story_.hospital().at(*writer.staff).home))
                         : network.one_of(DeviceKind::ehr_server, 0));
        letter.relay = fmt::format("{}.{}", device.name, network.domain);
        letter.relay_address = to_text(device.address);
    }
    constexpr std::array<std::string_view, 4> programs{"", "Postbird 5.2", "Quill 16.0", "Mailroom 3.11"};
    const auto program = programs[Random{5}.stream(writer.box.address).below(programs.size())];
    if (!program.empty()) letter.fields.emplace_back("X-Mailer", program);
    return letter;
}

Letter Composer::open(const Talk& talk) {
    auto letter = begun(talk);
    auto slots = talk.slots;
    slots.emplace_back("link", link_mark);
    slots.emplace_back("sender", talk.writer.box.name);
    std::ranges::move(things_to_name(*random_), std::back_inserter(slots));
    letter.subject = worded(talk.topic->subject, *random_, slots);
    const auto& reader = talk.readers.front();
    const auto first = reader.box.name.substr(0, reader.box.name.find(' '));
    const auto greeting = talk.readers.size() > 1
                              ? worded("{Dear all|Hello all|Hello everybody|Dear colleagues},", *random_)
                              : worded("{Dear|Hello|Good morning} <name>,", *random_,
                                       {{"name", random_->chance(0.5) ? first : reader.box.name}});
    const std::string body{trimmed(with_links(worded(talk.topic->text, *random_, slots), talk))};
    letter.text =
        fmt::format("{}\n\n{}\n\n{}\n{}\n", greeting, body,
                    worded("{Best regards|Kind regards|Thanks|Best wishes|With regards},", *random_),
                    signature(talk.writer));
    const bool is_pretty = talk.topic->link == "click" || random_->chance(0.55);
    if (is_pretty) letter.html = html_of(letter.text, talk);
    if (random_->chance(talk.topic->enclosed)) enclose(letter, talk);
    if (is_by_program(talk.writer)) letter.fields.emplace_back("Auto-Submitted", "auto-generated");
    if (talk.topic->link == "click") {
        letter.fields.emplace_back("List-Id", fmt::format("<news.{}>", domain_of(talk.writer.box)));
        letter.fields.emplace_back("List-Unsubscribe", fmt::format("<{}>", link(talk)));
    }
    return letter;
}

Letter Composer::answer(const Talk& talk, std::string_view words) {
    auto letter = begun(talk);
    letter.references = talk.last.references;
    letter.references.push_back(talk.last.id);
    letter.subject = talk.last.subject.starts_with("Re: ") ? talk.last.subject : "Re: " + talk.last.subject;
    auto slots = talk.slots;
    slots.emplace_back("link", link_mark);
    letter.text = with_links(worded(words, *random_, slots), talk) + "\n\n" + signature(talk.writer) + "\n\n";
    letter.text +=
        fmt::format("On {}, {} wrote:\n", mail_date(story_.now()).substr(0, 16), talk.last.from.name);
    std::string_view left{talk.last.text};
    for (int lines = 0; !left.empty() && lines < 40; ++lines)
        letter.text += fmt::format("> {}\n", take_until(left, '\n'));
    if (random_->chance(0.4)) letter.html = html_of(letter.text, talk);
    return letter;
}

}   // namespace ward::lab
