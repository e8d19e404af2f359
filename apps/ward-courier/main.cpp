// SPDX-License-Identifier: Apache-2.0
// ward-courier: takes events from a spool to the bus, so that who reads packets needs no network. Reads no
// packet, and holds no key but its password for the bus.
#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <pthread.h>
#include <sys/prctl.h>
#include <thread>

#include "bus/publisher.hpp"
#include "confine/confine.hpp"
#include "core/log.hpp"
#include "crypto/secret.hpp"

namespace ward::courier {
namespace {

struct Options {
    std::string spool;
    bus::Address address;
    bool with_parent = false;
};

void add_options(CLI::App& app, Options& options) {
    app.add_option("--spool", options.spool, "The folder in which events wait")->required()->type_name("DIR");
    app.add_option("--bus", options.address.url,
                   "The bus: nats://HOST:PORT or tls://…, or a file that says so")
        ->required()
        ->type_name("URL");
    app.add_option("--credentials", options.address.credentials,
                   "NATS credentials, or a user and a password in two lines")
        ->type_name("FILE");
    app.add_option("--authorities", options.address.authorities,
                   "The certificates (PEM) that vouch for the bus; with them, TLS")
        ->type_name("FILE");
    app.add_flag("--with-parent", options.with_parent, "End when the program that started this one ends")
        ->group("");
    app.footer(
        "Started by `ward run`.\n"
        "Example: ward-courier --spool /var/lib/ward/sensor/spool --bus tls://bus.example:4222 "
        "--credentials /etc/ward/bus/publisher.credentials --authorities /etc/ward/bus/ca.pem");
}

/// Names of hosts are looked up by what /etc and /usr hold.
Result<> confine(const Options& options) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    return {};   // sanitizers need more of the kernel
#else
    confine::Folders folders{.read = {"/usr", "/etc"}, .read_write = {options.spool}};
    if (!options.address.credentials.empty())
        folders.read.push_back(std::filesystem::absolute(options.address.credentials).parent_path());
    if (!options.address.authorities.empty()) folders.read.emplace_back(options.address.authorities);
    return confine::confine_on_bus(folders);
#endif
}

Result<> carry(const Options& options) {
    sigset_t stops;
    sigemptyset(&stops);
    for (const int signal : {SIGINT, SIGTERM}) sigaddset(&stops, signal);
    ::pthread_sigmask(SIG_BLOCK, &stops, nullptr);
    if (options.with_parent) ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    TRY(confine(options));
    bus::PublisherCounts counts;
    {
        const std::jthread publisher{[&](const std::stop_token& stop) {
            counts = bus::Publisher{options.spool, options.address}.run(stop);
        }};
        log::info("events are taken to the bus", {{"spool", options.spool}});
        int signal = 0;
        sigwait(&stops, &signal);
    }
    log::info(
        "stopped",
        {{"batches", counts.batches}, {"connections", counts.connections}, {"rewinds", counts.rewinds}});
    return {};
}

int run(int argc, char** argv) {
    Options options;
    CLI::App app{"Takes events from a spool to the bus.", "ward-courier"};
    add_options(app, options);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {   // how CLI11 says it
        return app.exit(error) == 0 ? 0 : 2;
    }
    if (const auto hidden = crypto::hide_memory(); !hidden)
        log::warn("memory is not hidden", {{"reason", hidden.error().what}});
    std::signal(SIGPIPE, SIG_IGN);
    const auto done = carry(options);
    if (done) return 0;
    std::fprintf(stderr, "ward-courier: %s\n", done.error().what.c_str());
    return 1;
}

}   // namespace
}   // namespace ward::courier

int main(int argc, char** argv) { return ward::courier::run(argc, argv); }
