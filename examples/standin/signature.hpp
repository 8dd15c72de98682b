// The stand-in signs its thinking blocks, so that it can tell when one comes back changed.

#pragma once

#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

namespace standin {

constexpr std::string_view signature_start = "U3RhbmRJbg";  // so that signatures of recordings are left alone

// No secret: 64-bit FNV-1a over the visible text. Length and alphabet are like the service's.
inline std::string signature_of(std::string_view thinking) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char byte : thinking) hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001b3;
  std::string result(signature_start);
  for (int round = 0; round < 8; ++round) {
    char digits[17];
    std::snprintf(digits, sizeof digits, "%016llx", static_cast<unsigned long long>(hash));
    result += digits;
    hash = (hash ^ 0x5bd1e995) * 0x100000001b3;
  }
  return result + "==";
}

}  // namespace standin
