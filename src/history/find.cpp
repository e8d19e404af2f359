// SPDX-License-Identifier: Apache-2.0
#include "history/find.hpp"

#include <algorithm>
#include <limits>
#include <ranges>

#include "core/text.hpp"
#include "history/day_reader.hpp"

namespace ward::history {
namespace {

using Progress = FunctionRef<void(DayOfEvents, const Effort&)>;

std::int64_t microseconds(event::Time time) {
    return std::chrono::ceil<std::chrono::microseconds>(time).time_since_epoch().count();
}

bool is_newer(const Hit& a, const Hit& b) { return a.place > b.place; }

/// The newest of what it is shown, as many as a page has.
class Newest {
public:
    explicit Newest(std::size_t limit) : limit_(limit) {}

    /// Whether the page could have it.
    bool wants(const Place& place) const { return !left_out_ || place > *left_out_; }
    /// Whether it could have anything as old as this.
    bool wants(std::int64_t at) const { return !left_out_ || at >= left_out_->microseconds; }

    void add(Hit hit) {
        bytes_ += hit.line.size();
        hits_.push_back(std::move(hit));
        std::ranges::push_heap(hits_, is_newer);   // the oldest is in front
        while (hits_.size() > limit_ || (bytes_ > Page::bytes_max && hits_.size() > 1)) drop_oldest();
    }

    bool left_some_out() const { return left_out_.has_value(); }
    std::vector<Hit> take() {
        std::ranges::sort(hits_, is_newer);
        return std::move(hits_);
    }

private:
    void drop_oldest() {
        std::ranges::pop_heap(hits_, is_newer);
        bytes_ -= hits_.back().line.size();
        left_out_ = std::move(hits_.back().place);
        hits_.pop_back();
    }

    std::size_t limit_;
    std::vector<Hit> hits_;
    std::size_t bytes_ = 0;
    std::optional<Place> left_out_;   // the newest of them
};

class Search {
public:
    explicit Search(const Question& question)
        : question_(question),
          plan_(plan_for(question.filter)),
          newest_(std::clamp<std::size_t>(question.limit, 1, Question::limit_max)) {
        if (question.since) since_ = microseconds(*question.since);
        if (question.until) until_ = microseconds(*question.until);
        if (question.after && question.after->microseconds < until_)
            until_ = question.after->microseconds + 1;
    }

    /// Whether an older day may have something for the page.
    bool has_room_for(DayOfEvents day) const {
        const auto begin = microseconds(day), end = microseconds(day + std::chrono::days{1});
        return end > since_ && begin < until_ && newest_.wants(end - 1);
    }

    /// A day that is gone or damaged is told of, and passed over.
    void look_into(const std::filesystem::path& folder, DayOfEvents day, const Progress& progress) {
        const auto path = day_path(folder, day);
        std::vector<std::string> damage;
        const auto read = read_day(path, day, progress, damage);
        std::error_code error;
        if (!read && read.error().code != Errc::not_found && std::filesystem::exists(path, error))
            damage.push_back(read.error().what);
        for (const auto& what : damage) page_.damage.push_back(path.filename().string() + ": " + what);
    }

    Page take() {
        page_.more = newest_.left_some_out();
        page_.hits = newest_.take();
        return std::move(page_);
    }

private:
    Result<> read_day(const std::filesystem::path& path, DayOfEvents day, const Progress& progress,
                      std::vector<std::string>& damage) {
        auto reader = TRY(DayReader::open(path));
        for (const auto& stretch : TRY(reader.stretches(plan_, damage))) {
            if (!newest_.wants(stretch.last) || stretch.last < since_) break;
            if (stretch.first >= until_) continue;
            const auto block = reader.read(stretch);
            if (block)
                look_into(*block, reader);
            else
                damage.push_back((stretch.is_recent ? "recent events " : "block ") +
                                 std::to_string(stretch.id) + ": " + block.error().what);
            progress(day, page_.effort);
        }
        return {};
    }

    void look_into(const Block& block, const DayReader& reader) {
        ++page_.effort.blocks;
        page_.effort.events += block.marks.size();
        auto end = block.lines.size();
        // The newest stand last, mostly: what is older than a full page needs no look.
        for (const auto& mark : block.marks | std::views::reverse) {
            end -= mark.line_bytes;
            if (mark.microseconds < since_ || mark.microseconds >= until_) continue;
            Place place{mark.microseconds, reader.publisher(mark.publisher), mark.sequence};
            if (question_.after && place >= *question_.after) continue;
            if (!newest_.wants(place)) continue;
            auto line = block.lines.substr(end, mark.line_bytes);
            if (matches(line)) newest_.add({std::move(place), std::move(line)});
        }
    }

    bool matches(const std::string& line) const {
        if (question_.filter.kind == Filter::Kind::all && question_.filter.parts.empty()) return true;
        const auto event = json::Document::parse(line);
        return event && question_.filter.matches(event->root());
    }

    const Question& question_;
    std::optional<Plan> plan_;
    std::int64_t since_ = std::numeric_limits<std::int64_t>::min();
    std::int64_t until_ = std::numeric_limits<std::int64_t>::max();
    Newest newest_;
    Page page_;
};

}   // namespace

std::string to_text(const Place& place) {
    return std::to_string(place.microseconds) + "." + std::to_string(place.sequence) + "." + place.publisher;
}

std::optional<Place> parse_place(std::string_view text) {
    const auto at = number(take_until(text, '.'));
    const auto sequence = number(take_until(text, '.'));
    if (!at || !sequence || *at > std::uint64_t{std::numeric_limits<std::int64_t>::max() / 2})
        return std::nullopt;
    return Place{static_cast<std::int64_t>(*at), std::string{text}, *sequence};
}

Result<Page> find(const std::filesystem::path& folder, const Question& question, Progress progress) {
    const auto days = TRY(days_in(folder));
    Search search{question};
    for (const auto day : days | std::views::reverse)
        if (search.has_room_for(day)) search.look_into(folder, day, progress);
    return search.take();
}

}   // namespace ward::history
