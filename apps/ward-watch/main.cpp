// SPDX-License-Identifier: Apache-2.0
// ward-watch: events in, findings out. Works on pseudonyms: it holds no key.
#include <cstdio>
#include <fstream>
#include <iostream>

#include "apps/ward-watch/commands.hpp"
#include "confine/confine.hpp"
#include "core/log.hpp"
#include "core/output.hpp"
#include "crypto/secret.hpp"
#include "watch/watch.hpp"

namespace ward::watch {
namespace {

/// All lines; a longer one than an event can be is read to its end, and counts as none.
void take_all(std::istream& events, Watch& watch) {
    for (std::string line; std::getline(events, line);)
        watch.take(line.size() > Watch::line_bytes_max ? std::string_view{"too long"} : line);
}

Result<> take_file(const std::string& file, Watch& watch) {
    if (file == "-") {
        take_all(std::cin, watch);
        return {};
    }
    std::ifstream events{file, std::ios::binary};
    if (!events) return fail(Errc::not_found, file + ": cannot be read");
    take_all(events, watch);
    return events.bad() ? fail(Errc::unavailable, file + ": could not be read to its end") : Result<>{};
}

Result<> read(const CommandOptions& options) {
    std::vector<std::filesystem::path> files;
    for (const auto& file : options.files) {
        if (file == "-") continue;
        if (!std::ifstream{file, std::ios::binary}) return fail(Errc::not_found, file + ": cannot be read");
        files.emplace_back(file);
    }
    auto output = TRY(Output::open(options.output));
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)   // which need more of the kernel
    TRY(confine::confine_reader(std::move(files)));
#endif
    Watch watch;
    for (const auto& file : options.files) TRY(take_file(file, watch));
    TRY(output.write(watch.findings_json()));
    TRY(output.close());
    const auto& counts = watch.counts();
    std::fprintf(stderr, "%llu events, %zu findings\n", static_cast<unsigned long long>(counts.events),
                 watch.findings());
    if (counts.refused > 0)
        std::fprintf(stderr, "ward-watch: %llu lines are no events, and were passed over\n",
                     static_cast<unsigned long long>(counts.refused));
    return {};
}

int run(int argc, char** argv) {
    CommandOptions options;
    CLI::App app{"Finds what is wrong in a hospital's events.", "ward watch"};
    add_commands(app, options);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {   // how CLI11 says it
        return app.exit(error) == 0 ? 0 : 2;
    }
    if (const auto hidden = crypto::hide_memory(); !hidden)
        log::warn("memory is not hidden", {{"reason", hidden.error().what}});
    std::ios::sync_with_stdio(false);
    const auto done = read(options);
    if (done) return 0;
    std::fprintf(stderr, "ward-watch: %s\n", done.error().what.c_str());
    return 1;
}

}   // namespace
}   // namespace ward::watch

int main(int argc, char** argv) { return ward::watch::run(argc, argv); }
