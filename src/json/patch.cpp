// SPDX-License-Identifier: Apache-2.0
#include "json/patch.hpp"

#include <algorithm>
#include <array>
#include <deque>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "core/assert.hpp"
#include "core/text.hpp"
#include "json/scalar.hpp"
#include "json/writer.hpp"

namespace ward::json {

namespace {

using Pointer = std::vector<std::string>;

// RFC 6901, section 3: each token after a slash, with ~1 for a slash and ~0 for a tilde.
std::optional<Pointer> parse_pointer(std::string_view text) {
    Pointer pointer;
    while (!text.empty()) {
        if (text.front() != '/') return std::nullopt;
        const auto end = std::min(text.find('/', 1), text.size());
        auto& token = pointer.emplace_back();
        for (std::size_t i = 1; i < end; ++i) {
            if (text[i] != '~') {
                token += text[i];
                continue;
            }
            if (++i == end || (text[i] != '0' && text[i] != '1')) return std::nullopt;
            token += text[i] == '0' ? '~' : '/';
        }
        text.remove_prefix(end);
    }
    return pointer;
}

// RFC 6901, section 4: digits without leading zeros.
std::optional<std::size_t> array_index(std::string_view token) {
    if (token.size() > 1 && token.front() == '0') return std::nullopt;
    return number(token);
}

struct Child;

/// A value of the target or of the patch as it was, or one that was opened because something in it changes.
struct Node {
    Value unchanged;   // exists unless it was opened
    Kind kind = Kind::null;
    std::vector<Child> children;

    explicit Node(Value value);
};

/// The views are of the target, of the patch, or of the Patching's new names.
struct Child {
    std::string_view key;
    std::string_view raw_key;
    Node node;
};

Node::Node(Value value) : unchanged(value), kind(value.kind()) {}

void open(Node& node) {
    if (!node.unchanged.exists()) return;
    const auto value = node.unchanged;
    node.children.reserve(value.size() + 1);
    for (const auto item : value.items()) node.children.push_back({{}, {}, Node{item}});
    for (const auto& [key, raw_key, member] : value.members())
        node.children.push_back({key, raw_key, Node{member}});
    if (node.kind == Kind::object || node.kind == Kind::array) node.unchanged = {};
}

void write(const Node& node, std::string& out) {
    if (node.unchanged.exists()) return append_value(out, node.unchanged);
    const bool is_object = node.kind == Kind::object;
    out += is_object ? '{' : '[';
    bool comma = false;
    for (const auto& child : node.children) {
        if (std::exchange(comma, true)) out += ',';
        if (is_object) (out += child.raw_key) += ':';
        write(child.node, out);
    }
    out += is_object ? '}' : ']';
}

struct Extent {
    std::size_t bytes = 0;
    std::size_t depth = 0;   // of nested objects and arrays
    std::size_t values = 1;

    void include(const Extent& child) {
        bytes += child.bytes + 1;
        depth = std::max(depth, child.depth + 1);
        values += child.values;
    }
};

Extent extent_of(Value value) {
    if (!value.is_object() && !value.is_array()) return {value.raw().size(), 0};
    Extent extent{2, 1};
    for (const auto item : value.items()) extent.include(extent_of(item));
    for (const auto& [key, raw_key, member] : value.members()) {
        extent.include(extent_of(member));
        extent.bytes += raw_key.size() + 1;
    }
    return extent;
}

Extent extent_of(const Node& node) {
    if (node.unchanged.exists()) return extent_of(node.unchanged);
    Extent extent{2, 1};
    for (const auto& child : node.children) {
        extent.include(extent_of(child.node));
        extent.bytes += child.raw_key.size() + 1;
    }
    return extent;
}

enum class Act : std::uint8_t { add, remove, replace, move, copy, test };

struct ActName {
    std::string_view name;
    Act act;
};

constexpr auto acts = std::to_array<ActName>({{"add", Act::add},
                                              {"remove", Act::remove},
                                              {"replace", Act::replace},
                                              {"move", Act::move},
                                              {"copy", Act::copy},
                                              {"test", Act::test}});

/// One operation, taken apart.
struct Operation {
    Act act{};
    Pointer path;
    Pointer from;
    Value value;
};

class Patching {
public:
    Patching(Value target, const PatchLimits& limits) : root_(target), limits_(limits) {}

    Result<> apply(Value source, std::size_t index) {
        place_ = "operation " + std::to_string(index);
        const auto operation = TRY(read(source));
        auto done = perform(operation);
        if (steps_ > limits_.steps_max) return fail(Errc::limit_exceeded, place_ + ": too much to do");
        return done;
    }

    std::string finish() const {
        std::string out;
        write(root_, out);
        return out;
    }

private:
    tl::unexpected<Error> malformed(std::string_view what) const {
        return fail(Errc::malformed, place_ + ": " + std::string{what});
    }
    tl::unexpected<Error> failed(std::string_view what) const {
        return fail(Errc::conflict, place_ + ": " + std::string{what});
    }

    // RFC 6902, section 4: members that the operation does not have are ignored.
    Result<Operation> read(Value source) {
        const auto* known =
            std::ranges::find_if(acts, [&](const auto& act) { return act.name == source["op"].text(); });
        if (known == acts.end()) return malformed("op is none of add, remove, replace, move, copy and test");
        (((place_ += " (") += known->name) += ")");
        Operation operation;
        operation.act = known->act;
        operation.path = TRY(pointer(source, "path"));
        using enum Act;
        if (operation.act == move || operation.act == copy) operation.from = TRY(pointer(source, "from"));
        if (operation.act == add || operation.act == replace || operation.act == test) {
            operation.value = source["value"];
            if (!operation.value.exists()) return malformed("value is missing");
        }
        return operation;
    }

    Result<Pointer> pointer(Value source, std::string_view name) const {
        const auto text = source[name];
        auto parsed = text.is_string() ? parse_pointer(text.text()) : std::nullopt;
        if (!parsed) return malformed(std::string{name} + " is no JSON Pointer");
        return *std::move(parsed);
    }

    Result<> perform(const Operation& operation) {
        switch (operation.act) {
            case Act::add: return add(operation.path, Node{operation.value});
            case Act::remove: {
                TRY(take(operation.path));
                return {};
            }
            case Act::replace: {
                auto* const found = TRY(find(operation.path, "path"));
                Node value{operation.value};
                TRY(admit(value, operation.path.size()));
                *found = std::move(value);
                return {};
            }
            case Act::copy: {
                const auto* const found = TRY(find(operation.from, "from"));
                TRY(admit(*found, operation.path.size()));
                return insert(operation.path, Node{*found});
            }
            case Act::move: return move(operation);
            case Act::test: {
                const auto* const found = TRY(find(operation.path, "path"));
                if (!same(*found, operation.value)) return failed("the test does not hold");
                return {};
            }
        }
        return {};
    }

    // RFC 6902, section 4.4: "The 'from' location MUST NOT be a proper prefix of the 'path' location".
    Result<> move(const Operation& operation) {
        const auto& [act, path, from, value] = operation;
        if (from.size() < path.size() && std::equal(from.begin(), from.end(), path.begin()))
            return failed("from is a part of path");
        const auto* const found = TRY(find(from, "from"));
        if (from == path) return {};
        TRY(admit(*found, path.size()));
        return insert(path, TRY(take(from)));
    }

    Result<> add(const Pointer& path, Node value) {
        TRY(admit(value, path.size()));
        return insert(path, std::move(value));
    }

    /// Before anything of it is copied.
    Result<> admit(const Node& value, std::size_t depth) {
        const auto extent = extent_of(value);
        steps_ += extent.values;
        bytes_added_ += extent.bytes;
        if (depth + extent.depth > limits_.depth_max)
            return fail(Errc::limit_exceeded, place_ + ": nested too deeply");
        if (bytes_added_ > limits_.bytes_added_max)
            return fail(Errc::limit_exceeded, place_ + ": too much is added");
        return {};
    }

    Node* child_of(Node& node, std::string_view token) {
        open(node);
        steps_ += node.children.size();
        if (node.kind == Kind::array) {
            const auto index = array_index(token);
            return index && *index < node.children.size() ? &node.children[*index].node : nullptr;
        }
        const auto found = std::ranges::find(node.children, token, &Child::key);
        return node.kind == Kind::object && found != node.children.end() ? &found->node : nullptr;
    }

    Result<Node*> find(std::span<const std::string> pointer, std::string_view which) {
        auto* node = &root_;
        for (const auto& token : pointer) {
            node = child_of(*node, token);
            if (node == nullptr) return failed(std::string{which} + " leads nowhere");
        }
        return node;
    }

    Result<Node*> find_parent(const Pointer& path, std::string_view which) {
        auto* const parent = TRY(find(std::span{path}.first(path.size() - 1), which));
        open(*parent);
        steps_ += parent->children.size();
        return parent;
    }

    Result<> insert(const Pointer& path, Node value) {
        if (path.empty()) {
            root_ = std::move(value);
            return {};
        }
        auto& parent = *TRY(find_parent(path, "path"));
        auto& children = parent.children;
        if (parent.kind == Kind::array) {
            const auto index = path.back() == "-" ? std::optional{children.size()} : array_index(path.back());
            if (!index || *index > children.size()) return failed("path is no place in the array");
            children.insert(children.begin() + static_cast<std::ptrdiff_t>(*index),
                            {{}, {}, std::move(value)});
            return {};
        }
        if (parent.kind != Kind::object) return failed("path leads into what has no members");
        if (auto* const known = child_of(parent, path.back())) {
            *known = std::move(value);
            return {};
        }
        const std::string_view key = names_.emplace_back(path.back());
        auto& raw_key = names_.emplace_back();
        append_string(raw_key, key);
        children.push_back({key, raw_key, std::move(value)});
        return {};
    }

    Result<Node> take(const Pointer& path) {
        if (path.empty()) return failed("the whole cannot be removed");
        TRY(find(path, "path"));
        auto& parent = *TRY(find_parent(path, "path"));
        auto& children = parent.children;
        const auto found = parent.kind == Kind::array
                               ? children.begin() + static_cast<std::ptrdiff_t>(*array_index(path.back()))
                               : std::ranges::find(children, std::string_view{path.back()}, &Child::key);
        auto taken = std::move(found->node);
        children.erase(found);
        return taken;
    }

    // RFC 6902, section 4.6: numbers are equal if their values are, and members stand in any order.
    bool same(Value a, Value b) {
        ++steps_;
        if (a.kind() != b.kind() || a.size() != b.size()) return false;
        if (a.kind() == Kind::number) return detail::same_number(a.raw(), b.raw());
        if (!a.is_object() && !a.is_array()) return equal(a, b);
        auto other = b.items().begin();
        for (const auto item : a.items()) {
            if (!same(item, *other)) return false;
            ++other;
        }
        steps_ += a.is_object() ? b.size() * b.size() : 0;
        if (steps_ > limits_.steps_max) return false;   // apply() refuses it
        return std::ranges::all_of(a.members(), [&](const Member& member) {
            const auto of_b = b[member.key];
            return of_b.exists() && same(member.value, of_b);
        });
    }

    bool same(const Node& node, Value value) {
        if (node.unchanged.exists()) return same(node.unchanged, value);
        ++steps_;
        if (node.kind != value.kind() || node.children.size() != value.size()) return false;
        auto item = value.items().begin();
        steps_ += node.kind == Kind::object ? value.size() * value.size() : 0;
        if (steps_ > limits_.steps_max) return false;
        return std::ranges::all_of(node.children, [&](const Child& child) {
            const auto other = node.kind == Kind::array ? *item : value[child.key];
            if (node.kind == Kind::array) ++item;
            return other.exists() && same(child.node, other);
        });
    }

    Node root_;
    const PatchLimits& limits_;
    std::deque<std::string> names_;   // of members that are new, and as they are spelled
    std::string place_;               // the operation, for errors
    std::size_t bytes_added_ = 0;
    std::size_t steps_ = 0;
};

}   // namespace

Result<std::string> patched(Value target, Value patch, const PatchLimits& limits) {
    WARD_ASSERT(target.exists());
    if (!patch.is_array()) return fail(Errc::malformed, "a JSON Patch is an array of operations");
    if (patch.size() > limits.operations_max)
        return fail(Errc::limit_exceeded,
                    "a patch has at most " + std::to_string(limits.operations_max) + " operations");
    Patching patching{target, limits};
    std::size_t index = 0;
    for (const auto operation : patch.items()) TRY(patching.apply(operation, index++));
    return patching.finish();
}

}   // namespace ward::json
