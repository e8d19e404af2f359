// SPDX-License-Identifier: Apache-2.0
// Identifiers of queries and retrievals at study level: PS3.4, annex C.6.2.
#pragma once

#include "lab/frames/devices/dicom_image.hpp"

namespace ward::lab::dicom {

/// By what studies are sought. What is empty is not a key, but wanted of each that is found.
struct StudyKeys {
    std::string patient_id{};
    std::string patient_name{};   // or * for all
    std::string dates{};          // DA, or a range of it
    std::string modality{};
};

/// PS3.4, C.2.2.2: single values, a range of dates, and of wildcards the one that all match.
bool is_found(const Study& study, const StudyKeys& keys);
Dataset study_query(const StudyKeys& keys);
Dataset study_found(const Study& study, std::string_view archive);
/// What is to be sent: one study.
Dataset study_wanted(const Study& study);
std::string date_range(Moment from, Moment until);

/// One that the same patient had before, of the same kind.
Study earlier_study(Study study, Random random);

}   // namespace ward::lab::dicom
