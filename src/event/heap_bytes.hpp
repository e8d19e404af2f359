// SPDX-License-Identifier: Apache-2.0
// What an event that waits for something costs.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "event/event.hpp"

namespace ward::event {

/// Adds up the texts and lists of an event's fields, however deep.
class HeapBytes {
public:
    template <class T>
    void operator()(std::string_view /*key*/, const T& value) {
        add(value);
    }
    std::size_t total() const noexcept { return total_; }

private:
    void add(const std::string& text) {
        constexpr std::size_t inside = std::string{}.capacity();
        if (text.capacity() > inside) total_ += text.capacity() + 1;
    }
    void add(const Pseudonym& pseudonym) { add(pseudonym.text); }
    template <class T>
    void add(const std::vector<T>& list) {
        total_ += list.capacity() * sizeof(T);
        for (const auto& item : list) add(item);
    }
    template <class T>
    void add(const std::optional<T>& value) {
        if (value) add(*value);
    }
    template <class T>
    void add(const T& value) {
        if constexpr (requires { value.fields(*this); }) value.fields(*this);
    }

    std::size_t total_ = 0;
};

/// Bytes on the heap.
template <class T>
std::size_t heap_bytes(const T& event) {
    HeapBytes bytes;
    bytes({}, event);
    return bytes.total();
}

}   // namespace ward::event
