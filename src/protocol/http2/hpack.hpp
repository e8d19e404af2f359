// SPDX-License-Identifier: Apache-2.0
// HPACK, the compression of HTTP/2's header fields: RFC 7541.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/bytes.hpp"

namespace ward::protocol::http2 {

struct Field {
    std::string name;
    std::string value;
};

/// Keeps the dynamic table of one direction of one connection.
class Hpack {
public:
    static constexpr std::size_t table_bytes_max = std::size_t{64} << 10;
    static constexpr std::size_t fields_max = 256;                         // of one block
    static constexpr std::size_t block_text_max = std::size_t{64} << 10;   // of one block, decoded

    /// Nothing if the block is damaged; then the table is, too.
    std::optional<std::vector<Field>> decode(Bytes block);
    std::size_t memory() const noexcept { return used_; }

private:
    bool look_up(std::uint64_t index, Field& field) const;
    void keep(const Field& field);
    void shrink_to(std::size_t bytes);

    std::deque<Field> table_;   // newest last
    std::size_t used_ = 0;      // RFC 7541, 4.1
    std::size_t limit_ = 4096;
};

/// RFC 7541, 5.2 and appendix B. Nothing if it does not end as it must.
std::optional<std::string> huffman_decoded(Bytes packed);

}   // namespace ward::protocol::http2
