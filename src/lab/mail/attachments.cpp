// SPDX-License-Identifier: Apache-2.0
#include "lab/mail/attachments.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <vector>

#include "core/text.hpp"

namespace ward::lab {
namespace {

using namespace std::chrono;

std::uint32_t crc32(std::string_view bytes) {   // PNG, annex D
    std::uint32_t crc = 0xffffffff;
    for (const char c : bytes) {
        crc ^= static_cast<unsigned char>(c);
        for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ ((crc & 1U) != 0 ? 0xedb88320U : 0U);
    }
    return ~crc;
}

std::uint32_t adler32(std::string_view bytes) {   // RFC 1950, 8.2
    std::uint32_t low = 1, high = 0;
    for (const char c : bytes) {
        low = (low + static_cast<unsigned char>(c)) % 65521;
        high = (high + low) % 65521;
    }
    return high << 16 | low;
}

std::string big_endian(std::uint32_t value) {
    std::string out;
    for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(value >> shift & 0xffU);
    return out;
}

std::string chunk(std::string_view type, std::string_view content) {
    const auto typed = std::string{type} + std::string{content};
    return big_endian(static_cast<std::uint32_t>(content.size())) + typed + big_endian(crc32(typed));
}

/// Grey, 8 bits; not compressed: one stored block (RFC 1951, 3.2.4), thus less than 64 KiB.
std::string png(std::uint32_t side, std::string_view pixels) {
    std::string rows;
    for (std::size_t row = 0; row < side; ++row) rows += '\0' + std::string{pixels.substr(row * side, side)};
    const auto size = static_cast<std::uint16_t>(rows.size());
    const auto complement = static_cast<std::uint16_t>(~size);
    std::string stream{"\x78\x01\x01"};
    for (const auto number : {size, complement}) {
        stream += static_cast<char>(number & 0xff);
        stream += static_cast<char>(number >> 8);
    }
    stream += rows + big_endian(adler32(rows));
    const std::string depth{"\x08\x00\x00\x00\x00", 5};   // 8 bits of grey
    return "\x89PNG\r\n\x1a\n" + chunk("IHDR", big_endian(side) + big_endian(side) + depth) +
           chunk("IDAT", stream) + chunk("IEND", "");
}

/// One of the three squares by which a reader finds the code.
bool is_finder(int row, int column) {
    const auto ring = std::max(std::abs(row - 3), std::abs(column - 3));
    return ring == 3 || ring <= 1;
}

}   // namespace

Attachment code_image(std::string name, Random& random) {
    constexpr int modules = 25, scale = 6;
    std::vector<bool> dark;
    for (int i = 0; i < modules * modules; ++i) {
        const int row = i / modules, column = i % modules;
        const bool low = row < 8, left = column < 8, right = column >= modules - 8,
                   bottom = row >= modules - 8;
        if ((low && (left || right)) || (bottom && left))
            dark.push_back(is_finder(low ? row : row - modules + 7, left ? column : column - modules + 7));
        else
            dark.push_back(random.chance(0.5));
    }
    std::string pixels;
    for (int i = 0; i < modules * scale * modules * scale; ++i) {
        const int row = i / (modules * scale) / scale, column = i % (modules * scale) / scale;
        pixels += dark[static_cast<std::size_t>(row * modules + column)] ? '\0' : '\xff';
    }
    return {std::move(name), "image/png", png(modules * scale, pixels)};
}

Attachment photograph(std::string name, Random& random) {
    const auto side = static_cast<std::size_t>(random.between(40, 180));
    std::string pixels;
    int grey = 128;
    for (std::size_t i = 0; i < side * side; ++i) {
        grey = std::clamp(grey + random.between(-9, 9), 0, 255);
        pixels += static_cast<char>(grey);
    }
    return {std::move(name), "image/png", png(static_cast<std::uint32_t>(side), pixels)};
}

Attachment pdf_of(std::string name, std::string_view lines) {
    std::string page{"BT /F1 11 Tf 60 780 Td 14 TL\n"};
    while (!lines.empty()) {
        page += '(';
        for (const char c : take_until(lines, '\n')) {
            if (static_cast<unsigned char>(c) >= 0x80) continue;
            if (c == '(' || c == ')' || c == '\\') page += '\\';
            page += c;
        }
        page += ") Tj T*\n";
    }
    page += "ET";
    const std::vector<std::string> objects{
        "<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        fmt::format("<</Length {}>>\nstream\n{}\nendstream", page.size(), page),
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"};
    std::string out{"%PDF-1.4\n"}, places;
    for (std::size_t i = 0; i < objects.size(); ++i) {
        places += fmt::format("{:010} 00000 n \n", out.size());
        out += fmt::format("{} 0 obj\n{}\nendobj\n", i + 1, objects[i]);
    }
    const auto start = out.size();
    out += fmt::format(
        "xref\n0 {}\n0000000000 65535 f \n{}trailer\n<</Size {}/Root 1 0 R>>\nstartxref\n{}\n%%EOF\n",
        objects.size() + 1, places, objects.size() + 1, start);
    return {std::move(name), "application/pdf", std::move(out)};
}

Attachment table_of(std::string name, Random& random) {
    std::string rows{"article;quantity;unit;price\r\n"};
    for (int left = random.between(5, 60); left > 0; --left)
        rows +=
            fmt::format("{};{};{};{}.{:02}\r\n", random.between(10'000, 99'999), random.between(1, 400),
                        random.chance(0.5) ? "box" : "piece", random.between(1, 900), random.between(0, 99));
    return {std::move(name), "text/csv", std::move(rows)};
}

Attachment invitation(std::string_view id, std::string_view subject, Moment begin) {
    const auto stamp = [](Moment at) {
        const year_month_day day{floor<days>(at)};
        const hh_mm_ss time{floor<seconds>(at - floor<days>(at))};
        return fmt::format("{:04}{:02}{:02}T{:02}{:02}00Z", static_cast<int>(day.year()),
                           static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()),
                           time.hours().count(), time.minutes().count());
    };
    return {"invite.ics", "text/calendar",
            fmt::format(
                "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Post//EN\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\n"
                "UID:{}\r\nDTSTAMP:{}\r\nDTSTART:{}\r\nDTEND:{}\r\nSUMMARY:{}\r\nEND:VEVENT\r\n"
                "END:VCALENDAR\r\n",
                id, stamp(begin - days{1}), stamp(begin), stamp(begin + minutes{45}), subject)};
}

Attachment page_of(std::string name, std::string_view title, std::string_view link) {
    return {std::move(name), "text/html",
            fmt::format("<!doctype html>\n<html><head><meta charset=\"utf-8\"><title>{0}</title></head>\n"
                        "<body><h1>{0}</h1><p><a href=\"{1}\">Open the message</a></p></body></html>\n",
                        title, link)};
}

}   // namespace ward::lab
