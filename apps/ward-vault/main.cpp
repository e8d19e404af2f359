// SPDX-License-Identifier: Apache-2.0
// ward-vault: FHIR over HTTPS, and feeds of HL7 v2. Holds the data keys in use, the store and the ledger;
// never the key-encryption key.
#include <CLI/CLI.hpp>
#include <csignal>
#include <malloc.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "apps/ward-vault/serve.hpp"
#include "core/log.hpp"
#include "crypto/secret.hpp"

namespace ward {
namespace {

/// A connection is a file descriptor, and systems give a program few unless it asks.
void allow_many_connections() {
    rlimit files{};
    if (::getrlimit(RLIMIT_NOFILE, &files) != 0) return;
    files.rlim_cur = files.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &files);
}

int run(int argc, char** argv) {
    ServeOptions options;
    CLI::App app{"Serves sealed health records over FHIR. Usually started by `ward run`."};
    app.add_option("--data", options.directory, "The data directory")->required();
    app.add_option("--listen", options.listen, "Address and port; port 0 is any free one");
    app.add_option("--name", options.names, "A name or address that the certificate is for; repeatable");
    app.add_option("--origin", options.origin, "The ledger's name, chosen when it is made");
    app.add_option("--facility-index", options.facility_index,
                   "A search parameter of charts that is indexed for all patients; repeatable");
    app.add_option("--body-mib", options.body_mib_max, "Largest body of a request")
        ->check(CLI::Range(1, 1024));
    add_access_options(app, options.access);
    app.add_option(
        "--feed", options.feeds,
        "A feed of HL7 v2 messages: NAME ADDRESS:PORT [tls | mutual=FILE] [charset=NAME] [zone=+hh:mm] "
        "[silent=MINUTES]; repeatable");
    app.add_flag("--remap", options.remap, "Map messages again that an older version of Ward had mapped");
    app.add_option("--remap-feed", options.remap_feed, "Map all messages of this feed again");
    app.add_flag("--with-parent", options.with_parent, "End when the program that started this one ends");
    app.add_flag("--despite-violation", options.despite_violation, "Serve what still opens of altered data");
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {   // how CLI11 says it
        return app.exit(error) == 0 ? 0 : 2;
    }

    // Blocked before any thread exists, so that only the wait in serve() gets them.
    sigset_t stop_signals;
    sigemptyset(&stop_signals);
    sigaddset(&stop_signals, SIGTERM);
    sigaddset(&stop_signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, &stop_signals, nullptr);
    if (options.with_parent) prctl(PR_SET_PDEATHSIG, SIGTERM);
    allow_many_connections();
    // Large blocks go back to the system at once. By itself malloc learns from the first large body to keep
    // up to 64 MiB for each thread that ever held one.
    mallopt(M_MMAP_THRESHOLD, 256 * 1024);
    if (const auto hardened = crypto::harden_process(); !hardened)
        log::warn("process is not fully hardened", {{"reason", hardened.error().what}});

    const auto served = serve(options, stop_signals);
    if (served) return 0;
    log::error("vault stopped", {{"reason", served.error().what}});
    return served.error().code == Errc::corrupt ? 3 : 1;
}

}   // namespace
}   // namespace ward

int main(int argc, char** argv) { return ward::run(argc, argv); }
