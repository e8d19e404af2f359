// SPDX-License-Identifier: Apache-2.0
#include "apps/ward-watch/segmenting.hpp"

#include <bit>
#include <chrono>
#include <fmt/format.h>
#include <fstream>
#include <unistd.h>

#include "apps/ward-watch/input.hpp"
#include "core/output.hpp"
#include "crypto/random.hpp"
#include "segment/matrix.hpp"
#include "segment/nftables.hpp"
#include "segment/outside.hpp"
#include "segment/proposal.hpp"

namespace ward::watch {
namespace {

using detect::Seen;

IpAddressHash hash() { return {std::bit_cast<std::uint64_t>(crypto::random_array<sizeof(std::uint64_t)>())}; }

void tell(std::uint64_t count, const char* what) {
    if (count > 0) fmt::print(stderr, "ward-watch: {} {}\n", count, what);
}

/// How far reading is, on a terminal, once a second.
class Progress {
public:
    void see(std::uint64_t events, event::Time at) {
        if (!is_shown_ || Steady::now() < next_) return;
        next_ = Steady::now() + std::chrono::seconds{1};
        std::string time;
        event::append_text(time, at);
        fmt::print(stderr, "{} events, at {}\n", events, time.substr(0, 16));
    }

private:
    using Steady = std::chrono::steady_clock;
    bool is_shown_ = ::isatty(STDERR_FILENO) == 1;
    Steady::time_point next_ = Steady::now() + std::chrono::seconds{1};
};

/// All events of the files, in order.
Result<> each_event(const SegmentOptions& options, FunctionRef<void(const Seen&)> see) {
    std::uint64_t events = 0, refused = 0;
    Progress progress;
    const auto take = [&](std::string_view line) {
        if (line.empty()) return;
        const auto document = json::Document::parse(std::string{line});
        const auto seen = document ? detect::read_eve(*document) : tl::unexpected(document.error());
        if (!seen) {
            ++refused;
            return;
        }
        progress.see(++events, seen->at);
        see(*seen);
    };
    foreign::Counts foreign;
    Result<> done;
    for (const auto& file : options.files)
        if (done)
            done = read_file(
                file, foreign::sensor_named(options.from), take, [&] { ++refused; }, foreign);
    tell(refused, "lines are no events, and were passed over");
    tell(foreign.left_out, "lines say what no event of Ward has, and were left out");
    return done;
}

Result<> write(Output& output, std::string_view text) {
    TRY(output.write(text));
    return output.close();
}

/// What `options` names is there before the output is emptied, and nothing else can be opened after that.
Result<Output> begin(const SegmentOptions& options) {
    std::vector<std::string> inputs = options.files;
    if (!options.plan.empty()) inputs.push_back(options.plan);
    TRY(check_inputs(inputs, options.output));
    auto output = TRY(Output::open(options.output));
    TRY(confine_to_reading(options.files));
    return output;
}

Result<> propose(const SegmentOptions& options) {
    auto output = TRY(begin(options));
    segment::Traffic traffic{hash()};
    TRY(each_event(options, [&](const Seen& seen) { traffic.see(seen); }));
    const auto proposal = TRY(segment::propose(traffic));
    TRY(write(output, segment::to_text(proposal)));
    const auto& counts = traffic.counts();
    fmt::print(stderr, "{} flows, {} zones, {} conversations proposed, {} seen and not proposed\n",
               counts.flows, proposal.plan.zones.size(), proposal.plan.allowed.size(),
               proposal.left_out.size());
    tell(counts.unanswered, "flows were not answered, and propose nothing");
    tell(counts.torn, "flows began before the capture, and propose nothing");
    tell(counts.unrouted, "flows went to several or to their own segment, and no router sees them");
    tell(counts.other, "flows are neither TCP nor UDP");
    tell(counts.too_late,
         "flows are from before the first one or from 30 days after it and later, and were left out");
    tell(counts.not_kept, "flows are of more hosts or conversations than can be counted");
    return {};
}

Result<> check(const SegmentOptions& options, segment::Borders borders) {
    auto output = TRY(begin(options));
    segment::Outside outside{std::move(borders), hash()};
    TRY(each_event(options, [&](const Seen& seen) { outside.see(seen); }));
    TRY(write(output, options.json ? outside.json() : outside.text()));
    const auto& counts = outside.counts();
    fmt::print(stderr, "{} flows, {} outside the plan, {} rows\n", counts.flows, counts.outside,
               outside.rows().size());
    tell(counts.not_kept, "flows outside the plan are in none of the rows: there are too many");
    tell(counts.unrouted, "flows went to several or to their own segment, and were not judged");
    tell(counts.other, "flows are neither TCP nor UDP, and were not judged");
    return {};
}

Result<> write_rules(const SegmentOptions& options, const segment::Borders& borders) {
    auto output = TRY(begin(options));
    segment::Placing placing;
    TRY(each_event(options, [&](const Seen& seen) { placing.see(seen); }));
    const auto rules =
        TRY(segment::nftables(borders, placing.placed(borders),
                              options.observe ? segment::Enforcement::count : segment::Enforcement::drop));
    return write(output, rules);
}

Result<> write_matrix(const SegmentOptions& options, const segment::Borders& borders) {
    auto output = TRY(begin(options));
    return write(output, options.csv ? matrix_csv(borders) : matrix_markdown(borders));
}

}   // namespace

Result<segment::Borders> load_plan(const std::string& file) {
    constexpr auto bytes_max = segment::PlanLimits{}.bytes_max;
    std::ifstream input{file, std::ios::binary};
    std::string text(bytes_max + 1, '\0');
    if (input) input.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (!input.eof() && !input) return fail(Errc::not_found, file + ": cannot be read");
    text.resize(static_cast<std::size_t>(input.gcount()));
    return segment::Borders{TRY(segment::read_plan(text, file))};
}

Result<> work_on_segments(const SegmentOptions& options) {
    if (options.chosen == SegmentAction::propose) return propose(options);
    auto borders = TRY(load_plan(options.plan));
    if (options.chosen == SegmentAction::check) return check(options, std::move(borders));
    if (options.chosen == SegmentAction::nftables) return write_rules(options, borders);
    return write_matrix(options, borders);
}

}   // namespace ward::watch
