// SPDX-License-Identifier: Apache-2.0
// Suricata's EVE (versions 4 to 8) in our vocabulary. Its events have ours' names, but other ends and
// layouts.
#pragma once

#include <string>

#include "core/lru_map.hpp"
#include "foreign/envelope.hpp"

namespace ward::foreign {

namespace suricata {
struct Event;
}

/// Whether an event has what Suricata's have, and ours never.
bool is_suricata(json::Value event);

class Suricata {
public:
    static constexpr std::size_t trees_max = 16'384;

    /// Appends the events that say the same, one a line; mostly one.
    Taken translate(json::Value event, std::string& out);

private:
    /// Which share a conversation's tree is: only the command that connects it says so.
    struct Tree {
        std::string share;
        std::string type;   // FILE, PIPE, PRINT
    };
    struct TreeId {
        std::uint64_t flow;
        std::uint64_t tree;
        bool operator==(const TreeId&) const = default;
    };
    struct TreeIdHash {
        std::size_t operator()(const TreeId& id) const noexcept { return folded(id.flow, id.tree, 0); }
    };

    Tree tree_of(json::Value smb, std::uint64_t flow_id);
    void write_own(json::Writer& writer, json::Value event, const suricata::Event& kind,
                   std::uint64_t flow_id);
    void write_smb(json::Writer& writer, json::Value smb, std::uint64_t flow_id);

    LruMap<TreeId, Tree, TreeIdHash> trees_{trees_max};
};

}   // namespace ward::foreign
