// SPDX-License-Identifier: Apache-2.0
// How a server and its client agree on Kerberos: RFC 4178, with RFC 4121's tokens in it.
#pragma once

#include "core/bytes.hpp"

namespace ward::lab {

Buffer spnego_hints();   // what a server knows: MS-SPNG 2.2.1
Buffer spnego_first(const Buffer& ap_request);
Buffer spnego_done(const Buffer& ap_reply);

}   // namespace ward::lab
