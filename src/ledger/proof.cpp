// SPDX-License-Identifier: Apache-2.0
#include "ledger/proof.hpp"

#include <algorithm>

#include "ledger/decimal.hpp"

namespace ward::ledger {

namespace {

constexpr std::string_view first_line = "c2sp.org/tlog-proof@v1";
constexpr std::string_view extra_start = "extra ";
constexpr std::string_view index_start = "index ";

tl::unexpected<Error> malformed(std::string_view what) {
    return fail(Errc::malformed, "proof: " + std::string{what});
}

/// Nothing when no line end follows.
std::optional<std::string_view> take_line(std::string_view& text) {
    const auto end = text.find('\n');
    if (end == std::string_view::npos) return {};
    const auto line = text.substr(0, end);
    text.remove_prefix(end + 1);
    return line;
}

/// The hashes up to and with the empty line.
Result<std::vector<Digest>> parse_path(std::string_view& text) {
    std::vector<Digest> path;
    for (auto line = take_line(text);; line = take_line(text)) {
        if (!line) return malformed("no checkpoint follows");
        if (line->empty()) return path;
        if (path.size() == ProofLimits{}.path_max) return fail(Errc::limit_exceeded, "proof: it is too long");
        const auto hash = from_base64(*line);
        if (!hash || hash->size() != sizeof(Digest)) return malformed("a line is no hash");
        std::ranges::copy(*hash, path.emplace_back().begin());
    }
}

}   // namespace

Result<Proof> parse_proof(std::string_view text) {
    if (text.size() > ProofLimits{}.proof_bytes_max)
        return fail(Errc::limit_exceeded, "proof: it is too long");
    if (take_line(text) != first_line) return malformed("it is not a tlog-proof of version 1");
    Proof proof;
    auto line = take_line(text);
    if (line && line->starts_with(extra_start)) {
        proof.extra = from_base64(line->substr(extra_start.size()));
        if (!proof.extra || proof.extra->empty()) return malformed("the extra line is not base64");
        line = take_line(text);
    }
    if (!line || !line->starts_with(index_start)) return malformed("the index is missing");
    const auto index = parse_decimal(line->substr(index_start.size()));
    if (!index) return malformed("the index is not a number");
    proof.index = *index;
    proof.path = TRY(parse_path(text));
    TRY(parse_note(text));
    proof.checkpoint = text;
    return proof;
}

std::string format_proof(const Proof& proof) {
    std::string text{first_line};
    if (proof.extra) text += "\n" + std::string{extra_start} + to_base64(*proof.extra);
    text += "\n" + std::string{index_start} + std::to_string(proof.index) + "\n";
    for (const auto& hash : proof.path) text += to_base64(hash) + "\n";
    return text + "\n" + proof.checkpoint;
}

Result<Checkpoint> verify_proof(const Proof& proof, Bytes entry, const VerifierKey& key) {
    auto checkpoint = TRY(open_checkpoint(proof.checkpoint, key));
    TRY(check_inclusion(leaf_hash(entry), proof.index, checkpoint.head.size, proof.path,
                        checkpoint.head.root));
    return checkpoint;
}

}   // namespace ward::ledger
