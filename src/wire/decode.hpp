// SPDX-License-Identifier: Apache-2.0
// The three answers of a decoder, a pure function from bytes to a message.
#pragma once

#include <cstddef>
#include <string_view>
#include <variant>

namespace ward {

/// The message goes on past the end of the input.
struct NeedMore {
    std::size_t at_least = 1;   // bytes; asking again with fewer is useless
};

/// No continuation of the input can be a message.
struct Malformed {
    std::string_view reason;   // a literal
};

template <class Message>
struct Decoded {
    Message message;        // may borrow the input
    std::size_t consumed;   // bytes of the input that it took, at least one
};

template <class Message>
using Decode = std::variant<Decoded<Message>, NeedMore, Malformed>;

}   // namespace ward
