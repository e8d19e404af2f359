// SPDX-License-Identifier: Apache-2.0
#include "json/document.hpp"

#include <charconv>
#include <system_error>

#include "json/tree.hpp"

namespace ward::json {

Kind Value::kind() const noexcept { return tree_ ? tree_->nodes[node_].kind : Kind::null; }

Value Value::operator[](std::string_view key) const noexcept {
    if (!is_object()) return {};
    const auto& nodes = tree_->nodes;
    for (auto child = node_ + 1; child < nodes[node_].end; child = nodes[child].end) {
        const auto& node = nodes[child];
        if (!node.key_escaped && node.key_size != key.size() + 2) continue;
        if (tree_->key_of(node) == key) return {*tree_, child};
    }
    return {};
}

Items Value::items() const noexcept {
    Items items;
    if (!is_array()) return items;
    items.tree_ = tree_;
    items.begin_ = node_ + 1;
    items.end_ = tree_->nodes[node_].end;
    return items;
}

Members Value::members() const noexcept {
    Members members;
    if (!is_object()) return members;
    members.tree_ = tree_;
    members.begin_ = node_ + 1;
    members.end_ = tree_->nodes[node_].end;
    return members;
}

std::size_t Value::size() const noexcept { return tree_ ? tree_->nodes[node_].children : 0; }

std::string_view Value::text() const noexcept {
    if (!is_string()) return {};
    const auto& node = tree_->nodes[node_];
    return tree_->text(node.begin, node.size, node.escaped);
}

std::string_view Value::raw() const noexcept {
    if (!tree_) return {};
    const auto& node = tree_->nodes[node_];
    return tree_->slice(node.begin, node.size);
}

bool Value::is_compact() const noexcept { return !tree_ || tree_->nodes[node_].compact; }

std::optional<double> Value::number() const noexcept {
    if (kind() != Kind::number) return std::nullopt;
    double value = 0;
    const auto spelling = raw();
    std::from_chars(spelling.data(), spelling.data() + spelling.size(), value);
    return value;
}

std::optional<bool> Value::boolean() const noexcept {
    if (kind() != Kind::boolean) return std::nullopt;
    return raw() == "true";
}

std::size_t Value::offset() const noexcept { return tree_ ? tree_->nodes[node_].begin : 0; }

Items::Iterator& Items::Iterator::operator++() noexcept {
    node_ = tree_->nodes[node_].end;
    return *this;
}

Members::Iterator& Members::Iterator::operator++() noexcept {
    node_ = tree_->nodes[node_].end;
    return *this;
}

Member Members::Iterator::operator*() const noexcept {
    const auto& node = tree_->nodes[node_];
    return {tree_->key_of(node), tree_->slice(node.key_begin, node.key_size), {*tree_, node_}};
}

Document::Document(std::unique_ptr<detail::Tree> tree) noexcept : tree_(std::move(tree)) {}
Document::Document(Document&&) noexcept = default;
Document& Document::operator=(Document&&) noexcept = default;
Document::~Document() = default;

Value Document::root() const noexcept { return {*tree_, 0}; }
const std::string& Document::source() const noexcept { return tree_->source; }

bool equal(Value a, Value b) {
    if (a.kind() != b.kind() || a.size() != b.size()) return false;
    switch (a.kind()) {
        case Kind::string: return a.text() == b.text();
        case Kind::array: {
            auto other = b.items().begin();
            for (const auto item : a.items()) {
                if (!equal(item, *other)) return false;
                ++other;
            }
            return true;
        }
        case Kind::object:
            for (const auto& [key, raw_key, value] : a.members()) {
                const auto other = b[key];
                if (!other.exists() || !equal(value, other)) return false;
            }
            return true;
        default: return a.raw() == b.raw();
    }
}

}   // namespace ward::json
