// SPDX-License-Identifier: Apache-2.0
// Man pages and completion of a command line made for this test, seen through what reads them.
#include "apps/ward/manual.hpp"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <fstream>
#include <gtest/gtest.h>

#include "apps/ward/completion.hpp"
#include "core/scratch_folder.hpp"

namespace ward::cli {
namespace {

class Manual : public testing::Test {
protected:
    void SetUp() override {
        app_.footer("Exit codes: 0 done, 1 refused.\nExample: demo run --data /srv");
        auto* run = app_.add_subcommand("run", "Start it on somebody's data");
        run->add_option("-d,--data", text_, "The data directory")->required()->type_name("DIR");
        run->add_option("--listen", text_, "Where to listen")->type_name("ADDRESS:PORT");
        run->add_option("--lives", number_, "How many lives")->capture_default_str();
        run->add_option("--key-file", text_, "The key")->check(CLI::ExistingFile)->type_name("KEY");
        run->footer(".starts with a dot, has a \\ and a - hyphen\nExample: demo run --data .");
        auto* log = app_.add_subcommand("log", "About the log");
        log->add_subcommand("verify", "Check it")->add_flag("--json", as_json_, "Print JSON");
        log->add_subcommand("load", "Load files")
            ->add_option("files", texts_, "Files")
            ->required()
            ->type_name("FILE");
    }

    std::string page(std::string_view file) {
        for (const auto& page : manual_pages(app_, "1.2"))
            if (page.file == file) return page.text;
        return "no page";
    }

    void says(std::string_view file, std::string_view text) {
        EXPECT_NE(page(file).find(text), std::string::npos) << text << "\nis not in\n" << page(file);
    }

    /// What a shell prints that runs `script` after the completion was loaded.
    std::string printed(Shell shell, const std::string& program, const std::string& script) {
        const ScratchFolder folder;
        std::ofstream{folder / "completion"} << completion(app_, shell);
        std::ofstream{folder / "script"} << "source " << (folder / "completion").string() << "\n" << script;
        FILE* const output = ::popen((program + " " + (folder / "script").string() + " 2>&1").c_str(), "r");
        std::string text;
        for (int c = 0; (c = std::fgetc(output)) != EOF;) text += static_cast<char>(c);
        ::pclose(output);
        return text;
    }

    /// What bash offers for the last of these words.
    std::string offered(const std::string& words) {
        return printed(Shell::bash, "bash",
                       "COMP_WORDS=(" + words +
                           ")\nCOMP_CWORD=$((${#COMP_WORDS[@]} - 1))\n_demo\n"
                           "echo \"${COMPREPLY[*]}\"\n");
    }

    CLI::App app_{"A demonstration.", "demo"};
    std::string text_;
    int number_ = 9;
    bool as_json_ = false;
    std::vector<std::string> texts_;
};

TEST_F(Manual, HasAPageForEachCommand) {
    std::vector<std::string> files;
    for (const auto& page : manual_pages(app_, "1.2")) files.push_back(page.file);
    EXPECT_EQ(files, (std::vector<std::string>{"demo.1", "demo-run.1", "demo-log.1", "demo-log-verify.1",
                                               "demo-log-load.1"}));
}

TEST_F(Manual, NamesSynopsisOptionsAndDefaults) {
    says("demo-run.1", ".TH DEMO\\-RUN 1 \"\" \"Ward 1.2\" \"Ward\"\n");
    says("demo-run.1", "demo\\-run \\- Start it on somebody's data\n");
    says("demo-run.1", "\n\\fB\\-\\-data\\fR \\fIDIR\\fR\n");
    says("demo-run.1", "\n[\\fB\\-\\-listen\\fR \\fIADDRESS:PORT\\fR]\n");
    says("demo-run.1", "\\fB\\-d\\fR, \\fB\\-\\-data\\fR \\fIDIR\\fR\nThe data directory.\n");
    says("demo-run.1", "How many lives. Default: \\fB9\\fR.\n");
    says("demo-run.1", "\\fB\\-\\-key\\-file\\fR \\fIKEY\\fR\n");
    says("demo-log-load.1", "\n\\fIFILE\\fR...\n");
}

TEST_F(Manual, PutsExamplesApartFromNotes) {
    says("demo.1", "A demonstration.\n.PP\nExit codes: 0 done, 1 refused.\n");
    says("demo-run.1", ".SH EXAMPLES\n.EX\ndemo run \\-\\-data .\n.EE\n");
}

TEST_F(Manual, EscapesWhatRoffWouldObey) {
    says("demo-run.1", "\n\\&.starts with a dot, has a \\e and a \\- hyphen\n");
}

TEST_F(Manual, PointsUpAndDown) {
    says("demo-log.1", ".SH SEE ALSO\n.BR demo (1) ,\n.BR demo\\-log\\-verify (1)");
    says("demo-log-verify.1", ".BR demo (1) ,\n.BR demo\\-log (1)\n");
}

TEST_F(Manual, BashOffersCommandsThenOptions) {
    EXPECT_NE(offered("demo ''").find("run log"), std::string::npos);
    EXPECT_EQ(offered("demo lo"), "log\n");
    EXPECT_EQ(offered("demo log v"), "verify\n");
    EXPECT_EQ(offered("demo log verify --j"), "--json\n");
    EXPECT_EQ(offered("demo run --l"), "--listen --lives\n");
}

TEST_F(Manual, BashOffersWhatAnOptionTakes) {
    EXPECT_EQ(offered("demo run --data /us"), "/usr\n");
    EXPECT_EQ(offered("demo run --key-file /etc/debian_vers"), "/etc/debian_version\n");
    EXPECT_EQ(offered("demo run --listen --d"), "\n");
}

TEST_F(Manual, ZshAndFishKnowEachCommand) {
    const auto zsh = completion(app_, Shell::zsh);
    EXPECT_TRUE(zsh.starts_with("#compdef demo\n"));
    EXPECT_NE(zsh.find("below=( 'run:Start it on somebody'\\''s data' 'log:About the log' )"),
              std::string::npos)
        << zsh;
    const auto fish = completion(app_, Shell::fish);
    EXPECT_NE(
        fish.find("complete -c demo -n \"__demo_at 'demo'\" -a run -d 'Start it on somebody\\'s data'\n"),
        std::string::npos)
        << fish;
    EXPECT_NE(fish.find("complete -c demo -n \"__demo_at 'demo log verify'\" -l json -d 'Print JSON'\n"),
              std::string::npos);
    EXPECT_NE(fish.find("complete -c demo -n \"__demo_at 'demo log load'\" -F\n"), std::string::npos);
}

}   // namespace
}   // namespace ward::cli
