// SPDX-License-Identifier: Apache-2.0
// Whatever somebody writes into a column of records.db while the vault runs, each request is answered, and
// feeds go on.
#include <array>
#include <optional>

#include "feeds/ward_test.hpp"

namespace ward::feeds {
namespace {

constexpr auto house = R"(ward policy 1
relation in-care is Encounter?participant={me}
role nurse may read, search, create, update, delete everything of patients in-care
role nurse may read, search everything of no patient
role nurse may break the glass for BTG during 60 minutes with review within 24 hours
role nurse may review broken glass
)";

enum class Kind { number, bytes, text, key };

/// What is altered; an empty name stands for rows that are taken away.
struct Column {
    std::string_view table;
    std::string_view name;
    Kind kind;
};
constexpr std::array columns{
    Column{"version", "", Kind::bytes},
    Column{"version", "seq", Kind::key},
    Column{"version", "record", Kind::bytes},
    Column{"version", "number", Kind::number},
    Column{"version", "type", Kind::number},
    Column{"version", "change", Kind::number},
    Column{"version", "time", Kind::number},
    Column{"version", "owner", Kind::bytes},
    Column{"version", "key", Kind::bytes},
    Column{"version", "commitment", Kind::bytes},
    Column{"version", "tokens", Kind::bytes},
    Column{"version", "sealed", Kind::bytes},
    Column{"token", "", Kind::bytes},
    Column{"token", "seq", Kind::key},
    Column{"token", "token", Kind::key},
    Column{"checkpoint", "", Kind::bytes},
    Column{"checkpoint", "size", Kind::number},
    Column{"checkpoint", "note", Kind::text},
    Column{"arrival", "", Kind::bytes},
    Column{"arrival", "seq", Kind::key},
    Column{"arrival", "done", Kind::number},
    Column{"arrival", "feed", Kind::text},
    Column{"arrival", "unmapped", Kind::number},
    Column{"indexed", "since", Kind::number},
};

/// What such a column is made to hold; "other" stands for what another row has there.
std::vector<std::string> values_of(const Column& column) {
    if (column.name.empty()) return {""};
    switch (column.kind) {
        case Kind::number:
        case Kind::key:
            return {
                "other", "0", "1", "-1", "999", "70000", "9223372036854775807", "-9223372036854775807 - 1"};
        case Kind::bytes:
            return {"other",           "x''", "x'00'", "zeroblob(16)", "zeroblob(32)", "randomblob(16)",
                    "randomblob(1009)"};
        case Kind::text: break;
    }
    return {"''", "char(10, 1, 1114111)", "hex(zeroblob(100000))"};
}

/// Values of the store, for as long as they are wrong: every third one, or of a key a single one.
class Alteration {
public:
    Alteration(store::Database& database, const Column& column, const std::string& value, unsigned third)
        : database_(database), column_(column), key_(column.table == "token" ? "token, seq" : "rowid, 0") {
        const auto& [table, name, kind] = column;
        const bool is_key = kind == Kind::key;
        const auto number = table == "token" ? "abs(token + seq)" : "rowid";
        const auto rows =
            is_key ? fmt::format("({0}) = (SELECT {0} FROM {1} WHERE {2} % 3 = {3} LIMIT 1 OFFSET 7)", key_,
                                 table, number, third)
                   : fmt::format("{} % 3 = {}", number, third);
        const auto other = fmt::format("(SELECT {} FROM {} LIMIT 1 OFFSET {})", name, table, 11 + third);
        what_ = name.empty() ? fmt::format("DELETE FROM {} WHERE {}", table, rows)
                             : fmt::format("UPDATE OR IGNORE {} SET {} = {} WHERE {}", table, name,
                                           value == "other" ? other : value, rows);
        execute(fmt::format("CREATE TEMP TABLE kept AS SELECT * FROM {} WHERE {}", table, rows));
        auto change = database.prepare(is_key ? fmt::format("{} RETURNING {}", what_, key_) : what_);
        while (change && change->step().value_or(false))
            if (is_key) moved_ = {change->integer(0), change->integer(1)};
    }
    ~Alteration() {
        if (moved_)
            execute(fmt::format("DELETE FROM {} WHERE ({}) = ({}, {})", column_.table, key_, moved_->first,
                                moved_->second));
        execute(fmt::format("INSERT OR REPLACE INTO {} SELECT * FROM kept", column_.table));
        execute("DROP TABLE kept");
    }
    Alteration(const Alteration&) = delete;
    Alteration& operator=(const Alteration&) = delete;

    const std::string& what() const { return what_; }

private:
    void execute(const std::string& sql) {
        const auto done = database_.execute(sql);
        EXPECT_TRUE(done) << sql << ": " << done.error().what;
    }

    store::Database& database_;
    const Column& column_;
    std::string key_;
    std::string what_;
    std::optional<std::pair<std::int64_t, std::int64_t>> moved_;
};

class Altered : public testing::TestWithParam<Column> {
protected:
    Altered() {
        ward_.close();
        ward_.hospital.set_violation(vault::OnViolation::serve_what_opens);
        ward_.hospital.open();
        ward_.open();
        for (const auto* const mrn : {"1", "2"}) {
            send(mrn, "A01");
            patients_.push_back(ward_.patient_with(mrn));
        }
        for (const auto& patient : patients_) fill(patient);
        hospital().put("Practitioner/d1", R"({"resourceType":"Practitioner","id":"d1","active":true})");
        hospital().remove("Observation/o-" + patients_[1]);
    }

    vault::Hospital& hospital() { return ward_.hospital; }

    void fill(const std::string& patient) {
        put("Encounter", "e-", patient,
            R"("status":"in-progress","class":{"code":"AMB"},
               "participant":[{"individual":{"reference":"Practitioner/d1"}}])");
        for (const auto* const status : {"preliminary", "final"})
            put("Observation", "o-", patient,
                fmt::format(R"("status":"{}","code":{{"text":"x"}},"identifier":[{{"value":"o"}}])", status));
        hospital().put(fmt::format("Consent/c-{}", patient),
                       fmt::format(R"({{"resourceType":"Consent","id":"c-{0}","status":"active",
            "scope":{{"coding":[{{"code":"patient-privacy"}}]}},"category":[{{"text":"privacy"}}],
            "patient":{{"reference":"Patient/{0}"}},"provision":{{"type":"permit"}}}})",
                                   patient));
    }
    void put(std::string_view type, std::string_view prefix, std::string_view patient,
             std::string_view members) {
        const auto id = fmt::format("{}{}", prefix, patient);
        hospital().put(fmt::format("{}/{}", type, id),
                       fmt::format(R"({{"resourceType":"{}","id":"{}",{},"subject":{{"reference":
                           "Patient/{}"}}}})",
                                   type, id, members, patient));
    }

    void send(std::string_view mrn, std::string_view event) {
        ward_.intake->take({adt({.event = std::string{event},
                                 .id = std::to_string(++messages_),
                                 .mrn = std::string{mrn},
                                 .name = fmt::format("HADDAD^{}", messages_),
                                 .more = stay}),
                            false});
        ward_.mapper->settle();
    }

    void ask(std::string_view path) { answered(hospital().get(path)); }
    void answered(const http::Response& response) {
        ++(response.status < 400 ? served_ : refused_);
        EXPECT_GE(response.status, 200);
        EXPECT_LE(response.status, 503);
    }

    void ask_everything() {
        const auto& one = patients_[0];
        const auto& two = patients_[1];
        for (const auto& path :
             {fmt::format("Patient/{}", one), fmt::format("Patient/{}/_history", two),
              fmt::format("Patient/{}/$everything", one), fmt::format("Observation/o-{}/_history", one),
              fmt::format("Observation/o-{}/_history", two), fmt::format("Observation/o-{}/_history/1", one),
              fmt::format("Observation?patient={}&_include=*&_revinclude=Provenance:target", one),
              fmt::format("Observation?patient={}&encounter.participant=Practitioner/d1", one),
              fmt::format("AuditEvent?patient={}", one), fmt::format("Provenance?patient={}", two)})
            ask(path);
        for (const auto* const path :
             {"Practitioner/_history?_count=5", "AuditEvent/_history?_count=20", "Binary/_history", "Binary",
              "Practitioner?active=true", "Practitioner", "Observation?identifier=o",
              "Patient?family=had&_has:Observation:patient:status=final", "Patient?name=had&_sort=birthdate",
              "AuditEvent/$broken-glass"})
            ask(path);
    }

    void change_everything() {
        const auto& one = patients_[0];
        const auto& two = patients_[1];
        put("Observation", "o-", two, R"("status":"final","code":{"text":"x"})");
        answered(hospital().patch("Patient/" + one, R"([{"op":"add","path":"/active","value":true}])"));
        answered(hospital().remove("Observation/o-" + two));
        answered(hospital().put("Observation?patient=" + one + "&identifier=o",
                                fmt::format(R"({{"resourceType":"Observation","status":"final",
            "code":{{"text":"x"}},"identifier":[{{"value":"o"}}],"subject":{{"reference":"Patient/{}"}}}})",
                                            one)));
        answered(hospital().post("", R"({"resourceType":"Bundle","type":"transaction","entry":[
            {"resource":{"resourceType":"Observation","status":"final","code":{"text":"y"},
             "subject":{"reference":"Patient?name=had"}},
             "request":{"method":"POST","url":"Observation"}}]})"));
        answered(hospital().post(fmt::format("Patient/{}/$break-glass", two),
                                 R"({"resourceType":"Parameters","parameter":[
            {"name":"purpose","valueCode":"BTG"},
            {"name":"reason","valueString":"an emergency in the hall"}]})"));
        send("1", "A08");
        send("3", "A01");
        send("2", "A40");
        const auto reader = *hospital().vault().readers().take();
        const vault::Arrivals arrivals{*reader};
        EXPECT_TRUE(arrivals.feeds(hospital().clock().now()));
        EXPECT_TRUE(arrivals.unmapped({}, 100));
    }

    FedHospital ward_;
    std::vector<std::string> patients_;
    int messages_ = 0;
    int served_ = 0;
    int refused_ = 0;
};

TEST_P(Altered, IsAnsweredAllTheSame) {
    const auto policy = std::make_shared<const policy::Policy>(policy::Policy::parse(house).value());
    auto database = store::Database::open(hospital().paths().records(), store::Mode::read_write_create);
    ASSERT_TRUE(database);
    ask_everything();
    EXPECT_EQ(refused_, 0);
    for (const auto& value : values_of(GetParam()))
        for (const unsigned third : {0U, 1U, 2U}) {
            const Alteration alteration{*database, GetParam(), value, third};
            SCOPED_TRACE(alteration.what());
            hospital().set_no_house();
            ask_everything();
            hospital().set_house(policy, {.user = "n1",
                                          .client = "chart-viewer",
                                          .fhir_user = "Practitioner/d1",
                                          .patient = {},
                                          .roles = {"nurse"},
                                          .purpose = "BTG"});
            ask_everything();
            change_everything();
        }
    hospital().set_no_house();
    send("4", "A01");
    ward_.wait_until_mapped();
    ward_.patient_with("4");
    EXPECT_GT(served_, 0);
    EXPECT_GT(refused_, 0) << "what nobody meets proves nothing";
}

INSTANTIATE_TEST_SUITE_P(Store, Altered, testing::ValuesIn(columns), [](const auto& instance) {
    const auto& column = instance.param;
    return fmt::format("{}_{}", column.table, column.name.empty() ? "rows" : column.name);
});

}   // namespace
}   // namespace ward::feeds
