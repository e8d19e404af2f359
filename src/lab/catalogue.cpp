// SPDX-License-Identifier: Apache-2.0
#include "lab/catalogue.hpp"

#include <array>

namespace ward::lab {

const std::vector<Panel>& panels() {
    static const std::vector<Panel> all{
        {"58410-2",
         "CBC panel - Blood by Automated count",
         {{"6690-2", "Leukocytes", "10*3/uL", 4, 11, 1},
          {"789-8", "Erythrocytes", "10*6/uL", 4, 5.6, 2},
          {"718-7", "Hemoglobin", "g/dL", 12, 16.5, 1},
          {"4544-3", "Hematocrit", "%", 36, 49, 1},
          {"777-3", "Platelets", "10*3/uL", 150, 400, 0}}},
        {"24323-8",
         "Comprehensive metabolic 2000 panel - Serum or Plasma",
         {{"2345-7", "Glucose", "mg/dL", 70, 110, 0},
          {"3094-0", "Urea nitrogen", "mg/dL", 7, 20, 0},
          {"2160-0", "Creatinine", "mg/dL", 0.6, 1.2, 2},
          {"2951-2", "Sodium", "mmol/L", 136, 145, 0},
          {"2823-3", "Potassium", "mmol/L", 3.5, 5.1, 1},
          {"2075-0", "Chloride", "mmol/L", 98, 107, 0},
          {"1742-6", "Alanine aminotransferase", "U/L", 7, 45, 0}}},
        {"24326-1",
         "Electrolytes 1998 panel - Serum or Plasma",
         {{"2951-2", "Sodium", "mmol/L", 136, 145, 0},
          {"2823-3", "Potassium", "mmol/L", 3.5, 5.1, 1},
          {"2028-9", "Carbon dioxide, total", "mmol/L", 22, 29, 0}}},
        {"89579-7",
         "Troponin I.cardiac panel - Serum or Plasma by High sensitivity method",
         {{"89579-7", "Troponin I.cardiac", "ng/L", 0, 16, 0}}},
        {"24325-3",
         "Hepatic function 2000 panel - Serum or Plasma",
         {{"1975-2", "Bilirubin.total", "mg/dL", 0.2, 1.2, 1},
          {"1920-8", "Aspartate aminotransferase", "U/L", 8, 40, 0},
          {"6768-6", "Alkaline phosphatase", "U/L", 44, 120, 0},
          {"1751-7", "Albumin", "g/dL", 3.5, 5.2, 1}}},
        {"34528-0",
         "PT and aPTT panel - Platelet poor plasma by Coagulation assay",
         {{"6301-6", "INR", "{INR}", 0.9, 1.1, 1}, {"3173-2", "aPTT", "s", 25, 35, 0}}},
        {"24336-0",
         "Gas panel - Arterial blood",
         {{"2744-1", "pH", "[pH]", 7.35, 7.45, 2},
          {"2019-8", "Carbon dioxide", "mm[Hg]", 35, 45, 0},
          {"2703-7", "Oxygen", "mm[Hg]", 80, 100, 0},
          {"2524-7", "Lactate", "mmol/L", 0.5, 2, 1}}},
        {"1988-5", "C reactive protein", {{"1988-5", "C reactive protein", "mg/L", 0, 8, 1}}},
        {"4548-4", "Hemoglobin A1c", {{"4548-4", "Hemoglobin A1c/Hemoglobin.total", "%", 4, 5.7, 1}}},
        {"24356-8",
         "Urinalysis complete panel - Urine",
         {{"5811-5", "Specific gravity of Urine", "1", 1.005, 1.03, 3},
          {"2756-5", "pH of Urine", "[pH]", 5, 8, 1}}},
        {"75622-1",
         "HIV 1 and 2 tests - Meaningful Use set",
         {{"56888-1", "HIV 1+2 Ab+HIV1 p24 Ag", "{s_co_ratio}", 0, 1, 2}}},
    };
    return all;
}

const std::vector<Imaging>& imagings() {
    static const std::vector<Imaging> all{
        {"36643-5", "XR Chest 2 Views", "DX", "CHEST", 2},
        {"36554-4", "XR Chest Single view", "DX", "CHEST", 1},
        {"24725-4", "CT Head", "CT", "HEAD", 60},
        {"24627-2", "CT Chest", "CT", "CHEST", 120},
        {"36813-4", "CT Abdomen and Pelvis W contrast IV", "CT", "ABDOMEN", 160},
        {"24590-2", "MR Brain", "MR", "HEAD", 180},
        {"24558-9", "US Abdomen", "US", "ABDOMEN", 24},
        {"42148-7", "US Heart", "US", "HEART", 40},
        {"36572-6", "XR Hip Views", "DX", "HIP", 2},
    };
    return all;
}

const std::vector<Medicine>& medicines() {
    static const std::vector<Medicine> all{
        {"313782", "Acetaminophen 325 MG Oral Tablet", "650", "mg", "PO", "Q6H"},
        {"1719286", "Furosemide 10 MG/ML Injection", "40", "mg", "IV", "BID"},
        {"309090", "Ceftriaxone 1000 MG Injection", "1", "g", "IV", "QD"},
        {"308460", "Azithromycin 250 MG Oral Tablet", "500", "mg", "PO", "QD"},
        {"1659151", "Piperacillin 3000 MG / tazobactam 375 MG Injection", "3.375", "g", "IV", "Q6H"},
        {"855288", "Warfarin Sodium 5 MG Oral Tablet", "5", "mg", "PO", "QPM"},
        {"854228", "Enoxaparin 40 MG Prefilled Syringe", "40", "mg", "SC", "QD"},
        {"243670", "Aspirin 81 MG Oral Tablet", "81", "mg", "PO", "QD"},
        {"617310", "Atorvastatin 20 MG Oral Tablet", "40", "mg", "PO", "QHS"},
        {"311036", "Insulin Regular 100 UNT/ML Injection", "6", "[IU]", "SC", "TID"},
        {"314077", "Lisinopril 20 MG Oral Tablet", "20", "mg", "PO", "QD"},
        {"892494", "Morphine Sulfate 2 MG/ML Injection", "2", "mg", "IV", "Q4H"},
        {"312086", "Ondansetron 2 MG/ML Injection", "4", "mg", "IV", "Q8H"},
        {"1244628", "Albuterol 0.83 MG/ML Inhalation Solution", "2.5", "mg", "IH", "Q4H"},
        {"1999308", "Bictegravir / emtricitabine / tenofovir Oral Tablet", "1", "{tbl}", "PO", "QD"},
        {"312940", "Sertraline 50 MG Oral Tablet", "50", "mg", "PO", "QD"},
    };
    return all;
}

const std::vector<Illness>& illnesses() {
    using enum DepartmentKind;
    static const std::vector<Illness> all{
        {"J18.9", "Pneumonia, unspecified organism", medical, 4, 0.5, {0, 1, 7}, {0}, {2, 3, 0}},
        {"I50.9", "Heart failure, unspecified", medical, 5, 0.6, {0, 1, 3}, {1, 7}, {1, 10, 6}, 50},
        {"I21.4",
         "Non-ST elevation myocardial infarction",
         intensive,
         3,
         0.95,
         {0, 1, 3, 5},
         {1, 7},
         {7, 8, 6},
         40},
        {"A41.9", "Sepsis, unspecified organism", intensive, 7, 0.98, {0, 1, 6, 7}, {1, 4}, {4, 0, 6}, 18},
        {"I63.9", "Cerebral infarction, unspecified", medical, 5, 0.9, {0, 1, 5}, {2, 5}, {7, 8, 6}, 45},
        {"J44.1", "COPD with acute exacerbation", medical, 4, 0.5, {0, 1, 6}, {0}, {13, 3}, 45},
        {"N39.0", "Urinary tract infection", medical, 3, 0.2, {0, 9, 7}, {}, {2}, 1},
        {"E11.65", "Type 2 diabetes mellitus with hyperglycemia", medical, 3, 0.3, {1, 8}, {}, {9, 10}, 30},
        {"K35.80", "Unspecified acute appendicitis", surgical, 2, 0.95, {0, 1, 7}, {4}, {4, 11, 12}, 5},
        {"K80.20",
         "Calculus of gallbladder without cholecystitis",
         surgical,
         2,
         0.4,
         {0, 4},
         {6},
         {11, 12},
         25},
        {"S72.001A", "Fracture of neck of right femur", surgical, 6, 0.98, {0, 1, 5}, {8}, {11, 6, 0}, 65},
        {"K56.609", "Unspecified intestinal obstruction", surgical, 5, 0.85, {0, 2, 6}, {4}, {11, 12}, 30},
        {"R07.9", "Chest pain, unspecified", medical, 1, 0.15, {0, 2, 3}, {1}, {7}, 30},
        {"S09.90XA", "Unspecified injury of head", medical, 1, 0.08, {}, {2}, {0}, 1},
        {"R10.9", "Unspecified abdominal pain", medical, 1, 0.12, {0, 1, 9}, {6}, {0, 12}, 5},
        {"J06.9", "Acute upper respiratory infection", medical, 1, 0.01, {}, {}, {0}, 1},
        {"S93.401A", "Sprain of unspecified ligament of right ankle", surgical, 1, 0.01, {}, {8}, {0}, 8},
        {"O80", "Encounter for full-term uncomplicated delivery", maternity, 2, 1, {0}, {}, {0}, 18},
        {"B20", "Human immunodeficiency virus disease", medical, 5, 0.4, {0, 1, 10}, {0}, {14}, 18, true},
        {"F32.9", "Major depressive disorder, single episode", medical, 4, 0.3, {2}, {}, {15}, 14, true},
        {"I48.91", "Unspecified atrial fibrillation", medical, 2, 0.4, {2, 5}, {7}, {5, 10}, 50},
        {"Z00.00", "General adult medical examination", clinic, 0, 0, {0, 1}, {}, {}, 18},
        {"I10", "Essential hypertension", clinic, 0, 0, {2}, {}, {10}, 30},
        {"E78.5", "Hyperlipidemia, unspecified", clinic, 0, 0, {4}, {}, {8}, 35},
    };
    return all;
}

std::span<const std::string_view> glass_reasons() {
    static constexpr auto all = std::to_array<std::string_view>(
        {"Patient care", "Emergency", "Unconscious, allergies unknown",
         "No relatives reached, medication needed", "patient care", "Seizure, earlier medication needed now",
         "Called to help", "Trauma, history unknown"});
    return all;
}

std::span<const Quantity> vital_signs() {
    static constexpr auto all = std::to_array<Quantity>({
        {"8867-4", "Heart rate", "/min", 60, 100, 0},
        {"59408-5", "Oxygen saturation by Pulse oximetry", "%", 94, 100, 0},
        {"8480-6", "Systolic blood pressure", "mm[Hg]", 95, 140, 0},
        {"8462-4", "Diastolic blood pressure", "mm[Hg]", 55, 90, 0},
        {"9279-1", "Respiratory rate", "/min", 12, 20, 0},
        {"8310-5", "Body temperature", "Cel", 36.1, 37.6, 1},
    });
    return all;
}

}   // namespace ward::lab
