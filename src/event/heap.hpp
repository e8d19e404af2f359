// SPDX-License-Identifier: Apache-2.0
// What an event has on the heap while it waits for its answer, by its own list of fields.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace ward::event {

class Heap {
public:
    template <class T>
    void operator()(std::string_view /*key*/, const T& value) {
        add(value);
    }
    template <class T>
    void add(const T& value) {
        if constexpr (requires { value.c_str(); }) {
            const auto within = std::string{}.capacity();
            bytes_ += value.capacity() > within ? value.capacity() + 1 : 0;
        } else if constexpr (requires { value.has_value(); }) {
            if (value) add(*value);
        } else if constexpr (requires { value.fields(*this); }) {
            value.fields(*this);
        } else if constexpr (requires { value.text; }) {   // a pseudonym
            add(value.text);
        } else if constexpr (requires { value.capacity(); }) {
            bytes_ += value.capacity() * sizeof(*value.data());
            for (const auto& element : value) add(element);
        }
    }
    std::size_t bytes() const noexcept { return bytes_; }

private:
    std::size_t bytes_ = 0;
};

template <class T>
std::size_t heap_of(const T& value) {
    Heap heap;
    heap.add(value);
    return heap.bytes();
}

}   // namespace ward::event
