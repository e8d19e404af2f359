// SPDX-License-Identifier: Apache-2.0
// A hospital with a feed: messages go in as a server would hand them on, and the record is asked over FHIR.
#pragma once

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <string>
#include <string_view>
#include <vector>

#include "feeds/intake.hpp"
#include "feeds/mapper.hpp"
#include "vault/arrivals.hpp"
#include "vault/hospital_test.hpp"

namespace ward::feeds {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;

class FedHospital {
public:
    explicit FedHospital(keys::UnwrapLimits limits = {}) : hospital(limits) { open(); }

    void open(MapperLimits limits = {.pause = std::chrono::milliseconds{20}}) {
        pace = std::make_unique<Pace>(hospital.vault().clock());
        intake = std::make_unique<Intake>(hospital.vault(), *pace, message_ids, adt(), [this] {
            if (mapper) mapper->wake();
        });
        mapper = std::make_unique<Mapper>(
            hospital.vault(), *pace, [](const std::string&) { return adt(); }, limits);
    }
    void close() {
        mapper.reset();
        intake.reset();
        hospital.close();
    }

    static Feed adt() {
        Feed feed;
        feed.name = "adt";
        return feed;
    }

    /// The MSA segments of the answers; the record is changed when it returns.
    std::vector<std::string> send(const std::string& message) {
        std::vector<std::string> codes;
        for (const auto& answer : intake->take({message, false})) {
            const auto begin = answer.find("\rMSA|") + 1;
            codes.push_back(answer.substr(begin, answer.find('\r', begin) - begin));
        }
        if (mapper) mapper->settle();
        return codes;
    }

    std::size_t count(std::string_view search) {
        const auto response = hospital.get(search);
        EXPECT_EQ(response.status, 200) << search << response.body;
        return vault::ids_in(response).size();
    }
    std::string only_id(std::string_view search) {
        const auto ids = vault::ids_in(hospital.get(search));
        EXPECT_EQ(ids.size(), 1U) << search;
        return ids.empty() ? std::string{} : ids.front();
    }
    std::string patient_with(std::string_view mrn) {
        return only_id(fmt::format("Patient?identifier=|{0},CLIN|{0},urn:id:CLIN|{0}", mrn));
    }
    vault::FeedState state() {
        const auto reader = *hospital.vault().readers().take();
        const auto all = *vault::Arrivals{*reader}.feeds(hospital.vault().clock().now());
        EXPECT_EQ(all.size(), 1U);
        return all.empty() ? vault::FeedState{} : all.front();
    }
    std::vector<vault::UnmappedArrival> unmapped() {
        const auto reader = *hospital.vault().readers().take();
        return *vault::Arrivals{*reader}.unmapped({}, 100);
    }

    /// Maps everything again.
    void replay() {
        EXPECT_TRUE(vault::replay(hospital.vault(), {}, mapping_revision + 1));
        mapper->wake();
        mapper->settle();
    }
    /// Those that have to wait are tried again after a pause.
    void wait_until_mapped() {
        while (state().waiting > 0) std::this_thread::yield();
    }

    vault::Hospital hospital;
    MessageIds message_ids;
    std::unique_ptr<Pace> pace;
    std::unique_ptr<Intake> intake;
    std::unique_ptr<Mapper> mapper;
};

/// The messages of an invented hospital, each with a control id of its own.
struct Admission {
    std::string event = "A01";
    std::string id = "1";
    std::string mrn = "4711";
    std::string name = "HADDAD^NADIA";
    std::string more{};   // segments behind PID
    std::string gender = "F";
};

inline std::string adt(const Admission& wish) {
    return fmt::format(
        "MSH|^~\\&|ADT|CLIN|WARD|WARD|20260911080000||ADT^{}|{}|P|2.5.1\r"
        "EVN|{}|20260911080000\r"
        "PID|1||{}^^^CLIN^MR||{}||19590307|{}|||1 ROSE ST^^TOWN\r{}",
        wish.event, wish.id, wish.event, wish.mrn, wish.name, wish.gender, wish.more);
}

inline const std::string stay = "PV1|1|I|W3^12^A|||||||||||||||||V0001^^^CLIN\r";

}   // namespace ward::feeds
