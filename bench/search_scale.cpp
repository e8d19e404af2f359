// SPDX-License-Identifier: Apache-2.0
// Whether searches stay as fast when the hospital grows: the same questions to a store of 1,000 and to one of
// 100,000 generated patients, in process, sealed, audited and committed as always.
//   search_scale [PATIENTS...]
// Budget: each median at 100,000 patients within twice that at 1,000. A question has the same number of
// answers in both. BENCH_FOLDER says where the stores are, for a disk that is worth measuring.
#include <algorithm>
#include <atomic>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fmt/format.h>
#include <map>
#include <random>
#include <thread>
#include <vector>

#include "core/assert.hpp"
#include "vault/hospital_test.hpp"

namespace ward {
namespace {

using Clock = std::chrono::steady_clock;

constexpr unsigned seed = 4;
constexpr int in_use = 200;       // patients whose charts people have open, however many there are
constexpr int observations = 4;   // of each patient
constexpr int patients_a_bundle = 50;

/// Syllables make as many family names as a region has; how many share one does not depend on the hospital.
std::string family_of(int number) {
    constexpr std::array syllables{"ba", "du", "fe", "go", "hi", "ka", "lu", "me",
                                   "no", "pi", "ra", "su", "te", "vo", "wi", "za"};
    std::string name;
    auto rest = static_cast<std::uint32_t>(number) * 2654435761U;   // Knuth: neighbours are not alike
    for (int i = 0; i < 5; ++i, rest >>= 4) name += syllables[rest & 15U];
    return name;
}

std::string birth_date_of(int number) {
    const auto hash = static_cast<std::uint32_t>(number) * 2246822519U;
    return fmt::format("{:04}-{:02}-{:02}", 1930 + (hash >> 8) % 90, 1 + (hash >> 16) % 12,
                       1 + (hash >> 24) % 28);
}

std::string entry(std::string_view type, std::string_view id, std::string_view members) {
    return fmt::format(R"({{"resource":{{"resourceType":"{0}","id":"{1}",{2}}},)"
                       R"("request":{{"method":"PUT","url":"{0}/{1}"}}}})",
                       type, id, members);
}

/// All that is stored of one patient.
std::string chart_of(int number) {
    auto text = entry("Patient", fmt::format("p{}", number),
                      fmt::format(R"("identifier":[{{"system":"urn:ward:mrn","value":"M{:07}"}}],)"
                                  R"("name":[{{"family":"{}","given":["Test"]}}],"birthDate":"{}")",
                                  number, family_of(number), birth_date_of(number)));
    text += ',' + entry("Encounter", fmt::format("e{}", number),
                        fmt::format(R"("status":"finished","class":{{"code":"AMB"}},)"
                                    R"("identifier":[{{"value":"V{:07}"}}],)"
                                    R"("subject":{{"reference":"Patient/p{}"}})",
                                    number, number));
    for (int i = 0; i < observations; ++i)
        text +=
            ',' + entry("Observation", fmt::format("o{}-{}", number, i),
                        fmt::format(R"("status":"final","code":{{"coding":[{{"system":"http://loinc.org",)"
                                    R"("code":"718-{}"}}]}},"subject":{{"reference":"Patient/p{}"}},)"
                                    R"("encounter":{{"reference":"Encounter/e{}"}},)"
                                    R"("effectiveDateTime":"2026-0{}-04T05:06:07Z",)"
                                    R"("valueQuantity":{{"value":{}}})",
                                    i, number, number, 1 + i, 7 + i));
    return text;
}

void fill(vault::Hospital& hospital, int patients) {
    std::atomic<int> next = 0;
    std::vector<std::jthread> senders;
    for (int i = 0; i < 4; ++i)
        senders.emplace_back([&] {
            for (int first = next.fetch_add(patients_a_bundle); first < patients;
                 first = next.fetch_add(patients_a_bundle)) {
                std::string bundle = R"({"resourceType":"Bundle","type":"transaction","entry":[)";
                for (int p = first; p < std::min(first + patients_a_bundle, patients); ++p)
                    bundle += (p == first ? "" : ",") + chart_of(p);
                const auto answer = hospital.post("", bundle + "]}");
                WARD_ASSERT(answer.status == 200);
            }
        });
}

struct Question {
    const char* name;
    std::string (*path)(int patient);
};

constexpr std::array questions{
    Question{"Patient/[id]", [](int p) { return fmt::format("Patient/p{}", p); }},
    Question{"Patient?_id", [](int p) { return fmt::format("Patient?_id=p{}", p); }},
    Question{"Patient?identifier", [](int p) { return fmt::format("Patient?identifier=M{:07}", p); }},
    Question{"Patient?family", [](int p) { return fmt::format("Patient?family={}", family_of(p)); }},
    Question{"Patient?name&birthdate",
             [](int p) {
                 return fmt::format("Patient?name={}&birthdate={}", family_of(p).substr(0, 4),
                                    birth_date_of(p));
             }},
    Question{"Observation?patient&code",
             [](int p) { return fmt::format("Observation?patient=p{}&code=http://loinc.org|718-2", p); }},
    Question{"Observation?patient&date&_sort",
             [](int p) { return fmt::format("Observation?patient=p{}&date=ge2026-02&_sort=-date", p); }},
    Question{"Observation?patient&_include",
             [](int p) { return fmt::format("Observation?patient=p{}&_include=Observation:encounter", p); }},
    Question{"Patient?_id&_revinclude",
             [](int p) { return fmt::format("Patient?_id=p{}&_revinclude=Observation:subject", p); }},
    Question{"Observation?patient.identifier",
             [](int p) { return fmt::format("Observation?patient.identifier=M{:07}", p); }},
    Question{"Encounter?identifier", [](int p) { return fmt::format("Encounter?identifier=V{:07}", p); }},
    Question{"Patient?identifier&_has",
             [](int p) {
                 return fmt::format("Patient?identifier=M{:07}&_has:Observation:patient:value-quantity=gt8",
                                    p);
             }},
};

/// The median in microseconds, and how many answers there were in all.
struct Measured {
    double median = 0;
    std::size_t answers = 0;
};

Measured measure(vault::Hospital& hospital, const Question& question, const std::vector<int>& patients) {
    std::vector<double> times;
    Measured measured;
    for (int round = 0; round < 3; ++round)
        for (const int patient : patients) {
            const auto path = question.path(patient);
            const auto start = Clock::now();
            const auto answer = hospital.get(path);
            times.push_back(std::chrono::duration<double, std::micro>(Clock::now() - start).count());
            WARD_ASSERT(answer.status == 200);
            if (round == 0) measured.answers += vault::ids_in(answer).size();
        }
    std::ranges::sort(times);
    measured.median = times[times.size() / 2];
    return measured;
}

std::vector<Measured> measure_all(int patients) {
    vault::Hospital hospital{{.burst = 1'000'000, .per_hour = 1'000'000}};
    auto start = Clock::now();
    fill(hospital, patients);
    std::printf("%d patients stored in %.0f s\n", patients,
                std::chrono::duration<double>(Clock::now() - start).count());
    std::fflush(stdout);
    std::mt19937 random{seed};
    std::vector<int> some;
    for (int i = 0; i < in_use; ++i)
        some.push_back(static_cast<int>(random() % static_cast<unsigned>(patients)));
    std::vector<Measured> all;
    for (const auto& question : questions) all.push_back(measure(hospital, question, some));
    return all;
}

int run(const std::vector<int>& sizes) {
    std::map<int, std::vector<Measured>> results;
    for (const int patients : sizes) results[patients] = measure_all(patients);
    const auto& [fewest, small] = *results.begin();
    const auto& [most, large] = *results.rbegin();
    std::printf(
        "| search | %d patients | answers | %d patients | answers | ratio |\n|---|---|---|---|---|---|\n",
        fewest, most);
    for (std::size_t i = 0; i < questions.size(); ++i)
        std::printf("| `%s` | %.0f us | %zu | %.0f us | %zu | %.2f |\n", questions[i].name, small[i].median,
                    small[i].answers, large[i].median, large[i].answers, large[i].median / small[i].median);
    return 0;
}

}   // namespace
}   // namespace ward

int main(int argc, char** argv) {
    std::vector<int> sizes;
    for (int i = 1; i < argc; ++i) {
        const std::string_view text{argv[i]};
        const auto parsed = std::from_chars(text.data(), text.data() + text.size(), sizes.emplace_back());
        if (parsed.ec != std::errc{} || sizes.back() < 1) {
            std::fprintf(stderr, "usage: search_scale [PATIENTS...]\n");
            return 2;
        }
    }
    if (sizes.empty()) sizes = {1'000, 100'000};
    return ward::run(sizes);
}
