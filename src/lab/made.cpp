// SPDX-License-Identifier: Apache-2.0
#include "lab/made.hpp"

#include <fmt/format.h>

#include "lab/all_feeds.hpp"
#include "lab/files/file_line.hpp"
#include "lab/mail/message.hpp"
#include "lab/output.hpp"

namespace ward::lab {
namespace {

using namespace std::chrono;

struct Files {
    OutputFile hl7;
    OutputFile fhir;
    OutputFile atna;
    OutputFile events;
    OutputFile table;
    OutputFile frames;
    OutputFile mail;
    OutputFile files;
    OutputFile truth;
    std::filesystem::path dicom;   // a folder of files
};

Result<Files> open_files(const std::filesystem::path& folder) {
    auto hl7 = TRY(OutputFile::create(folder / "hl7.mllp"));
    auto fhir = TRY(OutputFile::create(folder / "fhir.ndjson"));
    auto atna = TRY(OutputFile::create(folder / "atna.syslog"));
    auto events = TRY(OutputFile::create(folder / "AuditEvent.ndjson"));
    auto table = TRY(OutputFile::create(folder / "access.csv"));
    auto frames = TRY(OutputFile::create(folder / "network.pcap"));
    auto mail = TRY(OutputFile::create(folder / "mail.mbox"));
    auto files = TRY(OutputFile::create(folder / "files.ndjson"));
    auto truth = TRY(OutputFile::create(folder / "truth.json"));
    const auto dicom = folder / "dicom";
    std::error_code error;
    if (!std::filesystem::create_directory(dicom, error))
        return fail(Errc::unavailable, fmt::format("{} cannot be made", dicom.string()));
    table.write(access_csv_header());
    frames.write(pcap_header());
    return Files{std::move(hl7),    std::move(fhir), std::move(atna),  std::move(events), std::move(table),
                 std::move(frames), std::move(mail), std::move(files), std::move(truth),  dicom};
}

/// Writes all feeds of what it sees.
class Chronicle final : public Witness {
public:
    Chronicle(Days& days, Files& files, Made& made)
        : files_(files),
          made_(made),
          feeds_(days.story(), days.truth(),
                 {[this](const Hl7Message& message) { write(message); },
                  [this](const FhirTransaction& transaction) { write(transaction); },
                  [this](const Act& act, const Story& story, const std::string& entry) {
                      write_entry(act, story, entry);
                  },
                  [this](const Frame& frame) { write(frame); },
                  [this](const DicomFile& file) { write(file); }}) {}
    Chronicle(const Chronicle&) = delete;
    Chronicle& operator=(const Chronicle&) = delete;

    void see(const Act& act, const Story& story) override {
        ++made_.acts;
        feeds_.see(act, story);
        if (const auto* touched = std::get_if<FileTouched>(&act.what)) {
            ++made_.files_touched;
            files_.files.write(file_line(act, *touched, story));
        }
        if (const auto* sent = std::get_if<MailSent>(&act.what)) {
            ++made_.letters;
            files_.mail.write(mbox_entry(sent->letter, act.at, story.network().domain));
        }
    }
    Result<> finish() {
        feeds_.pass(Moment::max());
        return std::move(dicom_);
    }

private:
    void write(const Hl7Message& message) {
        ++made_.messages;
        files_.hl7.write(fmt::format("\x0b{}\x1c\r", message.text));
    }
    void write(const FhirTransaction& transaction) {
        ++made_.transactions;
        files_.fhir.write(transaction.bundle + "\n");
    }
    void write_entry(const Act& act, const Story& story, const std::string& entry) {
        files_.atna.write(entry);
        if (!is_audited(act)) return;
        ++made_.audited;
        files_.events.write(audit_event_json(act, story) + "\n");
        files_.table.write(access_csv_row(act, story));
    }
    void write(const Frame& frame) {
        ++made_.frames;
        record_.clear();
        append_pcap_record(record_, frame);
        files_.frames.write(record_);
    }
    void write(const DicomFile& instance) {
        auto file = OutputFile::create(files_.dicom / instance.name);
        if (!dicom_) return;   // the first that failed is told
        if (!file) {
            dicom_ = fail(file.error().code, file.error().what);
            return;
        }
        file->write(instance.bytes);
        made_.bytes += file->size();
        dicom_ = file->finish();
    }

    Files& files_;
    Made& made_;
    AllFeeds feeds_;
    Buffer record_;
    Result<> dicom_;   // whether all files of it could be written
};

}   // namespace

Result<Made> make(const Wish& wish) {
    auto folder = TRY(OutputFolder::create(wish.folder));
    auto files = TRY(open_files(folder.path()));
    Made made;
    Days hospital{wish};
    auto& story = hospital.story();
    const auto end = hospital.end();
    Chronicle chronicle{hospital, files, made};
    story.add_witness(chronicle);
    TRY(hospital.begin());
    for (auto hour = story.begin() + hours{1}; hour <= end; hour += hours{1}) {
        story.agenda().run_until(hour);
        if (wish.progress) wish.progress(hour, end);
    }
    TRY(chronicle.finish());
    files.truth.write(hospital.truth_json());
    for (auto* file : {&files.hl7, &files.fhir, &files.atna, &files.events, &files.table, &files.frames,
                       &files.mail, &files.files, &files.truth}) {
        made.bytes += file->size();
        TRY(file->finish());
    }
    TRY(folder.keep());
    return made;
}

}   // namespace ward::lab
