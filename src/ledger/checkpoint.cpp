// SPDX-License-Identifier: Apache-2.0
#include "ledger/checkpoint.hpp"

#include <algorithm>

#include "ledger/decimal.hpp"
#include "ledger/tile.hpp"

namespace ward::ledger {

namespace {
tl::unexpected<Error> malformed(std::string_view what) {
    return fail(Errc::malformed, "checkpoint: " + std::string{what});
}
}   // namespace

Result<Checkpoint> parse_checkpoint(std::string_view text) {
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        const auto end = text.find('\n');
        if (end == std::string_view::npos) return malformed("the last line has no end");
        if (end == 0) return malformed("a line is empty");
        lines.push_back(text.substr(0, end));
        text.remove_prefix(end + 1);
    }
    if (lines.size() < 3) return malformed("it has less than three lines");
    const auto size = parse_decimal(lines[1]);
    if (!size || *size > TileLimits{}.entries_max) return malformed("the tree size is not one");
    const auto root = from_base64(lines[2]);
    Checkpoint checkpoint{.origin = std::string{lines[0]}, .head = {.size = *size}, .extensions = {}};
    if (!root || root->size() != checkpoint.head.root.size()) return malformed("the root is no hash");
    std::ranges::copy(*root, checkpoint.head.root.begin());
    checkpoint.extensions.assign(lines.begin() + 3, lines.end());
    return checkpoint;
}

std::string format_checkpoint(const Checkpoint& checkpoint) {
    auto text = checkpoint.origin + "\n" + std::to_string(checkpoint.head.size) + "\n" +
                to_base64(checkpoint.head.root) + "\n";
    for (const auto& line : checkpoint.extensions) text += line + "\n";
    return text;
}

Result<Checkpoint> open_checkpoint(std::string_view note, const VerifierKey& key) {
    const auto parsed = TRY(parse_note(note));
    TRY(verify_note(parsed, key));
    auto checkpoint = TRY(parse_checkpoint(parsed.text));
    if (checkpoint.origin != key.name)
        return fail(Errc::denied, "checkpoint: it is of the log " + checkpoint.origin + ", not " + key.name);
    return checkpoint;
}

}   // namespace ward::ledger
