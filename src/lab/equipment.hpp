// SPDX-License-Identifier: Apache-2.0
// What hangs on a hospital's network beside what people and systems work with, and is most of it: phones,
// printers, cameras, doors, terminals, and what the network itself is made of.
#pragma once

#include "lab/device_maker.hpp"

namespace ward::lab {

/// To a network that has all else: as much of each kind as places to work, beds and departments call for.
void add_equipment(Network& network, DeviceMaker& maker, const Hospital& hospital, Random random);

}   // namespace ward::lab
