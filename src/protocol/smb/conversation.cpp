// SPDX-License-Identifier: Apache-2.0
#include "protocol/smb/conversation.hpp"

#include <algorithm>

#include "protocol/latency.hpp"
#include "protocol/ntlm/ntlm.hpp"
#include "protocol/text.hpp"

namespace ward::protocol::smb {
namespace {

constexpr std::uint8_t smb2_negotiate = 0;
constexpr std::uint8_t smb1_negotiate = 0x72;

}   // namespace

void Counts::add(std::string_view command) {
    // Names are literals out of one table, so their addresses tell them apart.
    for (auto& [known, count] : counts_) {
        if (known.data() != command.data()) continue;
        ++count;
        return;
    }
    counts_.emplace_back(command, 1);
}

void Conversation::add_request(Request request, Output& out) {
    if (requests_.size() >= limits.requests_max) {
        if (requests_.front().told) out.emit(std::move(*requests_.front().told));
        requests_.erase(requests_.begin());
    }
    requests_.push_back(std::move(request));
}

Request Conversation::take_request(std::uint64_t message_id, std::uint8_t command) {
    auto found = std::ranges::find_if(requests_, [&](const Request& request) {
        return request.message_id == message_id && request.command == command;
    });
    // MS-SMB2 3.3.5.3: a negotiation that began in SMB 1 is answered in SMB 2.
    if (found == requests_.end() && command == smb2_negotiate)
        found = std::ranges::find(requests_, smb1_negotiate, &Request::command);
    if (found != requests_.end()) {
        auto request = std::move(*found);
        requests_.erase(found);
        return request;
    }
    Request unseen;
    unseen.command = command;
    unseen.told = std::make_unique<event::Smb>();
    unseen.told->request_unseen = true;
    return unseen;
}

const Request* Conversation::find_request(std::uint64_t message_id) const {
    const auto found = std::ranges::find(requests_, message_id, &Request::message_id);
    return found == requests_.end() ? nullptr : &*found;
}

void Conversation::resolve(std::uint64_t message_id, FileId file) {
    for (auto& request : requests_)
        if (request.file == file_to_come(message_id)) request.file = file;
    if (auto* written = find_file(file_to_come(message_id))) written->id = file;
}

void Conversation::forget(FileId file) {
    std::erase_if(files_, [&](const OpenFile& open) { return open.id == file; });
}

void Conversation::lose(Side from, Output& out) {
    for (auto& file : files_)
        if (file.calls) file.calls->gap(from, ~std::uint64_t{0}, out);
}

void Conversation::answered(Request request, std::uint32_t status, Output& out) {
    if (!request.told) return;
    auto& told = *request.told;
    told.status = status_name(status);
    told.status_code = hexadecimal(status);
    if (told.dialect.empty()) told.dialect = dialect;
    if (!told.request_unseen) told.latency_us = microseconds_since(request.began, out);
    out.emit(std::move(told));
}

OpenFile* Conversation::find_file(FileId id) {
    const auto found =
        std::find_if(files_.rbegin(), files_.rend(), [&](const OpenFile& open) { return open.id == id; });
    return found == files_.rend() ? nullptr : &*found;
}

OpenFile& Conversation::file(FileId id, TreeId tree, Output& out) {
    if (auto* known = find_file(id)) return *known;
    if (files_.size() >= limits.files_max) {
        tell_unclosed(files_.front(), out);
        files_.erase(files_.begin());
    }
    OpenFile fresh;
    fresh.id = id;
    fresh.tree = tree;
    files_.push_back(std::move(fresh));
    return files_.back();
}

void Conversation::tell_unclosed(OpenFile& file, Output& out) {
    if (file.calls) file.calls->end(out);
    if (file.transfer.empty()) return;
    event::Smb told;
    told.dialect = dialect;
    told.tree_id = file.tree.number;
    told.file = file.file;
    told.named_pipe = file.pipe;
    told.transfer = file.transfer;
    told.unclosed = true;
    describe_tree(file.tree, told);
    out.emit(std::move(told));
}

void Conversation::close_file(FileId id, event::Smb& told, Output& out) {
    auto* open = find_file(id);
    if (open == nullptr) return;
    if (open->calls) open->calls->end(out);
    told.file = open->file;
    told.named_pipe = open->pipe;
    told.transfer = open->transfer;
    files_.erase(files_.begin() + (open - files_.data()));
}

void Conversation::pipe_bytes(OpenFile& file, Side from, Bytes bytes, bool cut, Output& out) {
    if (bytes.empty()) return;
    if (!file.calls) {
        // Not every pipe carries calls.
        if (dcerpc::probe(bytes, from) != Verdict::yes) return;
        const auto followed =
            std::ranges::count_if(files_, [](const OpenFile& open) { return open.calls != nullptr; });
        if (static_cast<std::size_t>(followed) >= limits.pipes_max)
            return out.skipped(Uninspected::cap, bytes.size());
        file.calls = std::make_unique<dcerpc::Conversation>(file.pipe);
    }
    file.calls->data(from, bytes, out);
    if (cut) file.calls->gap(from, ~std::uint64_t{0}, out);
}

Tree* Conversation::find_tree(TreeId id) {
    const auto found = std::ranges::find(trees_, id, &Tree::id);
    return found == trees_.end() ? nullptr : &*found;
}

void Conversation::add_tree(Tree tree) {
    drop_tree(tree.id);
    if (trees_.size() >= limits.trees_max) trees_.erase(trees_.begin());
    trees_.push_back(std::move(tree));
}

void Conversation::drop_tree(TreeId id) {
    std::erase_if(trees_, [&](const Tree& tree) { return tree.id == id; });
}

void Conversation::describe_tree(TreeId id, event::Smb& told) {
    if (const auto* tree = find_tree(id)) {
        told.share = tree->share;
        told.share_type = tree->type;
    }
}

void Conversation::describe_file(FileId id, event::Smb& told) {
    if (const auto* open = find_file(id)) {
        told.file = open->file;
        told.named_pipe = open->pipe;
    }
}

void Conversation::end(Output& out) {
    for (auto& request : requests_)
        if (request.told) out.emit(std::move(*request.told));
    requests_.clear();
    for (auto& file : files_) tell_unclosed(file, out);
    files_.clear();
    if (requests_seen.empty() && responses_seen.empty() && encrypted_messages + compressed_messages == 0)
        return;
    event::Smb account;
    account.dialect = dialect;
    account.requests = requests_seen.take();
    account.responses = responses_seen.take();
    account.encrypted_messages = encrypted_messages;
    account.compressed_messages = compressed_messages;
    out.emit(std::move(account));
}

std::size_t Conversation::memory() const noexcept {
    std::size_t bytes = requests_.capacity() * sizeof(Request) + files_.capacity() * (sizeof(OpenFile) + 64) +
                        trees_.capacity() * (sizeof(Tree) + field_text_max) + requests_seen.memory() +
                        responses_seen.memory();
    for (const auto& request : requests_)
        if (request.told)
            bytes +=
                sizeof(event::Smb) + field_text_max +
                request.told->client_dialects.capacity() * (sizeof(std::string) + limits.dialect_bytes_max);
    for (const auto& file : files_)
        if (file.calls) bytes += file.calls->memory();
    return bytes;
}

void read_security_token(Bytes token, const Output& out, event::Smb& told) {
    if (auto names = ntlm::read_names(token, out)) {
        told.authentication = "NTLMSSP";
        if (names->anonymous) told.account = "anonymous";
        if (!names->empty()) told.ntlmssp = std::move(*names);
    } else if (ntlm::has_kerberos_ticket(token)) {
        told.authentication = "Kerberos";
    }
}

}   // namespace ward::protocol::smb
