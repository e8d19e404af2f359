// SPDX-License-Identifier: Apache-2.0
// However a stream of requests is cut, the same requests come out, and nothing is held beyond the limits.
#include <algorithm>
#include <vector>

#include "core/assert.hpp"
#include "http/request_reader.hpp"

namespace {

using namespace ward::http;

constexpr RequestReader::Limits limits{.header_bytes_max = 512, .body_bytes_max = 256};

struct Reading {
    std::vector<Request> requests;
    int refused = 0;
};

Reading read_in_pieces(std::string_view stream, std::size_t piece) {
    BodyBudget budget{limits.body_bytes_max};
    Reading reading;
    {
        RequestReader reader{limits, budget};
        auto state = ReadState::need_more;
        while (state != ReadState::refused && (state == ReadState::complete || !stream.empty())) {
            if (state == ReadState::complete) {
                reading.requests.push_back(reader.take());
                reader.release_body();
                state = reader.put({});
            } else {
                state = reader.put(stream.substr(0, piece));
                stream.remove_prefix(std::min(piece, stream.size()));
            }
            WARD_ASSERT(budget.held() <= limits.body_bytes_max);
        }
        if (state == ReadState::refused) reading.refused = reader.refusal().status;
        if (state == ReadState::complete) reading.requests.push_back(reader.take());
    }
    WARD_ASSERT(budget.held() == 0);
    return reading;
}

}   // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* input, std::size_t size) {
    if (size == 0) return 0;
    const std::string stream(input + 1, input + size);
    const auto whole = read_in_pieces(stream, stream.size());
    const auto pieces = read_in_pieces(stream, input[0] + 1U);
    // A trailer over the header's limit passes if it comes in one piece: it took no memory to wait for it.
    const bool same_length = whole.requests.size() == pieces.requests.size();
    WARD_ASSERT(same_length || pieces.refused == 431);
    for (std::size_t i = 0; i < pieces.requests.size(); ++i) {
        WARD_ASSERT(whole.requests[i].body == pieces.requests[i].body &&
                    whole.requests[i].body.size() <= limits.body_bytes_max);
        WARD_ASSERT(whole.requests[i].target == pieces.requests[i].target &&
                    whole.requests[i].query == pieces.requests[i].query);
        WARD_ASSERT(whole.requests[i].headers.size() == pieces.requests[i].headers.size());
    }
    return 0;
}
