// SPDX-License-Identifier: Apache-2.0
#include "protocol/file_kind.hpp"

#include <algorithm>
#include <array>

#include "protocol/text.hpp"

namespace ward::protocol {
namespace {

constexpr std::array documents{
    "astm", "bmp",  "cda", "csv", "dat", "dcm",  "dicom", "doc",   "docm", "docx", "edf",    "eml",
    "hl7",  "jpeg", "jpg", "jp2", "log", "mdb",  "mov",   "mp3",   "mp4",  "msg",  "nii",    "odp",
    "ods",  "odt",  "pdf", "ppt", "pst", "pptx", "rtf",   "tif",   "tiff", "txt",  "wav",    "xls",
    "xlsm", "xlsx", "xps", "zip", "7z",  "rar",  "gz",    "accdb", "avi",  "fhir", "ndjson",
};

// Programs, what they bring along, and what ransomware is known to append.
constexpr std::array others{
    "asp",   "aspx",   "bak",     "bat",  "bin",     "cab",   "cfg",       "cgi",   "chm",      "class",
    "cmd",   "com",    "conf",    "cpl",  "css",     "db",    "dll",       "do",    "drv",      "dump",
    "elf",   "exe",    "gif",     "hta",  "htm",     "html",  "ico",       "inf",   "ini",      "iso",
    "jar",   "js",     "json",    "jsp",  "key",     "ldf",   "lnk",       "mdf",   "mof",      "msc",
    "msi",   "msp",    "ocx",     "ovl",  "pem",     "pfx",   "php",       "pif",   "pl",       "png",
    "ps1",   "psd1",   "psm1",    "py",   "reg",     "scr",   "sh",        "sql",   "sqlite",   "svg",
    "swf",   "sys",    "tar",     "tmp",  "ttf",     "url",   "vbe",       "vbs",   "vhd",      "vhdx",
    "vmdk",  "vmx",    "webp",    "woff", "woff2",   "wsf",   "xml",       "xsd",   "xsl",      "yaml",
    "yml",   "admx",   "adml",    "pol",  "aes",     "akira", "basta",     "black", "blackcat", "clop",
    "conti", "crypt",  "crypted", "cuba", "dharma",  "enc",   "encrypted", "hive",  "lockbit",  "locked",
    "locky", "medusa", "phobos",  "play", "rhysida", "royal", "ryk",       "ryuk",  "wncry",    "wncryt",
    "zepto",
};

/// The table's own text, which outlives the name.
std::string_view named(const auto& kinds, std::string_view kind) {
    const auto* const found =
        std::ranges::find_if(kinds, [&](std::string_view one) { return equal_ignoring_case(one, kind); });
    return found == kinds.end() ? std::string_view{} : std::string_view{*found};
}

}   // namespace

std::string_view file_kind(std::string_view name) {
    const auto dot = name.rfind('.');
    if (dot == std::string_view::npos || dot == 0 || dot + 1 == name.size()) return {};
    const auto ending = name.substr(dot + 1);
    if (const auto kind = named(documents, ending); !kind.empty()) return kind;
    const auto kind = named(others, ending);
    return kind.empty() ? "other" : kind;
}

bool is_document(std::string_view kind) { return !named(documents, kind).empty(); }

}   // namespace ward::protocol
