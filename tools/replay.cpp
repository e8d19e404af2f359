// SPDX-License-Identifier: Apache-2.0
// Runs a fuzz target as an ordinary test: TARGET corpus_file...
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* input, std::size_t size);

int main(int argc, char** argv) {
    for (int i = 1; i < argc; ++i) {
        std::ifstream file{argv[i], std::ios::binary};
        const std::basic_string<char> text{std::istreambuf_iterator<char>{file}, {}};
        const std::basic_string<std::uint8_t> bytes{text.begin(), text.end()};
        LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
    }
    std::printf("%d inputs replayed\n", argc - 1);
    return argc > 1 ? 0 : 1;   // a target without a seed corpus has not been tested
}
