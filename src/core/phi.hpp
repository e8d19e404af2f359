// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <utility>

namespace ward {

/// Protected health information. It has no formatter and no conversion, so that logging it does not compile.
template <class T>
class Phi {
public:
    Phi() = default;
    explicit Phi(T value) : value_(std::move(value)) {}

    /// The one way to the value; easy to find in a review.
    const T& reveal() const noexcept { return value_; }

private:
    T value_{};
};

}   // namespace ward
