// SPDX-License-Identifier: Apache-2.0
#include "apps/ward-watch/input.hpp"

#include <algorithm>
#include <fstream>
#include <iostream>
#include <iterator>

#include "confine/confine.hpp"
#include "watch/lines.hpp"

namespace ward::watch {

Result<> read_file(const std::string& file, std::optional<foreign::Sensor> from,
                   FunctionRef<void(std::string_view)> take, FunctionRef<void()> too_long,
                   foreign::Counts& counts) {
    std::ifstream named;
    if (file != "-") named.open(file, std::ios::binary);
    if (!named) return fail(Errc::not_found, file + ": cannot be read");
    foreign::Reader reader{file, from};
    const auto done = read_lines(
        file == "-" ? std::cin : named, [&](std::string_view line) { reader.read(line, take); }, too_long);
    counts += reader.counts();
    return done ? done : fail(done.error().code, file + ": " + done.error().what);
}

Result<> read_events(const CommandOptions& options, FunctionRef<void(std::string_view)> take,
                     FunctionRef<void()> too_long, foreign::Counts& counts) {
    Result<> done;
    for (const auto& file : options.files)
        if (done) done = read_file(file, foreign::sensor_named(options.from), take, too_long, counts);
    return done;
}

Result<> confine_to_reading([[maybe_unused]] const std::vector<std::string>& files) {
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)   // which need more of the kernel
    std::vector<std::filesystem::path> named;
    std::ranges::copy_if(files, std::back_inserter(named), [](const auto& file) { return file != "-"; });
    TRY(confine::confine_reader(std::move(named)));
#endif
    return {};
}

}   // namespace ward::watch
