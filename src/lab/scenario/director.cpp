// SPDX-License-Identifier: Apache-2.0
#include "lab/scenario/director.hpp"

#include <algorithm>
#include <array>

#include "core/assert.hpp"
#include "lab/care/floor.hpp"

namespace ward::lab {

Director::Director(Story& story, Care& care, Post& post, Cabinet& cabinet, Edges& edges,
                   const Scenario& scenario, Truth& truth)
    : story_(story),
      scenario_(scenario),
      actors_(story),
      charts_(story, care, truth),
      mail_(story, post, actors_),
      files_(story, cabinet, actors_),
      network_(story, actors_),
      domain_(story, actors_),
      worms_(story, actors_),
      devices_(story, actors_),
      messages_(story, care, actors_),
      partners_(story, edges.partners, truth),
      vendors_(story, edges.vendors),
      laptops_(story, edges.remote_work, post),
      dice_(story.dice("director")) {}

const Director::Entry* Director::entry_named(std::string_view name) {
    static constexpr auto all = std::to_array<Entry>(
        {{"look-up", &play<&Director::charts_, &ChartDeeds::look_up>},
         {"care-for", &play<&Director::charts_, &ChartDeeds::care_for>},
         {"emergency-call", &play<&Director::charts_, &ChartDeeds::emergency_call>},
         {"break-glass", &play<&Director::charts_, &ChartDeeds::break_glass>},
         {"harvest", &play<&Director::charts_, &ChartDeeds::harvest>},
         {"audit-round", &play<&Director::charts_, &ChartDeeds::audit_round>},
         {"fall-silent", &play<&Director::charts_, &ChartDeeds::fall_silent>},
         {"send-mail", &play<&Director::mail_, &MailDeeds::send_mail>},
         {"hijack-threads", &play<&Director::mail_, &MailDeeds::hijack_threads>},
         {"announce-domain", &play<&Director::mail_, &MailDeeds::announce_domain>},
         {"steal-shares", &play<&Director::files_, &FileDeeds::steal_shares>},
         {"back-up", &play<&Director::files_, &FileDeeds::back_up>},
         {"migrate", &play<&Director::files_, &FileDeeds::migrate>},
         {"encrypt-share", &play<&Director::files_, &FileDeeds::encrypt_share>},
         {"protect-share", &play<&Director::files_, &FileDeeds::protect_share>},
         {"convert-share", &play<&Director::files_, &FileDeeds::convert_share>},
         {"call-home", &play<&Director::network_, &NetworkDeeds::call_home>},
         {"upload", &play<&Director::network_, &NetworkDeeds::upload>},
         {"sweep-port", &play<&Director::network_, &NetworkDeeds::sweep_port>},
         {"ask-tickets", &play<&Director::domain_, &DomainDeeds::ask_tickets>},
         {"survey-directory", &play<&Director::domain_, &DomainDeeds::survey_directory>},
         {"start-programs", &play<&Director::domain_, &DomainDeeds::start_programs>},
         {"take-desk", &play<&Director::domain_, &DomainDeeds::take_desk>},
         {"spread-worm", &play<&Director::worms_, &WormDeeds::spread_worm>},
         {"use-old-shares", &play<&Director::worms_, &WormDeeds::use_old_shares>},
         {"speak-to-pumps", &play<&Director::devices_, &DeviceDeeds::speak_to_pumps>},
         {"bring-pump", &play<&Director::devices_, &DeviceDeeds::bring_pump>},
         {"move-gateway", &play<&Director::devices_, &DeviceDeeds::move_gateway>},
         {"change-library", &play<&Director::devices_, &DeviceDeeds::change_library>},
         {"search-archive", &play<&Director::devices_, &DeviceDeeds::search_archive>},
         {"disturb-archive", &play<&Director::devices_, &DeviceDeeds::disturb_archive>},
         {"forge-merges", &play<&Director::messages_, &MessageDeeds::forge_merges>},
         {"forge-results", &play<&Director::messages_, &MessageDeeds::forge_results>},
         {"merge-records", &play<&Director::messages_, &MessageDeeds::merge_records>},
         {"correct-results", &play<&Director::messages_, &MessageDeeds::correct_results>},
         {"stand-in", &play<&Director::messages_, &MessageDeeds::stand_in>},
         {"send-oddly", &play<&Director::messages_, &MessageDeeds::send_oddly>},
         {"file-documents", &play<&Director::messages_, &MessageDeeds::file_documents>},
         {"break-trail", &play<&Director::messages_, &MessageDeeds::break_trail>},
         {"lose-partner", &play<&Director::partners_, &PartnerDeeds::lose>},
         {"pause-partner", &play<&Director::partners_, &PartnerDeeds::pause>},
         {"move-partner", &play<&Director::partners_, &PartnerDeeds::move>},
         {"call-as-partner", &play<&Director::partners_, &PartnerDeeds::call>},
         {"vendor-visit", &play<&Director::vendors_, &VendorDeeds::visit>},
         {"call-new-site", &play<&Director::vendors_, &VendorDeeds::call_new_site>},
         {"steal-laptop", &play<&Director::laptops_, &LaptopDeeds::steal>},
         {"work-from-outside", &play<&Director::laptops_, &LaptopDeeds::work_from_outside>},
         {"miss-laptop", &play<&Director::laptops_, &LaptopDeeds::miss>},
         {"replace-laptop", &play<&Director::laptops_, &LaptopDeeds::replace>}});
    const auto found = std::ranges::find(all, name, &Entry::name);
    return found == all.end() ? nullptr : &*found;
}

Result<> Director::begin() {
    for (std::uint32_t i = 0; i < scenario_.steps.size(); ++i) {
        const auto& step = scenario_.steps[i];
        const auto* entry = entry_named(step.deed);
        WARD_ASSERT(entry != nullptr);   // the reader knows the same
        const Agenda::Because because{story_.agenda(), i + 1};
        auto at = story_.begin() + step.after;
        if (step.jitter.count() > 0)
            at += between(*dice_, std::chrono::microseconds{0}, 2 * step.jitter) - step.jitter;
        TRY(entry->play(*this, {i + 1, &step, std::max(at, story_.begin())}));
    }
    return {};
}

}   // namespace ward::lab
