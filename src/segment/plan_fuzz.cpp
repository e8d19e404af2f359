// SPDX-License-Identifier: Apache-2.0
#include "core/assert.hpp"
#include "core/bytes.hpp"
#include "segment/borders.hpp"
#include "segment/plan.hpp"

using namespace ward;

// What is read is written as what is read the same, and each address is of the zone whose set of the firewall
// has it, and of no other.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* input, std::size_t size) {
    const auto plan = segment::read_plan(as_text(std::as_bytes(std::span{input, size})), "plan");
    if (!plan) return 0;
    const auto again = segment::read_plan(to_text(*plan), "again");
    WARD_ASSERT(again && *again == *plan);
    const segment::Borders borders{*plan};
    for (const auto& zone : plan->zones)
        for (const auto& network : zone.networks)
            for (const auto& address : {network.address, network.last()}) {
                const auto of = borders.zone_of(address, "");
                WARD_ASSERT(of < borders.outside());
                std::size_t holders = 0;
                for (segment::ZoneId id = 0; id <= borders.outside(); ++id)
                    for (const auto& span : borders.spans(id))
                        if (span.holds(address)) {
                            ++holders;
                            WARD_ASSERT(id == of);
                        }
                WARD_ASSERT(holders == 1);
            }
    return 0;
}
