// SPDX-License-Identifier: Apache-2.0
// What a modality makes of a patient: data sets of images (PS3.3, annex A) and the worklist's entries
// (K.6.1.2).
#pragma once

#include <string>

#include "lab/frames/devices/dicom_dataset.hpp"
#include "lab/random.hpp"
#include "lab/story.hpp"

namespace ward::lab::dicom {

/// What the order and the patient's chart say.
struct Study {
    std::string patient_name;   // PN
    std::string patient_id;
    std::string issuer;
    std::string birth;   // DA
    std::string_view sex;
    bool has_native_name = false;   // in UTF-8
    std::string accession;
    std::string uid;
    std::string referring;
    std::string institution;
    std::string_view modality;
    std::string_view description;
    std::string_view body_part;
    int images = 1;
    Moment at{};   // when it was taken, or is wanted
};

struct Machine {
    std::string title;   // application entity
    std::string_view vendor;
    std::string_view model;
    std::string serial;
    std::string station;
    std::string uid_root;
};

Study study_of(const Story& story, OrderId order, Moment at);
/// Which kind of pictures a product makes: a value of DICOM's Modality.
std::string_view modality_of(std::string_view model);
std::string_view sop_class_of(std::string_view modality);
std::string instance_uid(const Machine& machine, const Study& study, int number);

/// Rows of small pictures: a gradient with noise, in as many bits as such machines use.
Dataset image(const Study& study, const Machine& machine, int number, Random random);
/// What a modality asks the worklist for, and what it is told of one study.
Dataset worklist_query(const Machine& machine, std::string_view modality, Moment at);
Dataset worklist_entry(const Machine& machine, const Study& study);

}   // namespace ward::lab::dicom
