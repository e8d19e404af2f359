// SPDX-License-Identifier: Apache-2.0
// A sender's end of FHIR over HTTPS: transactions, with a bearer token.
#pragma once

#include "lab/play/line.hpp"

namespace ward::lab {

class FhirLine {
public:
    explicit FhirLine(Manner manner) : line_(std::move(manner)) {}

    /// What was not answered, or with "not now", is sent again, so a transaction must be one that changes
    /// nothing the second time. Of a refusal only codes are told. Errc::unavailable as Line has it.
    Result<Answer> send(const std::string& bundle, const std::string& token);

    bool is_open() const { return line_.is_open(); }
    Result<> finish() {
        line_.close();
        return {};
    }

private:
    Line line_;
};

}   // namespace ward::lab
