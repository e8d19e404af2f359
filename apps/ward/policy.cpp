// SPDX-License-Identifier: Apache-2.0
// `ward policy`: whether a policy file is understood, and what it says about somebody.
#include <algorithm>
#include <cstdio>
#include <fmt/format.h>
#include <memory>

#include "apps/ward/command.hpp"
#include "policy/policy.hpp"
#include "vault/identity.hpp"

namespace ward::cli {
namespace {

struct Options {
    std::string file;
    policy::Actor actor;
    std::string action = "read";
    std::string type;
};

Result<policy::Policy> read_policy(const std::string& file) {
    const auto text = TRY(vault::read_file(file));
    auto policy = policy::Policy::parse(text);
    if (!policy) return fail(policy.error().code, fmt::format("{}: {}", file, policy.error().what));
    return policy;
}

Exit check(const Options& options) {
    const auto policy = read_policy(options.file);
    if (!policy) return report(policy.error());
    std::printf("%s: rules %zu, relations %zu, rules of broken glass %zu; everything else is denied\n",
                options.file.c_str(), policy->rules().size(), policy->relations().size(),
                policy->glass_rules().size());
    return Exit::done;
}

Result<> check_question(const Options& options) {
    if (!policy::action_named(options.action))
        return fail(Errc::malformed, fmt::format("--action {}: it is read, search, create, update, delete or "
                                                 "export",
                                                 options.action));
    if (!fhir::resource_type(options.type))
        return fail(Errc::malformed, fmt::format("--type {}: no such resource type", options.type));
    const auto& purpose = options.actor.purpose;
    if (!purpose.empty() && !policy::is_purpose(purpose))
        return fail(Errc::malformed,
                    fmt::format("--purpose {}: no code of v3-PurposeOfUse, such as TREAT", purpose));
    return {};
}

bool names(const policy::Policy& policy, const std::string& role) {
    const auto is_it = [&](const policy::Subject& subject) {
        return subject.kind == policy::Subject::Kind::role && subject.name == role;
    };
    const auto about = [&](const auto& rule) { return is_it(rule.subject); };
    policy::Actor actor;
    actor.roles = {role};
    return std::ranges::any_of(policy.rules(), about) || std::ranges::any_of(policy.glass_rules(), about) ||
           policy.may_review(actor);
}

/// What is missing: another purpose would do, or nothing speaks of a role.
void print_why_not(const policy::Policy& policy, const Options& options, policy::Action action,
                   fhir::ResourceType type) {
    std::printf("no rule allows it: it is denied\n");
    for (const auto& role : options.actor.roles)
        if (!names(policy, role)) std::printf("no rule speaks of the role %s\n", role.c_str());
    for (const auto& rule : policy.rules())
        for (const auto& purpose : rule.purposes) {
            auto actor = options.actor;
            actor.purpose = purpose;
            if (std::ranges::count(policy.rules_about(actor, action, type), &rule) > 0)
                std::printf("with --purpose %s line %zu would: %s\n", purpose.c_str(), rule.line,
                            rule.text.c_str());
        }
}

/// The rules by which somebody may do something with a type of records, and nothing else.
Exit explain(const Options& options) {
    const auto policy = read_policy(options.file);
    if (!policy) return report(policy.error());
    if (const auto sound = check_question(options); !sound) return report(sound.error());
    const auto action = *policy::action_named(options.action);
    const auto type = *fhir::resource_type(options.type);
    const auto rules = policy->rules_about(options.actor, action, type);
    for (const auto* rule : rules) std::printf("line %zu: %s\n", rule->line, rule->text.c_str());
    if (!rules.empty()) return Exit::done;
    print_why_not(*policy, options, action, type);
    return Exit::refused;
}

}   // namespace

void add_policy(CLI::App& app, Action& chosen) {
    auto* command = app.add_subcommand("policy", "Look at a policy file: who may do what to whom");
    command->require_subcommand(1);
    command->footer("Example: ward policy check /etc/ward/policy");
    auto options = std::make_shared<Options>();
    auto* checks = command->add_subcommand("check", "Say whether a policy file is understood, or where not");
    checks->add_option("file", options->file, "The policy")->required()->type_name("FILE");
    checks->footer("Example: ward policy check /etc/ward/policy");
    checks->callback([options, &chosen] { chosen = [options] { return check(*options); }; });

    auto* explains = command->add_subcommand("explain", "Print the rules by which somebody may do something");
    explains->add_option("file", options->file, "The policy")->required()->type_name("FILE");
    explains->add_option("--role", options->actor.roles, "A role; repeatable")->type_name("NAME");
    explains->add_option("--user", options->actor.user, "A user")->type_name("NAME");
    explains->add_option("--client", options->actor.client, "A program")->type_name("NAME");
    explains->add_option("--purpose", options->actor.purpose, "A code of v3-PurposeOfUse")->type_name("CODE");
    explains->add_option("--action", options->action, "read, search, create, update, delete or export")
        ->capture_default_str()
        ->type_name("ACTION");
    explains->add_option("--type", options->type, "A resource type")->required()->type_name("TYPE");
    explains->footer(
        "Example: ward policy explain /etc/ward/policy --role nurse --purpose TREAT --type Observation");
    explains->callback([options, &chosen] { chosen = [options] { return explain(*options); }; });
}

}   // namespace ward::cli
