// SPDX-License-Identifier: Apache-2.0
// The operations of one association: requests joined with their answers (PS3.7, chapters 9 and 10).
#pragma once

#include <array>
#include <memory>
#include <vector>

#include "protocol/dicom/associate.hpp"
#include "protocol/dicom/command.hpp"
#include "protocol/dicom/dataset.hpp"
#include "protocol/session.hpp"

namespace ward::protocol::dicom {

/// An accepted presentation context.
struct Presentation {
    std::uint8_t id = 0;
    std::string abstract_syntax;
    std::string transfer_syntax;
};

/// Messages of both directions, a value of a P-DATA-TF at a time.
class Dialogue {
public:
    void begin_value(Side from, std::uint8_t presentation, std::uint8_t control);
    void value(Side from, Bytes bytes, Output& out);
    void end_value(Side from, Output& out);
    /// So many bytes of a value were not seen.
    void lost_in_value(Side from, std::uint64_t bytes);
    /// What was begun is given up.
    void lost(Side from, Output& out);
    /// Tells what was not answered.
    void end(Output& out);
    /// Whether the acceptor agreed to it; of an association whose beginning was not seen, any.
    bool may_carry(std::uint8_t presentation) const;
    std::size_t memory() const noexcept;
    /// What the public members and the operations hold, once they have changed: asked for with every packet,
    /// memory() has no time to look.
    void measure();

    std::string calling;
    std::string called;
    std::vector<Presentation> presentations;
    std::uint32_t operations = 0;   // so far

private:
    struct Operation {
        event::DicomOperation told;
        event::Time began{};
        bool answered = false;   // its data set is still under way
    };
    using Operations = std::vector<Operation>;

    /// What one side is sending.
    struct Message {
        std::uint8_t presentation = 0;
        bool is_command = false;   // of the value that is under way
        bool is_last = false;
        bool after_loss = false;   // the next command set may be the tail of one, the data set another's
        bool torn = false;         // some of the command set is missing
        Buffer command;
        std::unique_ptr<DatasetReader> dataset;
        std::uint64_t dataset_size = 0;
        // Whom the data set belongs to.
        bool awaits_dataset = false;
        bool is_response = false;
        std::optional<std::uint16_t> message_id;
    };

    void complete_command(Side from, Output& out);
    void request(Side from, const Command& command, Output& out);
    void response(Side from, const Command& command, Output& out);
    /// What was read of a data set counts whether or not its end was seen.
    enum class Ending : std::uint8_t { seen, missing };
    void end_dataset(Side from, Ending ending, Output& out);
    void describe(const Command& command, const Message& message, const Output& out,
                  event::DicomOperation& told) const;
    const Presentation* presentation(std::uint8_t id) const;
    Operation* find(Side requester, std::optional<std::uint16_t> message_id);
    void tell(Side requester, Operation& operation, Output& out);

    std::array<Message, 2> messages_;
    std::array<Operations, 2> operations_;   // by who asked
    std::size_t measured_ = 0;
};

}   // namespace ward::protocol::dicom
