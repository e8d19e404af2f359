// SPDX-License-Identifier: Apache-2.0
#include "lab/care/care.hpp"

#include "lab/care/clinics.hpp"
#include "lab/care/emergency.hpp"

namespace ward::lab {

class Care::Clinicians {
public:
    Clinicians(Story& story, Moment end)
        : desk(story),
          floor_{story, desk, end},
          orders_(floor_),
          wards_(floor_, orders_),
          emergency_(floor_, orders_, wards_),
          clinics_(floor_, orders_) {}

    void begin() {
        wards_.fill();
        emergency_.begin();
        clinics_.begin();
    }

    Desk desk;
    Orders& orders() { return orders_; }
    Wards& wards() { return wards_; }

private:
    Floor floor_;
    Orders orders_;
    Wards wards_;
    Emergency emergency_;
    Clinics clinics_;
};

Care::Care(Story& story, Moment end) : clinicians_(std::make_unique<Clinicians>(story, end)) {}
Care::~Care() = default;

void Care::begin() { clinicians_->begin(); }
std::optional<EncounterId> Care::take_in(PatientId patient, DepartmentId department) {
    return clinicians_->wards().take_in(patient, department);
}
void Care::silence_laboratory(Moment until) { clinicians_->orders().silence_laboratory(until); }
void Care::correct_result(OrderId order, std::uint32_t label) { clinicians_->orders().correct(order, label); }
Desk& Care::desk() { return clinicians_->desk; }

}   // namespace ward::lab
