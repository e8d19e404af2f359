// SPDX-License-Identifier: Apache-2.0
// Turns the bytes of one connection into requests, one after the other. No socket, no clock.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

#include "http/body_budget.hpp"
#include "http/message.hpp"

namespace ward::http {

/// Why a request is not answered by the program but by the server; `what` is a fixed phrase.
struct Refusal {
    int status = 400;
    std::string_view what;
};

enum class ReadState { need_more, expects_continue, complete, refused };

class RequestReader {
public:
    struct Limits {
        std::size_t header_bytes_max = 0;
        std::size_t body_bytes_max = 0;
    };

    RequestReader(Limits limits, BodyBudget& budget);
    RequestReader(RequestReader&&) noexcept;
    ~RequestReader();

    /// Adds what has arrived (perhaps nothing) and reads on. Says expects_continue once a request at most;
    /// after `refused` the connection has lost its rhythm and must be closed.
    ReadState put(std::string_view bytes);

    /// After `complete`: hands the request over and gets ready for the next one, of which bytes may be here
    /// already. Its body still counts against the budget, until release_body().
    Request take();
    void release_body();

    /// Lets go of a request that will not be answered by the program; nothing is read after it.
    void drop();

    const Refusal& refusal() const;

    bool has_begun() const;   // some byte of the current request is here
    bool header_is_complete() const;
    bool has_surplus() const;   // bytes after the request that was taken
    std::size_t body_size() const;

    // Of the current or the last taken request.
    bool keeps_alive() const;
    bool is_head() const;
    bool is_http_1_0() const;

private:
    class Parser;
    std::unique_ptr<Parser> parser_;
};

}   // namespace ward::http
