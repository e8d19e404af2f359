// SPDX-License-Identifier: Apache-2.0
#include "fhir/path.hpp"

#include <algorithm>
#include <array>

#include "fhir/path_parser.hpp"

namespace ward::fhir {

namespace {

using Step = Path::Step;
using Steps = Path::Steps;

// R4, datatypes.html#open, as they end the names of choice elements.
constexpr auto choice_types =
    std::to_array<std::string_view>({"Address",     "Age",          "Annotation",
                                     "Attachment",  "Base64Binary", "Boolean",
                                     "Canonical",   "Code",         "CodeableConcept",
                                     "Coding",      "ContactPoint", "Count",
                                     "Date",        "DateTime",     "Decimal",
                                     "Distance",    "Duration",     "HumanName",
                                     "Id",          "Identifier",   "Instant",
                                     "Integer",     "Markdown",     "Money",
                                     "Oid",         "Period",       "PositiveInt",
                                     "Quantity",    "Range",        "Ratio",
                                     "Reference",   "SampledData",  "Signature",
                                     "String",      "Time",         "Timing",
                                     "UnsignedInt", "Uri",          "Url",
                                     "Uuid"});

bool is_choice_type(std::string_view name) {
    return std::find(choice_types.begin(), choice_types.end(), name) != choice_types.end();
}

/// Walks a resource along the steps of one branch, depth first.
class Walk {
public:
    Walk(json::Value resource, const Steps& steps, std::vector<NodeView>& out)
        : resource_(resource), steps_(steps), out_(out) {}

    // FHIRPath lists are flat: what stands in an array is the parent's child like any other.
    void from(NodeView node, std::size_t next) {
        if (node.value.is_array()) {
            for (const auto item : node.value.items()) from({item, node.type, {}}, next);
            return;
        }
        if (!node.value.exists() || node.value.kind() == json::Kind::null) return;
        if (next == steps_.size()) {
            out_.push_back(node);
            return;
        }
        const auto& step = steps_[next];
        switch (step.kind) {
            case Step::Kind::member: return member(node, step, next + 1);
            case Step::Kind::where_equals:
                if (node.value[step.name].text() == step.text) from(node, next + 1);
                return;
            case Step::Kind::where_resolves:
                if (resolves_to(node.value, step.text)) from(node, next + 1);
                return;
        }
    }

private:
    void member(const NodeView& node, const Step& step, std::size_t next) {
        if (step.is_choice) return choice(node, step, next);
        const auto found = node.value[step.name];
        if (!step.index) return from({found, step.text, {}}, next);
        std::size_t position = 0;
        for (const auto item : found.items())
            if (position++ == *step.index) from({item, {}, {}}, next);
    }

    void choice(const NodeView& node, const Step& step, std::size_t next) {
        for (const auto& [key, raw_key, value] : node.value.members()) {
            if (!key.starts_with(step.name)) continue;
            const auto suffix = key.substr(step.name.size());
            if (suffix.empty() || is_choice_type(suffix)) from({value, suffix, {}}, next);
        }
    }

    // No store is asked: a literal reference says what it points at, and what is contained is at hand.
    bool resolves_to(json::Value reference, std::string_view type) const {
        auto target = reference["reference"].text();
        if (target.starts_with('#')) {
            target.remove_prefix(1);
            for (const auto contained : resource_["contained"].items())
                if (contained["id"].text() == target) return contained["resourceType"].text() == type;
            return false;
        }
        const auto history = target.find("/_history/");
        target = target.substr(0, history);
        const auto id = target.rfind('/');
        if (id == std::string_view::npos) return reference["type"].text() == type;
        target = target.substr(0, id);
        return target == type || (target.ends_with(type) && target[target.size() - type.size() - 1] == '/');
    }

    json::Value resource_;
    const Steps& steps_;
    std::vector<NodeView>& out_;
};

void evaluate_branches(const std::vector<Steps>& branches, json::Value resource, std::vector<NodeView>& out) {
    for (const auto& steps : branches) Walk{resource, steps, out}.from({resource, {}, {}}, 0);
}

bool holds(const Path::Condition& condition, json::Value resource) {
    std::vector<NodeView> found;
    evaluate_branches(condition.branches, resource, found);
    if (found.empty()) return false;
    return !condition.differs_from || found.front().value.boolean() != condition.differs_from;
}

}   // namespace

Result<Path> Path::compile(std::string_view expression, std::string_view type) {
    PathParser parser{expression, type};
    auto conditions = TRY(parser.parse());
    Path path;
    if (conditions.size() == 1 && !conditions.front().is_test)
        path.branches_ = std::move(conditions.front().condition.branches);
    else
        for (auto& parsed : conditions) path.conditions_.push_back(std::move(parsed.condition));
    return path;
}

void Path::evaluate(json::Value resource, std::vector<NodeView>& out) const {
    if (conditions_.empty()) return evaluate_branches(branches_, resource, out);
    const bool all = std::all_of(conditions_.begin(), conditions_.end(),
                                 [&](const Condition& condition) { return holds(condition, resource); });
    out.push_back({{}, {}, all});
}

}   // namespace ward::fhir
