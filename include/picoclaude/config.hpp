// Switches, limits, version: the only macros a user sets.
//
// Set them before the first include (on the compiler's command line, or in a file that PICOCLAUDE_CONFIG_FILE names).
// A switch is 0 or 1. A limit is a plain decimal number. All of them are part of the inline namespace, so two files
// compiled with different settings cannot silently share code.
#pragma once

#ifdef PICOCLAUDE_CONFIG_FILE
#include PICOCLAUDE_CONFIG_FILE
#endif

#define PICOCLAUDE_VERSION "0.1.0"

// ---- switches: parts of the Messages API ---------------------------------------------------------------------------

#ifndef PICOCLAUDE_ENABLE_TOOLS  // tools that the model may call, typed and raw
#define PICOCLAUDE_ENABLE_TOOLS 0
#endif
#ifndef PICOCLAUDE_ENABLE_VISION  // image blocks
#define PICOCLAUDE_ENABLE_VISION 0
#endif
#ifndef PICOCLAUDE_ENABLE_DOCUMENTS  // document and search result blocks, citations
#define PICOCLAUDE_ENABLE_DOCUMENTS 0
#endif
#ifndef PICOCLAUDE_ENABLE_CACHING  // cache_control, cache usage by TTL, cache diagnostics
#define PICOCLAUDE_ENABLE_CACHING 0
#endif
#ifndef PICOCLAUDE_ENABLE_THINKING  // extended thinking
#define PICOCLAUDE_ENABLE_THINKING 0
#endif
#ifndef PICOCLAUDE_ENABLE_OUTPUT  // output_config: effort, structured outputs
#define PICOCLAUDE_ENABLE_OUTPUT 0
#endif
#ifndef PICOCLAUDE_ENABLE_SERVER_TOOLS  // tools that the service runs, connectors, context management
#define PICOCLAUDE_ENABLE_SERVER_TOOLS 0
#endif
#ifndef PICOCLAUDE_ENABLE_TRANSCRIPT  // the conversation in wire form in the caller's bytes
#define PICOCLAUDE_ENABLE_TRANSCRIPT 0
#endif
#ifndef PICOCLAUDE_ENABLE_MESSAGE_READER  // answers that are not streamed
#define PICOCLAUDE_ENABLE_MESSAGE_READER 0
#endif
#ifndef PICOCLAUDE_ENABLE_CHECK  // check(request) before anything is sent
#define PICOCLAUDE_ENABLE_CHECK 0
#endif
#ifndef PICOCLAUDE_ENABLE_BUDGET  // usage summed over a session, prices, a spending limit
#define PICOCLAUDE_ENABLE_BUDGET 0
#endif

// ---- switches: other endpoints -------------------------------------------------------------------------------------

#ifndef PICOCLAUDE_ENABLE_COUNT_TOKENS
#define PICOCLAUDE_ENABLE_COUNT_TOKENS 0
#endif
#ifndef PICOCLAUDE_ENABLE_MODELS
#define PICOCLAUDE_ENABLE_MODELS 0
#endif
#ifndef PICOCLAUDE_ENABLE_BATCHES
#define PICOCLAUDE_ENABLE_BATCHES 0
#endif
#ifndef PICOCLAUDE_ENABLE_FILES
#define PICOCLAUDE_ENABLE_FILES 0
#endif
#ifndef PICOCLAUDE_ENABLE_RAW  // any method, path and body with the client's authentication, retry and status
#define PICOCLAUDE_ENABLE_RAW 0
#endif

// ---- switches: transport and speed ---------------------------------------------------------------------------------

#ifndef PICOCLAUDE_ENABLE_PREFIX  // remember the bytes in front of a delta's text: faster, costs RAM
#define PICOCLAUDE_ENABLE_PREFIX 0
#endif
#ifndef PICOCLAUDE_ENABLE_RATE_LIMITS  // keep the anthropic-ratelimit-* headers
#define PICOCLAUDE_ENABLE_RATE_LIMITS 0
#endif
#ifndef PICOCLAUDE_ENABLE_HTTP_DATE  // read retry-after when it is a date
#define PICOCLAUDE_ENABLE_HTTP_DATE 0
#endif
#ifndef PICOCLAUDE_ENABLE_HTTP_TRANSPORT  // hosts that own HTTP: engines, consoles, browsers
#define PICOCLAUDE_ENABLE_HTTP_TRANSPORT 0
#endif
#ifndef PICOCLAUDE_ENABLE_LOOPBACK_PLAINTEXT  // allow http:// with a key to 127.0.0.1, [::1] and localhost (tests)
#define PICOCLAUDE_ENABLE_LOOPBACK_PLAINTEXT 0
#endif
#ifndef PICOCLAUDE_ENABLE_MBEDTLS  // the default transport
#if defined(__has_include)
#if __has_include(<mbedtls/ssl.h>)
#define PICOCLAUDE_ENABLE_MBEDTLS 1
#endif
#endif
#ifndef PICOCLAUDE_ENABLE_MBEDTLS
#define PICOCLAUDE_ENABLE_MBEDTLS 0
#endif
#endif

// ---- limits: unit, cost of larger, what happens beyond -------------------------------------------------------------

// Nested arrays and objects in one JSON value; 8 levels cost 1 byte of RAM; beyond: json_too_deep. Multiple of 8.
#ifndef PICOCLAUDE_MAX_JSON_DEPTH
#define PICOCLAUDE_MAX_JSON_DEPTH 96
#endif
// Content blocks of one answer that are open at the same time; 4 bytes of RAM each; beyond: too_many_blocks.
#ifndef PICOCLAUDE_MAX_OPEN_BLOCKS
#define PICOCLAUDE_MAX_OPEN_BLOCKS 8
#endif
// Bytes of one HTTP head, interim heads included; beyond: http_head_too_long.
#ifndef PICOCLAUDE_MAX_HTTP_HEAD
#define PICOCLAUDE_MAX_HTTP_HEAD 16384
#endif
// Bytes of one chunk's size line, and of all trailers; beyond: bad_chunk.
#ifndef PICOCLAUDE_MAX_CHUNK_LINE
#define PICOCLAUDE_MAX_CHUNK_LINE 512
#endif
// Bytes of a request id; a longer one is not kept. The API's ids have 28.
#ifndef PICOCLAUDE_MAX_REQUEST_ID
#define PICOCLAUDE_MAX_REQUEST_ID 39
#endif

// ---- nothing below is for users ------------------------------------------------------------------------------------

#define PICOCLAUDE_CAT_(a, b) a##b
#define PICOCLAUDE_CAT(a, b) PICOCLAUDE_CAT_(a, b)
// A word, nothing or another number becomes a name that is not defined, which #if takes for 0.
#define PICOCLAUDE_SWITCH_0 1
#define PICOCLAUDE_SWITCH_1 1
#define PICOCLAUDE_IS_SWITCH(x) PICOCLAUDE_CAT(PICOCLAUDE_SWITCH_, x)

#if !PICOCLAUDE_IS_SWITCH(PICOCLAUDE_ENABLE_TOOLS)
#error "PICOCLAUDE_ENABLE_TOOLS must be 0 or 1"
#endif
#if !PICOCLAUDE_IS_SWITCH(PICOCLAUDE_ENABLE_VISION)
#error "PICOCLAUDE_ENABLE_VISION must be 0 or 1"
#endif
#if !PICOCLAUDE_IS_SWITCH(PICOCLAUDE_ENABLE_DOCUMENTS)
#error "PICOCLAUDE_ENABLE_DOCUMENTS must be 0 or 1"
#endif
#if !PICOCLAUDE_IS_SWITCH(PICOCLAUDE_ENABLE_CACHING)
#error "PICOCLAUDE_ENABLE_CACHING must be 0 or 1"
#endif
#if !PICOCLAUDE_IS_SWITCH(PICOCLAUDE_ENABLE_THINKING)
#error "PICOCLAUDE_ENABLE_THINKING must be 0 or 1"
#endif
#if !PICOCLAUDE_IS_SWITCH(PICOCLAUDE_ENABLE_OUTPUT)
#error "PICOCLAUDE_ENABLE_OUTPUT must be 0 or 1"
#endif
#if !PICOCLAUDE_IS_SWITCH(PICOCLAUDE_ENABLE_SERVER_TOOLS)
#error "PICOCLAUDE_ENABLE_SERVER_TOOLS must be 0 or 1"
#endif
#if !PICOCLAUDE_IS_SWITCH(PICOCLAUDE_ENABLE_TRANSCRIPT)
#error "PICOCLAUDE_ENABLE_TRANSCRIPT must be 0 or 1"
#endif
#if !PICOCLAUDE_IS_SWITCH(PICOCLAUDE_ENABLE_MESSAGE_READER)
#error "PICOCLAUDE_ENABLE_MESSAGE_READER must be 0 or 1"
#endif
#if !PICOCLAUDE_IS_SWITCH(PICOCLAUDE_ENABLE_CHECK)
#error "PICOCLAUDE_ENABLE_CHECK must be 0 or 1"
#endif
#if !PICOCLAUDE_IS_SWITCH(PICOCLAUDE_ENABLE_BUDGET)
#error "PICOCLAUDE_ENABLE_BUDGET must be 0 or 1"
#endif
#if !PICOCLAUDE_IS_SWITCH(PICOCLAUDE_ENABLE_COUNT_TOKENS)
#error "PICOCLAUDE_ENABLE_COUNT_TOKENS must be 0 or 1"
#endif
#if !PICOCLAUDE_IS_SWITCH(PICOCLAUDE_ENABLE_MODELS)
#error "PICOCLAUDE_ENABLE_MODELS must be 0 or 1"
#endif
#if !PICOCLAUDE_IS_SWITCH(PICOCLAUDE_ENABLE_BATCHES)
#error "PICOCLAUDE_ENABLE_BATCHES must be 0 or 1"
#endif
#if !PICOCLAUDE_IS_SWITCH(PICOCLAUDE_ENABLE_FILES)
#error "PICOCLAUDE_ENABLE_FILES must be 0 or 1"
#endif
#if !PICOCLAUDE_IS_SWITCH(PICOCLAUDE_ENABLE_RAW)
#error "PICOCLAUDE_ENABLE_RAW must be 0 or 1"
#endif
#if !PICOCLAUDE_IS_SWITCH(PICOCLAUDE_ENABLE_PREFIX)
#error "PICOCLAUDE_ENABLE_PREFIX must be 0 or 1"
#endif
#if !PICOCLAUDE_IS_SWITCH(PICOCLAUDE_ENABLE_RATE_LIMITS)
#error "PICOCLAUDE_ENABLE_RATE_LIMITS must be 0 or 1"
#endif
#if !PICOCLAUDE_IS_SWITCH(PICOCLAUDE_ENABLE_HTTP_DATE)
#error "PICOCLAUDE_ENABLE_HTTP_DATE must be 0 or 1"
#endif
#if !PICOCLAUDE_IS_SWITCH(PICOCLAUDE_ENABLE_HTTP_TRANSPORT)
#error "PICOCLAUDE_ENABLE_HTTP_TRANSPORT must be 0 or 1"
#endif
#if !PICOCLAUDE_IS_SWITCH(PICOCLAUDE_ENABLE_LOOPBACK_PLAINTEXT)
#error "PICOCLAUDE_ENABLE_LOOPBACK_PLAINTEXT must be 0 or 1"
#endif
#if !PICOCLAUDE_IS_SWITCH(PICOCLAUDE_ENABLE_MBEDTLS)
#error "PICOCLAUDE_ENABLE_MBEDTLS must be 0 or 1"
#endif
#if PICOCLAUDE_MAX_JSON_DEPTH < 8 || PICOCLAUDE_MAX_JSON_DEPTH > 248 || PICOCLAUDE_MAX_JSON_DEPTH % 8 != 0
#error "PICOCLAUDE_MAX_JSON_DEPTH must be a multiple of 8 from 8 to 248"
#endif
#if PICOCLAUDE_MAX_OPEN_BLOCKS < 1 || PICOCLAUDE_MAX_OPEN_BLOCKS > 64
#error "PICOCLAUDE_MAX_OPEN_BLOCKS must be from 1 to 64"
#endif
#if PICOCLAUDE_MAX_HTTP_HEAD < 64 || PICOCLAUDE_MAX_HTTP_HEAD > 65535
#error "PICOCLAUDE_MAX_HTTP_HEAD must be from 64 to 65535"
#endif
#if PICOCLAUDE_MAX_CHUNK_LINE < 16 || PICOCLAUDE_MAX_CHUNK_LINE > 65535
#error "PICOCLAUDE_MAX_CHUNK_LINE must be from 16 to 65535"
#endif
#if PICOCLAUDE_MAX_REQUEST_ID < 1 || PICOCLAUDE_MAX_REQUEST_ID > 254
#error "PICOCLAUDE_MAX_REQUEST_ID must be from 1 to 254"
#endif

// Is more of an answer's content blocks wanted than their text?
#if PICOCLAUDE_ENABLE_TOOLS || PICOCLAUDE_ENABLE_THINKING || PICOCLAUDE_ENABLE_SERVER_TOOLS || \
    PICOCLAUDE_ENABLE_TRANSCRIPT || PICOCLAUDE_ENABLE_MESSAGE_READER || PICOCLAUDE_ENABLE_BATCHES
#define PICOCLAUDE_BLOCKS 1
#else
#define PICOCLAUDE_BLOCKS 0
#endif

// Are there whole messages to be read?
#if PICOCLAUDE_ENABLE_MESSAGE_READER || PICOCLAUDE_ENABLE_BATCHES
#define PICOCLAUDE_MESSAGES 1
#else
#define PICOCLAUDE_MESSAGES 0
#endif

// Is their JSON wanted as it came, or with all that a block of a whole message holds?
#if PICOCLAUDE_ENABLE_SERVER_TOOLS || PICOCLAUDE_ENABLE_TRANSCRIPT || PICOCLAUDE_MESSAGES
#define PICOCLAUDE_RAW_BLOCKS 1
#else
#define PICOCLAUDE_RAW_BLOCKS 0
#endif
#define PICOCLAUDE_BLOCK_STARTS (PICOCLAUDE_BLOCKS && !PICOCLAUDE_RAW_BLOCKS)

// Are citations wanted? Web search always cites.
#if PICOCLAUDE_ENABLE_DOCUMENTS || PICOCLAUDE_ENABLE_SERVER_TOOLS
#define PICOCLAUDE_CITATIONS 1
#else
#define PICOCLAUDE_CITATIONS 0
#endif

// Are there calls besides Messages?
#if PICOCLAUDE_ENABLE_COUNT_TOKENS || PICOCLAUDE_ENABLE_MODELS || PICOCLAUDE_ENABLE_BATCHES || \
    PICOCLAUDE_ENABLE_FILES || PICOCLAUDE_ENABLE_RAW
#define PICOCLAUDE_CALLS 1
#else
#define PICOCLAUDE_CALLS 0
#endif

// Are there bodies whose size is not known before?
#if PICOCLAUDE_ENABLE_FILES || PICOCLAUDE_ENABLE_RAW
#define PICOCLAUDE_ENDLESS 1
#else
#define PICOCLAUDE_ENDLESS 0
#endif

// The inline namespace: version, then every switch, then every limit that changes a layout.
#define PICOCLAUDE_ABI_BITS_(a, b, c, d, e, f, g, h, i, j, k) a##b##c##d##e##f##g##h##i##j##k
#define PICOCLAUDE_ABI_BITS(a, b, c, d, e, f, g, h, i, j, k) PICOCLAUDE_ABI_BITS_(a, b, c, d, e, f, g, h, i, j, k)
#define PICOCLAUDE_ABI_NAME_(a, b, c, d, e, f, g) v0_1_0_##a##_##b##_##c##_##d##_##e##_##f##_##g
#define PICOCLAUDE_ABI_NAME(a, b, c, d, e, f, g) PICOCLAUDE_ABI_NAME_(a, b, c, d, e, f, g)
#define PICOCLAUDE_ABI                                                                                             \
  PICOCLAUDE_ABI_NAME(PICOCLAUDE_ABI_BITS(PICOCLAUDE_ENABLE_TOOLS, PICOCLAUDE_ENABLE_VISION,                       \
                          PICOCLAUDE_ENABLE_DOCUMENTS, PICOCLAUDE_ENABLE_CACHING, PICOCLAUDE_ENABLE_THINKING,      \
                          PICOCLAUDE_ENABLE_OUTPUT, PICOCLAUDE_ENABLE_SERVER_TOOLS, PICOCLAUDE_ENABLE_TRANSCRIPT,  \
                          PICOCLAUDE_ENABLE_MESSAGE_READER, PICOCLAUDE_ENABLE_CHECK, PICOCLAUDE_ENABLE_BUDGET),    \
      PICOCLAUDE_ABI_BITS(PICOCLAUDE_ENABLE_COUNT_TOKENS, PICOCLAUDE_ENABLE_MODELS, PICOCLAUDE_ENABLE_BATCHES,     \
          PICOCLAUDE_ENABLE_FILES, PICOCLAUDE_ENABLE_RAW, PICOCLAUDE_ENABLE_PREFIX, PICOCLAUDE_ENABLE_RATE_LIMITS, \
          PICOCLAUDE_ENABLE_HTTP_DATE, PICOCLAUDE_ENABLE_HTTP_TRANSPORT, PICOCLAUDE_ENABLE_LOOPBACK_PLAINTEXT,     \
          PICOCLAUDE_ENABLE_MBEDTLS),                                                                              \
      PICOCLAUDE_MAX_JSON_DEPTH, PICOCLAUDE_MAX_OPEN_BLOCKS, PICOCLAUDE_MAX_HTTP_HEAD, PICOCLAUDE_MAX_CHUNK_LINE,  \
      PICOCLAUDE_MAX_REQUEST_ID)

#define PICOCLAUDE_BEGIN \
  namespace picoclaude { \
  inline namespace PICOCLAUDE_ABI {
#define PICOCLAUDE_END \
  }                    \
  }

// Functions that never allocate, lock or throw; clang 20 and later checks it.
#if defined(__clang__) && __clang_major__ >= 20
#define PICOCLAUDE_NONBLOCKING [[clang::nonblocking]]
#else
#define PICOCLAUDE_NONBLOCKING
#endif

// Where compilers decide against the size: what is smaller than its call or called once, and what is larger than its call.
#if defined(__GNUC__)
#define PICOCLAUDE_INLINE __attribute__((always_inline)) inline
#define PICOCLAUDE_NOINLINE __attribute__((noinline))
#else
#define PICOCLAUDE_INLINE inline
#define PICOCLAUDE_NOINLINE
#endif

// Worth a word-at-a-time path: where memory is plenty and unaligned loads are cheap.
#if !defined(PICOCLAUDE_WIDE)
#if defined(__x86_64__) || defined(__i386__) || defined(__aarch64__) || defined(_M_X64) || defined(_M_IX86) || \
    defined(_M_ARM64)
#define PICOCLAUDE_WIDE 1
#else
#define PICOCLAUDE_WIDE 0
#endif
#endif

// Where whole names, lines and heads are taken at once: on wide machines, and where speed was asked for.
#if PICOCLAUDE_WIDE || PICOCLAUDE_ENABLE_PREFIX
#define PICOCLAUDE_SHORTCUTS 1
#else
#define PICOCLAUDE_SHORTCUTS 0
#endif
