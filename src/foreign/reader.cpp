// SPDX-License-Identifier: Apache-2.0
#include "foreign/reader.hpp"

#include <algorithm>
#include <array>

#include "core/text.hpp"
#include "foreign/zeek.hpp"

namespace ward::foreign {
namespace {

constexpr std::array<std::string_view, 11> marks{
    R"("ip_v")",     R"("pkt_src")", R"("in_iface")", R"("tx_id")", R"("pcap_filename")", R"("alerted")",
    R"("fileinfo")", R"("gid")",     R"("ts")",       R"("rd")",    R"("decoder")"};

constexpr std::size_t letters_of(char first, char second) {
    return std::size_t{static_cast<unsigned char>(first)} << 8U | static_cast<unsigned char>(second);
}

/// Which two letters a mark begins with.
constexpr auto begins = [] {
    std::array<bool, 65'536> any{};
    for (const auto mark : marks) any[letters_of(mark[1], mark[2])] = true;
    return any;
}();

/// Whether it may be another's at all, without reading it: most lines are ours, and there are many.
bool may_be_foreign(std::string_view line) {
    for (auto at = line.find('"'); at != std::string_view::npos; at = line.find('"', at + 1)) {
        if (at + 2 >= line.size() || !begins[letters_of(line[at + 1], line[at + 2])]) continue;
        const auto rest = line.substr(at);
        if (std::ranges::any_of(marks, [&](std::string_view mark) { return rest.starts_with(mark); }))
            return true;
    }
    return false;
}

}   // namespace

std::optional<Sensor> sensor_named(std::string_view name) {
    if (name == "ward") return Sensor::ward;
    if (name == "suricata") return Sensor::suricata;
    if (name == "zeek") return Sensor::zeek;
    return std::nullopt;
}

Reader::Reader(std::string_view file, std::optional<Sensor> forced, Unknown unknown)
    : log_(log_of(file)), forced_(forced), unknown_(unknown) {}

void Reader::pass(std::string_view line, FunctionRef<void(std::string_view)> take) {
    if (unknown_ == Unknown::passed || forced_ == Sensor::ward)
        take(line);
    else if (!line.empty())
        ++counts_.refused;
}

Sensor Reader::sensor_of(json::Value event) const {
    if (forced_) return *forced_;
    if (event["told_by"].exists()) return Sensor::ward;
    if (is_zeek(event)) return Sensor::zeek;
    return is_suricata(event) ? Sensor::suricata : before_;
}

void Reader::read(std::string_view line, FunctionRef<void(std::string_view)> take) {
    const auto sure = forced_.value_or(before_);
    if (sure == Sensor::ward && (forced_ || !may_be_foreign(line))) return pass(line, take);
    const auto event = json::Document::parse(std::string{line});
    if (!event || !event->root().is_object()) return pass(line, take);
    const auto sensor = sensor_of(event->root());
    if (sensor == Sensor::ward) return pass(line, take);
    before_ = sensor;
    told_.clear();
    const auto taken = sensor == Sensor::suricata ? suricata_.translate(event->root(), told_)
                                                  : translate_zeek(event->root(), log_, told_);
    if (taken == Taken::malformed) return pass(line, take);
    ++(taken == Taken::left_out     ? counts_.left_out
       : sensor == Sensor::suricata ? counts_.suricata
                                    : counts_.zeek);
    for (std::string_view rest = told_; !rest.empty();) take(take_until(rest, '\n'));
}

}   // namespace ward::foreign
