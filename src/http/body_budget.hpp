// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>

namespace ward::http {

/// Bytes of request bodies that are held at this moment, over all connections. Safe to use from many threads.
class BodyBudget {
public:
    explicit BodyBudget(std::size_t bytes_max) : bytes_max_(bytes_max) {}

    bool take(std::size_t bytes) {
        if (held_.fetch_add(bytes) + bytes <= bytes_max_) return true;
        held_ -= bytes;
        return false;
    }
    void give_back(std::size_t bytes) { held_ -= bytes; }
    std::size_t held() const { return held_.load(); }

private:
    const std::size_t bytes_max_;
    std::atomic<std::size_t> held_{0};
};

}   // namespace ward::http
