// SPDX-License-Identifier: Apache-2.0
#include "lab/play/fhir_line.hpp"

#include "lab/play/patience.hpp"

namespace ward::lab {

Result<int> FhirLine::send(const std::string& bundle) {
    const http::Request request{.method = http::Method::post,
                                .target = "/fhir",
                                .headers = {{"Content-Type", "application/fhir+json"},
                                            {"Accept", "application/fhir+json"},
                                            {"Prefer", "return=minimal"},
                                            {"Authorization", "Bearer " + access_.token}},
                                .body = bundle};
    return try_until(access_.patience, [&] {
        auto status = try_to_send(request);
        if (!status) client_.reset();
        return status;
    });
}

Result<int> FhirLine::try_to_send(const http::Request& request) {
    if (!client_)
        client_ = TRY(http::Client::connect({.host = access_.receiver.host,
                                             .port = access_.receiver.port,
                                             .trusted_certificate_pem = access_.trusted_pem}));
    auto answer = client_->send(request);
    if (!answer) return no_answer(access_.receiver, answer.error().what);
    return answer->status;
}

}   // namespace ward::lab
