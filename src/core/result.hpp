// SPDX-License-Identifier: Apache-2.0
// How Ward says that the world failed: a value, or an Error that must not be ignored.
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <type_traits>
#include <utility>

namespace ward {

/// A code exists only if some caller branches on it.
enum class Errc { malformed, not_found, denied, conflict, limit_exceeded, unavailable, corrupt };

struct Error {
    Errc code;
    std::string what;   // for a log or an operator, never for a client, and never with patients' data
};

/// A value or the reason there is none.
template <class T = void>
class [[nodiscard]] Result : public tl::expected<T, Error> {
public:
    using tl::expected<T, Error>::expected;
};

inline tl::unexpected<Error> fail(Errc code, std::string what) {
    return tl::unexpected(Error{code, std::move(what)});
}

namespace detail {
template <class T>
T take(Result<T>&& result) {
    if constexpr (!std::is_void_v<T>) return *std::move(result);
}
}   // namespace detail

}   // namespace ward

/// Unwraps a Result, or returns its error from the enclosing function.
/// Never with a co_await inside: GCC 12 crashes on that. Name the awaited result first.
#define TRY(expression)                                           \
    __extension__({                                               \
        auto try_result = (expression);                           \
        if (!try_result) [[unlikely]]                             \
            return tl::unexpected(std::move(try_result).error()); \
        ::ward::detail::take(std::move(try_result));              \
    })
