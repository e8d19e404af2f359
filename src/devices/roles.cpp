// SPDX-License-Identifier: Apache-2.0
#include "devices/roles.hpp"

namespace ward::devices {

Criticality criticality_of(std::string_view role) {
    using namespace roles;
    if (role.empty()) return {};
    if (role == infusion_pump || role == ventilator) return {"life-critical", "it treats a patient directly"};
    if (role == patient_monitor) return {"life-critical", "its alarms call for help"};
    if (role == central_station) return {"life-critical", "alarms are watched here"};
    if (role == gateway) return {"care-critical", "other devices speak through it"};
    if (role.starts_with(modality)) return {"care-critical", "diagnoses wait for its images"};
    if (role == analyser) return {"care-critical", "diagnoses wait for its results"};
    if (role == pacs || role == ris || role == lis || role == ehr || role == order_entry ||
        role == interface_engine || role == fhir_server)
        return {"care-critical", "records and orders of many patients pass through it"};
    if (role == medical_device) return {"care-critical", "it is a medical device of unknown kind"};
    if (role == network_gear) return {"care-critical", "the traffic of other devices passes through it"};
    return {"supporting", "care goes on without it for a while"};
}

}   // namespace ward::devices
