// SPDX-License-Identifier: Apache-2.0
// What is learned, as bytes and back: docs/formats/model-state.md.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "core/bytes.hpp"
#include "core/clock.hpp"
#include "core/result.hpp"
#include "wire/varint.hpp"

namespace ward::state {

/// Four letters that say what follows, so that no model is restored from the bytes of another.
struct Tag {
    char letters[4];
    std::uint8_t version;
};

class Writer {
public:
    void tag(Tag tag);
    void count(std::uint64_t value) { append_big_endian(state_, value); }
    void number(double value);
    void numbers(std::span<const double> values);   // their count first

    void time(Time value);
    void bytes(Bytes value);   // their count first

    void varint(std::uint64_t value) { append_varint(state_, value); }
    void raw(Bytes value) { append(state_, value); }   // whose count is known

    const Buffer& state() const { return state_; }

private:
    Buffer state_;
};

/// Borrows the bytes. A value outside its bounds reads as the lowest allowed one and makes the reader
/// `failed()` for good, so a model checks once, before it is built.
class Reader {
public:
    explicit Reader(Bytes bytes) : in_(bytes) {}

    void tag(Tag expected);
    std::uint64_t count(std::uint64_t low, std::uint64_t high);
    double number(double low, double high);   // never NaN
    double any_number() { return number(lowest, -lowest); }
    /// Exactly as many, each within the bounds.
    std::vector<double> numbers(std::size_t expected, double low = lowest, double high = -lowest);

    Time time();
    Buffer bytes();

    std::uint64_t varint() { return take_varint(in_); }
    Bytes raw(std::size_t bytes) { return in_.take(bytes); }
    std::size_t remaining() const { return in_.remaining(); }

    void fail() { failed_ = true; }
    bool failed() const { return failed_ || in_.truncated(); }
    /// Are so many bytes still there? Asked before memory is taken for what they hold.
    Result<> has(std::size_t bytes);
    /// What is wrong, if something is.
    Result<> checked() const;
    /// The same, and nothing may be left.
    Result<> finished() const;

private:
    static constexpr double lowest = std::numeric_limits<double>::lowest();

    WireReader in_;
    bool failed_ = false;
};

/// The whole state of one model, and the model of a whole state.
template <class M>
Buffer saved(const M& model) {
    Writer out;
    model.save(out);
    return out.state();
}

template <class M>
Result<M> restored(Bytes bytes) {
    Reader in{bytes};
    auto model = TRY(M::restore(in));
    TRY(in.finished());
    return model;
}

}   // namespace ward::state
