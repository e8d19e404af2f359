// SPDX-License-Identifier: Apache-2.0
#include "lab/frames/equipment/print_job.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "lab/frames/office/bytes_out.hpp"

namespace ward::lab {
namespace {

constexpr std::string_view universal_exit = "\x1b%-12345X";
constexpr double page_bytes_max = 60'000;

}   // namespace

Buffer page_job(int pages, Random& random) {
    auto job =
        to_buffer(fmt::format("{}@PJL JOB NAME=\"Document {}\"\r\n@PJL SET COPIES=1\r\n"
                              "@PJL SET DUPLEX=ON\r\n@PJL ENTER LANGUAGE=PCLXL\r\n",
                              universal_exit, random.between(1, 4'000)));
    append(job, as_bytes(") HP-PCL XL;3;0;Comment\n"));
    for (int left = pages; left > 0; --left)
        append(job,
               opaque(random, static_cast<std::size_t>(std::min(random.around(3'500, 2), page_bytes_max))));
    append(job, as_bytes(fmt::format("{0}@PJL EOJ\r\n{0}", universal_exit)));
    return job;
}

Buffer label_job(int labels, Random& random) {
    const auto number = fmt::format("{:08}", random.below(100'000'000));
    return to_buffer(
        fmt::format("^XA^CI28^PW609^LL203^FO30,20^BY2^BCN,90,N,N,N^FD{0}^FS"
                    "^FO30,130^A0N,34,34^FD{0}^FS^PQ{1}^XZ\r\n",
                    number, labels));
}

}   // namespace ward::lab
