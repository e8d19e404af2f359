// SPDX-License-Identifier: Apache-2.0
// A request and its response while they arrive, in any version of HTTP.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "event/http.hpp"
#include "protocol/fhir/fhir.hpp"
#include "protocol/http/head.hpp"
#include "protocol/session.hpp"

namespace ward::protocol::http {

/// A body goes past: it is counted, and its beginning kept where somebody reads it.
class Body {
public:
    void begin(std::size_t bytes_max, std::string_view encoding);
    /// Returns how many bytes of it nobody reads.
    std::size_t add(std::string_view piece);
    void lose(std::uint64_t bytes);
    std::uint64_t size() const noexcept { return size_; }
    std::size_t memory() const noexcept { return beginning_.capacity(); }
    /// The beginning, inflated where that is needed.
    std::string text() const;

private:
    std::uint64_t size_ = 0;
    std::size_t wanted_ = 0;   // that many more bytes are kept
    bool compressed_ = false;
    std::string beginning_;
};

struct Exchange {
    event::Http http;
    std::unique_ptr<fhir::Draft> fhir;
    Body request_body;
    Body response_body;
    event::Time asked{};   // the request's last byte so far

    void begin_request(const Head& head, Output& out);
    void begin_response(const Head& head, Output& out);
    /// Says what is known of it. The exchange is used up.
    void tell(Output& out);
    std::size_t memory() const noexcept;
};

}   // namespace ward::protocol::http
