// SPDX-License-Identifier: Apache-2.0
#include "vault/tokens.hpp"

#include <algorithm>
#include <array>

#include "vault/day_tree.hpp"
#include "wire/wire_reader.hpp"

namespace ward::vault {
namespace {

constexpr unsigned owner_prefix_bits = 20;
constexpr std::array<std::size_t, 3> prefix_lengths{
    2, 4, 7};   // in characters; a search uses the longest that fits
constexpr std::array<std::string_view, 5> find_patient_parameters{"birthdate", "family", "given",
                                                                  "identifier", "name"};

/// What kind of value a token stands for; part of what is hashed.
enum class Meaning : std::uint8_t {
    type = 1,
    code,
    system_and_code,
    implied_code,
    prefix,
    point,
    lower,
    upper,
    reference,
    url
};

std::uint64_t leading_bits(const Digest& digest) { return WireReader{digest}.u64(); }

/// Builds what is hashed: scope, type, parameter, meaning, then the value's parts, each with its length.
class Subject {
public:
    Subject(IndexScope scope, fhir::ResourceType type, std::string_view parameter) {
        append_big_endian(bytes_, static_cast<std::uint8_t>(scope));
        append_big_endian(bytes_, fhir::number_of(type));
        add(parameter);
        head_ = bytes_.size();
    }

    Bytes head() const { return Bytes{bytes_}.first(head_); }

    Bytes with(Meaning meaning, std::string_view first, std::string_view second = {}) {
        bytes_.resize(head_);
        append_big_endian(bytes_, static_cast<std::uint8_t>(meaning));
        add(first);
        add(second);
        return bytes_;
    }

    Bytes with(Meaning meaning, const DayNode& node) {
        bytes_.resize(head_);
        append_big_endian(bytes_, static_cast<std::uint8_t>(meaning));
        append_big_endian(bytes_, static_cast<std::uint8_t>(node.level));
        append_big_endian(bytes_, static_cast<std::uint32_t>(node.index));
        return bytes_;
    }

private:
    void add(std::string_view text) {
        append_big_endian(bytes_, static_cast<std::uint32_t>(text.size()));
        append(bytes_, as_bytes(text));
    }

    Buffer bytes_;
    std::size_t head_ = 0;
};

/// Case is folded so that a token is found by any rule of case; the exact filter follows after opening.
std::string folded(std::string_view text) {
    std::string lower{text};
    for (char& c : lower)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return lower;
}

/// The first `characters` of UTF-8 text; nothing if it is shorter.
std::optional<std::string_view> prefix_of(std::string_view text, std::size_t characters) {
    std::size_t at = 0;
    for (std::size_t i = 0; i < characters; ++i) {
        if (at >= text.size()) return std::nullopt;
        do ++at;
        while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xc0U) == 0x80U);
    }
    return text.substr(0, at);
}

bool is_indexed(IndexScope scope, const fhir::SearchParameter& parameter) {
    using enum fhir::SearchType;
    if (!fhir::is_indexed(parameter) || parameter.type == uri) return false;
    if (scope == IndexScope::patient) return parameter.type != string;
    if (scope == IndexScope::facility || scope == IndexScope::find_chart) return true;
    return std::ranges::find(find_patient_parameters, parameter.code) != find_patient_parameters.end();
}

/// Appends the tokens of one value.
class ValueTokens {
public:
    ValueTokens(const TokenKey& key, Subject& subject, std::vector<Token>& tokens)
        : key_(key), subject_(subject), tokens_(tokens) {}

    void operator()(const fhir::TokenValue& value) {
        const auto code = folded(value.code);
        if (!code.empty()) add(Meaning::code, code);
        if (value.system_kind == fhir::TokenValue::System::named)
            add(Meaning::system_and_code, value.system, code);
        if (value.system_kind == fhir::TokenValue::System::implied) add(Meaning::implied_code, code);
    }

    void operator()(const fhir::StringValue& value) {
        for (const auto length : prefix_lengths)
            if (const auto prefix = prefix_of(value.normalised, length))
                tokens_.push_back(key_.short_token(subject_.head(), subject_.with(Meaning::prefix, *prefix)));
    }

    void operator()(const fhir::DateValue& value) {
        const auto lower = day_of(value.interval.lower);
        const auto upper = day_of(value.interval.upper);
        if (lower == upper) return add_day(Meaning::point, lower);
        add_day(Meaning::lower, lower);
        add_day(Meaning::upper, upper);
    }

    void operator()(const fhir::ReferenceValue& value) {
        if (!value.id.empty()) add(Meaning::reference, value.type, value.id);
        if (!value.url.empty()) add(Meaning::url, value.url);
    }

    /// Of these there are no tokens: what they say is compared after opening.
    void operator()(const fhir::NumberValue&) {}
    void operator()(const fhir::QuantityValue&) {}
    void operator()(const fhir::UriValue&) {}

private:
    void add(Meaning meaning, std::string_view first, std::string_view second = {}) {
        tokens_.push_back(key_.token(subject_.with(meaning, first, second)));
    }

    void add_day(Meaning meaning, std::int32_t day) {
        for (const auto& node : nodes_above(day)) tokens_.push_back(key_.token(subject_.with(meaning, node)));
    }

    const TokenKey& key_;
    Subject& subject_;
    std::vector<Token>& tokens_;
};

/// Appends the alternatives of one term; false if the index cannot narrow it.
class TermTokens {
public:
    TermTokens(const TokenKey& key, Subject& subject, const fhir::SearchParameter& parameter,
               std::vector<Token>& tokens)
        : key_(key), subject_(subject), parameter_(parameter), tokens_(tokens) {}

    bool operator()(const fhir::TokenTerm& term) {
        if (term.code.empty()) return false;
        const auto code = folded(term.code);
        if (term.system_kind != fhir::TokenTerm::System::named) return add(Meaning::code, code);
        return add(Meaning::system_and_code, term.system, code) && add(Meaning::implied_code, code);
    }

    bool operator()(const fhir::StringTerm& term) {
        if (term.match == fhir::StringTerm::Match::contains) return false;
        for (std::size_t i = prefix_lengths.size(); i-- > 0;) {
            const auto prefix = prefix_of(term.normalised, prefix_lengths[i]);
            if (!prefix) continue;
            tokens_.push_back(key_.short_token(subject_.head(), subject_.with(Meaning::prefix, *prefix)));
            return true;
        }
        return false;
    }

    bool operator()(const fhir::DateTerm& term) {
        using enum fhir::Prefix;
        const auto lower = day_of(term.interval.lower);
        const auto upper = day_of(term.interval.upper);
        switch (term.prefix) {
            case eq: return add_days(Meaning::lower, lower, upper);
            case lt: return add_days(Meaning::lower, day_min, lower);
            case le: return add_days(Meaning::lower, day_min, upper);
            case sa: return add_days(Meaning::lower, upper, day_max);
            case gt: return add_days(Meaning::upper, upper, day_max);
            case ge: return add_days(Meaning::upper, lower, day_max);
            case eb: return add_days(Meaning::upper, day_min, lower);
            case ne:
            case ap: return false;
        }
        return false;
    }

    bool operator()(const fhir::ReferenceTerm& term) {
        if (!term.url.empty()) return add(Meaning::url, term.url);
        if (!term.type.empty()) return add(Meaning::reference, term.type, term.id);
        if (parameter_.targets == "*") return false;
        for (const auto type : fhir::resource_types())
            if (fhir::may_target(parameter_, fhir::name_of(type)))
                add(Meaning::reference, fhir::name_of(type), term.id);
        return true;
    }

    bool operator()(const fhir::NumberTerm&) { return false; }
    bool operator()(const fhir::QuantityTerm&) { return false; }
    bool operator()(const fhir::UriTerm&) { return false; }

private:
    bool add(Meaning meaning, std::string_view first, std::string_view second = {}) {
        tokens_.push_back(key_.token(subject_.with(meaning, first, second)));
        return true;
    }

    /// A value within one day has its end in `first..last` as a point; a longer one as `end`.
    bool add_days(Meaning end, std::int32_t first, std::int32_t last) {
        for (const auto& node : nodes_covering(first, last)) {
            tokens_.push_back(key_.token(subject_.with(Meaning::point, node)));
            tokens_.push_back(key_.token(subject_.with(end, node)));
        }
        return true;
    }

    const TokenKey& key_;
    Subject& subject_;
    const fhir::SearchParameter& parameter_;
    std::vector<Token>& tokens_;
};

void sort_unique(std::vector<Token>& tokens) {
    std::ranges::sort(tokens);
    tokens.erase(std::unique(tokens.begin(), tokens.end()), tokens.end());
}

/// What passes a composite has a value of its first part's own parameter too, which is indexed.
std::optional<std::vector<Token>> composite_tokens(const TokenKey& key, IndexScope scope,
                                                   fhir::ResourceType type, const fhir::Filter& filter) {
    const auto components = fhir::components_of(type, *filter.parameter);
    if (components.empty()) return std::nullopt;
    fhir::Filter first;
    first.parameter = components.front().parameter;
    for (const auto& terms : filter.combinations) first.any_of.push_back(terms.front());
    return lookup_tokens(key, scope, type, first);
}

}   // namespace

Result<TokenKey> TokenKey::of_owner(const crypto::SecretBytes& index_key, const OwnerId& owner) {
    auto mac = TRY(crypto::HmacSha256::with_key(index_key));
    const auto prefix = WireReader{owner.value}.u64() >> (64 - owner_prefix_bits) << (64 - owner_prefix_bits);
    return TokenKey{std::move(mac), prefix, owner_prefix_bits};
}

Result<TokenKey> TokenKey::of_facility(const crypto::SecretBytes& index_key) {
    auto mac = TRY(crypto::HmacSha256::with_key(index_key));
    return TokenKey{std::move(mac), 0, 0};
}

Token TokenKey::token(Bytes meaning) const {
    return static_cast<Token>(prefix_ | leading_bits(mac_(meaning)) >> prefix_bits_);
}

Token TokenKey::short_token(Bytes parameter, Bytes meaning) const {
    const auto high = leading_bits(mac_(parameter)) >> 32 << 32;
    return static_cast<Token>(high | leading_bits(mac_(meaning)) >> 32);
}

Token type_token(const TokenKey& key, fhir::ResourceType type) {
    Subject subject{IndexScope::patient, type, {}};
    return key.token(subject.with(Meaning::type, std::string_view{}));
}

Token audit_token(const TokenKey& facility, const OwnerId& patient) {
    Subject subject{IndexScope::facility, fhir::ResourceType::audit_event, "patient"};
    return facility.token(subject.with(Meaning::reference, as_text(patient.value)));
}

void append_tokens(const TokenKey& key, IndexScope scope, fhir::ResourceType type,
                   const std::vector<fhir::IndexedValue>& values, std::vector<Token>& tokens) {
    for (const auto& value : values) {
        if (!is_indexed(scope, *value.parameter)) continue;
        Subject subject{scope, type, value.parameter->code};
        std::visit(ValueTokens{key, subject, tokens}, value.value);
    }
    if (scope == IndexScope::patient) tokens.push_back(type_token(key, type));
    sort_unique(tokens);
}

std::optional<std::vector<Token>> lookup_tokens(const TokenKey& key, IndexScope scope,
                                                fhir::ResourceType type, const fhir::Filter& filter) {
    if (!filter.combinations.empty()) return composite_tokens(key, scope, type, filter);
    if (!filter.needs_value() || !is_indexed(scope, *filter.parameter)) return std::nullopt;
    std::vector<Token> tokens;
    Subject subject{scope, type, filter.parameter->code};
    TermTokens alternatives{key, subject, *filter.parameter, tokens};
    for (const auto& term : filter.any_of)
        if (!std::visit(alternatives, term)) return std::nullopt;
    sort_unique(tokens);
    return tokens;
}

}   // namespace ward::vault
