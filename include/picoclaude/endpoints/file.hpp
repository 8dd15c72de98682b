// A file as the service describes it (API.md, section 9.3).
#pragma once
#include "../base/words.hpp"
#include "item_call.hpp"

PICOCLAUDE_BEGIN

struct File {
  SmallText<95> id;         // a longer one is refused: out_of_room
  SmallText<255> filename;  // a longer one is cut: filename.is_cut()
  SmallText<127> mime_type;
  std::uint32_t size_bytes = 0;  // 4 GiB and more: 4 GiB - 1
  SmallText<31> created_at;      // RFC 3339, as all times
  SmallText<31> expires_at;      // empty: never
  bool downloadable = false;     // what was uploaded is not; what a tool of the service made is
};

namespace detail {

class FileMembers {
 public:
  static void take(File& file, MemberReader& at, Json token) {
    if (at.level() != 1) return;
    const std::uint8_t name = at.name();
    if (token == Json::begin_object && name == unknown) file = File{};
    if (token == Json::number && name == size_bytes) file.size_bytes = at.number();
    if (token == Json::yes && name == downloadable) file.downloadable = true;
    if (token == Json::end_string && name == id && file.id.is_cut()) at.fail(Error::out_of_room);
    if (token != Json::begin_string) return;
    switch (name) {
      case id: at.keep(file.id); break;
      case filename: at.keep(file.filename); break;
      case mime_type: at.keep(file.mime_type); break;
      case created_at: at.keep(file.created_at); break;
      case expires_at: at.keep(file.expires_at); break;
      default: break;
    }
  }
  static std::uint8_t find(string_view word) PICOCLAUDE_NONBLOCKING { return words.find(word); }

 private:
  // clang-format off
  enum Word : std::uint8_t {
    unknown, data, has_more, last_id, next_page,
    id, filename, mime_type, size_bytes, created_at, expires_at, downloadable,
  };
  static constexpr char word_list[] =
      "data has_more last_id next_page "
      "id filename mime_type size_bytes created_at expires_at downloadable";
  // clang-format on
  static constexpr WordTable<word_list> words{};
  static_assert(words.count() == downloadable, "enum and list differ");
};

template <>
struct Resource<File> {
  static constexpr const char* path = "/v1/files/";
  static constexpr const char* list_path = "/v1/files";
  static constexpr Members members{
      FileMembers::find, [](void* into, MemberReader& at, Json token) PICOCLAUDE_NONBLOCKING {
        FileMembers::take(*static_cast<File*>(into), at, token);
      }};
};

}  // namespace detail

// Which files to list.
struct FileFilter {
  List<string_view> ids;  // only these, at most 100; then neither `limit` nor `page`
  string_view page;       // the token of a page, to begin there

 protected:
  static constexpr bool by_token = true;
  string_view cursor() const { return page; }
  Error refusal(bool limited) const {
    const bool good = ids.empty() || (ids.size() <= 100 && !limited && page.empty());
    return good ? Error::none : Error::bad_request;
  }
  bool render(Window& window) const {
    for (bool more = window.open(ids.size()); more; more = window.next(ids.size())) {
      window.raw(window.item() == 0 ? "?ids%5B%5D=" : "&ids%5B%5D=");
      percent_encoded(window, ids[window.item()]);
    }
    return ids.empty();
  }
};

using GetFile = ItemCall<File, detail::Verb::get>;
using ListFiles = ListCall<File, FileFilter>;
using DeleteFile = ItemCall<File, detail::Verb::remove, Deleted>;

PICOCLAUDE_END
