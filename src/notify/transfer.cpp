// SPDX-License-Identifier: Apache-2.0
#include "notify/transfer.hpp"

#include <algorithm>
#include <curl/curl.h>
#include <memory>
#include <optional>
#include <poll.h>
#include <span>

#include "core/assert.hpp"
#include "core/clock.hpp"
#include "core/text.hpp"
#include "notify/datagram.hpp"
#include "notify/escape.hpp"

namespace ward::notify {
namespace {

/// One connection of libcurl's, and what was heard on it.
class Transfer {
public:
    Transfer(const std::string& authorities_file, const TransferLimits& limits) : limits_(limits) {
        static const bool is_ready = ::curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
        WARD_ASSERT(is_ready);
        curl_.reset(::curl_easy_init());
        WARD_ASSERT(curl_ != nullptr);
        set(CURLOPT_NOSIGNAL, 1L);
        set(CURLOPT_PROXY, "");   // whatever the environment says
        set(CURLOPT_FOLLOWLOCATION, 0L);
        set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
        set(CURLOPT_SSL_VERIFYPEER, 1L);
        set(CURLOPT_SSL_VERIFYHOST, 2L);
        set(CURLOPT_CAINFO, authorities_file.c_str());
        set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(limits.connect.count()));
        set(CURLOPT_TIMEOUT_MS, static_cast<long>(limits.whole.count()));
        set(CURLOPT_ERRORBUFFER, error_.data());
        set(CURLOPT_WRITEFUNCTION, &Transfer::take_body);
        set(CURLOPT_WRITEDATA, this);
        set(CURLOPT_HEADERFUNCTION, &Transfer::take_line);
        set(CURLOPT_HEADERDATA, this);
        // Only what libcurl says of itself tells of TLS without OpenSSL's own types.
        set(CURLOPT_VERBOSE, 1L);
        set(CURLOPT_DEBUGFUNCTION, &Transfer::take_remark);
        set(CURLOPT_DEBUGDATA, this);
    }
    ~Transfer() {
        curl_.reset();   // before the lists that it reads
        for (auto* list : lists_) ::curl_slist_free_all(list);
    }
    Transfer(const Transfer&) = delete;
    Transfer& operator=(const Transfer&) = delete;

    template <class Value>
    void set(CURLoption option, Value value) {
        WARD_ASSERT(::curl_easy_setopt(curl_.get(), option, value) == CURLE_OK);
    }
    void set_list(CURLoption option, const std::vector<std::string>& texts) {
        curl_slist* list = nullptr;
        for (const auto& text : texts) list = ::curl_slist_append(list, text.c_str());
        lists_.push_back(list);
        set(option, list);
    }
    void upload(std::string_view text) {
        upload_ = text;
        set(CURLOPT_UPLOAD, 1L);
        set(CURLOPT_READFUNCTION, &Transfer::give);
        set(CURLOPT_READDATA, this);
        set(CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(text.size()));
    }

    CURL* handle() { return curl_.get(); }

    Result<> perform() {
        const auto code = ::curl_easy_perform(curl_.get());
        return code == CURLE_OK ? Result<>{} : tl::unexpected(error_of(code));
    }
    Error error_of(CURLcode code) const {
        std::string what = error_.front() != '\0' ? error_.data() : ::curl_easy_strerror(code);
        if (too_long_) what = "the answer is longer than any should be";
        switch (code) {
            case CURLE_COULDNT_RESOLVE_HOST:
            case CURLE_COULDNT_CONNECT:
            case CURLE_OPERATION_TIMEDOUT:
            case CURLE_GOT_NOTHING:
            case CURLE_SEND_ERROR:
            case CURLE_RECV_ERROR: return {Errc::unavailable, one_line(what)};
            default: return {Errc::denied, one_line(what)};
        }
    }
    long response() const {
        long code = 0;
        ::curl_easy_getinfo(curl_.get(), CURLINFO_RESPONSE_CODE, &code);
        return code;
    }
    Attempt attempt(Result<> done) const {
        Attempt attempt{.done = std::move(done), .tls = tls_};
        const char* address = nullptr;
        long port = 0;
        if (::curl_easy_getinfo(curl_.get(), CURLINFO_PRIMARY_IP, &address) == CURLE_OK &&
            address != nullptr && *address != '\0' &&
            ::curl_easy_getinfo(curl_.get(), CURLINFO_PRIMARY_PORT, &port) == CURLE_OK)
            attempt.peer = name_of(address, std::to_string(port));
        attempt.answer = status_;
        if (!body_.empty()) attempt.answer += (status_.empty() ? "" : ": ") + one_line(trimmed(body_));
        return attempt;
    }
    /// The last line that says how it went.
    const std::string& status() const { return status_; }
    void keep_every_line() { keeps_every_line_ = true; }

private:
    struct Release {
        void operator()(CURL* curl) const { ::curl_easy_cleanup(curl); }
    };

    static std::size_t take_body(char* bytes, std::size_t, std::size_t size, void* self) {
        auto& transfer = *static_cast<Transfer*>(self);
        transfer.heard_ += size;
        if (transfer.heard_ > transfer.limits_.answer_bytes_max) {
            transfer.too_long_ = true;
            return 0;
        }
        const std::string_view text{bytes, size};
        if (transfer.body_.size() < transfer.limits_.answer_kept)
            transfer.body_ += text.substr(0, transfer.limits_.answer_kept - transfer.body_.size());
        return size;
    }
    static std::size_t take_line(char* bytes, std::size_t, std::size_t size, void* self) {
        auto& transfer = *static_cast<Transfer*>(self);
        transfer.heard_ += size;
        if (transfer.heard_ > transfer.limits_.answer_bytes_max) {
            transfer.too_long_ = true;
            return 0;
        }
        const auto line = trimmed({bytes, size});
        // Of HTTP the line of the status; of SMTP whatever came last, but the farewell.
        if (transfer.keeps_every_line_ ? !line.empty() && !line.starts_with("221")
                                       : line.starts_with("HTTP/"))
            transfer.status_ = one_line(beginning(line, transfer.limits_.answer_kept));
        return size;
    }
    static int take_remark(CURL*, curl_infotype type, char* bytes, std::size_t size, void* self) {
        constexpr std::string_view mark = "SSL connection using ";
        const auto text = trimmed({bytes, size});
        if (type == CURLINFO_TEXT && text.starts_with(mark))
            static_cast<Transfer*>(self)->tls_ = one_line(text.substr(mark.size()));
        return 0;
    }
    static std::size_t give(char* bytes, std::size_t, std::size_t room, void* self) {
        auto& rest = static_cast<Transfer*>(self)->upload_;
        const auto size = std::min(room, rest.size());
        std::ranges::copy(rest.substr(0, size), bytes);
        rest.remove_prefix(size);
        return size;
    }

    TransferLimits limits_;
    std::unique_ptr<CURL, Release> curl_;
    std::vector<curl_slist*> lists_;
    std::array<char, CURL_ERROR_SIZE> error_{};
    std::string_view upload_;
    std::string body_;
    std::string status_;
    std::string tls_;
    std::size_t heard_ = 0;
    bool too_long_ = false;
    bool keeps_every_line_ = false;
};

/// libcurl's own names of schemes, with which it checks TLS or does without.
std::string url_of(const Destination& to, std::string_view scheme) {
    return std::string{scheme} + "://" + name_of(to.host, to.port);
}

/// All of it, or an error when the time is over.
Result<> send_all(Transfer& transfer, std::string_view text, const TransferLimits& limits) {
    curl_socket_t socket = CURL_SOCKET_BAD;
    ::curl_easy_getinfo(transfer.handle(), CURLINFO_ACTIVESOCKET, &socket);
    const auto end = SystemClock{}.now() + limits.whole;
    while (!text.empty()) {
        std::size_t size = 0;
        const auto code = ::curl_easy_send(transfer.handle(), text.data(), text.size(), &size);
        text.remove_prefix(size);
        if (code == CURLE_OK) continue;
        if (code != CURLE_AGAIN) return tl::unexpected(transfer.error_of(code));
        if (SystemClock{}.now() > end) return tl::unexpected(transfer.error_of(CURLE_OPERATION_TIMEDOUT));
        pollfd ready{socket, POLLOUT, 0};
        ::poll(&ready, 1, 1000);
    }
    return {};
}

/// Whoever takes no certificate or has gone says so at once, or by an end, while he who listens is silent.
Result<> see_no_end(Transfer& transfer) {
    curl_socket_t socket = CURL_SOCKET_BAD;
    ::curl_easy_getinfo(transfer.handle(), CURLINFO_ACTIVESOCKET, &socket);
    constexpr int patience = 200;   // milliseconds
    pollfd ready{socket, POLLIN, 0};
    if (::poll(&ready, 1, patience) <= 0) return {};
    std::array<char, 256> heard{};
    std::size_t size = 0;
    const auto code = ::curl_easy_recv(transfer.handle(), heard.data(), heard.size(), &size);
    if (code == CURLE_AGAIN || (code == CURLE_OK && size > 0)) return {};
    if (code == CURLE_OK) return fail(Errc::unavailable, "the connection was ended");
    return tl::unexpected(transfer.error_of(code));
}

}   // namespace

Attempt post(const Destination& to, std::string_view body, const std::vector<std::string>& headers,
             const std::string& authorities_file, const TransferLimits& limits) {
    Transfer transfer{authorities_file, limits};
    transfer.set(CURLOPT_URL, to.url.c_str());
    transfer.set(CURLOPT_PROTOCOLS_STR, to.scheme.c_str());
    transfer.set(CURLOPT_POST, 1L);
    transfer.set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
    transfer.set(CURLOPT_POSTFIELDS, body.data());
    transfer.set_list(CURLOPT_HTTPHEADER, headers);
    transfer.set(CURLOPT_USERAGENT, "ward-notify");
    auto done = transfer.perform();
    const auto code = transfer.response();
    if (done && (code < 200 || code > 299))
        done = fail(Errc::denied, "it would not have it: " + transfer.status());
    return transfer.attempt(std::move(done));
}

Attempt send_mail(const Channels::Mail& mail, const Envelope& envelope, std::string_view text,
                  const Login& login, const std::string& host, const std::string& authorities_file,
                  const TransferLimits& limits) {
    Transfer transfer{authorities_file, limits};
    const bool with_tls_from_start = mail.by.scheme == "smtps";
    // The path is what EHLO says.
    const auto url = url_of(mail.by, with_tls_from_start ? "smtps" : "smtp") + "/" + host;
    transfer.set(CURLOPT_URL, url.c_str());
    transfer.set(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    transfer.set(CURLOPT_USE_SSL,
                 static_cast<long>(mail.by.scheme == "smtp+plain" ? CURLUSESSL_NONE : CURLUSESSL_ALL));
    if (!login.user.empty()) {
        transfer.set(CURLOPT_USERNAME, login.user.c_str());
        transfer.set(CURLOPT_PASSWORD, login.password.c_str());
    }
    transfer.set(CURLOPT_MAIL_FROM, envelope.from.c_str());
    transfer.set_list(CURLOPT_MAIL_RCPT, envelope.to);
    transfer.upload(text);
    transfer.keep_every_line();
    auto done = transfer.perform();
    if (!done && done.error().code == Errc::denied && !transfer.status().empty())
        done = fail(Errc::denied, done.error().what + ": " + transfer.status());
    return transfer.attempt(std::move(done));
}

Attempt send_lines(const Destination& to, const std::vector<std::string>& lines,
                   const std::string& authorities_file, const TransferLimits& limits) {
    if (to.scheme == "udp") {
        auto peer = send_datagrams(to.host, to.port, lines);
        if (!peer) return {.done = tl::unexpected(std::move(peer).error())};
        return {.peer = *std::move(peer)};
    }
    Transfer transfer{authorities_file, limits};
    const auto url = url_of(to, to.scheme == "tls" ? "https" : "http");
    transfer.set(CURLOPT_URL, url.c_str());
    transfer.set(CURLOPT_PROTOCOLS_STR, "http,https");
    transfer.set(CURLOPT_SSL_ENABLE_ALPN, 0L);
    transfer.set(CURLOPT_CONNECT_ONLY, 1L);
    auto done = transfer.perform();
    std::string text;
    for (const auto& line : lines) text += std::to_string(line.size()) + " " + line;
    if (done) done = send_all(transfer, text, limits);
    if (done) done = see_no_end(transfer);
    return transfer.attempt(std::move(done));
}

}   // namespace ward::notify
