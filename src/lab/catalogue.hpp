// SPDX-License-Identifier: Apache-2.0
// What is treated, measured, given and pictured in the lab's hospital, under the codes of the field: ICD-10,
// LOINC, RxNorm, and DICOM's modalities.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "lab/hospital.hpp"

namespace ward::lab {

/// A quantity that a laboratory or a monitor tells.
struct Quantity {
    std::string_view loinc;
    std::string_view name;
    std::string_view unit;   // UCUM
    double low = 0;          // of what is normal
    double high = 0;
    int decimals = 0;
};

/// What is ordered together.
struct Panel {
    std::string_view loinc;
    std::string_view name;
    std::vector<Quantity> quantities;
};

struct Imaging {
    std::string_view loinc;
    std::string_view name;
    std::string_view modality;   // DICOM PS3.3, C.7.3.1.1.1
    std::string_view body_part;
    int images = 1;
};

struct Medicine {
    std::string_view rxnorm;
    std::string_view name;
    std::string_view dose;
    std::string_view unit;
    std::string_view route;       // HL7 table 0162
    std::string_view frequency;   // HL7 table 0335
};

/// Why somebody comes, and what is usually done about it: places in the lists below.
struct Illness {
    std::string_view icd10;
    std::string_view name;
    DepartmentKind ward{};
    double days = 0;             // of an inpatient, the median
    double admitted_share = 0;   // of those who come to the emergency department with it
    std::vector<int> panels;
    std::vector<int> imaging;
    std::vector<int> medicines;
    int age_from = 0;
    bool is_sensitive = false;
};

const std::vector<Panel>& panels();
const std::vector<Imaging>& imagings();
const std::vector<Medicine>& medicines();
const std::vector<Illness>& illnesses();
/// What people write who break glass, rightly or not.
std::span<const std::string_view> glass_reasons();
/// Pulse, saturation, pressures, breathing, temperature: what a monitor tells.
std::span<const Quantity> vital_signs();

}   // namespace ward::lab
