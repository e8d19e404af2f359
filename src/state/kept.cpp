// SPDX-License-Identifier: Apache-2.0
#include "state/kept.hpp"

#include <algorithm>

namespace ward::state {

void Kept::bits(std::uint64_t& value) {
    if (out_) out_->varint(value);
    if (in_) value = in_->varint();
}

std::size_t Kept::size(std::size_t now, std::size_t most) {
    note(1);
    std::uint64_t count = now;
    bits(count);
    if (in_ && (count > most || count > in_->remaining())) {
        in_->fail();
        return 0;
    }
    return count;
}

void Kept::one(std::string& text) {
    const auto count = size(text.size());
    if (out_) out_->raw(as_bytes(text));
    if (in_) text = std::string{as_text(in_->raw(count))};
}

void Kept::one(IpAddress& address) {
    using enum IpAddress::Family;
    one(address.family);
    if (address.family > v6 && in_) return in_->fail();
    const std::size_t count = address.family == none ? 0 : address.is_v4() ? 4 : address.bytes.size();
    if (out_) out_->raw(Bytes{address.bytes}.first(count));
    if (in_) std::ranges::copy(in_->raw(count), address.bytes.begin());
}

}   // namespace ward::state
