// SPDX-License-Identifier: Apache-2.0
// simdjson's first stage checks the UTF-8 and finds every token; the walk over the tokens is ours, because
// its own parsers turn numbers into doubles, and On-Demand does not check what nobody asks for.
#include <simdjson.h>

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

#include "json/document.hpp"
#include "json/scalar.hpp"
#include "json/tree.hpp"

namespace ward::json {

namespace {

using detail::Node;
using detail::Tree;

constexpr std::string_view white_space = " \t\r\n";   // RFC 8259, section 2

tl::unexpected<Error> malformed(std::string_view what, std::size_t offset) {
    return fail(Errc::malformed, "JSON: " + std::string{what} + " at byte " + std::to_string(offset));
}

tl::unexpected<Error> too_much(std::string_view what) {
    return fail(Errc::limit_exceeded, "JSON: " + std::string{what});
}

bool is_continuation(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U; }

// A prefix that ends between characters is valid up to the first bad byte and invalid from there on.
std::size_t first_invalid_utf8(std::string_view text) {
    std::size_t good = 0;
    std::size_t bad = text.size();
    while (good + 1 < bad) {
        const auto middle = good + (bad - good) / 2;
        auto cut = middle;
        while (cut > good && middle - cut < 4 && is_continuation(text[cut])) --cut;
        if (cut <= good) cut = middle;
        (simdjson::validate_utf8(text.data() + good, cut - good) ? good : bad) = cut;
    }
    return good;
}

struct Tokens {
    std::unique_ptr<simdjson::internal::dom_parser_implementation> finder;

    std::uint32_t count() const { return finder->n_structural_indexes; }
    std::uint32_t operator[](std::uint32_t index) const { return finder->structural_indexes[index]; }
};

Result<Tokens> find_tokens(std::string_view text) {
    Tokens tokens;
    const simdjson::implementation* simd = simdjson::get_active_implementation();   // for this processor
    auto error = simd->create_dom_parser_implementation(text.size(), 1, tokens.finder);
    const auto* bytes = static_cast<const std::uint8_t*>(static_cast<const void*>(text.data()));
    if (!error) error = tokens.finder->stage1(bytes, text.size(), simdjson::stage1_mode::regular);
    switch (error) {
        case simdjson::SUCCESS: return tokens;
        case simdjson::EMPTY: return fail(Errc::malformed, "JSON: no value");
        case simdjson::UTF8_ERROR: return malformed("invalid UTF-8", first_invalid_utf8(text));
        case simdjson::UNCLOSED_STRING: return fail(Errc::malformed, "JSON: a string does not end");
        case simdjson::UNESCAPED_CHARS: return fail(Errc::malformed, "JSON: a control character in a string");
        default: return too_much(simdjson::error_message(error));
    }
}

/// One pass over the tokens, filling a Tree.
class Walk {
public:
    Walk(Tree& tree, Tokens tokens, const Limits& limits)
        : tree_(tree), text_(tree.source), tokens_(std::move(tokens)), limits_(limits) {}

    Result<> document() {
        tree_.nodes.reserve(std::min<std::size_t>(tokens_.count() / 3 + 1, limits_.nodes_max));
        TRY(value({}, 0));
        if (next_ != tokens_.count()) return malformed("something after the value", offset());
        return {};
    }

private:
    struct Token {
        std::uint32_t begin = 0;
        std::uint32_t size = 0;
        bool escaped = false;   // a string that does not read as it is spelled
    };

    std::uint32_t offset() const {
        return next_ < tokens_.count() ? tokens_[next_] : static_cast<std::uint32_t>(text_.size());
    }
    char peek() const { return next_ < tokens_.count() ? text_[tokens_[next_]] : '\0'; }

    // A scalar reaches from its first byte to the white space before the next token.
    Token take_scalar() {
        const auto begin = tokens_[next_++];
        auto end = offset();
        while (end > begin + 1 && white_space.find(text_[end - 1]) != std::string_view::npos) --end;
        return {begin, end - begin};
    }

    std::uint32_t add_node(Kind kind, Token token, Token key) {
        const auto index = static_cast<std::uint32_t>(tree_.nodes.size());
        auto& node = tree_.nodes.emplace_back();
        node = {token.begin, token.size, key.begin,     key.size,    index + 1,
                0,           kind,       token.escaped, key.escaped, true};
        return index;
    }

    // Returns the bytes that the value takes without white space, so that its container knows if it has any.
    Result<std::size_t> value(Token key, std::size_t depth) {
        if (tree_.nodes.size() >= limits_.nodes_max) return too_much("too many values");
        switch (peek()) {
            case '{': return object(key, depth + 1);
            case '[': return array(key, depth + 1);
            case '"': {
                const auto token = TRY(take_string());
                add_node(Kind::string, token, key);
                return token.size;
            }
            default: return literal(key);
        }
    }

    Result<std::size_t> literal(Token key) {
        if (next_ == tokens_.count()) return malformed("a value is missing", text_.size());
        const auto token = take_scalar();
        const auto spelling = text_.substr(token.begin, token.size);
        if (spelling == "null") {
            add_node(Kind::null, token, key);
        } else if (spelling == "true" || spelling == "false") {
            add_node(Kind::boolean, token, key);
        } else if (detail::is_number(spelling)) {
            if (!detail::in_double_range(spelling)) return malformed("a number out of range", token.begin);
            add_node(Kind::number, token, key);
        } else {
            return malformed("no value", token.begin);
        }
        return token.size;
    }

    Result<Token> take_string() {
        auto token = take_scalar();
        if (token.size < 2 || text_[token.begin + token.size - 1] != '"')
            return malformed("something after a string", token.begin);
        const auto inside = text_.substr(token.begin + 1, token.size - 2);
        token.escaped = inside.find('\\') != std::string_view::npos;
        if (!token.escaped) return token;
        const auto begin = static_cast<std::uint32_t>(tree_.unescaped.size());
        if (!detail::unescape(inside, tree_.unescaped)) return malformed("a bad escape", token.begin);
        const auto size = static_cast<std::uint32_t>(tree_.unescaped.size()) - begin;
        tree_.unescaped_strings.push_back({token.begin, begin, size});
        return token;
    }

    Result<std::uint32_t> open(Kind kind, Token key, std::size_t depth) {
        if (depth > limits_.depth_max) return too_much("nested too deeply");
        return add_node(kind, {tokens_[next_++], 0}, key);
    }

    void close(std::uint32_t node, std::uint32_t children, std::size_t compact_size) {
        auto& closed = tree_.nodes[node];
        closed.size = tokens_[next_++] + 1 - closed.begin;
        closed.end = static_cast<std::uint32_t>(tree_.nodes.size());
        closed.children = children;
        closed.compact = compact_size == closed.size;
    }

    Result<std::size_t> array(Token key, std::size_t depth) {
        const auto node = TRY(open(Kind::array, key, depth));
        std::size_t compact_size = 2;
        std::uint32_t children = 0;
        while (peek() != ']' || children > 0) {
            compact_size += TRY(value({}, depth));
            ++children;
            if (peek() == ']') break;
            if (peek() != ',') return malformed("an array goes on without a comma", offset());
            ++next_;
            ++compact_size;
        }
        close(node, children, compact_size);
        return compact_size;
    }

    Result<std::size_t> object(Token key, std::size_t depth) {
        const auto node = TRY(open(Kind::object, key, depth));
        std::size_t compact_size = 2;
        std::uint32_t children = 0;
        while (peek() != '}' || children > 0) {
            compact_size += TRY(member(depth));
            ++children;
            if (peek() == '}') break;
            if (peek() != ',') return malformed("an object goes on without a comma", offset());
            ++next_;
            ++compact_size;
        }
        close(node, children, compact_size);
        TRY(refuse_duplicates(tree_.nodes[node], node));
        return compact_size;
    }

    Result<std::size_t> member(std::size_t depth) {
        if (peek() != '"') return malformed("a member's name is missing", offset());
        const auto key = TRY(take_string());
        if (peek() != ':') return malformed("a colon is missing", offset());
        ++next_;
        return key.size + 1 + TRY(value(key, depth));
    }

    // RFC 8259, section 4, leaves it open what an object with a name twice means: two readers may differ.
    Result<> refuse_duplicates(const Node& object, std::uint32_t index) {
        if (object.children > sorted_above) return refuse_duplicates_sorted(object, index);
        std::uint64_t seen = 0;
        for (auto child = index + 1; child < object.end; child = tree_.nodes[child].end) {
            const auto key = tree_.key_of(tree_.nodes[child]);
            const auto sum = key.empty() ? 0U
                                         : static_cast<unsigned char>(key.front()) * 7U +
                                               static_cast<unsigned char>(key.back()) + key.size() * 13U;
            const auto bit = std::uint64_t{1} << (sum & 63U);
            if ((seen & bit) != 0) {
                for (auto other = index + 1; other < child; other = tree_.nodes[other].end)
                    if (tree_.key_of(tree_.nodes[other]) == key) return duplicate(tree_.nodes[child]);
            }
            seen |= bit;
        }
        return {};
    }

    Result<> refuse_duplicates_sorted(const Node& object, std::uint32_t index) {
        std::vector<std::pair<std::string_view, std::uint32_t>> keys;
        keys.reserve(object.children);
        for (auto child = index + 1; child < object.end; child = tree_.nodes[child].end)
            keys.emplace_back(tree_.key_of(tree_.nodes[child]), child);
        std::sort(keys.begin(), keys.end());
        const auto twice = std::adjacent_find(
            keys.begin(), keys.end(), [](const auto& a, const auto& b) { return a.first == b.first; });
        if (twice != keys.end()) return duplicate(tree_.nodes[std::next(twice)->second]);
        return {};
    }

    static tl::unexpected<Error> duplicate(const Node& member) {
        return malformed("a name twice in one object", member.key_begin);
    }

    static constexpr std::uint32_t sorted_above = 64;

    Tree& tree_;
    std::string_view text_;
    Tokens tokens_;
    Limits limits_;
    std::uint32_t next_ = 0;
};

}   // namespace

Result<Document> Document::parse(std::string text, Limits limits) {
    constexpr std::size_t offsets_max = std::numeric_limits<std::uint32_t>::max() / 2;
    if (text.size() > std::min(limits.bytes_max, offsets_max)) return too_much("too long");
    auto tree = std::make_unique<Tree>();
    tree->source = std::move(text);
    Walk walk{*tree, TRY(find_tokens(tree->source)), limits};
    TRY(walk.document());
    return Document{std::move(tree)};
}

}   // namespace ward::json
