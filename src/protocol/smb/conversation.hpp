// SPDX-License-Identifier: Apache-2.0
// What one SMB connection remembers: requests without answer, connected shares, open files.
#pragma once

#include <memory>
#include <vector>

#include "protocol/dcerpc/dcerpc.hpp"
#include "protocol/smb/frames.hpp"
#include "protocol/smb/names.hpp"
#include "protocol/smb/smb.hpp"

namespace ward::protocol::smb {

/// SMB2: persistent and volatile part. SMB1: FID and TID.
struct FileId {
    std::uint64_t persistent = 0;
    std::uint64_t fleeting = 0;
    bool operator==(const FileId&) const = default;
};
/// MS-SMB2 3.2.4.1.4: in a chain, the file of the message before.
inline constexpr FileId file_of_chain{~std::uint64_t{0}, ~std::uint64_t{0}};
/// That file until the CREATE with this message id is answered.
constexpr FileId file_to_come(std::uint64_t message_id) { return {~std::uint64_t{0}, message_id}; }

/// MS-SMB2 3.3.1.9: a tree's number is unique within its session only. In SMB 1 it stands alone.
struct TreeId {
    std::uint64_t session = 0;
    std::uint32_t number = 0;
    bool operator==(const TreeId&) const = default;
};

struct OpenFile {
    FileId id;
    TreeId tree;
    std::optional<event::SmbFile> file;
    std::string pipe;
    event::SmbTransfer transfer;
    std::unique_ptr<dcerpc::Conversation> calls;   // of a pipe
};

struct Tree {
    TreeId id;
    std::string share;
    std::string_view type;
};

/// A request that waits for its answer. Reads and writes have no event of their own.
struct Request {
    std::uint64_t message_id = 0;
    std::uint8_t command = 0;
    FileId file;
    std::unique_ptr<event::Smb> told;
    event::Time began{};
};

/// Commands are counted by their number; few numbers occur.
class Counts {
public:
    void add(std::string_view command);
    event::SmbCounts take() { return {std::exchange(counts_, {})}; }
    bool empty() const noexcept { return counts_.empty(); }
    std::size_t memory() const noexcept { return counts_.capacity() * sizeof counts_[0]; }

private:
    std::vector<std::pair<std::string_view, std::uint32_t>> counts_;
};

class Conversation {
public:
    void add_request(Request request, Output& out);
    /// The request that a response belongs to; an event that says that there was none, if none was seen.
    Request take_request(std::uint64_t message_id, std::uint8_t command);
    const Request* find_request(std::uint64_t message_id) const;
    /// A file came to be known by the answer to `message_id`: those chained to it mean that one.
    void resolve(std::uint64_t message_id, FileId file);
    /// That answer refused it.
    void forget(FileId file);
    /// Of one side bytes were lost: what was being said through pipes is torn.
    void lose(Side from, Output& out);
    void answered(Request request, std::uint32_t status, Output& out);

    OpenFile* find_file(FileId id);
    /// Makes one where the CREATE was not seen.
    OpenFile& file(FileId id, TreeId tree, Output& out);
    void close_file(FileId id, event::Smb& told, Output& out);
    void pipe_bytes(OpenFile& file, Side from, Bytes bytes, bool cut, Output& out);

    Tree* find_tree(TreeId id);
    void add_tree(Tree tree);
    void drop_tree(TreeId id);
    /// Names the share of an event.
    void describe_tree(TreeId id, event::Smb& told);
    void describe_file(FileId id, event::Smb& told);

    void end(Output& out);
    std::size_t memory() const noexcept;

    std::string dialect;
    Counts requests_seen;
    Counts responses_seen;
    std::uint64_t encrypted_messages = 0;
    std::uint64_t compressed_messages = 0;
    FileId chain_file = file_of_chain;   // of the frame that is being read

private:
    void tell_unclosed(OpenFile& file, Output& out);

    std::vector<Request> requests_;
    std::vector<OpenFile> files_;   // the one opened last is last
    std::vector<Tree> trees_;
};

// smb1.cpp and smb2.cpp: how much of a message is read, and what it says.
std::size_t wanted_of_smb1(Bytes header, std::size_t length);
void take_smb1(Conversation& conversation, const Piece& piece, Output& out);
std::size_t wanted_of_smb2(Conversation& conversation, Bytes header, std::size_t length);
void take_smb2(Conversation& conversation, const Piece& piece, Output& out);

/// MS-SPNG or bare NTLMSSP, in a session setup.
void read_security_token(Bytes token, const Output& out, event::Smb& told);

}   // namespace ward::protocol::smb
