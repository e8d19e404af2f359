// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <memory>
#include <type_traits>
#include <utility>

namespace ward {

template <class Signature>
class UniqueFunction;

/// A callable that is moved and never copied, so that it may own what it needs. GCC 12 in C++20 has no
/// std::move_only_function.
template <class Answer, class... Arguments>
class UniqueFunction<Answer(Arguments...)> {
public:
    UniqueFunction() = default;

    template <class Callable>
        requires(!std::same_as<std::remove_cvref_t<Callable>, UniqueFunction> &&
                 std::is_invocable_r_v<Answer, Callable&, Arguments...>)
    UniqueFunction(Callable&& callable)
        : held_(std::make_unique<Held<std::decay_t<Callable>>>(std::forward<Callable>(callable))) {}

    Answer operator()(Arguments... arguments) { return held_->call(std::forward<Arguments>(arguments)...); }
    explicit operator bool() const noexcept { return held_ != nullptr; }

private:
    struct Callee {
        virtual ~Callee() = default;
        virtual Answer call(Arguments... arguments) = 0;
    };

    template <class Callable>
    struct Held final : Callee {
        explicit Held(Callable held) : callable(std::move(held)) {}
        Answer call(Arguments... arguments) override {
            return callable(std::forward<Arguments>(arguments)...);
        }
        Callable callable;
    };

    std::unique_ptr<Callee> held_;
};

}   // namespace ward
