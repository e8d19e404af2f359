// SPDX-License-Identifier: Apache-2.0
#include "watch/lines.hpp"

namespace ward::watch {

Result<> read_lines(std::istream& stream, FunctionRef<void(std::string_view)> take,
                    FunctionRef<void()> too_long) {
    std::string kept(line_bytes_max + 1, '\0');   // with the end that getline() writes
    for (bool goes_on = false; stream.good();) {
        stream.getline(kept.data(), static_cast<std::streamsize>(kept.size()));
        const auto count = static_cast<std::size_t>(stream.gcount());
        if (stream.bad()) break;
        if (stream.fail() && !stream.eof()) {   // there was no room for its end
            stream.clear();
            goes_on = true;
            continue;
        }
        const std::string_view line{kept.data(), count - (stream.eof() ? 0 : 1)};
        if (goes_on)
            too_long();
        else
            take(line);
        goes_on = false;
    }
    return stream.bad() ? fail(Errc::unavailable, "it could not be read to its end") : Result<>{};
}

}   // namespace ward::watch
