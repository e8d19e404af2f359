// SPDX-License-Identifier: Apache-2.0
// HL7 v2 messages, cut. Budget: 500 MB/s a core, 2 microseconds for an observation report of 1 KB: at the
// 8,000 messages/s that a group of a hundred hospitals sends at its peak, that is 2 % of a core.
#include <benchmark/benchmark.h>

#include <string>

#include "hl7/message.hpp"

namespace {

/// A report with `observations` results, in the lengths that laboratories send.
std::string report(int observations) {
    std::string text =
        "MSH|^~\\&|LAB|UNIT07|WARD|CLIN|20260911081500||ORU^R01^ORU_R01|M00001|P|2.5.1|||AL|NE\r"
        "PID|1||4711^^^CLIN^MR||HADDAD^NADIA^R||19590307|F|||1 ROSE ST^^TOWN^^12345||555-0101\r"
        "PV1|1|I|W3^12^A^CLIN||||1234^HOUSE^G|||||||||||V0001\r"
        "OBR|1|P1|F1|24323-8^CMP^LN|||20260911080000|||||||||1234^HOUSE^G||||||20260911081400|||F\r";
    for (int i = 0; i < observations; ++i)
        text +=
            "OBX|1|NM|2345-7^Glucose [Mass/volume] in Serum or Plasma^LN||95|mg/dL^^UCUM|70-99|N|||F|||"
            "20260911080000\r";
    return text;
}

void cut(benchmark::State& state) {
    const auto text = report(static_cast<int>(state.range(0)));
    for (auto _ : state) {
        auto message = ward::hl7::Message::parse(text);
        benchmark::DoNotOptimize(message);
    }
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}
BENCHMARK(cut)->Arg(4)->Arg(40)->Arg(4'000);

void cut_and_read_every_field(benchmark::State& state) {
    const auto text = report(static_cast<int>(state.range(0)));
    for (auto _ : state) {
        const auto message = ward::hl7::Message::parse(text);
        std::size_t bytes = 0;
        for (const auto segment : *message)
            for (std::size_t number = 1; number <= segment.field_count(); ++number)
                bytes += segment[number].raw().size();
        benchmark::DoNotOptimize(bytes);
    }
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}
BENCHMARK(cut_and_read_every_field)->Arg(40);

}   // namespace
