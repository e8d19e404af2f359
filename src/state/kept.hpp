// SPDX-License-Identifier: Apache-2.0
// What something knows, listed once to be written and read back: docs/formats/watch-state.md.
#pragma once

#include <array>
#include <bit>
#include <chrono>
#include <concepts>
#include <deque>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/address.hpp"
#include "core/lru_map.hpp"
#include "state/state.hpp"

namespace ward::state {

class Kept;

/// A class that lists its members: `void state(Kept& kept) { kept(first_, last_); }`.
template <class T>
concept Listed = requires(T& value, Kept& kept) { value.state(kept); };

/// A model of src/learn.
template <class T>
concept Saved = requires(const T& model, Writer& out, Reader& in) {
    model.save(out);
    { T::restore(in) } -> std::same_as<Result<T>>;
};

/// Called with the members of something it writes them, or reads them into one that was just made, or takes
/// down what they are: of two with the same shape, one reads what the other wrote.
class Kept {
public:
    explicit Kept(Writer& out) : out_(&out) {}
    /// What does not fit makes `in` failed(); then what was read into is of no use.
    explicit Kept(Reader& in) : in_(&in) {}
    /// Only takes the shape.
    Kept() = default;

    bool reads() const noexcept { return in_ != nullptr; }
    std::uint64_t shape() const noexcept { return shape_; }

    template <class... Members>
    void operator()(Members&... members) {
        (one(members), ...);
    }

    /// A container whose elements are not made of nothing: `make` makes one.
    template <class Container, class Make>
    void list(Container& container, Make&& make);
    template <class Container>
    void list(Container& container) {
        list(container, [] { return typename Container::value_type{}; });
    }
    /// As LruMap::at() makes its values of `parts`.
    template <class Key, class Value, class Hash, class... Parts>
    void entries(LruMap<Key, Value, Hash>& map, const Parts&... parts);
    /// At most so many, where the reader has as many bytes.
    std::size_t size(std::size_t now, std::size_t most = std::numeric_limits<std::uint32_t>::max());

private:
    template <class T>
    void one(T& value);
    template <class T>
    void constant(const T& value) {
        auto copy = value;
        one(copy);
    }
    template <class T>
    void whole(T& value);

    void one(std::string& text);
    void one(IpAddress& address);
    template <class Rep, class Period>
    void one(std::chrono::duration<Rep, Period>& duration);
    template <class Clock, class Duration>
    void one(std::chrono::time_point<Clock, Duration>& time);
    template <class T, std::size_t count>
    void one(std::array<T, count>& values) {
        for (auto& value : values) one(value);
    }
    template <class First, class Second>
    void one(std::pair<First, Second>& pair) {
        (*this)(pair.first, pair.second);
    }
    template <class T>
    void one(std::optional<T>& value);
    template <class T>
    void one(std::unique_ptr<T>& value);
    template <class T>
    void one(std::vector<T>& values) {
        list(values);
    }
    template <class T>
    void one(std::deque<T>& values) {
        list(values);
    }
    template <class Key, class Value, class Less>
    void one(std::map<Key, Value, Less>& map) {
        ordered(map);
    }
    template <class Key, class Value>
    void one(std::unordered_map<Key, Value>& map) {
        ordered(map);
    }
    template <class Key, class Value, class Hash>
    void one(LruMap<Key, Value, Hash>& map) {
        entries(map);
    }
    template <class Map>
    void ordered(Map& map);
    void bits(std::uint64_t& value);
    void note(std::uint64_t part) { shape_ = folded(shape_, part, 0x5741'5244); }

    Writer* out_ = nullptr;
    Reader* in_ = nullptr;
    std::uint64_t shape_ = 0;
};

/// What `State`, just made, would write or read.
template <Listed State>
std::uint64_t shape_of(State& state) {
    Kept kept;
    state.state(kept);
    return kept.shape();
}

template <class T>
void Kept::one(T& value) {
    if constexpr (Listed<T>) {
        value.state(*this);
    } else if constexpr (Saved<T>) {
        if (out_) value.save(*out_);
        if (!in_) return;
        auto restored = T::restore(*in_);
        if (restored)
            value = std::move(*restored);
        else
            in_->fail();
    } else if constexpr (std::is_enum_v<T>) {
        auto number = static_cast<std::underlying_type_t<T>>(value);
        one(number);
        value = static_cast<T>(number);
    } else {
        whole(value);
    }
}

template <class T>
void Kept::whole(T& value) {
    static_assert(std::is_arithmetic_v<T>, "list its members in a function state()");
    note(sizeof(T) << 2U | (std::is_signed_v<T> ? 1U : 0U) | (std::is_floating_point_v<T> ? 2U : 0U));
    if constexpr (std::is_floating_point_v<T>) {
        constexpr auto most = std::numeric_limits<double>::infinity();
        if (out_) out_->number(static_cast<double>(value));
        if (in_) value = static_cast<T>(in_->number(-most, most));
    } else {
        auto number = std::is_signed_v<T> ? zigzag(static_cast<std::int64_t>(value))
                                          : static_cast<std::uint64_t>(value);
        bits(number);
        if (!in_) return;
        if constexpr (std::is_signed_v<T>) {
            if (!std::in_range<T>(unzigzag(number))) return in_->fail();
            value = static_cast<T>(unzigzag(number));
        } else {
            if (number > std::numeric_limits<T>::max()) return in_->fail();
            value = static_cast<T>(number);
        }
    }
}

template <class Rep, class Period>
void Kept::one(std::chrono::duration<Rep, Period>& duration) {
    auto count = duration.count();
    one(count);
    duration = std::chrono::duration<Rep, Period>{count};
}

template <class Clock, class Duration>
void Kept::one(std::chrono::time_point<Clock, Duration>& time) {
    auto since = time.time_since_epoch();
    one(since);
    time = std::chrono::time_point<Clock, Duration>{since};
}

template <class T>
void Kept::one(std::optional<T>& value) {
    bool is_there = value.has_value();
    one(is_there);
    const bool only_shape = !in_ && !out_;
    if (in_) value.reset();
    if ((in_ && is_there) || (only_shape && !value)) value.emplace();
    if (value) one(*value);
    if (only_shape && !is_there) value.reset();
}

template <class T>
void Kept::one(std::unique_ptr<T>& value) {
    bool is_there = value != nullptr;
    one(is_there);
    const bool only_shape = !in_ && !out_;
    if (in_) value.reset();
    if ((in_ && is_there) || (only_shape && !value)) value = std::make_unique<T>();
    if (value) one(*value);
    if (only_shape && !is_there) value.reset();
}

template <class Container, class Make>
void Kept::list(Container& container, Make&& make) {
    const auto count = size(container.size());
    if (in_) {
        container.clear();
        for (std::size_t i = 0; i < count && !in_->failed(); ++i) one(container.emplace_back(make()));
    } else if (out_) {
        for (auto& element : container) one(element);
    } else {
        auto element = make();
        one(element);
    }
}

template <class Map>
void Kept::ordered(Map& map) {
    const auto count = size(map.size());
    if (out_)
        for (auto& [key, value] : map) {
            constant(key);
            one(value);
        }
    if (out_) return;
    for (std::size_t i = 0; i < (in_ ? count : 1); ++i) {
        std::remove_const_t<typename Map::key_type> key{};
        typename Map::mapped_type value{};
        one(key);
        one(value);
        if (in_ && in_->failed()) return;
        if (in_) map.emplace(std::move(key), std::move(value));
    }
}

template <class Key, class Value, class Hash, class... Parts>
void Kept::entries(LruMap<Key, Value, Hash>& map, const Parts&... parts) {
    const auto count = size(map.size(), map.entries_max());
    if (out_) {
        map.each_from_oldest([this](const Key& key, Value& value) {
            constant(key);
            one(value);
        });
    } else if (in_) {
        for (std::size_t i = 0; i < count && !in_->failed(); ++i) {
            Key key{};
            one(key);
            one(map.at(key, parts...));
        }
    } else {
        Key key{};
        Value value{parts...};
        (*this)(key, value);
    }
}

}   // namespace ward::state
