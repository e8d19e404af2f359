// SPDX-License-Identifier: Apache-2.0
#include "fhir/v2/draft.hpp"

#include "core/assert.hpp"
#include "core/text.hpp"
#include "json/writer.hpp"

namespace ward::fhir::v2 {

Place Place::operator[](std::string_view name) const {
    const auto found = draft_->find(node_, name);
    return {*draft_, found != 0 ? found : draft_->add(node_, name)};
}

Place Place::append() const {
    draft_->nodes_[node_].kind = Draft::Kind::array;
    return {*draft_, draft_->add(node_, {})};
}

Place Place::first() const {
    const auto child = draft_->nodes_[node_].first;
    return child == 0 ? append() : Place{*draft_, child};
}

Place Place::at(std::string_view path) const {
    auto place = *this;
    while (!path.empty()) {
        auto step = take_until(path, '.');
        const bool appends = step.ends_with("[]");
        if (appends) step.remove_suffix(2);
        if (!step.empty()) place = place[step];
        if (appends) place = place.append();
    }
    return place;
}

void Place::text(std::string_view text) const { draft_->put(node_, Draft::Kind::text, text); }

void Place::json(std::string_view json) const { draft_->put(node_, Draft::Kind::json, json); }

void Place::clear() const {
    auto& node = draft_->nodes_[node_];
    node.first = node.last = 0;
    node.kind = Draft::Kind::nothing;
}

bool Place::has(std::string_view name) const {
    const auto found = draft_->find(node_, name);
    return found != 0 && draft_->holds_value(found);
}

bool Place::holds_value() const { return draft_->holds_value(node_); }

bool Place::has_element(std::string_view name, std::string_view text) const {
    for (auto child = draft_->nodes_[node_].first; child != 0; child = draft_->nodes_[child].next) {
        const auto member = draft_->find(child, name);
        if (member != 0 && draft_->text_of(draft_->nodes_[member]) == text) return true;
    }
    return false;
}

Draft::Draft() {
    nodes_.reserve(32);
    texts_.reserve(256);
    nodes_.push_back({.name = {}, .kind = Kind::object});
}

std::uint32_t Draft::add(std::uint32_t parent, std::string_view name) {
    const auto added = static_cast<std::uint32_t>(nodes_.size());
    nodes_.push_back({.name = name});
    auto& above = nodes_[parent];
    WARD_ASSERT(above.kind != Kind::text && above.kind != Kind::json);
    if (above.kind == Kind::nothing) above.kind = Kind::object;
    (above.first == 0 ? above.first : nodes_[above.last].next) = added;
    above.last = added;
    return added;
}

std::uint32_t Draft::find(std::uint32_t parent, std::string_view name) const {
    auto child = nodes_[parent].first;
    while (child != 0 && nodes_[child].name != name) child = nodes_[child].next;
    return child;
}

void Draft::put(std::uint32_t node, Kind kind, std::string_view text) {
    auto& target = nodes_[node];
    WARD_ASSERT(target.first == 0);
    target.kind = text.empty() ? Kind::nothing : kind;
    target.begin = static_cast<std::uint32_t>(texts_.size());
    target.size = static_cast<std::uint32_t>(text.size());
    texts_ += text;
}

bool Draft::holds_value(std::uint32_t node) const {
    const auto& at = nodes_[node];
    if (at.kind == Kind::text || at.kind == Kind::json) return true;
    for (auto child = at.first; child != 0; child = nodes_[child].next)
        if (holds_value(child)) return true;
    return false;
}

std::string_view Draft::text_of(const Node& node) const {
    return std::string_view{texts_}.substr(node.begin, node.size);
}

void Draft::write(std::uint32_t node, std::string& out) const {
    const auto& at = nodes_[node];
    if (at.kind == Kind::text) return json::append_string(out, text_of(at));
    if (at.kind == Kind::json) {
        out += text_of(at);
        return;
    }
    const bool is_array = at.kind == Kind::array;
    out += is_array ? '[' : '{';
    bool comma = false;
    for (auto child = at.first; child != 0; child = nodes_[child].next) {
        if (!holds_value(child)) continue;
        if (comma) out += ',';
        comma = true;
        if (!is_array) out.append("\"").append(nodes_[child].name).append("\":");
        write(child, out);
    }
    out += is_array ? ']' : '}';
}

void Draft::write_members(std::string& out) const {
    for (auto child = nodes_[0].first; child != 0; child = nodes_[child].next) {
        if (!holds_value(child)) continue;
        out.append(",\"").append(nodes_[child].name).append("\":");
        write(child, out);
    }
}

}   // namespace ward::fhir::v2
