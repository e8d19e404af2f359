// SPDX-License-Identifier: Apache-2.0
#include "apps/ward-sensor/progress.hpp"

#include <cstdio>
#include <sys/stat.h>
#include <unistd.h>

namespace ward::sensor {
namespace {

constexpr std::chrono::seconds told_every{1};
constexpr unsigned mib_bits = 20;

std::uint64_t bytes_of(const std::vector<std::string>& files) {
    std::uint64_t total = 0;
    for (const auto& file : files) {
        struct stat about {};
        const bool is_known =
            file == "-" ? ::fstat(STDIN_FILENO, &about) == 0 : ::stat(file.c_str(), &about) == 0;
        if (!is_known || !S_ISREG(about.st_mode)) return 0;
        total += static_cast<std::uint64_t>(about.st_size);
    }
    return total;
}

}   // namespace

Progress::Progress(const CommandOptions& options)
    : is_shown_(::isatty(STDERR_FILENO) == 1 &&
                (options.devices || !options.output.empty() || ::isatty(STDOUT_FILENO) == 0)),
      total_(bytes_of(options.files)),
      told_(Steady::now()) {}

void Progress::tell(std::uint64_t bytes, std::uint64_t frames) {
    if (!is_shown_ || Steady::now() - told_ < told_every) return;
    told_ = Steady::now();
    clear();
    is_there_ = true;
    const auto count = [](std::uint64_t number) { return static_cast<unsigned long long>(number); };
    std::fprintf(stderr, "%llu", count(bytes >> mib_bits));
    if (total_ > 0) std::fprintf(stderr, " of %llu", count(total_ >> mib_bits));
    std::fprintf(stderr, " MiB");
    if (total_ > 0) std::fprintf(stderr, ", %llu %%", count(bytes * 100 / total_));
    std::fprintf(stderr, ", %llu packets", count(frames));
}

void Progress::clear() {
    if (std::exchange(is_there_, false)) std::fprintf(stderr, "\r\x1b[K");
}

}   // namespace ward::sensor
