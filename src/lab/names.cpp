// SPDX-License-Identifier: Apache-2.0
#include "lab/names.hpp"

#include <array>

namespace ward::lab {
namespace {

constexpr auto families = std::to_array<Spelling>(
    {{"Abbott"},    {"Adeyemi"},  {"Almeida"},  {"Andersson"}, {"Baker"},    {"Barros"},    {"Bauer"},
     {"Becker"},    {"Bennett"},  {"Berg"},     {"Bianchi"},   {"Blake"},    {"Bonnet"},    {"Brandt"},
     {"Brooks"},    {"Burke"},    {"Campos"},   {"Carver"},    {"Castillo"}, {"Chen"},      {"Clarke"},
     {"Coleman"},   {"Conti"},    {"Costa"},    {"Cruz"},      {"Dalton"},   {"Delgado"},   {"Diaz"},
     {"Dubois"},    {"Duncan"},   {"Eriksen"},  {"Esposito"},  {"Farrell"},  {"Faure"},     {"Ferrari"},
     {"Fischer"},   {"Fletcher"}, {"Flores"},   {"Foster"},    {"Fuchs"},    {"Gallo"},     {"Garcia"},
     {"Gardner"},   {"Gibson"},   {"Girard"},   {"Gomez"},     {"Graham"},   {"Green"},     {"Greco"},
     {"Gruber"},    {"Hansen"},   {"Harper"},   {"Hayes"},     {"Herrera"},  {"Hoffmann"},  {"Holm"},
     {"Horvath"},   {"Hughes"},   {"Ivanov"},   {"Jansen"},    {"Jensen"},   {"Johansson"}, {"Jones"},
     {"Kaiser"},    {"Kelly"},    {"Kim"},      {"Klein"},     {"Kovacs"},   {"Krause"},    {"Lambert"},
     {"Lang"},      {"Larsen"},   {"Laurent"},  {"Lee"},       {"Leroy"},    {"Lewis"},     {"Lopez"},
     {"Lund"},      {"Maier"},    {"Marino"},   {"Marsh"},     {"Martin"},   {"Mason"},     {"Mercier"},
     {"Meyer"},     {"Miller"},   {"Moreau"},   {"Moreno"},    {"Morgan"},   {"Murphy"},    {"Navarro"},
     {"Nguyen"},    {"Nielsen"},  {"Novak"},    {"Nowak"},     {"O'Brien"},  {"Okafor"},    {"Olsen"},
     {"Ortiz"},     {"Park"},     {"Patel"},    {"Pereira"},   {"Perez"},    {"Petit"},     {"Porter"},
     {"Powell"},    {"Ramos"},    {"Reed"},     {"Renard"},    {"Ricci"},    {"Richter"},   {"Rivera"},
     {"Robin"},     {"Romano"},   {"Rossi"},    {"Ruiz"},      {"Russell"},  {"Santos"},    {"Schmidt"},
     {"Schneider"}, {"Shaw"},     {"Silva"},    {"Simon"},     {"Singh"},    {"Smith"},     {"Sousa"},
     {"Stewart"},   {"Sullivan"}, {"Svensson"}, {"Szabo"},     {"Taylor"},   {"Torres"},    {"Tran"},
     {"Turner"},    {"Vargas"},   {"Vidal"},    {"Vogel"},     {"Wagner"},   {"Walker"},    {"Walsh"},
     {"Weber"},     {"White"},    {"Winter"},   {"Wolf"},      {"Wright"},   {"Young"},     {"Zimmermann"}});

constexpr auto women = std::to_array<Spelling>(
    {{"Ada"},     {"Agnes"}, {"Alice"},  {"Amelia"}, {"Ana"},    {"Anna"},   {"Astrid"}, {"Beatriz"},
     {"Camille"}, {"Carla"}, {"Carmen"}, {"Chiara"}, {"Clara"},  {"Claire"}, {"Dana"},   {"Diana"},
     {"Edith"},   {"Elena"}, {"Elisa"},  {"Ella"},   {"Emily"},  {"Emma"},   {"Erin"},   {"Esther"},
     {"Eva"},     {"Fiona"}, {"Flora"},  {"Freya"},  {"Gloria"}, {"Grace"},  {"Hanna"},  {"Helen"},
     {"Helga"},   {"Ida"},   {"Ines"},   {"Ingrid"}, {"Irene"},  {"Iris"},   {"Isabel"}, {"Jana"},
     {"Jane"},    {"Joan"},  {"Julia"},  {"June"},   {"Karen"},  {"Kate"},   {"Laura"},  {"Lea"},
     {"Lena"},    {"Lily"},  {"Linda"},  {"Lucia"},  {"Luisa"},  {"Maeve"},  {"Maja"},   {"Margaret"},
     {"Maria"},   {"Marta"}, {"Mary"},   {"Mia"},    {"Mina"},   {"Nina"},   {"Nora"},   {"Olga"},
     {"Olivia"},  {"Paula"}, {"Petra"},  {"Priya"},  {"Rita"},   {"Rosa"},   {"Ruth"},   {"Sara"},
     {"Selma"},   {"Sofia"}, {"Sonja"},  {"Stella"}, {"Teresa"}, {"Thea"},   {"Vera"},   {"Yuna"}});

constexpr auto men = std::to_array<Spelling>(
    {{"Adam"},   {"Alan"},    {"Albert"}, {"Andre"},  {"Anton"},   {"Arthur"},  {"Ben"},    {"Bruno"},
     {"Carl"},   {"Carlos"},  {"Chris"},  {"Colin"},  {"Daniel"},  {"Dario"},   {"David"},  {"Diego"},
     {"Dylan"},  {"Eduardo"}, {"Emil"},   {"Eric"},   {"Ernst"},   {"Felix"},   {"Finn"},   {"Frank"},
     {"Fred"},   {"Gabriel"}, {"George"}, {"Gerd"},   {"Giorgio"}, {"Gustav"},  {"Hans"},   {"Henry"},
     {"Hugo"},   {"Ian"},     {"Igor"},   {"Ivan"},   {"Jack"},    {"Jakob"},   {"James"},  {"Jan"},
     {"Javier"}, {"Jens"},    {"Joao"},   {"John"},   {"Jonas"},   {"Jorge"},   {"Jose"},   {"Karl"},
     {"Kevin"},  {"Lars"},    {"Leo"},    {"Louis"},  {"Luca"},    {"Luis"},    {"Marc"},   {"Marco"},
     {"Mario"},  {"Mark"},    {"Martin"}, {"Mateo"},  {"Max"},     {"Michael"}, {"Miguel"}, {"Nils"},
     {"Noah"},   {"Oscar"},   {"Otto"},   {"Pablo"},  {"Patrick"}, {"Paul"},    {"Pedro"},  {"Peter"},
     {"Rafael"}, {"Raj"},     {"Robert"}, {"Samuel"}, {"Simon"},   {"Stefan"},  {"Thomas"}, {"Victor"}});

constexpr auto families_of_arabic = std::to_array<Spelling>(
    {{"Abboud", "عبود"},     {"Al-Amin", "الأمين"},   {"Al-Hashimi", "الهاشمي"}, {"Al-Khatib", "الخطيب"},
     {"Al-Masri", "المصري"}, {"Al-Najjar", "النجار"}, {"Al-Rashid", "الرشيد"},   {"Al-Sayed", "السيد"},
     {"Awad", "عوض"},        {"Aziz", "عزيز"},        {"Bakri", "بكري"},         {"Darwish", "درويش"},
     {"Fadel", "فاضل"},      {"Farah", "فرح"},        {"Ghanem", "غانم"},        {"Habib", "حبيب"},
     {"Haddad", "حداد"},     {"Hamdan", "حمدان"},     {"Hassan", "حسن"},         {"Ibrahim", "إبراهيم"},
     {"Issa", "عيسى"},       {"Jaber", "جابر"},       {"Kanaan", "كنعان"},       {"Karam", "كرم"},
     {"Khalil", "خليل"},     {"Khoury", "خوري"},      {"Mahmoud", "محمود"},      {"Mansour", "منصور"},
     {"Nasser", "ناصر"},     {"Omar", "عمر"},         {"Qasim", "قاسم"},         {"Saad", "سعد"},
     {"Saleh", "صالح"},      {"Sharif", "شريف"},      {"Suleiman", "سليمان"},    {"Yousef", "يوسف"}});

constexpr auto women_of_arabic = std::to_array<Spelling>(
    {{"Aisha", "عائشة"},  {"Amal", "أمل"},      {"Amina", "أمينة"}, {"Dalal", "دلال"},  {"Dina", "دينا"},
     {"Fatima", "فاطمة"}, {"Ghada", "غادة"},    {"Hala", "هالة"},   {"Huda", "هدى"},    {"Iman", "إيمان"},
     {"Jamila", "جميلة"}, {"Khadija", "خديجة"}, {"Layla", "ليلى"},  {"Lina", "لينا"},   {"Maha", "مها"},
     {"Mariam", "مريم"},  {"Nadia", "نادية"},   {"Noor", "نور"},    {"Rania", "رانيا"}, {"Salma", "سلمى"},
     {"Samira", "سميرة"}, {"Yasmin", "ياسمين"}, {"Zahra", "زهراء"}, {"Zaynab", "زينب"}});

constexpr auto men_of_arabic = std::to_array<Spelling>(
    {{"Ahmad", "أحمد"},  {"Ali", "علي"},     {"Bilal", "بلال"},    {"Fadi", "فادي"},     {"Faisal", "فيصل"},
     {"Hadi", "هادي"},   {"Hamza", "حمزة"},  {"Hussein", "حسين"},  {"Jamal", "جمال"},    {"Karim", "كريم"},
     {"Khaled", "خالد"}, {"Majid", "ماجد"},  {"Mohammed", "محمد"}, {"Mustafa", "مصطفى"}, {"Nabil", "نبيل"},
     {"Rami", "رامي"},   {"Samir", "سمير"},  {"Tariq", "طارق"},    {"Walid", "وليد"},    {"Waseem", "وسيم"},
     {"Yasin", "ياسين"}, {"Younis", "يونس"}, {"Zaid", "زيد"},      {"Ziad", "زياد"}});

constexpr auto street_names = std::to_array<std::string_view>(
    {"Acorn Street",  "Alder Lane",    "Bridge Road",  "Brook Street", "Cedar Avenue",  "Chapel Road",
     "Cherry Lane",   "Church Street", "Clover Court", "Elm Street",   "Fern Road",     "Field Lane",
     "Garden Street", "Harbour Road",  "Hazel Close",  "Heath Road",   "High Street",   "Hill Street",
     "Ivy Lane",      "Juniper Way",   "King Street",  "Lake Road",    "Laurel Avenue", "Lime Street",
     "Maple Avenue",  "Market Street", "Meadow Lane",  "Mill Road",    "North Street",  "Oak Street",
     "Orchard Road",  "Park Avenue",   "Pine Street",  "Quarry Road",  "River Street",  "Rose Lane",
     "School Street", "Spring Road",   "Station Road", "Tower Street", "Valley Road",   "Willow Way"});

constexpr auto town_names = std::to_array<std::string_view>(
    {"Ashmere", "Brackwater", "Carlow Bay", "Dunfield", "Eastholm", "Fairlode", "Greywick", "Harrowmoor"});

}   // namespace

std::span<const Spelling> latin_families() { return families; }
std::span<const Spelling> latin_women() { return women; }
std::span<const Spelling> latin_men() { return men; }
std::span<const Spelling> arabic_families() { return families_of_arabic; }
std::span<const Spelling> arabic_women() { return women_of_arabic; }
std::span<const Spelling> arabic_men() { return men_of_arabic; }
std::span<const std::string_view> streets() { return street_names; }
std::span<const std::string_view> towns() { return town_names; }

}   // namespace ward::lab
