// SPDX-License-Identifier: Apache-2.0
// What the hospital's systems store at Ward over FHIR R4, which HL7 v2 does not tell: studies that the
// archive took, and the devices that there are.
#pragma once

#include <functional>
#include <string>

#include "lab/story.hpp"

namespace ward::lab {

/// A transaction for the base of a FHIR server. Sent twice it changes nothing more.
struct FhirTransaction {
    Moment at{};
    DeviceId from{};      // the system that sends it
    std::string bundle;   // JSON
};

using TakeFhir = std::function<void(FhirTransaction)>;

/// Borrows the story, on whose agenda it puts what is sent by the clock.
class FhirFeed final : public Witness {
public:
    FhirFeed(Story& story, TakeFhir take);
    FhirFeed(const FhirFeed&) = delete;
    FhirFeed& operator=(const FhirFeed&) = delete;

    void see(const Act& act, const Story& story) override;

private:
    void list_devices(int site, Moment day);

    Story& story_;
    Dice random_;
    TakeFhir take_;
    std::uint64_t sent_ = 0;
};

}   // namespace ward::lab
