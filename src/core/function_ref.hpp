// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <functional>
#include <memory>
#include <type_traits>

namespace ward {

template <class Signature>
class FunctionRef;

/// A callable that is borrowed for the time of a call, as a parameter: no allocation, no copy. Never a
/// member.
template <class R, class... Arguments>
class FunctionRef<R(Arguments...)> {
public:
    template <class Callable>
        requires(!std::same_as<std::remove_cvref_t<Callable>, FunctionRef> &&
                 std::is_invocable_r_v<R, Callable&, Arguments...>)
    FunctionRef(Callable&& callable) noexcept
        : callable_(const_cast<void*>(static_cast<const void*>(std::addressof(callable)))),
          call_([](void* object, Arguments... arguments) -> R {
              return std::invoke(*static_cast<std::remove_reference_t<Callable>*>(object),
                                 std::forward<Arguments>(arguments)...);
          }) {}

    R operator()(Arguments... arguments) const {
        return call_(callable_, std::forward<Arguments>(arguments)...);
    }

private:
    void* callable_;
    R (*call_)(void*, Arguments...);
};

}   // namespace ward
