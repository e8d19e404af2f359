// SPDX-License-Identifier: Apache-2.0
// What the interface engine asks Ward: FHIR over HTTP, inside the servers' own network.
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "lab/frames/tcp_line.hpp"
#include "lab/story.hpp"

namespace ward::lab {

/// Borrows the tap and the story. It asks for those of whom something was told lately.
class FhirTraffic {
public:
    FhirTraffic(Tap& tap, Story& story);
    void see(const Act& act);

private:
    struct Filed {
        OrderId order{};
        Moment at{};
    };
    struct Question {
        std::string target;
        int status = 200;
        std::string body{};
        Moment changed{};
    };

    void ask(DeviceId engine);
    std::vector<Question> questions(const Filed& about);
    Question search(std::string target, std::vector<std::string> found);

    Tap& tap_;
    Story& story_;
    Dice random_;
    std::deque<Filed> lately_;
};

}   // namespace ward::lab
