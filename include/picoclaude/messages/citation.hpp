// Where an answer's text comes from (API.md, section 4.3).
#pragma once
#include "event.hpp"
#include "words.hpp"

PICOCLAUDE_BEGIN

// The place of a citation. What it cites, its title and its source come as events.
struct Citation {
  enum class Kind : std::uint8_t {
    other,                       // a kind that this library does not know
    char_location,               // start and end count characters from 0
    page_location,               // pages from 1
    content_block_location,      // blocks from 0
    web_search_result_location,  // without a place
    search_result_location,      // blocks from 0
  };

  Kind kind = Kind::other;
  std::uint32_t index = 0;  // of the document or the search result, among all of the request
  std::uint32_t start = 0;
  std::uint32_t end = 0;  // exclusive
};

#if PICOCLAUDE_CITATIONS
namespace detail {

// As what a string of a citation is told. Those that only a later request needs are not.
constexpr EventKind citation_route(Word member) {
  switch (member) {
    case Word::cited_text: return EventKind::citation;
    case Word::document_title:
    case Word::title: return EventKind::citation_title;
    case Word::url:
    case Word::source: return EventKind::citation_source;
    default: return EventKind::none;
  }
}

// The number of a citation that a member tells, or null.
constexpr std::uint32_t* citation_number(Citation& citation, Word member) {
  const std::uint8_t place = place_in(member, Word::document_index, 8);
  return place < 2 ? &citation.index : place < 5 ? &citation.start : place < 8 ? &citation.end : nullptr;
}

constexpr Citation::Kind citation_kind(Word type) {
  const std::uint8_t place = place_in(type, Word::char_location, 5);
  return place == 5 ? Citation::Kind::other : static_cast<Citation::Kind>(1 + place);
}

}  // namespace detail
#endif
PICOCLAUDE_END
