// SPDX-License-Identifier: Apache-2.0
#include "lab/true_story.hpp"

#include <charconv>
#include <fmt/format.h>
#include <fstream>
#include <iterator>

namespace ward::lab {
namespace {

using namespace std::chrono;

constexpr std::size_t truth_bytes_max = std::size_t{256} << 20;

Result<TrueStep> read_step(json::Value step) {
    const auto first = parse_instant(step["first"].text());
    const auto last = parse_instant(step["last"].text());
    if (!first || !last) return fail(Errc::malformed, "truth.json: a step has no times");
    TrueStep read{.id = std::string{step["id"].text()},
                  .finding = std::string{step["finding"].text()},
                  .technique = std::string{step["technique"].text()},
                  .is_attack = step["attack"].boolean().value_or(false),
                  .first = *first,
                  .last = *last,
                  .find_by = parse_instant(step["find_by"].text()).value_or(*last),
                  .people = texts(step["people"]),
                  .patients = texts(step["patients"]),
                  .systems = texts(step["systems"]),
                  .events = texts(step["events"])};
    for (const auto one : step["must_not"].items()) {
        const auto from = parse_instant(one["from"].text());
        const auto until = parse_instant(one["until"].text());
        if (!from || !until) return fail(Errc::malformed, "truth.json: what must not be done has no times");
        read.must_not.push_back({std::string{one["action"].text()}, texts(one["targets"]), *from, *until,
                                 std::string{one["why"].text()}});
    }
    return read;
}

}   // namespace

std::vector<std::string> texts(json::Value list) {
    std::vector<std::string> all;
    for (const auto one : list.items()) all.emplace_back(one.text());
    return all;
}

std::optional<Time> parse_instant(std::string_view text) {
    constexpr std::string_view form = "####-##-##T##:##:##.###Z";
    if (text.size() != form.size()) return std::nullopt;
    for (std::size_t i = 0; i < form.size(); ++i)
        if (form[i] != '#' && form[i] != text[i]) return std::nullopt;
    const auto number = [&](std::size_t from, std::size_t size) {
        int value = -1;
        const auto* end = text.data() + from + size;
        const auto [stop, error] = std::from_chars(text.data() + from, end, value);
        return error == std::errc{} && stop == end ? value : -1;
    };
    const year_month_day day{year{number(0, 4)}, month{static_cast<unsigned>(number(5, 2))},
                             std::chrono::day{static_cast<unsigned>(number(8, 2))}};
    const auto is_below = [&](std::size_t from, std::size_t size, int limit) {
        return number(from, size) >= 0 && number(from, size) < limit;
    };
    if (number(0, 4) < 0 || !day.ok() || !is_below(11, 2, 24) || !is_below(14, 2, 60) ||
        !is_below(17, 2, 60) || !is_below(20, 3, 1'000))
        return std::nullopt;
    return sys_days{day} + hours{number(11, 2)} + minutes{number(14, 2)} + seconds{number(17, 2)} +
           milliseconds{number(20, 3)};
}

Result<TrueStory> read_truth(const std::filesystem::path& folder) {
    const auto file = folder / "truth.json";
    std::ifstream stream{file, std::ios::binary};
    if (!stream)
        return fail(Errc::not_found,
                    fmt::format("{} holds no truth.json; `ward lab make` makes one", folder.string()));
    std::error_code error;
    const auto size = std::filesystem::file_size(file, error);
    if (error || size > truth_bytes_max)
        return fail(Errc::limit_exceeded,
                    fmt::format("{} is no file of at most {} bytes", file.string(), truth_bytes_max));
    std::string text(size, '\0');
    stream.read(text.data(), static_cast<std::streamsize>(size));
    text.resize(static_cast<std::size_t>(stream.gcount()));
    const auto document = TRY(json::Document::parse(std::move(text), {.bytes_max = truth_bytes_max}));
    const auto begin = parse_instant(document["begin"].text());
    const auto end = parse_instant(document["end"].text());
    if (!begin || !end || *end <= *begin) return fail(Errc::malformed, "truth.json: it has no begin and end");
    TrueStory story{
        std::string{document["scenario"].text()}, std::string{document["title"].text()}, *begin, *end, {}};
    for (const auto step : document["steps"].items()) story.steps.push_back(TRY(read_step(step)));
    return story;
}

}   // namespace ward::lab
