// SPDX-License-Identifier: Apache-2.0
// ward-watch: events in, findings out. Works on pseudonyms, and holds no key that opens anything.
#include <bit>
#include <csignal>
#include <cstdio>

#include "apps/ward-watch/commands.hpp"
#include "apps/ward-watch/desk.hpp"
#include "apps/ward-watch/desk_commands.hpp"
#include "apps/ward-watch/following.hpp"
#include "apps/ward-watch/input.hpp"
#include "apps/ward-watch/keep.hpp"
#include "apps/ward-watch/known.hpp"
#include "apps/ward-watch/memory.hpp"
#include "apps/ward-watch/running.hpp"
#include "apps/ward-watch/segmenting.hpp"
#include "core/log.hpp"
#include "core/output.hpp"
#include "crypto/random.hpp"
#include "crypto/secret.hpp"
#include "watch/lines.hpp"
#include "watch/watch.hpp"

namespace ward::watch {
namespace {

void tell(std::uint64_t count, const char* what) {
    if (count > 0)
        std::fprintf(stderr, "ward-watch: %llu %s\n", static_cast<unsigned long long>(count), what);
}

void tell(const Counts& counts) {
    std::fprintf(stderr, "%llu events, %llu findings\n", static_cast<unsigned long long>(counts.events),
                 static_cast<unsigned long long>(counts.findings));
    tell(counts.below_line, "cases are of too little risk to be shown; --all tells of them");
    tell(counts.refused, "lines are no events, and were passed over");
    tell(counts.late,
         "events are from hours before others that came earlier, and were passed over: are the files in the "
         "order of time?");
    tell(counts.not_kept, "findings are not told: there are too many");
    tell(counts.forgotten_hosts, "times a host was forgotten to make room for another");
}

void tell(const foreign::Counts& counts) {
    tell(counts.suricata, "lines are Suricata's");
    tell(counts.zeek, "lines are Zeek's");
    tell(counts.left_out, "lines say what no event of Ward has, and were left out");
}

std::vector<std::filesystem::path> inputs(const CommandOptions& options) {
    std::vector<std::filesystem::path> files;
    std::ranges::copy_if(options.files, std::back_inserter(files),
                         [](const auto& file) { return file != "-"; });
    return files;
}

/// For reading, and for the folders of what is kept, of which that of findings is made.
Result<> confine_to_keeping(const CommandOptions& options) {
    if (options.keep.empty() && options.state.empty()) return confine_to_reading(options.files);
    confine::Folders folders{.read = inputs(options), .read_write = {}};
    if (!options.keep.empty()) {
        std::error_code error;
        std::filesystem::create_directories(options.keep, error);
        if (error) return fail(Errc::unavailable, options.keep + ": " + error.message());
        folders.read_write.emplace_back(options.keep);
    }
    if (!options.state.empty())
        folders.read_write.push_back(std::filesystem::absolute(options.state).parent_path());
    return confine_to(folders);
}

Result<> read(const CommandOptions& options) {
    std::optional<segment::Borders> plan;
    if (!options.plan.empty()) plan = TRY(load_plan(options.plan));
    TRY(check_inputs(options.files, options.output));
    const auto random = std::bit_cast<std::uint64_t>(crypto::random_array<sizeof(std::uint64_t)>());
    Watch watch{options.seed.value_or(random), std::move(plan)};
    if (!options.state.empty()) {
        const auto known = recall_state(options.state, watch);
        if (!known && known.error().code != Errc::not_found) return tl::unexpected(known.error());
    }
    auto output = TRY(Output::open(options.output));
    TRY(confine_to_keeping(options));
    std::optional<desk::Desk> desk;
    if (!options.keep.empty()) desk.emplace(TRY(desk::Desk::open(options.keep)));
    foreign::Counts foreign;
    auto done = read_events(
        options, [&](std::string_view line) { watch.take(line); }, [&] { watch.pass_over_line(); }, foreign);
    // What was found until then is told all the same.
    TRY(output.write(watch.findings_json(options.all ? Telling::all : Telling::shown)));
    TRY(output.close());
    tell(watch.counts());
    if (desk) TRY(keep_findings(*desk, watch.findings()));
    tell(foreign);
    TRY(std::move(done));
    return options.state.empty() ? Result<>{} : keep_state(options.state, watch, {});
}

Result<> translate(const CommandOptions& options) {
    TRY(check_inputs(options.files, options.output));
    auto output = TRY(Output::open(options.output));
    TRY(confine_to_reading(options.files));
    foreign::Counts foreign;
    Result<> written;
    std::string text;
    const auto flush = [&] {
        if (written) written = output.write(text);
        text.clear();
    };
    std::uint64_t refused = 0;
    const auto done = read_events(
        options,
        [&](std::string_view line) {
            if (!line.empty()) (text += line) += '\n';
            if (text.size() > line_bytes_max) flush();
        },
        [&] { ++refused; }, foreign);
    flush();
    TRY(std::move(written));
    TRY(output.close());
    tell(foreign);
    tell(refused, "lines are too long, and were passed over");
    return done;
}

int run(int argc, char** argv) {
    CommandOptions options;
    EventsOptions events_options, devices_options, people_options;
    CLI::App app{"Finds what is wrong in a hospital's events.", "ward watch"};
    add_commands(app, options);
    auto* const events = app.add_subcommand("events", "Find events that were kept");
    add_events(*events, events_options);
    add_devices(*app.add_subcommand("devices", "List the devices that events told of"), devices_options);
    add_people(*app.add_subcommand("people", "List the accounts that events told of"), people_options);
    add_desk(app, options.desk);
    SegmentOptions segment_options;
    add_segment(*app.add_subcommand("segment", segment_title), segment_options);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {   // how CLI11 says it
        return app.exit(error) == 0 ? 0 : 2;
    }
    if (const auto hidden = crypto::hide_memory(); !hidden)
        log::warn("memory is not hidden", {{"reason", hidden.error().what}});
    // That nobody reads a pipe any more is an error like another, and told.
    std::signal(SIGPIPE, SIG_IGN);
    std::ios::sync_with_stdio(false);
    const auto done = options.desk.chosen != DeskAction::none         ? work_at_desk(options.desk)
                      : segment_options.chosen != SegmentAction::none ? work_on_segments(segment_options)
                      : events->parsed()                              ? write_events(events_options)
                      : app.got_subcommand("devices")                 ? write_devices(devices_options)
                      : app.got_subcommand("people")                  ? write_people(people_options)
                      : app.got_subcommand("store")                   ? store_events(options)
                      : app.got_subcommand("forget")                  ? forget_events(options)
                      : app.got_subcommand("run")                     ? run_on_bus(options)
                      : app.got_subcommand("follow")                  ? follow_sensors(options)
                      : app.got_subcommand("translate")               ? translate(options)
                                                                      : read(options);
    if (done) return 0;
    std::fprintf(stderr, "ward-watch: %s\n", done.error().what.c_str());
    return 1;
}

}   // namespace
}   // namespace ward::watch

int main(int argc, char** argv) { return ward::watch::run(argc, argv); }
