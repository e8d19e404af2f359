// SPDX-License-Identifier: Apache-2.0
// Turns the bytes that a server sends into one response. No socket, no clock.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

#include "core/result.hpp"
#include "http/message.hpp"

namespace ward::http {

class ResponseReader {
public:
    struct Limits {
        std::size_t header_bytes_max = 0;
        std::size_t body_bytes_max = 0;
    };

    /// `asked` is the method of the request: the answer to HEAD has a length and no body.
    ResponseReader(Limits limits, Method asked);
    ~ResponseReader();
    ResponseReader(const ResponseReader&) = delete;
    ResponseReader& operator=(const ResponseReader&) = delete;

    /// Adds what has arrived. True once the response is whole; interim responses (1xx) are passed over.
    Result<bool> put(std::string_view bytes);

    /// The server closed the connection: the end of a response without a length, an error for others.
    Result<> end();

    Response take();
    bool keeps_alive() const;   // once the response is whole

private:
    class Parser;
    std::unique_ptr<Parser> parser_;
};

}   // namespace ward::http
