// SPDX-License-Identifier: Apache-2.0
#include "keys/checkpoint_text.hpp"

#include <algorithm>
#include <charconv>

namespace ward::keys {
namespace {

constexpr std::size_t origin_bytes_max = 256;

/// The text before the next line end, which is taken with it. Fails, by an empty line, when there is none.
std::string_view take_line(std::string_view& text) {
    const auto end = text.find('\n');
    if (end == std::string_view::npos) return {};
    const auto line = text.substr(0, end);
    text.remove_prefix(end + 1);
    return line;
}

}   // namespace

Result<CheckpointText> parse_checkpoint(std::string_view text) {
    CheckpointText checkpoint{};
    checkpoint.origin = take_line(text);
    const auto size = take_line(text);
    const auto root = from_base64(take_line(text));
    if (checkpoint.origin.empty() || checkpoint.origin.size() > origin_bytes_max || !text.empty())
        return fail(Errc::malformed, "not the text of a checkpoint");

    const auto* const end = size.data() + size.size();
    const auto [stop, error] = std::from_chars(size.data(), end, checkpoint.size);
    const bool second_spelling = size.starts_with('0') && size != "0";
    if (size.empty() || error != std::errc{} || stop != end || second_spelling || checkpoint.size >> 63 != 0)
        return fail(Errc::malformed, "a checkpoint without a size");
    if (!root || root->size() != checkpoint.root.size())
        return fail(Errc::malformed, "a checkpoint without a root");
    std::ranges::copy(*root, checkpoint.root.begin());
    return checkpoint;
}

}   // namespace ward::keys
