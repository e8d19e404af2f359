// SPDX-License-Identifier: Apache-2.0
// Whoever takes the disk, or reads the logs, learns nothing of what was stored or asked.
//
// What is looked for: every string of the input of at least 6 bytes, whatever it means (names, identifiers,
// addresses, telephone numbers, birth dates, codes, narratives and their text, notes), and what the
// attachments hold when they are decoded. Long ones are cut into pieces. Left out, for the encoding in which
// it stands there, is what is in the programs themselves or in the files of a Ward that holds nothing: words
// of FHIR and addresses of its definitions in their tables are no patient's. LeakScanner has the encodings.
#include <cctype>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <set>

#include "core/scratch_folder.hpp"
#include "tests/attacks/attack.hpp"
#include "tests/attacks/leak_scanner.hpp"
#include "tests/running_ward.hpp"

namespace ward::attacks {
namespace {

using ::testing::IsEmpty;

/// The text between tags.
void add_without_tags(LeakScanner& scanner, std::string_view markup) {
    while (!markup.empty()) {
        scanner.add(markup.substr(0, markup.find('<')));
        const auto end = markup.find('>');
        markup.remove_prefix(end == std::string_view::npos ? markup.size() : end + 1);
    }
}

void add_texts(LeakScanner& scanner, std::string_view name, json::Value value) {
    if (value.is_string()) {
        scanner.add(value.text());
        if (name == "div") add_without_tags(scanner, value.text());
        if (name == "data" || name.ends_with("Base64Binary"))
            if (const auto decoded = from_base64(value.text())) scanner.add(as_text(*decoded));
    }
    for (const auto item : value.items()) add_texts(scanner, name, item);
    for (const auto member : value.members()) add_texts(scanner, member.key, member.value);
}

struct Person {
    std::string family, given, born, identifier, street, phone;
};

Person person_of(json::Value patient) {
    Person person;
    person.born = patient["birthDate"].text();
    for (const auto name : patient["name"].items()) {
        person.family = name["family"].text();
        for (const auto given : name["given"].items()) person.given = given.text();
    }
    for (const auto identifier : patient["identifier"].items())
        person.identifier = identifier["value"].text();
    for (const auto address : patient["address"].items())
        for (const auto line : address["line"].items()) person.street = line.text();
    for (const auto telecom : patient["telecom"].items()) person.phone = telecom["value"].text();
    return person;
}

std::string escaped(std::string_view text) {
    std::string form;
    for (const char c : text)
        form += std::isalnum(static_cast<unsigned char>(c)) != 0
                    ? std::string{c}
                    : fmt::format("%{:02X}", static_cast<unsigned char>(c));
    return form;
}

class StolenDisk : public testing::Test {
protected:
    ~StolenDisk() override { ::unsetenv("TMPDIR"); }

    void SetUp() override {
        const auto fhir = shared_fhir();
        if (!fhir) GTEST_SKIP() << "needs the shared FHIR data";
        bundles_ = json_files(*fhir / "synthea");   // the hospitals and practitioners are named to come first
        examples_ = json_files(*fhir / "examples");
        std::filesystem::create_directories(folder_ / "temporary");
        ::setenv("TMPDIR", (folder_ / "temporary").c_str(), 1);   // what the programs put there is looked at
        start();
        collect();
    }

    void start() {
        auto started = RunningWard::start(
            {.programs = programs_folder(), .folder = folder_ / "ward", .log = folder_ / "log"});
        ASSERT_TRUE(started) << started.error().what;
        ward_ = *std::move(started);
        token_ = ward_->token();
    }

    void collect() {
        for (const auto* files : {&bundles_, &examples_})
            for (const auto& file : *files) {
                const auto document = json::Document::parse(read_whole(file));
                ASSERT_TRUE(document) << file;
                add_texts(scanner_, {}, document->root());
                for (const auto entry : (*document)["entry"].items())
                    if (entry["resource"]["resourceType"].text() == "Patient" && people_.size() < 5)
                        people_.push_back(person_of(entry["resource"]));
            }
        scanner_.prepare();
        std::size_t words = 0;
        for (const auto* program : {"ward", "ward-keys", "ward-vault"})
            words += scanner_.allow(read_whole(programs_folder() / program));
        // Its database has a catalogue of its tables.
        for (const auto& content : files()) words += scanner_.allow(content);
        fmt::print("{} texts; {} are Ward's own words\n", scanner_.texts(), words);
    }

    void store_everything() {
        std::vector<std::string> files;
        for (const auto& file : bundles_) files.push_back(file.string());
        const auto imported = ward_->run({"import"}, files);
        ASSERT_EQ(imported.exit, 0) << imported.output;
        said_ += imported.output;
        auto client = *ward_->connect();
        for (const auto& file : examples_) {
            const auto text = read_whole(file);
            const auto resource = json::Document::parse(text);
            const auto path =
                fmt::format("/{}/{}", (*resource)["resourceType"].text(), (*resource)["id"].text());
            const auto stored = RunningWard::send(client, token_, http::Method::put, path, text);
            ASSERT_TRUE(stored) << file << stored.error().what;
            EXPECT_EQ(stored->status, 201) << file << " " << refusal_in(*stored);
        }
    }

    int ask(http::Method method, const std::string& path, const std::string& body = {},
            const std::vector<http::Header>& headers = {}) {
        auto client = ward_->connect();
        const auto answer = RunningWard::send(*client, token_, method, path, body, headers);
        if (!answer) return 0;
        last_ = answer->body;
        return answer->status;
    }

    std::string first_match() const {
        const auto bundle = json::Document::parse(last_);
        for (const auto entry : (*bundle)["entry"].items())
            return std::string{entry["resource"]["id"].text()};
        return {};
    }

    /// As care asks, with what patients are called in addresses and in bodies.
    void ask_for(const Person& person) {
        using enum http::Method;
        const std::vector<http::Header> form{{"Content-Type", "application/x-www-form-urlencoded"}};
        const auto name = fmt::format("family={}&given={}&birthdate={}", escaped(person.family),
                                      escaped(person.given), escaped(person.born));
        EXPECT_EQ(ask(get, "/Patient?" + name), 200);
        const auto id = first_match();
        EXPECT_FALSE(id.empty());
        EXPECT_EQ(ask(post, "/Patient/_search", name, form), 200);
        EXPECT_EQ(first_match(), id);
        EXPECT_EQ(ask(get, "/Patient?identifier=" + escaped(person.identifier)), 200);
        EXPECT_EQ(ask(get, "/Patient/" + id), 200);
        EXPECT_EQ(ask(get, "/Patient/" + id + "/_history/1"), 200);
        EXPECT_EQ(ask(get, "/Patient/" + id + "/_history"), 200);
        EXPECT_EQ(ask(get, "/Patient/" + id + "/$everything"), 200);
        EXPECT_EQ(ask(post, "/Observation/_search", "patient=" + id + "&code=8302-2", form), 200);
    }

    /// What goes wrong tempts a program to say what it was about.
    void ask_wrongly_for(const Person& person) {
        using enum http::Method;
        const auto name = escaped(person.family);
        const std::vector<http::Header> form{{"Content-Type", "application/x-www-form-urlencoded"}};
        EXPECT_EQ(ask(get, "/Patient?nickname=" + name), 400);
        EXPECT_EQ(ask(get, "/Patient?birthdate=" + name), 400);
        EXPECT_EQ(ask(get, "/Patient?" + name + "=1"), 400);
        EXPECT_EQ(ask(get, "/Observation?subject.nickname=" + name), 400);
        EXPECT_EQ(ask(get, "/" + name), 404);
        EXPECT_EQ(ask(get, "/Patient/" + name + "-" + escaped(person.street)), 404);
        EXPECT_EQ(ask(put, "/Patient/" + name, R"({"resourceType":"Patient","id":"other"})"), 400);
        EXPECT_EQ(ask(post, "/Patient/_search", "family=%zz" + name, form), 400);
        EXPECT_EQ(ask(post, "/Patient", R"({"resourceType":"Patient","name":[{"family":")" + person.family),
                  400);
        EXPECT_EQ(ask(post, "/Patient", person.street + ", " + person.phone), 400);
        EXPECT_EQ(ask(post, "/Patient", R"({"resourceType":"Patient"})", {{"If-None-Exist", "x=" + name}}),
                  400);
        EXPECT_GE(ask(get, "/Patient?name=a b " + person.family), 400) << "no request line of HTTP";
        EXPECT_EQ(ask(get, "/metadata", {}, {{"X-Name", person.family}}), 200);
        const auto token = std::exchange(token_, person.family);
        EXPECT_EQ(ask(get, "/Patient"), 401);
        token_ = token;
    }

    /// Name and content of every file that is there now but the passphrase.
    std::vector<std::string> files() const {
        std::vector<std::string> contents;
        for (const auto& file : std::filesystem::recursive_directory_iterator{folder_.path()}) {
            if (!file.is_regular_file() || file.path().filename() == "passphrase") continue;
            const auto name = std::filesystem::relative(file.path(), folder_.path()).string();
            contents.push_back(name + "\n" + read_whole(file.path()));
        }
        return contents;
    }

    /// SQLite's index of its log (-shm) holds nothing but page and frame numbers, of 16 bits each and
    /// counting up (sqlite.org/walformat.html): as UTF-16 some read as a run of digits.
    static bool is_counting(const std::string& content, const Leak& leak) {
        const bool is_utf16 =
            leak.encoding == Encoding::utf16_little_endian || leak.encoding == Encoding::utf16_big_endian;
        const bool is_number = leak.text.find_first_not_of("0123456789") == std::string::npos;
        return content.substr(0, content.find('\n')).ends_with("-shm") && is_utf16 && is_number;
    }

    /// Gives how many bytes there are.
    std::size_t expect_no_leak(const std::string& when) const {
        std::size_t bytes = 0;
        for (const auto& content : files()) {
            bytes += content.size();
            for (const auto& leak : scanner_.scan(content))
                if (!is_counting(content, leak))
                    ADD_FAILURE() << when << ": " << content.substr(0, content.find('\n')) << " holds '"
                                  << leak.text << "' in encoding " << static_cast<int>(leak.encoding)
                                  << " at " << leak.offset;
        }
        return bytes;
    }

    const ScratchFolder folder_;
    std::vector<std::filesystem::path> bundles_, examples_;
    std::unique_ptr<RunningWard> ward_;
    std::string token_, said_, last_;
    LeakScanner scanner_;
    std::vector<Person> people_;
};

TEST_F(StolenDisk, TellsNothingOfWhatWasStoredOrAsked) {
    store_everything();
    ASSERT_EQ(people_.size(), 5U);
    for (const auto& person : people_) ask_for(person);
    for (const auto& person : people_) ask_wrongly_for(person);
    EXPECT_TRUE(std::filesystem::exists(ward_->data() / "vault/records.db-wal"));
    const auto running = expect_no_leak("while it runs");
    ward_->kill();
    expect_no_leak("after a crash");
    start();
    const auto verified = ward_->run({"ledger", "verify"});
    EXPECT_EQ(verified.exit, 0);
    ward_->stop();
    const auto stopped = expect_no_leak("after it stopped");
    said_ += verified.output + ward_->said();
    EXPECT_THAT(scanner_.scan(said_), IsEmpty());
    EXPECT_THAT(scanner_.scan(read_whole(bundles_.back()), 100), ::testing::SizeIs(100))
        << "finds what is there";
    fmt::print("{} bytes while it ran, {} after\n", running, stopped);
}

}   // namespace
}   // namespace ward::attacks
