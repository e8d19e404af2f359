// SPDX-License-Identifier: Apache-2.0
// From what an interaction gave to the HTTP response.
#pragma once

#include <future>
#include <string>

#include "core/unique_function.hpp"
#include "http/message.hpp"
#include "vault/exchange.hpp"
#include "vault/prefer.hpp"

namespace ward::vault {

using Send = UniqueFunction<void(http::Response)>;

/// FHIR JSON, unless the reply says that it is something else.
http::Response response_of(Reply reply);
/// An OperationOutcome with its status.
http::Response response_of(const fhir::Issue& issue);

/// What a client gets who wants to be told and not shown.
std::string done_outcome();

/// Of a change that succeeded.
void answer_as_preferred(const Preferences& prefer, Reply& reply);

/// Waits for what another thread sends.
template <class Act>
http::Response wait_for(const Act& act) {
    std::promise<http::Response> promise;
    auto response = promise.get_future();
    act(Send{
        [promise = std::move(promise)](http::Response sent) mutable { promise.set_value(std::move(sent)); }});
    return response.get();
}

}   // namespace ward::vault
